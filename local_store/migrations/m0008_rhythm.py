"""What follows from the orders for the morning lists (`local_store.rhythm`): made first of whatever is here already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_store import rhythm

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENTS = (
    "CREATE TABLE visit_rhythm ("
    " member_id TEXT PRIMARY KEY, times INTEGER NOT NULL, last INTEGER NOT NULL, usual INTEGER, lapsed INTEGER"
    ") WITHOUT ROWID",
    "CREATE INDEX visit_lapsed ON visit_rhythm (lapsed) WHERE lapsed IS NOT NULL",
    "CREATE INDEX visit_few ON visit_rhythm (last) WHERE usual IS NULL",
    "CREATE INDEX visit_usual ON visit_rhythm (usual) WHERE usual IS NOT NULL",
    "CREATE TABLE refill_rhythm ("
    " member_id TEXT NOT NULL, kind TEXT NOT NULL, what TEXT NOT NULL, times INTEGER NOT NULL, last INTEGER NOT NULL,"
    " usual INTEGER NOT NULL, due INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (member_id, kind, what)"
    ") WITHOUT ROWID",
    "CREATE INDEX refill_due ON refill_rhythm (due, until)",
    "CREATE TABLE rhythm_stale (member_id TEXT PRIMARY KEY) WITHOUT ROWID",
)


def apply(database: Database) -> None:
    """Adds the tables, and the triggers that say whose rhythm is to be made anew."""
    for statement in (*_STATEMENTS, *rhythm.WATCH.values(), rhythm.ALL_STALE):
        database.conn.execute(statement)
