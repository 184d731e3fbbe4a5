"""Members of other stores stand among the members, marked, and are found with them.

Where HQ sent some to a version that did not know them, their scope is fetched again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENTS = (
    "ALTER TABLE member ADD COLUMN visitor INTEGER NOT NULL DEFAULT 0",
    "UPDATE scope SET seq = 0, digest = '', g = g + 1, sweep = 1 "
    "WHERE scope IN (SELECT scope FROM other_row WHERE entity = 'visitor')",
)


def apply(database: Database) -> None:
    """Adds the mark."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
