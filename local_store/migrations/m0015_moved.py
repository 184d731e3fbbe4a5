"""When money or goods of an order moved last, or it was cancelled: by it a day finds the orders of other days."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

FILL = (
    "UPDATE shop_order SET moved_at = max(coalesce(d ->> '$.cancelled_at', ''),"
    " coalesce((SELECT max(leg.value ->> '$.at') FROM json_each(d, '$.payments') AS leg), ''),"
    " coalesce((SELECT max(back.value ->> '$.at') FROM json_each(d, '$.returns') AS back), ''))"
    " WHERE d ->> '$.cancelled_at' IS NOT NULL OR d ->> '$.payments' IS NOT NULL OR d ->> '$.returns' IS NOT NULL"
)
_STATEMENTS = (
    "ALTER TABLE shop_order ADD COLUMN moved_at TEXT NOT NULL DEFAULT ''",
    FILL,
    "CREATE INDEX order_moved ON shop_order (moved_at) WHERE moved_at <> ''",
)


def apply(database: Database) -> None:
    """Adds the column with its index."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
