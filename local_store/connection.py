"""Opening the tablet's database: encrypted (SQLCipher, raw key), durable (WAL, synchronous=FULL), of a known version.

What is told to the person as StoreUnusable: ``wrong_key``, ``damaged``, ``newer_version``, ``sqlite_too_old``.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.errors import EnvironmentProblem, NotSaved, StoreUnusable
from guide_app.services.durable import sync_folder
from local_store import migrations
from local_store.backups import Backups
from local_store.meta import Meta
from local_store.migrations import STEPS

OLDEST_SQLITE = (3, 51, 3)
"""Older ones can lose a WAL when two connections reset it at once."""
KEY_BYTES = 32
_BUSY_S = 10.0
_DISK_FULL = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_DISK_FAILED = ("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_PROTOCOL")


def connect(path: Path, key: bytes, *, cache_mb: int, read_only: bool = False) -> sqlite.Connection:
    """A connection in autocommit mode; it may be used by another thread than the one that made it, one at a time.

    Raises StoreUnusable, NotSaved.
    """
    if len(key) != KEY_BYTES:
        raise StoreUnusable("wrong_key", "the key is not of 32 bytes")
    with told():
        connection = sqlite.connect(str(path), timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            # The key is hexadecimal and PRAGMA takes no parameters.
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            _read_first_page(connection)
            for pragma in (
                "journal_mode = WAL",
                "synchronous = FULL",
                "wal_autocheckpoint = 0",
                "foreign_keys = ON",
                "secure_delete = ON",  # what is erased leaves no trace in free pages
                f"cache_size = -{cache_mb * 1024}",
                f"query_only = {int(read_only)}",
            ):
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
    return connection


def prepare(path: Path, key: bytes, *, cache_mb: int) -> sqlite.Connection:
    """The writer's connection to a database that is whole and of today's version.

    After a crash (a write-ahead log was left) the file is checked. An old version is first copied beside the file.
    """
    check_library()
    wal = Path(f"{path}-wal")
    crashed = wal.exists() and wal.stat().st_size > 0
    connection = connect(path, key, cache_mb=cache_mb)
    try:
        with told():
            _check_writable(connection)
            if crashed:
                _check(connection)
            _migrate(connection, path)
            if crashed:
                Meta(connection).set(compared_at="")  # the rows are compared with HQ's before long
    except BaseException:
        connection.close()
        raise
    return connection


def check_library() -> str:
    """The version of SQLite. Raises StoreUnusable("sqlite_too_old")."""
    if sqlite.sqlite_version_info < OLDEST_SQLITE:
        raise StoreUnusable("sqlite_too_old", f"SQLite {sqlite.sqlite_version} < 3.51.3")
    return sqlite.sqlite_version


@contextmanager
def told() -> Iterator[None]:
    """Turns what the database says of disk and file into what a person is told; our own mistakes pass as they are."""
    try:
        yield
    except sqlite.Error as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise problem from error
    except OSError as error:
        raise NotSaved("disk_full" if error.errno == errno.ENOSPC else "disk_failed", error.strerror or "") from error


def problem_of(error: sqlite.Error) -> EnvironmentProblem | None:
    """The environment's part in a database error, or None when it is our own."""
    name = getattr(error, "sqlite_errorname", "")
    if name in _DISK_FULL:
        return NotSaved("disk_full", name)
    if name.startswith(_DAMAGED):
        return StoreUnusable("damaged", name)
    if name.startswith(_DISK_FAILED):
        return NotSaved("disk_failed", name)
    return None


def _read_first_page(connection: sqlite.Connection) -> None:
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite.DatabaseError as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB":
            raise StoreUnusable("wrong_key") from error
        raise


def _check_writable(connection: sqlite.Connection) -> None:
    """Where a file does not open for writing SQLite opens it for reading, and would refuse every write from then on."""
    connection.execute("BEGIN IMMEDIATE")  # of a file opened for reading this only reads: something must be written
    try:
        connection.execute("PRAGMA user_version = 1")
    finally:
        connection.execute("ROLLBACK")


def _check(connection: sqlite.Connection) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found is None or found[0] != "ok":
        raise StoreUnusable("damaged", "quick_check")


def _migrate(connection: sqlite.Connection, path: Path) -> None:
    applied = migrations.applied(connection)
    if unknown := set(applied) - set(STEPS):
        raise StoreUnusable("newer_version", ", ".join(sorted(unknown)))
    if len(applied) == len(STEPS):
        return
    if applied:
        _back_up(connection, path, applied[-1])
    migrations.apply(connection, STEPS)


def _back_up(connection: sqlite.Connection, path: Path, version: str) -> None:
    """A whole copy of the file as it was, synced to disk under its name, before its first change."""
    (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise NotSaved("disk_failed", "the log is in use: the file alone is not whole")
    copy = Backups(path).before(version)
    beside = copy.with_suffix(".part")
    try:
        shutil.copyfile(path, beside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(copy)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
