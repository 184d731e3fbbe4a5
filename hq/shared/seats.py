"""Which devices have a stream of events, in whatever process: at most so many in all, at most one a device."""

from __future__ import annotations

import os
import struct
from hashlib import blake2b
from pathlib import Path

from hq.shared.memory import Memory

_SEAT = struct.Struct("16sq")  # whose, and the process that serves it; zeros where it is free
_HEAD = struct.Struct("q")  # how many seats were ever taken, the lowest first: behind them nobody is looked for


class Seats:
    """As one process sees them."""

    def __init__(self, limit: int, path: Path | None = None, process: int = 0) -> None:
        """`path`: what the processes share; `process`: as which this one counts, its id where it is not given."""
        self._limit, self._process = limit, process or os.getpid()
        self._memory = Memory(_HEAD.size + limit * _SEAT.size, path)

    def take(self, device: str) -> bool:
        """Gives the device a seat, or its own from another process; False when there is none."""
        key = _key(device)
        with self._memory.changing():
            at = self._find(key)
            if at < 0:
                at = self._free()
            if at < 0:
                return False
            _SEAT.pack_into(self._memory.bytes, at, key, self._process)
            return True

    def leave(self, device: str) -> None:
        """Frees the device's seat, unless another process has it by now."""
        with self._memory.changing():
            at = self._find(_key(device))
            if at >= 0 and self._owner(at) == self._process:
                self._clear(at)

    def mine(self, device: str) -> bool:
        """Whether this process has the device's seat."""
        at = self._find(_key(device))
        return at >= 0 and self._owner(at) == self._process

    def taken(self, device: str) -> bool:
        """Whether the device has a seat in any process."""
        return self._find(_key(device)) >= 0

    def forget(self, process: int) -> None:
        """Frees what a process that died had."""
        with self._memory.changing():
            for at in range(_HEAD.size, self._end(), _SEAT.size):
                if self._owner(at) == process:
                    self._clear(at)

    def _find(self, key: bytes) -> int:
        return self._memory.bytes.find(key, _HEAD.size, self._end())

    def _free(self) -> int:
        for at in range(_HEAD.size, self._end(), _SEAT.size):
            if self._owner(at) == 0:
                return at
        at = self._end()
        if at == _HEAD.size + self._limit * _SEAT.size:
            return -1
        _HEAD.pack_into(self._memory.bytes, 0, (at - _HEAD.size) // _SEAT.size + 1)
        return at

    def _end(self) -> int:
        (ever,) = _HEAD.unpack_from(self._memory.bytes)
        return int(_HEAD.size + ever * _SEAT.size)

    def _owner(self, at: int) -> int:
        return int(_SEAT.unpack_from(self._memory.bytes, at)[1])

    def _clear(self, at: int) -> None:
        _SEAT.pack_into(self._memory.bytes, at, b"", 0)


def _key(device: str) -> bytes:
    return blake2b(device.encode(), digest_size=16).digest()
