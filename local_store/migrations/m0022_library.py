"""Material has a table of its own, with the keys that it is found by, and what each guide did with it.

`material_key` holds words, and behind a sign what a material is narrowed by (`local_store.words`). Rows that an older
version kept move into their tables when the store is opened. `material_lies`: of each row the bytes of its files, and
those that are here; triggers keep it in step with the files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_ADD = (
    "INSERT INTO material_lies (id, bytes, here) SELECT NEW.id, f.bytes, f.here * f.bytes FROM file AS f"
    " WHERE f.sha256 = NEW.sha256"
    " ON CONFLICT (id) DO UPDATE SET bytes = material_lies.bytes + excluded.bytes,"
    " here = material_lies.here + excluded.here;"
)
_TAKE = (
    "UPDATE material_lies SET bytes = material_lies.bytes - f.bytes,"
    " here = material_lies.here - f.here * f.bytes FROM file AS f"
    " WHERE f.sha256 = OLD.sha256 AND material_lies.id = OLD.id;"
    " DELETE FROM material_lies WHERE id = OLD.id AND bytes <= 0;"
)
_STATEMENTS = (
    "CREATE TABLE material ("
    " n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL,"
    " g INTEGER NOT NULL, material TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,"
    " must_read INTEGER NOT NULL, roles TEXT NOT NULL, valid_from TEXT NOT NULL, valid_until TEXT NOT NULL,"
    " published_at TEXT NOT NULL, topic TEXT NOT NULL, tags TEXT NOT NULL, campaign TEXT NOT NULL, words TEXT NOT NULL,"
    " d TEXT NOT NULL)",
    "CREATE INDEX material_list ON material (material, version, kind, state, must_read, roles, valid_from, valid_until,"
    " published_at, id)",
    "CREATE INDEX material_shelf ON material (topic, tags, campaign, kind, state, roles)",
    "CREATE TABLE material_key ("
    " key TEXT NOT NULL, n INTEGER NOT NULL, facet INTEGER NOT NULL, PRIMARY KEY (key, n)) WITHOUT ROWID",
    "CREATE TABLE material_use ("
    " id TEXT PRIMARY KEY, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL, g INTEGER NOT NULL,"
    " material TEXT NOT NULL, guide_id TEXT NOT NULL, favourite INTEGER NOT NULL, read INTEGER NOT NULL,"
    " used_at TEXT NOT NULL, d TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX material_use_guide ON material_use (guide_id, material, favourite, read, used_at)",
    "CREATE TABLE material_lies (id TEXT PRIMARY KEY, bytes INTEGER NOT NULL, here INTEGER NOT NULL) WITHOUT ROWID",
    f"CREATE TRIGGER material_lies_new AFTER INSERT ON file_use WHEN NEW.entity = 'material' BEGIN {_ADD} END",
    f"CREATE TRIGGER material_lies_gone AFTER DELETE ON file_use WHEN OLD.entity = 'material' BEGIN {_TAKE} END",
    "CREATE TRIGGER material_lies_came AFTER UPDATE OF here ON file WHEN NEW.here <> OLD.here BEGIN"
    " UPDATE material_lies SET here = here + (NEW.here - OLD.here) * NEW.bytes"
    " WHERE id IN (SELECT id FROM file_use WHERE sha256 = NEW.sha256 AND entity = 'material'); END",
    "CREATE TRIGGER material_gone AFTER DELETE ON material BEGIN"
    " DELETE FROM file_use WHERE entity = 'material' AND id = OLD.id; DELETE FROM material_lies WHERE id = OLD.id; END",
)


def apply(database: Database) -> None:
    """Makes the tables with their indexes and triggers."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
