"""Which receipts came out of this tablet's printer, and when first: what comes out after that is a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENT = "CREATE TABLE printed (order_id TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID"


def apply(database: Database) -> None:
    """Adds the table."""
    database.conn.execute(_STATEMENT)
