"""Receipt printers for tests: what the bytes put on paper, and a printer on a real TCP port that can go wrong."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple

Wrong = Literal["", "stalls", "hangs_up", "silent", "never_ends"]
COVER_OPEN, PAPER_STOP, ERROR_STOP = 0x04, 0x20, 0x40
KNIFE, HOT = 0x08, 0x40


class Printed(NamedTuple):
    """A line on the paper: its words, or the text of a QR code."""

    text: str
    strong: bool = False
    big: bool = False
    qr: bool = False
    centred: bool = False


class Paper:
    """Reads ESC/POS as a printer does, by the published commands alone; an unknown command is an error."""

    def __init__(self) -> None:
        self.lines: list[Printed] = []
        self.cut = 0
        self._codec, self._strong, self._big, self._centred = "ascii", False, False, False
        self._text, self._code = b"", b""

    def read(self, data: bytes) -> None:
        """Takes all of the bytes in."""
        at = 0
        while at < len(data):
            at += self._command(data[at:]) if data[at] in b"\x1b\x1c\x1d" else self._byte(data[at])

    def _byte(self, byte: int) -> int:
        if byte == 0x0A:
            self.lines.append(Printed(self._text.decode(self._codec), self._strong, self._big, centred=self._centred))
            self._text = b""
        else:
            assert byte >= 0x20, f"a control byte {byte:#x} in a text"
            self._text += bytes((byte,))
        return 1

    def _command(self, data: bytes) -> int:
        match data[:3]:
            case b"\x1dV" | b"\x1dVB":
                self.cut += 1
                return 4
            case b"\x1d(k":
                return self._qr(data)
        match data[:2]:
            case b"\x1b@":
                self._codec, self._strong, self._big, self._centred = "ascii", False, False, False
                return 2
            case b"\x1c&":
                self._codec = "gb18030"
                return 2
            case b"\x1c.":
                self._codec = "ascii"
                return 2
            case b"\x1bt":
                assert data[2] == 16, "code page 16 is Windows-1252"
                self._codec = "cp1252"
            case b"\x1bE":
                self._strong = bool(data[2] & 1)
            case b"\x1ba":
                self._centred = data[2] == 1
            case b"\x1d!" | b"\x1c!":
                self._big = bool(data[2])
            case unknown:
                raise AssertionError(f"no such command: {unknown!r}")
        return 3

    def _qr(self, data: bytes) -> int:
        size = int.from_bytes(data[3:5], "little")
        body = data[5 : 5 + size]
        assert body[0] == 0x31, "not a QR code"
        if body[1] == 0x50:
            self._code = body[3:]
        elif body[1] == 0x51:
            self.lines.append(Printed(self._code.decode(), qr=True, centred=self._centred))
        else:
            assert body[1] in (0x41, 0x43, 0x45)
        return 5 + size


class FakePrinter:
    """A printer that listens on 127.0.0.1. `offline` and `error` are its status bits and may change at any time;
    `stops_after`: so many bytes of a job later it takes the bits of `then_offline` on."""

    def __init__(self, wrong: Wrong = "", *, offline: int = 0, error: int = 0) -> None:
        self.wrong, self.offline, self.error = wrong, offline, error
        self.stops_after, self.then_offline = -1, 0
        self.job = b""
        self.began, self.ended = threading.Event(), threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.port: int = self._listening.getsockname()[1]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def paper(self) -> Paper:
        """What came out."""
        paper = Paper()
        paper.read(self.job)
        return paper

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._listening.close()
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=0.2).close()
        self._thread.join(5)
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                self._listening.settimeout(0.1)
                connection, _ = self._listening.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(0.05)
                self._talk(connection)
            self.ended.set()

    def _talk(self, connection: socket.socket) -> None:
        held = b""
        while not self._over.is_set():
            if self.wrong == "stalls" and self.job:
                self._over.wait(0.05)
                continue
            try:
                got = connection.recv(256)
            except TimeoutError:
                got = None
            if got == b"":
                return
            held = self._taken(connection, held + (got or b""))
            if self.wrong == "hangs_up" and len(self.job) > 200:
                return

    def _taken(self, connection: socket.socket, data: bytes) -> bytes:
        """Answers questions at once, and prints the rest as long as nothing keeps it from printing."""
        while (at := data.find(b"\x10\x04")) >= 0 and at + 2 < len(data):
            self._answer(connection, data[at + 2])
            data = data[:at] + data[at + 3 :]
        if self.offline or data.endswith(b"\x10"):
            return data
        turn = data.find(b"\x1dr\x01")
        self.job += data if turn < 0 else data[:turn]
        if self.job:
            self.began.set()
        if 0 <= self.stops_after < len(self.job):
            self.offline = self.then_offline
            return b"" if turn < 0 else data[turn:]
        if turn >= 0 and self.wrong != "never_ends":
            connection.sendall(b"\x00")
        return b""

    def _answer(self, connection: socket.socket, what: int) -> None:
        if self.wrong == "silent":
            return
        bits = {1: 0x08 if self.offline else 0, 2: self.offline, 3: self.error}.get(what)
        if bits is None:
            bits = 0x60 if self.offline & PAPER_STOP else 0
        connection.sendall(bytes((0x12 | bits,)))


@contextmanager
def printer(wrong: Wrong = "", *, offline: int = 0, error: int = 0) -> Iterator[FakePrinter]:
    """A printer that is on."""
    made = FakePrinter(wrong, offline=offline, error=error)
    made.start()
    try:
        yield made
    finally:
        made.stop()
