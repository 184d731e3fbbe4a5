"""What leaves the feed with time: pure over the ports, in short transactions, so that no tablet waits for it.

A position is as old as the mark before which it was given (`hq.history.marks`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from hq.ledger.past import Past, Standing
from hq.ledger.port import FeedRow, Ledger, RowKind, ScopeKey

BATCH = 200


class Trimmer:
    """Trims the scopes of one HQ."""

    def __init__(self, ledger: Ledger, past: Past) -> None:
        self._ledger, self._past = ledger, past

    def let_old_leave(self, key: ScopeKey, before: datetime) -> int:
        """Orders, quotations, talks and shares of before leave the tablets; HQ's tables keep them. Raises Transient."""
        return self._away(key, "left", lambda: self._past.aged(key, before, BATCH))

    def drop_outcomes(self, key: ScopeKey, upto: int) -> int:
        """Late outcomes at or before the position are gone: their tablets have forgotten the operations."""
        return self._away(key, "gone", lambda: self._past.outcomes(key, upto, BATCH))

    def drop_tombstones(self, key: ScopeKey, upto: int) -> int:
        """Tombstones at or before the position are dropped; who has not come as far fetches the scope again."""
        return self._batches(lambda: self._past.trim(key, upto, BATCH))

    def _away(self, key: ScopeKey, kind: RowKind, find: Callable[[], Sequence[Standing]]) -> int:
        def batch() -> int:
            found = find()
            if found:
                self._ledger.publish(key, [FeedRow(one.ref, one.ver + 1, None, kind) for one in found])
            return len(found)

        return self._batches(batch)

    def _batches(self, batch: Callable[[], int]) -> int:
        total = done = 0
        while total == 0 or done == BATCH:
            with self._ledger.transaction():
                done = batch()
            total += done
            if not done:
                break
        return total
