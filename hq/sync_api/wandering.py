"""Tablets that were enrolled in another shop before: what they made there they keep for a while, and hear no longer
whom that shop is to forget. So each hears it in its own scope, of everybody who is erased anywhere: ids alone.

Pure over the ports.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from guide_app.domain.records import Ref
from hq.ledger.past import Past
from hq.ledger.port import FeedRow, Ledger, ScopeKey

KEPT = timedelta(days=36)
"""A day longer than a tablet keeps what is closed."""


def forget(ledger: Ledger, keys: Iterable[ScopeKey], ids: Iterable[str]) -> None:
    """Tells the devices with these scopes, all of one store, to forget these people; in the caller's transaction."""
    rows = [FeedRow(Ref("member", member_id), 1, None, "erased") for member_id in ids]
    for key in sorted(keys) if rows else ():
        ledger.publish(key, rows)


def came(ledger: Ledger, past: Past, key: ScopeKey, now: datetime) -> None:
    """A tablet was enrolled that was in another shop before, and this is committed: so whoever is erased from now on
    finds it there, and it is told of those before. Raises Transient."""
    with ledger.transaction():
        forget(ledger, [key], past.erased_since(now - KEPT))
