"""Which files the rows name and which of them are here. Triggers keep it in step with the rows, whatever writes them.

A product that is not sold any more names none. `rank`: what is fetched first, the small size of what stands for a
product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def _files(row: str) -> str:
    """The files (id, sha256, bytes, rank) that a row of `product` names; what is none is passed over."""
    each = (
        f"SELECT {row}.id AS id, CASE p.type WHEN 'object' THEN json_extract(p.value, '$.' || s.part || '.sha256') END"
        " AS sha256, CASE p.type WHEN 'object' THEN json_extract(p.value, '$.' || s.part || '.bytes') END AS bytes,"
        f" s.rank + (p.key > 0) AS rank FROM json_each({row}.d, '$.pictures') AS p,"
        " (SELECT 0 AS rank, 'thumb' AS part UNION ALL SELECT 2, 'large') AS s"
        f" WHERE {row}.active"
    )
    return (
        f"SELECT id, sha256, bytes, rank FROM ({each}) WHERE typeof(sha256) = 'text' AND length(sha256) = 64"
        " AND sha256 NOT GLOB '*[^0-9a-f]*' AND typeof(bytes) = 'integer' AND bytes > 0"
    )


def _note(row: str) -> str:
    return (
        "INSERT OR IGNORE INTO file (sha256, bytes, rank) SELECT sha256, bytes, min(rank) FROM"
        f" ({_files(row)}) GROUP BY sha256;"
        f" INSERT OR IGNORE INTO file_use (entity, id, sha256) SELECT 'product', id, sha256 FROM ({_files(row)});"
    )


_FORGET = "DELETE FROM file_use WHERE entity = 'product' AND id = OLD.id;"
_HAS = "instr({row}.d, '\"pictures\"') > 0"

STATEMENTS = (
    "CREATE TABLE file ("
    " sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, rank INTEGER NOT NULL,"
    " here INTEGER NOT NULL DEFAULT 0, named INTEGER NOT NULL DEFAULT 0, let_go INTEGER NOT NULL DEFAULT 0,"
    " asked_at TEXT NOT NULL DEFAULT '', used_at TEXT NOT NULL DEFAULT '', not_before TEXT NOT NULL DEFAULT '',"
    " put_off TEXT NOT NULL DEFAULT ''"
    ") WITHOUT ROWID",
    "CREATE INDEX file_to_come ON file (asked_at DESC, rank, sha256) WHERE here = 0 AND named = 1",
    "CREATE INDEX file_least_used ON file (used_at, rank DESC) WHERE here = 1",
    "CREATE INDEX file_unnamed ON file (sha256) WHERE named = 0",
    "CREATE TABLE file_use ("
    " entity TEXT NOT NULL, id TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (entity, id, sha256)"
    ") WITHOUT ROWID",
    "CREATE INDEX file_use_of ON file_use (sha256)",
    "CREATE TRIGGER file_use_new AFTER INSERT ON file_use BEGIN"
    " UPDATE file SET named = 1 WHERE sha256 = NEW.sha256; END",
    "CREATE TRIGGER file_use_gone AFTER DELETE ON file_use BEGIN UPDATE file"
    " SET named = EXISTS (SELECT 1 FROM file_use WHERE sha256 = OLD.sha256) WHERE sha256 = OLD.sha256; END",
    f"CREATE TRIGGER product_files_new AFTER INSERT ON product WHEN {_HAS.format(row='NEW')} BEGIN {_note('NEW')} END",
    f"CREATE TRIGGER product_files_changed AFTER UPDATE OF d, active ON product WHEN {_HAS.format(row='NEW')}"
    f" OR {_HAS.format(row='OLD')} BEGIN {_FORGET} {_note('NEW')} END",
    f"CREATE TRIGGER product_files_gone AFTER DELETE ON product WHEN {_HAS.format(row='OLD')} BEGIN {_FORGET} END",
)


def apply(database: Database) -> None:
    """Adds the tables, and notes what rows name that an older version of the app has kept without knowing it."""
    for statement in STATEMENTS:
        database.conn.execute(statement)
    known = [
        row_id for (row_id,) in database.conn.execute(f"SELECT id FROM product WHERE {_HAS.format(row='product')}")
    ]
    database.conn.executemany("UPDATE product SET active = active WHERE id = ?", [(row_id,) for row_id in known])
