"""Publishing what a piece of work left: its rows, each in its scope, and its steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guide_app.domain.records import Ref
from hq.handlers.work import Work
from hq.ledger import steps
from hq.ledger.port import FeedRow, Ledger, ScopeKey


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


def publish_work(ledger: Ledger, store: ScopeKey, work: Work) -> Mapping[Ref, int]:
    """Publishes the rows and leaves the steps, in the caller's transaction; the positions in the store's scope."""
    positions = publish(ledger, store, work.rows.values())
    ledger.add_steps(store.store_id, [steps.write(step) for step in work.steps])
    return positions
