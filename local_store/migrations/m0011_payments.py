"""What is owed of an order, and what is to be refunded, as columns. Nothing was received on a tablet before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENTS = (
    "ALTER TABLE shop_order ADD COLUMN owed INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE shop_order ADD COLUMN refund INTEGER NOT NULL DEFAULT 0",
    "UPDATE shop_order SET owed = total WHERE state IN ('placed', 'accepted') AND d ->> '$.payments' IS NULL",
    "CREATE INDEX order_owed ON shop_order (placed_at) WHERE owed > 0",
    "CREATE INDEX order_refund ON shop_order (placed_at) WHERE refund > 0",
)


def apply(database: Database) -> None:
    """Adds the columns with their indexes."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
