"""The journal of erasures: a file outside the database, so that a restored backup cannot bring a person back.

One line a person, written and synced to the disk BEFORE anything of the erasure is committed: an erasure that was begun
is carried through, whatever happens in between. It holds ids, times, and keyed fingerprints of what the person could be
named by: nothing that tells who it was.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from guide_app.domain.clock import to_text
from guide_app.domain.errors import EnvironmentProblem
from hq.ledger.past import Person


class _Line(msgspec.Struct, frozen=True):
    at: str
    store_id: str
    ids: tuple[str, ...]
    marks: tuple[str, ...] = ()


class Journal:
    """The file behind one HQ; several processes of one machine may use it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, person: Person, at: datetime) -> None:
        """Writes one erasure down; on return it is on the disk. Raises EnvironmentProblem("erasures_unwritable")."""
        line = msgspec.json.encode(_Line(to_text(at), person.store_id, person.ids, person.marks)) + b"\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._locked() as file:
                _cut_torn_line(file)
                _write_whole(file, line)
                os.fsync(file)
            _sync_folder(self._path.parent)
        except OSError as error:
            raise EnvironmentProblem("erasures_unwritable", f"{self._path}: {error.strerror}") from error

    def read(self) -> list[Person]:
        """Every erasure, in the order of writing; a last line that was cut off by a crash was never told as done.

        Raises EnvironmentProblem("erasures_damaged") for any other line that cannot be read: HQ must not open then.
        """
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise EnvironmentProblem("erasures_damaged", f"{self._path}: {error.strerror}") from error
        *whole, _torn = text.split(b"\n")
        try:
            lines = [msgspec.json.decode(line, type=_Line) for line in whole]
        except msgspec.MsgspecError as error:
            raise EnvironmentProblem("erasures_damaged", str(self._path)) from error
        return [Person(line.store_id, line.ids, line.marks) for line in lines]

    @contextmanager
    def _locked(self) -> Iterator[int]:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)


def _cut_torn_line(file: int) -> None:
    """Drops what a crash left half written: nobody was told that it was done."""
    size = os.fstat(file).st_size
    keep = size
    while keep and os.pread(file, 1, keep - 1) != b"\n":
        keep -= 1
    if keep < size:
        os.ftruncate(file, keep)


def _write_whole(file: int, line: bytes) -> None:
    while line:
        line = line[os.write(file, line) :]


def _sync_folder(folder: Path) -> None:
    """So that the file itself is there after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
