"""Where files are kept, as a port: by their content and in no order. A folder, or memory; a service of objects fits it.

What `put` returned stays through a crash of the machine; a file is there whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from guide_app.domain.errors import EnvironmentProblem

PIECE = 64 << 10
"""Bytes that are in memory at once, of a file of whatever size."""


class Kept(NamedTuple):
    """What was put: `sha256` in lower-case hex, and how many bytes it has."""

    sha256: str
    size: int


class BlobsFailed(EnvironmentProblem):
    """The place where files are kept cannot be written or read; `code` is "files_failed"."""

    def __init__(self, detail: str) -> None:
        super().__init__("files_failed", detail)


class Blobs(Protocol):
    """Every method raises BlobsFailed. A name is what `put` returned; under no other is anything found."""

    def put(self, pieces: Iterable[bytes]) -> Kept:
        """Keeps what comes, whole; what is there already is written anew, so that a damaged file heals."""

    def size(self, sha256: str) -> int | None:
        """Bytes of a file; None where there is none."""

    def read(self, sha256: str, first: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Its bytes from `first` on, at most `length`, piece by piece. Raises BlobsFailed where there is no such file,
        at the first piece."""

    def sound(self, sha256: str) -> bool:
        """Whether it is there and still has its hash: reads all of it."""

    def remove(self, sha256: str) -> None:
        """Lets it go, if it is there."""

    def every(self) -> Iterator[str]:
        """The names of all."""
