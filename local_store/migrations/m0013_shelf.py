"""Products of one article stand as one card: of which article a product is, and indexes that answer what is on a shelf
without reading the products themselves. What sells is counted by a product's number. Favourites of each guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENTS = (
    "ALTER TABLE product ADD COLUMN article TEXT NOT NULL DEFAULT ''",
    "UPDATE product SET article = coalesce(d ->> '$.article', '') WHERE instr(d, '\"article\"') > 0",
    "DROP INDEX IF EXISTS product_category",
    "CREATE INDEX product_kind ON product (category_id, active, article)",
    "CREATE INDEX product_shelf ON product (n, active, article, category_id)",
    "CREATE INDEX product_article ON product (article) WHERE article <> ''",
    "ALTER TABLE product_rank RENAME TO product_rank_before",
    "CREATE TABLE product_rank (n INTEGER PRIMARY KEY, sold INTEGER NOT NULL)",
    "INSERT INTO product_rank (n, sold)"
    " SELECT m.n, r.sold FROM product_rank_before AS r CROSS JOIN product AS m ON m.id = r.product_id",
    "DROP TABLE product_rank_before",
    "CREATE INDEX product_rank_sold ON product_rank (sold DESC, n)",
    "CREATE TABLE favourite ("
    " guide_id TEXT NOT NULL, product_id TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (guide_id, product_id)"
    ") WITHOUT ROWID",
)


def apply(database: Database) -> None:
    """Adds what is missing and counts nothing anew."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
