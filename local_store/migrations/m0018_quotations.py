"""Quotations have a table of their own.

Where HQ sent some to a version that did not know them, their scope is fetched again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENTS = (
    "CREATE TABLE quotation ("
    " n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL,"
    " g INTEGER NOT NULL, member_id TEXT NOT NULL, guide_id TEXT NOT NULL, number TEXT NOT NULL, state TEXT NOT NULL,"
    " valid_until TEXT NOT NULL, made_at TEXT NOT NULL, d TEXT NOT NULL)",
    "CREATE INDEX quotation_member ON quotation (member_id) WHERE member_id <> ''",
    "CREATE INDEX quotation_made ON quotation (made_at) WHERE number <> ''",
    "CREATE INDEX quotation_ends ON quotation (state, valid_until)",
    "CREATE INDEX quotation_number ON quotation (number)",
    "UPDATE scope SET seq = 0, digest = '', g = g + 1, sweep = 1 "
    "WHERE scope IN (SELECT scope FROM other_row WHERE entity = 'quotation')",
)


def apply(database: Database) -> None:
    """Makes the table with its indexes."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
