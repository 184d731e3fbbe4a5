"""The arithmetic by which two sides compare what they hold without sending it (contract §4, Digest)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from sync.protocol.errors import EnvelopeInvalid

BUCKETS = 256
_MASK = 2**64 - 1
_HEX = re.compile(r"[0-9a-f]{16}")


def op_sha(op_id: str, kind: str, schema_v: int, store_id: str, guide_id: str, made_at: str, body: str) -> str:
    """Hex SHA-256 of an op: its fields each closed by LF, then the body exactly as stored; ``seq`` is not in it."""
    head = f"{op_id}\n{kind}\n{schema_v}\n{store_id}\n{guide_id}\n{made_at}\n"
    return hashlib.sha256((head + body).encode()).hexdigest()


def row_hash(entity: str, row_id: str, ver: int) -> int:
    """First 8 bytes, big-endian, of SHA-256(entity 00 id 00 ver)."""
    return int.from_bytes(hashlib.sha256(f"{entity}\0{row_id}\0{ver}".encode()).digest()[:8], "big")


def bucket(entity: str, row_id: str) -> int:
    """Which of the 256 buckets a row is counted in: first byte of SHA-256(entity 00 id)."""
    return hashlib.sha256(f"{entity}\0{row_id}".encode()).digest()[0]


def to_hex(total: int) -> str:
    """A sum modulo 2^64 as it travels: 16 hex digits."""
    return f"{total & _MASK:016x}"


def from_hex(text: str) -> int:
    """The sum in 16 hex digits; ``EnvelopeInvalid`` for anything else."""
    if not _HEX.fullmatch(text):
        raise EnvelopeInvalid("a digest is 16 hex digits")
    return int(text, 16)


def moved(total: int, entity: str, row_id: str, old_ver: int | None, new_ver: int | None) -> int:
    """A scope's sum after a row went from one version to another; None means that no ``put`` row stands there."""
    if old_ver is not None:
        total -= row_hash(entity, row_id, old_ver)
    if new_ver is not None:
        total += row_hash(entity, row_id, new_ver)
    return total & _MASK


class ScopeSums:
    """The 256 bucket sums of one scope, kept up row by row."""

    def __init__(self, rows: Iterable[tuple[str, str, int]] = ()) -> None:
        """``rows``: (entity, id, ver) of the scope's ``put`` rows."""
        self._sums = [0] * BUCKETS
        for entity, row_id, ver in rows:
            self.move(entity, row_id, None, ver)

    def move(self, entity: str, row_id: str, old_ver: int | None, new_ver: int | None) -> None:
        """A row went from one version to another; None means absent."""
        place = bucket(entity, row_id)
        self._sums[place] = moved(self._sums[place], entity, row_id, old_ver, new_ver)

    @property
    def digest(self) -> str:
        """The whole scope's digest as 16 hex digits."""
        return to_hex(sum(self._sums))

    def texts(self) -> list[str]:
        """The 256 sums as ``/v1/verify`` sends them."""
        return [to_hex(total) for total in self._sums]

    def differing(self, texts: Sequence[str]) -> list[int]:
        """Buckets whose sums are not those given; ``EnvelopeInvalid`` unless these are 256 sums."""
        if len(texts) != BUCKETS:
            raise EnvelopeInvalid("256 sums were expected")
        return [i for i, text in enumerate(texts) if from_hex(text) != self._sums[i]]
