"""From rows that were saved to rows of the feed: what travels, in which scope, and as what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guide_app.domain.errors import BadInput
from guide_app.domain.records import ENTITIES, Lease, Ref, encode
from guide_app.operations import Versioned
from hq.ledger.port import FeedRow, Ledger, ScopeKey
from sync.protocol import codec

_ROOM = codec.MAX_ROW - 1024
"""Bytes of a record: what is around it in a row takes the rest."""


def feed_rows(rows: Mapping[Ref, Versioned]) -> dict[Ref, FeedRow]:
    """The rows as they are published; BadInput when one is larger than a row may be."""
    published = {ref: _feed_row(ref, row) for ref, row in rows.items() if _travels(ref, row)}
    if any(len((row.data or "").encode()) > _ROOM for row in published.values()):
        raise BadInput("row_too_large")
    return published


def publish(ledger: Ledger, store: ScopeKey, rows: Iterable[FeedRow]) -> Mapping[Ref, int]:
    """Publishes each row in its own scope; the positions in the store's.

    Where several scopes are written their heads are locked first, in one order.
    """
    by_scope: dict[ScopeKey, list[FeedRow]] = {}
    for row in rows:
        by_scope.setdefault(ScopeKey(store.store_id, row.scope) if row.scope else store, []).append(row)
    if len(by_scope) > 1:
        ledger.lock_heads(by_scope.keys())
    positions = {key: ledger.publish(key, by_scope[key]) for key in sorted(by_scope)}
    return positions.get(store, {})


def _travels(ref: Ref, row: Versioned) -> bool:
    """HQ's own aggregates stay; so does a lease that HQ granted to nobody."""
    return ref.entity in ENTITIES and (bool(row.scope) or not isinstance(row.record, Lease))


def _feed_row(ref: Ref, row: Versioned) -> FeedRow:
    if isinstance(row.record, Lease) and row.record.returned_at:
        return FeedRow(ref, row.ver, None, "gone", row.scope)
    return FeedRow(ref, row.ver, encode(row.record).decode(), scope=row.scope)
