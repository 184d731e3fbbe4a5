"""Which orders have goods that somebody still has to hand over, or to send."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENTS = (
    "ALTER TABLE shop_order ADD COLUMN to_hand INTEGER NOT NULL DEFAULT 0",
    "UPDATE shop_order SET to_hand = 1 WHERE d ->> '$.fulfilment.kind' IN ('pick_up', 'ship')"
    " AND state IN ('placed', 'accepted', 'in_review', 'paid', 'picking', 'shipped')",
    "CREATE INDEX order_to_hand ON shop_order (placed_at) WHERE to_hand > 0",
)


def apply(database: Database) -> None:
    """Adds the column with its index."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
