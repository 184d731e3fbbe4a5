"""A file that never held a row has no page from before `secure_delete`; an older one is written anew at its first
erasure (`local_store.pages`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENT = "INSERT INTO meta (key, value) SELECT 'pages_clean', '1' WHERE NOT EXISTS (SELECT 1 FROM meta)"


def apply(database: Database) -> None:
    """Notes whether there is anything to write anew."""
    database.conn.execute(_STATEMENT)
