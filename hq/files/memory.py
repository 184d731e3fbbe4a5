"""Files in memory, for tests and for trying without a disk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from hq.files.port import PIECE, BlobsFailed, Kept


class MemoryBlobs:
    """The port over a dict."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, pieces: Iterable[bytes]) -> Kept:
        content = b"".join(pieces)
        name = hashlib.sha256(content).hexdigest()
        self._kept[name] = content
        return Kept(name, len(content))

    def size(self, sha256: str) -> int | None:
        content = self._kept.get(sha256)
        return None if content is None else len(content)

    def read(self, sha256: str, first: int = 0, length: int | None = None) -> Iterator[bytes]:
        if sha256 not in self._kept:
            raise BlobsFailed("no such file")
        wanted = self._kept[sha256][first : None if length is None else first + length]
        for start in range(0, len(wanted), PIECE):
            yield wanted[start : start + PIECE]

    def sound(self, sha256: str) -> bool:
        content = self._kept.get(sha256)
        return content is not None and hashlib.sha256(content).hexdigest() == sha256

    def remove(self, sha256: str) -> None:
        self._kept.pop(sha256, None)

    def every(self) -> Iterator[str]:
        yield from tuple(self._kept)
