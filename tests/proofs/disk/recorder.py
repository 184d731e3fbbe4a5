"""The recorder between a process and its disk (`recorder.c`): built here, switched from inside, its log read."""

from __future__ import annotations

import ctypes
import os
import struct
import subprocess
from collections.abc import Iterator
from enum import IntFlag
from pathlib import Path
from typing import NamedTuple

_SOURCE = Path(__file__).with_name("recorder.c")
_HEAD = struct.Struct("<cIqQ")
KILL = -1
"""Instead of an errno: SIGKILL."""


class Calls(IntFlag):
    """Kinds of system calls that a fault may strike."""

    WRITE = 1
    SYNC = 2
    CUT = 4
    OPEN = 8
    NAME = 16
    TAKING_ROOM = WRITE | CUT | OPEN
    ALL = WRITE | SYNC | CUT | OPEN | NAME


class Event(NamedTuple):
    """One change, in the order of the log; kinds as in `recorder.c`. `at`: offset, or size of a cut file."""

    kind: str
    path: str
    at: int
    data: bytes


def build(folder: Path) -> Path:
    """Compiles the recorder; the library to preload."""
    library = folder / "recorder.so"
    command = ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror"]
    subprocess.run([*command, "-o", str(library), str(_SOURCE), "-ldl", "-lpthread"], check=True, timeout=60)
    return library


class Recorder:
    """The switches of the library, in the process that it was preloaded into."""

    def __init__(self) -> None:
        self._lib = ctypes.CDLL(None)
        self._lib.disk_calls.restype = ctypes.c_long
        self._lib.disk_fault.argtypes = [
            ctypes.c_char_p, ctypes.c_long, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_char_p,
        ]  # fmt: skip

    def record(self, log: Path) -> None:
        """Records from now on."""
        self._lib.disk_record(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC))

    def fault(
        self, below: Path, at: int, error: int, *, lasting: bool = False, kinds: Calls = Calls.ALL, cured_by: str = ""
    ) -> None:
        """Strikes the `at`-th call (from 1) on files whose path begins with `below`, and all after it if `lasting`.

        `cured_by`: unlinking a file whose name ends so ends it.
        """
        self._lib.disk_fault(str(below).encode(), at, error, lasting, kinds, cured_by.encode())

    def watch(self, below: Path, kinds: Calls = Calls.ALL) -> None:
        """Counts calls and strikes none: what was struck works again."""
        self.fault(below, 0, 0, kinds=kinds)

    @property
    def calls(self) -> int:
        """Calls counted since the last `fault` or `watch`."""
        return int(self._lib.disk_calls())

    @property
    def hits(self) -> int:
        """How many of them were struck."""
        return int(self._lib.disk_hits())

    @property
    def cured(self) -> int:
        """How often a file was unlinked that ends a fault."""
        return int(self._lib.disk_cured())


def read_log(log: Path) -> Iterator[Event]:
    """The events of a log."""
    whole = log.read_bytes()
    at = 0
    while at < len(whole):
        kind, path_length, offset, length = _HEAD.unpack_from(whole, at)
        at += _HEAD.size
        path = whole[at : at + path_length].decode(errors="surrogateescape")
        at += path_length
        yield Event(kind.decode(), path, offset, whole[at : at + length])
        at += length
