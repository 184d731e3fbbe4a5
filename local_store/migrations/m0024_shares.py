"""What was handed over of the library has a table of its own.

Where HQ sent some to a version that did not know them, their scope is fetched again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENTS = (
    "CREATE TABLE share ("
    " n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL,"
    " g INTEGER NOT NULL, member_id TEXT NOT NULL, guide_id TEXT NOT NULL, material TEXT NOT NULL, at TEXT NOT NULL,"
    " d TEXT NOT NULL)",
    "CREATE INDEX share_member ON share (member_id, at) WHERE member_id <> ''",
    "UPDATE scope SET seq = 0, digest = '', g = g + 1, sweep = 1 "
    "WHERE scope IN (SELECT scope FROM other_row WHERE entity = 'share')",
)


def apply(database: Database) -> None:
    """Makes the table with its index."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
