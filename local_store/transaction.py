"""One transaction: all of it or nothing, and a reserve on the disk for what a guide has made."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.errors import NotSaved
from local_store.connection import told

T = TypeVar("T")
BALLAST_BYTES = 8 << 20


@contextmanager
def transaction(connection: sqlite.Connection) -> Iterator[None]:
    """Commits at the end; rolls back on any error, also of the commit itself.

    Raises NotSaved, StoreUnusable for what the disk or the file did.
    """
    with told():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


class Ballast:
    """A file that takes room on the disk, so that the last operations of a full disk can still be saved."""

    def __init__(self, path: Path, size: int = BALLAST_BYTES) -> None:
        self._path, self._size = path, size

    def fill(self) -> bool:
        """Takes the room where there is enough to spare; whether it is taken now."""
        try:
            if self._path.exists() and self._path.stat().st_size == self._size:
                return True
            free = os.statvfs(self._path.parent) if hasattr(os, "statvfs") else None
            if free is not None and free.f_bavail * free.f_frsize < 4 * self._size:
                return False
            # Random, so that no file system packs it away.
            self._path.write_bytes(os.urandom(self._size))
        except OSError:
            return False
        return True

    @property
    def held(self) -> bool:
        """Whether the room is taken now; not so: the disk is nearly full."""
        return self._path.exists()

    def release(self) -> bool:
        """Gives the room back; False when there was none."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True

    def with_room(self, work: Callable[[], T]) -> T:
        """Does the work; where the disk is full, once more with the room given back. Raises NotSaved."""
        try:
            return work()
        except NotSaved as problem:
            if problem.code != "disk_full" or not self.release():
                raise
            return work()
