"""Which sign-ups handed over a second gift, so that the guide is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENT = "CREATE INDEX outbox_gift ON outbox (seq) WHERE state = 'applied' AND code = 'gift_twice'"


def apply(database: Database) -> None:
    """Adds the index."""
    database.conn.execute(_STATEMENT)
