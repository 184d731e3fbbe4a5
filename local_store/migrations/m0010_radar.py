"""The sets of fingerprints by which a phone is told to be probably known elsewhere: the one in use, and one that comes
(`local_store.radar`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENTS = (
    "CREATE TABLE radar ("
    " id INTEGER PRIMARY KEY, version TEXT NOT NULL UNIQUE, made_at TEXT NOT NULL, terms BLOB NOT NULL,"
    " whole INTEGER NOT NULL DEFAULT 0"
    ")",
    "CREATE TABLE radar_bucket ("
    " radar_id INTEGER NOT NULL, n INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (radar_id, n)"
    ") WITHOUT ROWID",
)


def apply(database: Database) -> None:
    """Adds the tables."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
