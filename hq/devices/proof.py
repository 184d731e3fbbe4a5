"""Whether every number that a tablet gave to its work is here, day by day; pure. Contract, section 5: `op_seen`.

A tablet's numbers run from 1 in each of its database files: a copied, restored or newly enrolled tablet begins a new
one, which tells again what it keeps. So each file is proved by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple


class Seen(NamedTuple):
    """A number that came, and what HQ has of its operation. `at`: when it was made, never later than it was received;
    `status` as in the contract."""

    seq: int
    at: datetime
    kind: str
    status: str
    code: str


class File(NamedTuple):
    """A database file of a tablet as HQ knows it. `last_seq`: how far HQ told the tablet that it has it; `seen`:
    ascending, without numbers whose operation is not here; `forked_from`: the file it is a copy of, or empty."""

    incarnation: str
    last_seq: int
    forked_from: str
    seen: Sequence[Seen]


class Span(NamedTuple):
    """From a moment until before another one."""

    since: datetime
    until: datetime


class Hole(NamedTuple):
    """Numbers that are not here, both ends included."""

    first: int
    last: int


class Stretch(NamedTuple):
    """What was asked of one file: its numbers from `first` to `last`, those that are not here, those that wait."""

    incarnation: str
    forked_from: str
    first: int
    last: int
    missing: tuple[Hole, ...]
    parked: tuple[Seen, ...]


def prove(files: Sequence[File], span: Span | None = None) -> tuple[Stretch, ...]:
    """What HQ has of each file, of all time or of work made within the span; files without any are left out.

    A number that is not here has no time: it is counted to every day on which it can have been made, from that of the
    number before it to that of the number behind it.
    """
    stretches = (_stretch(file, span) for file in files)
    return tuple(stretch for stretch in stretches if stretch is not None)


def _stretch(file: File, span: Span | None) -> Stretch | None:
    own = [seen for seen in file.seen if span is None or span.since <= seen.at < span.until]
    missing = tuple(_holes(file, span))
    if not own and not missing:
        return None
    return Stretch(
        file.incarnation,
        file.forked_from,
        min([*(seen.seq for seen in own), *(hole.first for hole in missing)]),
        max([*(seen.seq for seen in own), *(hole.last for hole in missing)]),
        missing,
        tuple(seen for seen in own if seen.status == "parked"),
    )


def _holes(file: File, span: Span | None) -> Iterator[Hole]:
    known: list[tuple[int, datetime | None]] = [(seen.seq, seen.at) for seen in file.seen]
    for (before, after_then), (behind, until_then) in pairwise([(0, None), *known, (file.last_seq + 1, None)]):
        possible = span is None or (
            (after_then is None or after_then < span.until) and (until_then is None or until_then >= span.since)
        )
        if behind > before + 1 and possible:
            yield Hole(before + 1, behind - 1)
