"""Indexes that a first load puts off and builds last, and the keys that search runs on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlcipher3 import dbapi2 as sqlite

from local_store import rhythm
from local_store.words import facet_of

LATE: dict[str, str] = {
    "member_contact": "member (last_contact_at)",
    "member_owner": "member (owner_id, last_contact_at)",
    "member_joined": "member (joined_at, owner_id)",
    "member_phone": "member (phone)",
    "member_birthday": "member (birthday) WHERE birthday <> ''",
    "member_conflicts": "member (id) WHERE conflicts > 0",
    "product_kind": "product (category_id, active, article)",
    "product_shelf": "product (n, active, article, category_id)",
    "product_article": "product (article) WHERE article <> ''",
    "price_product": "price (list, product, amount)",
    "order_day": "shop_order (placed_at, state, total)",
    "order_guide": "shop_order (guide_id, placed_at, state, total)",
    "order_state": "shop_order (state, placed_at)",
    "order_member": "shop_order (member_id, placed_at) WHERE member_id <> ''",
    "order_number": "shop_order (number)",
    "order_repair": "shop_order (placed_at) WHERE repair <> ''",
    "order_owed": "shop_order (placed_at) WHERE owed > 0",
    "order_refund": "shop_order (placed_at) WHERE refund > 0",
    "order_moved": "shop_order (moved_at) WHERE moved_at <> ''",
    "talk_member": "talk (member_id, at)",
    "talk_day": "talk (at, guide_id)",
    "followup_member": "followup (member_id)",
    "followup_due": "followup (state, due_on)",
    "ticket_member": "ticket (member_id, state)",
    "ticket_state": "ticket (state, raised_at)",
    "ticket_raised": "ticket (raised_at) WHERE state <> 'void'",
    "ticket_number": "ticket (number)",
    "promise_member": "promise (member_id)",
    "promise_due": "promise (state, due_on)",
    "promise_kept": "promise (due_on, guide_id, state, settled_on)",
    "reminder_member": "reminder (member_id)",
    "reminder_guide": "reminder (guide_id) WHERE guide_id <> ''",
}
"""Name → what it indexes."""

_RUN, _FITS, _CHUNK = 10_000, 200_000, 100_000
"""Rows whose keys are sorted at once: few enough for the processor's cache as long as the whole index fits into memory
(sorting all keys of 100,000 members costs 18 times what those of 10,000 do), else as many as keep the disk in order."""
_ROOM_KIB = 192 << 10


def drop_late(connection: sqlite.Connection) -> None:
    """Before a first load: no index but those that rows are found by, no search keys."""
    for name in LATE:
        connection.execute(f"DROP INDEX IF EXISTS {name}")
    rhythm.unwatch(connection)
    connection.execute("DELETE FROM member_key")
    connection.execute("DELETE FROM product_key")
    connection.execute("DELETE FROM material_key")


@contextmanager
def roomy(connection: sqlite.Connection) -> Iterator[None]:
    """More memory for a while: each index reads its whole table again, which must be decrypted each time otherwise."""
    (before,) = connection.execute("PRAGMA cache_size").fetchone()
    connection.execute(f"PRAGMA cache_size = -{_ROOM_KIB}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA cache_size = {before}")
        connection.execute("PRAGMA shrink_memory")


def build_late(connection: sqlite.Connection) -> None:
    """After a first load; may be run again after it was cut off."""
    for name, what in LATE.items():
        connection.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {what}")
    build_keys(connection, "member", "owner_id")
    build_keys(connection, "product", "''")
    build_keys(connection, "material", "''")
    rhythm.watch(connection)


def build_keys(connection: sqlite.Connection, table: str, facet: str) -> None:
    """The search keys of all rows of a table, in the order of the index as far as memory goes."""
    connection.create_function("facet_of", 1, facet_of, deterministic=True)
    connection.execute(f"DELETE FROM {table}_key")
    (last,) = connection.execute(f"SELECT coalesce(max(n), 0) FROM {table}").fetchone()
    chunk = _RUN if last <= _FITS else _CHUNK
    for first in range(0, last, chunk):
        # json_quote makes text of any kind safe; between its quotes each space ends one word and begins the next.
        connection.execute(
            f"WITH m AS MATERIALIZED (SELECT n, words, facet_of({facet}) AS facet FROM {table} WHERE n > ? AND n <= ?) "
            f"INSERT OR IGNORE INTO {table}_key (key, n, facet) SELECT w.value, m.n, m.facet FROM m, "
            "json_each('[' || replace(json_quote(m.words), ' ', '\",\"') || ']') AS w "
            "WHERE w.value <> '' ORDER BY w.value, m.n",
            (first, first + chunk),
        )
