"""A tablet's disk: the real encrypted file, with crashes between two transactions, and a disk that fills up."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from sqlcipher3 import dbapi2 as sqlite

from local_store.connection import prepare, told
from local_store.transaction import Ballast
from local_store.worker import Job, Workers

T = TypeVar("T")
KEY = bytes(range(32))
"""The key of every simulated file, so that all begin as copies of one that is prepared once."""
_RESERVE_PAGES = 24
_UNBOUNDED = 0xFFFFFFFE
CrashAt = Literal["before", "after"]


class Copy(NamedTuple):
    """A file as it was at some moment: the database and its log."""

    database: bytes
    log: bytes


@cache
def empty_database() -> bytes:
    """A database of today's version with nothing in it."""
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        path = Path(folder) / "store.db"
        prepare(path, KEY, cache_mb=1).close()
        return path.read_bytes()


def memory_folder() -> str | None:
    """A folder in memory where there is one: power loss is proved elsewhere, here the disk's time would be wasted."""
    shared = Path("/dev/shm")
    return str(shared) if shared.is_dir() else None


class Disk(Workers):
    """The store's connections, without threads: every job runs at once, in the loop's own.

    `crash_at`: at the next write the power goes, before its transaction or after its COMMIT. From then on nothing
    is ever answered, as for a process that is gone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(empty_database())
        self.connection = prepare(path, KEY, cache_mb=4)
        self.ballast = SmallBallast(path.with_name("ballast"), self)
        self.ballast.fill()
        self.crash_at: CrashAt | None = None
        self.dead = False
        self.full = False

    async def write(self, job: Job[T]) -> T:
        if self.dead:
            await asyncio.get_running_loop().create_future()
        if self.crash_at == "before":
            await self._die()
        result = self._run(job)
        if self.crash_at == "after":
            await self._die()
        return result

    async def read(self, job: Job[T]) -> T:
        if self.dead:
            await asyncio.get_running_loop().create_future()
        return self._run(job)

    def close(self) -> None:
        self.connection.close()

    def fill(self, *, reserve_spent: bool = False) -> None:
        """No page more fits in, but for the reserve, unless others took its room too."""
        self.full = True
        if reserve_spent:
            self.ballast.spend()
        (pages,) = self.connection.execute("PRAGMA page_count").fetchone()
        self.grow_to(pages)

    def free(self) -> None:
        """Somebody made room."""
        self.full = False
        self.grow_to(_UNBOUNDED)
        self.ballast.fill()

    def grow_to(self, pages: int) -> None:
        self.connection.execute(f"PRAGMA max_page_count = {pages}")

    def copy(self) -> Copy:
        """The file as a backup takes it between two transactions."""
        log = Path(f"{self.path}-wal")
        return Copy(self.path.read_bytes(), log.read_bytes() if log.exists() else b"")

    def _run(self, job: Job[T]) -> T:
        with told():
            return job(self.connection)

    async def _die(self) -> None:
        self.dead = True
        await asyncio.get_running_loop().create_future()


class SmallBallast(Ballast):
    """The reserve on the disk, in pages of the file."""

    def __init__(self, path: Path, disk: Disk) -> None:
        super().__init__(path, size=16)
        self._disk = disk

    def spend(self) -> None:
        """Its room is gone, and nothing was made of it."""
        super().release()

    def release(self) -> bool:
        if not super().release():
            return False
        (pages,) = self._disk.connection.execute("PRAGMA page_count").fetchone()
        self._disk.grow_to(pages + _RESERVE_PAGES)
        return True


def put_back(path: Path, copy: Copy) -> None:
    """Makes the file what it was at the copy; nobody may have it open."""
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir(parents=True)
    path.write_bytes(copy.database)
    if copy.log:
        Path(f"{path}-wal").write_bytes(copy.log)


def rows(connection: sqlite.Connection, query: str, *values: str | int) -> list[tuple[object, ...]]:
    """What the file holds, for those who look on."""
    found: list[tuple[object, ...]] = connection.execute(query, values).fetchall()
    return found
