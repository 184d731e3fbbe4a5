"""What a piece of work in one store leaves: rows to publish there, and steps to be done in other stores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from guide_app.domain.errors import BadInput
from guide_app.domain.records import ENTITIES, Lease, Ref, encode
from guide_app.operations import Versioned
from hq.ledger.port import FeedRow, RowKind
from hq.ledger.steps import AnyStep
from sync.protocol import codec

_ROOM = codec.MAX_ROW - 1024
"""Bytes of a record: what is around it in a row takes the rest."""


class Work(NamedTuple):
    """Rows in the order of their change, each once, and steps in the order in which they are to be done."""

    rows: Mapping[Ref, FeedRow] = {}
    steps: tuple[AnyStep, ...] = ()


def feed_rows(rows: Mapping[Ref, Versioned]) -> dict[Ref, FeedRow]:
    """The rows as they are published; BadInput when one is larger than a row may be."""
    published = {ref: _feed_row(ref, row) for ref, row in rows.items() if _travels(ref, row)}
    if any(len((row.data or "").encode()) > _ROOM for row in published.values()):
        raise BadInput("row_too_large")
    return published


def ends(rows: Mapping[Ref, Versioned], kind: RowKind) -> dict[Ref, FeedRow]:
    """The rows as those that went: `gone` everywhere, or `left` this scope."""
    return {ref: FeedRow(ref, row.ver + 1, None, kind) for ref, row in rows.items()}


def joined(works: Iterable[Work]) -> Work:
    """Several pieces of work as one; of a row that was changed twice the last state stands, in its last place."""
    rows: dict[Ref, FeedRow] = {}
    steps: list[AnyStep] = []
    for work in works:
        for ref, row in work.rows.items():
            rows.pop(ref, None)
            rows[ref] = row
        steps += work.steps
    return Work(rows, tuple(steps))


def _travels(ref: Ref, row: Versioned) -> bool:
    """HQ's own aggregates stay; so does a lease that HQ granted to nobody."""
    return ref.entity in ENTITIES and (bool(row.scope) or not isinstance(row.record, Lease))


def _feed_row(ref: Ref, row: Versioned) -> FeedRow:
    if isinstance(row.record, Lease) and row.record.returned_at:
        return FeedRow(ref, row.ver, None, "gone", row.scope)
    return FeedRow(ref, row.ver, encode(row.record).decode(), scope=row.scope)
