"""What HQ took otherwise than it was meant is found without reading the whole outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENT = "CREATE INDEX outbox_told ON outbox (seq) WHERE state = 'applied' AND code <> ''"


def apply(database: Database) -> None:
    """Adds the index."""
    database.conn.execute(_STATEMENT)
