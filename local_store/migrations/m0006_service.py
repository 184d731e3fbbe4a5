"""Tickets and promises have tables of their own.

Where HQ sent some to a version that did not know them, their scope is fetched again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENTS = (
    "CREATE TABLE ticket ("
    " n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL,"
    " g INTEGER NOT NULL, member_id TEXT NOT NULL, guide_id TEXT NOT NULL, number TEXT NOT NULL, state TEXT NOT NULL,"
    " raised_at TEXT NOT NULL, d TEXT NOT NULL)",
    "CREATE TABLE promise ("
    " n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL,"
    " g INTEGER NOT NULL, member_id TEXT NOT NULL, guide_id TEXT NOT NULL, state TEXT NOT NULL, due_on TEXT NOT NULL,"
    " settled_on TEXT NOT NULL, made_at TEXT NOT NULL, d TEXT NOT NULL)",
    "CREATE INDEX ticket_member ON ticket (member_id, state)",
    "CREATE INDEX ticket_state ON ticket (state, raised_at)",
    "CREATE INDEX ticket_raised ON ticket (raised_at) WHERE state <> 'void'",
    "CREATE INDEX ticket_number ON ticket (number)",
    "CREATE INDEX promise_member ON promise (member_id)",
    "CREATE INDEX promise_due ON promise (state, due_on)",
    "CREATE INDEX promise_kept ON promise (due_on, guide_id, state, settled_on)",
    "UPDATE scope SET seq = 0, digest = '', g = g + 1, sweep = 1 "
    "WHERE scope IN (SELECT scope FROM other_row WHERE entity IN ('ticket', 'promise'))",
)


def apply(database: Database) -> None:
    """Makes the tables with their indexes: those of a file that is loaded already are not made again."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
