"""Bytes that several processes see: a file that each of them maps, or memory of this process alone."""

from __future__ import annotations

import fcntl
import mmap
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock


class Memory:
    """`size` bytes, zero at first, for any thread of any process. Reading needs no lock, changing does."""

    def __init__(self, size: int, path: Path | None = None) -> None:
        """`path`: the file that all map with the same size; None: for this process alone."""
        self._lock, self._file = Lock(), -1
        if path is None:
            self.bytes = mmap.mmap(-1, size)
            return
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        weakref.finalize(self, os.close, self._file)
        os.ftruncate(self._file, size)
        self.bytes = mmap.mmap(self._file, size)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Nobody else changes anything meanwhile. A process that is killed lets go."""
        with self._lock:
            if self._file >= 0:
                fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                if self._file >= 0:
                    fcntl.flock(self._file, fcntl.LOCK_UN)
