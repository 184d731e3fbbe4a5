"""Which returns differ from what HQ found, so that the guide is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENT = (
    "CREATE INDEX outbox_return ON outbox (seq) "
    "WHERE state = 'applied' AND code IN ('return_too_many', 'refund_variance')"
)


def apply(database: Database) -> None:
    """Adds the index."""
    database.conn.execute(_STATEMENT)
