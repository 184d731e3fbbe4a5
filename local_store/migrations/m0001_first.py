"""The first form of the tablet's database.

Every table of entities has: `id`, `scope` ("" while HQ has no such row), `q` (position), `ver`, `g` (generation of the
fetch that brought it), columns to search and list by, and `d`, the entity's effective JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE scope (
    scope TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, seq INTEGER NOT NULL DEFAULT 0,
    head INTEGER NOT NULL DEFAULT 0, digest TEXT NOT NULL DEFAULT '', g INTEGER NOT NULL DEFAULT 1,
    sweep INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE outbox (
    n INTEGER PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, op_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    schema_v INTEGER NOT NULL, store_id TEXT NOT NULL, guide_id TEXT NOT NULL, made_at TEXT NOT NULL, body TEXT,
    op_sha256 TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'pending', answered INTEGER NOT NULL DEFAULT 0,
    listed INTEGER NOT NULL DEFAULT 1, code TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '',
    entity TEXT NOT NULL DEFAULT '', entity_id TEXT NOT NULL DEFAULT '', feed_pos INTEGER,
    closed_at TEXT NOT NULL DEFAULT '', currency TEXT NOT NULL
);
CREATE INDEX outbox_unanswered ON outbox (seq) WHERE answered = 0;
CREATE INDEX outbox_listed ON outbox (seq) WHERE listed = 1;
CREATE INDEX outbox_open ON outbox (state, kind) WHERE state IN ('pending', 'sent', 'parked');
CREATE INDEX outbox_attention ON outbox (state, seq) WHERE state IN ('rejected', 'parked', 'merged');

CREATE TABLE op_touch (
    entity TEXT NOT NULL, id TEXT NOT NULL, n INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (entity, id, n)
) WITHOUT ROWID;
CREATE INDEX op_touch_n ON op_touch (n);

CREATE TABLE shadow (
    entity TEXT NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL,
    g INTEGER NOT NULL, d TEXT, PRIMARY KEY (entity, id)
) WITHOUT ROWID;

CREATE TABLE erased (entity TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (entity, id)) WITHOUT ROWID;

CREATE TABLE member (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL,
    g INTEGER NOT NULL, name TEXT NOT NULL, pinyin TEXT NOT NULL, initials TEXT NOT NULL, phone TEXT NOT NULL,
    member_no TEXT NOT NULL, level TEXT NOT NULL, last_contact_at TEXT NOT NULL, owner_id TEXT NOT NULL,
    joined_at TEXT NOT NULL, birthday TEXT NOT NULL, conflicts INTEGER NOT NULL, words TEXT NOT NULL, d TEXT NOT NULL
);
CREATE TABLE member_key (
    key TEXT NOT NULL, n INTEGER NOT NULL, facet INTEGER NOT NULL, PRIMARY KEY (key, n)
) WITHOUT ROWID;

CREATE TABLE member_alias (
    id TEXT PRIMARY KEY, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL, g INTEGER NOT NULL,
    member_id TEXT NOT NULL, d TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX member_alias_member ON member_alias (member_id);

CREATE TABLE product (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL,
    g INTEGER NOT NULL, category_id TEXT NOT NULL, active INTEGER NOT NULL, words TEXT NOT NULL, d TEXT NOT NULL
);
CREATE TABLE product_key (
    key TEXT NOT NULL, n INTEGER NOT NULL, facet INTEGER NOT NULL, PRIMARY KEY (key, n)
) WITHOUT ROWID;
CREATE TABLE product_rank (product_id TEXT PRIMARY KEY, sold INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX product_rank_sold ON product_rank (sold DESC, product_id);

CREATE TABLE price (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL,
    g INTEGER NOT NULL, list TEXT NOT NULL, product TEXT NOT NULL, amount INTEGER NOT NULL, d TEXT NOT NULL
);

CREATE TABLE stock (
    id TEXT PRIMARY KEY, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL, g INTEGER NOT NULL,
    on_hand INTEGER NOT NULL, as_of TEXT NOT NULL, d TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE shop_order (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL,
    g INTEGER NOT NULL, number TEXT NOT NULL, state TEXT NOT NULL, guide_id TEXT NOT NULL, placed_at TEXT NOT NULL,
    member_id TEXT NOT NULL, total INTEGER NOT NULL, repair TEXT NOT NULL, d TEXT NOT NULL
);

CREATE TABLE talk (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL,
    g INTEGER NOT NULL, member_id TEXT NOT NULL, guide_id TEXT NOT NULL, at TEXT NOT NULL, d TEXT NOT NULL
);

CREATE TABLE followup (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL,
    g INTEGER NOT NULL, member_id TEXT NOT NULL, guide_id TEXT NOT NULL, due_on TEXT NOT NULL, state TEXT NOT NULL,
    set_at TEXT NOT NULL, d TEXT NOT NULL
);

CREATE TABLE other_row (
    entity TEXT NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL, q INTEGER NOT NULL, ver INTEGER NOT NULL,
    g INTEGER NOT NULL, d TEXT NOT NULL, PRIMARY KEY (entity, id, scope)
) WITHOUT ROWID;

CREATE TABLE draft (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE pin_try (staff_id TEXT PRIMARY KEY, wrong INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE dismissed (key TEXT PRIMARY KEY) WITHOUT ROWID;
"""


def apply(database: Database) -> None:
    """Makes all tables; the indexes that a first load puts off are made by `local_store.indexes`."""
    for statement in _TABLES.split(";"):
        if statement.strip():
            database.conn.execute(statement)
