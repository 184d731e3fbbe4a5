"""Which member an edit was of, so that their timeline finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENT = (
    "CREATE INDEX outbox_edit ON outbox (json_extract(body, '$.member_id'), made_at) WHERE kind = 'member.edit'"
)


def apply(database: Database) -> None:
    """Adds the index."""
    database.conn.execute(_STATEMENT)
