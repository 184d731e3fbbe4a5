"""Files in a folder: each under its hash, in folders of the first two digits."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hq.files.port import PIECE, BlobsFailed, Kept

_NAME = re.compile(r"[0-9a-f]{64}\Z")
_COMING = ".coming-"


class FolderBlobs:
    """The port over a folder, which is made with its first file. Many processes may use one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, pieces: Iterable[bytes]) -> Kept:
        """Written beside its place, synced, renamed; then the folder is synced."""
        with _failing():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=_COMING, dir=self._folder)
            beside, digest, size = Path(name), hashlib.sha256(), 0
            try:
                with os.fdopen(handle, "wb") as file:
                    for piece in pieces:
                        digest.update(piece)
                        size += file.write(piece)
                    file.flush()
                    os.fsync(file.fileno())
                self._settle(beside, digest.hexdigest())
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
            return Kept(digest.hexdigest(), size)

    def size(self, sha256: str) -> int | None:
        path = self._path(sha256)
        with _failing():
            try:
                return path.stat().st_size if path else None
            except FileNotFoundError:
                return None

    def read(self, sha256: str, first: int = 0, length: int | None = None) -> Iterator[bytes]:
        path = self._path(sha256)
        with _failing():
            if path is None:
                raise FileNotFoundError
            with path.open("rb") as file:
                file.seek(first)
                left = length
                while left is None or left > 0:
                    piece = file.read(PIECE if left is None else min(PIECE, left))
                    if not piece:
                        return
                    left = None if left is None else left - len(piece)
                    yield piece

    def sound(self, sha256: str) -> bool:
        if self.size(sha256) is None:
            return False
        digest = hashlib.sha256()
        for piece in self.read(sha256):
            digest.update(piece)
        return digest.hexdigest() == sha256

    def remove(self, sha256: str) -> None:
        path = self._path(sha256)
        with _failing():
            if path is not None:
                path.unlink(missing_ok=True)

    def every(self) -> Iterator[str]:
        with _failing():
            for path in self._folder.glob("??/*"):
                if self._path(path.name) == path:
                    yield path.name

    def _path(self, sha256: str) -> Path | None:
        """Where the file lies; None for a name that is none, so that no name leads out of the folder."""
        return self._folder / sha256[:2] / sha256 if _NAME.match(sha256) else None

    def _settle(self, beside: Path, sha256: str) -> None:
        place = self._folder / sha256[:2] / sha256
        if not place.parent.exists():
            place.parent.mkdir(mode=0o700, exist_ok=True)
            _sync(self._folder)
        beside.replace(place)
        _sync(place.parent)


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BlobsFailed(error.strerror or type(error).__name__) from error


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
