"""The way to a printer: raw TCP, or a device file of the system (USB, serial). Blocking, for a worker thread.

Every wait is cut into short ones, so that somebody who cancels does not wait for a printer that says nothing.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from guide_app.domain.errors import NotPrinted
from guide_app.services.ports.printing import PrinterChoice

_SLICE_S = 0.1
_BLOCK = 512
_MOST = 256
_HELD = 4096
"""Bytes that the system may keep for the printer: with more, one that stands still would long seem to take them."""
T = TypeVar("T")
U = TypeVar("U")


class Stopped(Exception):
    """Somebody cancelled."""


Stop = Callable[[], bool]
"""Whether somebody cancelled."""


class Link:
    """An open way to a printer, by the calls of a socket or of a file that do not block."""

    def __init__(
        self,
        number: int,
        send: Callable[[bytes], int],
        receive: Callable[[int], bytes],
        close: Callable[[], None],
        stop: Stop,
    ) -> None:
        self._number, self._send, self._receive = number, send, receive
        self.close, self._stop = close, stop

    def write(self, data: bytes, within_s: float) -> None:
        """All of it; so long without a step on is too long. Raises NotPrinted("printer_stalled" |
        "printer_broke_off"), Stopped."""
        while data:
            if not self._ready(within_s, to_write=True):
                raise NotPrinted("printer_stalled")
            data = data[self._tried(partial(self._send, data[:_BLOCK]), 0) :]

    def read(self, within_s: float) -> bytes:
        """What the printer said, empty where nothing came in time. Raises NotPrinted("printer_broke_off"), Stopped."""
        if not self._ready(within_s, to_write=False):
            return b""
        found = self._tried(partial(self._receive, _MOST), None)
        if found == b"":
            raise NotPrinted("printer_broke_off", "closed")
        return found or b""

    def _tried(self, call: Callable[[], T], nothing: U) -> T | U:
        try:
            return call()
        except BlockingIOError:
            return nothing
        except OSError as error:
            raise NotPrinted("printer_broke_off", type(error).__name__) from error

    def _ready(self, within_s: float, *, to_write: bool) -> bool:
        until, mine = time.monotonic() + within_s, [self._number]
        while True:
            if self._stop():
                raise Stopped
            left = until - time.monotonic()
            wait = max(0.0, min(left, _SLICE_S))
            if any(select.select([] if to_write else mine, mine if to_write else [], [], wait)):
                return True
            if left <= 0:
                return False


def open_link(choice: PrinterChoice, within_s: float, stop: Stop) -> Link:
    """Raises NotPrinted("printer_unreachable" | "printer_forbidden" | "printer_busy" | "printer_not_here"), Stopped."""
    if stop():
        raise Stopped
    if choice.kind == "network":
        return _network(choice.host, choice.port, within_s, stop)
    return _device(choice.path, choice.speed, stop)


def _network(host: str, port: int, within_s: float, stop: Stop) -> Link:
    try:
        connection = socket.create_connection((host, port), timeout=within_s)
    except (OSError, UnicodeError) as error:  # a name that is none is no OSError
        raise NotPrinted("printer_unreachable", type(error).__name__) from error
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _HELD)
    connection.setblocking(False)
    return Link(connection.fileno(), connection.send, connection.recv, connection.close, stop)


def _device(path: str, speed: int, stop: Stop) -> Link:
    if os.name != "posix":
        raise NotPrinted("printer_not_here")
    try:
        number = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        code = {errno.EACCES: "printer_forbidden", errno.EPERM: "printer_forbidden", errno.EBUSY: "printer_busy"}
        raise NotPrinted(code.get(error.errno or 0, "printer_unreachable"), type(error).__name__) from error
    if os.isatty(number):
        _serial(number, speed)
    return Link(
        number, lambda data: os.write(number, data), lambda most: os.read(number, most), lambda: os.close(number), stop
    )


def _serial(number: int, speed: int) -> None:
    """Eight bits, no parity, nothing between the program and the line."""
    import termios
    import tty

    tty.setraw(number)
    mode = termios.tcgetattr(number)
    mode[4] = mode[5] = getattr(termios, f"B{speed}")
    termios.tcsetattr(number, termios.TCSANOW, mode)
