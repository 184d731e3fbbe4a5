"""Marks on rows of the morning lists have a table of their own.

Where HQ sent some to a version that did not know them, their scope is fetched again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENTS = (
    "CREATE TABLE reminder ("
    " n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL,"
    " g INTEGER NOT NULL, member_id TEXT NOT NULL, guide_id TEXT NOT NULL, d TEXT NOT NULL)",
    "CREATE INDEX reminder_member ON reminder (member_id)",
    "CREATE INDEX reminder_guide ON reminder (guide_id) WHERE guide_id <> ''",
    "UPDATE scope SET seq = 0, digest = '', g = g + 1, sweep = 1 "
    "WHERE scope IN (SELECT scope FROM other_row WHERE entity = 'reminder')",
)


def apply(database: Database) -> None:
    """Adds the table."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
