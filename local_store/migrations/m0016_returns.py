"""Which returns differ from what HQ found, to be told at once; and who cancelled what HQ has yet to hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_INDEX = (
    "CREATE INDEX outbox_return ON outbox (seq) "
    "WHERE state = 'applied' AND code IN ('return_too_many', 'refund_variance')"
)
_CANCELS = "FROM outbox WHERE kind = 'order.cancel' AND listed = 1 AND body ->> '$.order_id' = shop_order.id"
_CANCELLED_BY = (
    f"UPDATE shop_order SET d = json_set(d, '$.cancelled_by', (SELECT guide_id {_CANCELS} ORDER BY seq DESC LIMIT 1))"
    f" WHERE state = 'cancelled' AND d ->> '$.cancelled_by' IS NULL AND EXISTS (SELECT 1 {_CANCELS})"
)
"""A cancel that waits says it as an app of today would: its effect is what its operation makes."""


def apply(database: Database) -> None:
    """Adds the index, and what cancels that wait would say."""
    database.conn.execute(_INDEX)
    database.conn.execute(_CANCELLED_BY)
