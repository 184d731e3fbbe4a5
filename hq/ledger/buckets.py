"""Comparing a scope by its 256 buckets, and bringing whole buckets in pages (contract, section 4: verify)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hq.ledger.page import Stored
from hq.ledger.port import Buckets, Place
from sync.protocol.digest import BUCKETS

MODULUS = 2**64


def asked(question: Sequence[int] | int, ours: Mapping[int, int]) -> tuple[int, ...]:
    """Which buckets to bring: the one that was asked for, or those whose sum is not the tablet's."""
    if isinstance(question, int):
        return (question,)
    return tuple(b for b in range(BUCKETS) if (question[b] - ours.get(b, 0)) % MODULUS)


def page(scope: str, buckets: tuple[int, ...], rows: Iterable[tuple[int, Stored]], want: int) -> Buckets:
    """Fills one page with the rows of the buckets; at least one where there is any."""
    ready: list[bytes] = []
    left, last = want, None
    for bucket, row in rows:
        data = row.as_json(scope)
        if ready and len(data) > left:
            return Buckets(buckets, tuple(ready), last)
        ready.append(data)
        left -= len(data)
        last = Place(bucket, row.seq)
    return Buckets(buckets, tuple(ready), None)
