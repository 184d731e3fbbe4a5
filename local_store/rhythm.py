"""What follows from the orders for the morning lists: each member's rhythm, kept so that no list reads every order.

Triggers note in `rhythm_stale`, in the transaction that changes an order, whose rhythm is to be made anew: whatever
brought the row (a guide, HQ, a replay, a refetch, an erasure). `bring_up` makes it, some members at a time. The entry
"" stands for everybody: after a first load, and when a product moved into another category.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import rhythm
from guide_app.domain.clock import from_text
from guide_app.domain.rhythm import Bought
from local_store.merged import MERGED, survivors
from local_store.meta import Meta

ALL_STALE = "INSERT OR IGNORE INTO rhythm_stale (member_id) VALUES ('')"
_NOTE = "INSERT OR IGNORE INTO rhythm_stale (member_id) VALUES ({0}.member_id);"
_BOTH = "INSERT OR IGNORE INTO rhythm_stale (member_id) VALUES ({0}.id), ({0}.member_id);"


def _trigger(name: str, when: str, *notes: str) -> str:
    return f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {when} BEGIN {' '.join(notes)} END"


_OLD, _NEW = _NOTE.format("OLD"), _NOTE.format("NEW")
_WAS, _IS = "OLD.member_id <> ''", "NEW.member_id <> ''"
WATCH: dict[str, str] = {
    name: _trigger(name, when, *notes)
    for name, when, *notes in (
        ("order_came", f"INSERT ON shop_order WHEN {_IS}", _NEW),
        ("order_changed", f"UPDATE OF d ON shop_order WHEN OLD.d <> NEW.d AND {_IS}", _NEW),
        ("order_parted", f"UPDATE OF member_id ON shop_order WHEN {_WAS} AND OLD.member_id <> NEW.member_id", _OLD),
        ("order_went", f"DELETE ON shop_order WHEN {_WAS}", _OLD),
        ("alias_came", "INSERT ON member_alias", _BOTH.format("NEW")),
        ("alias_changed", "UPDATE ON member_alias", _BOTH.format("OLD"), _BOTH.format("NEW")),
        ("alias_went", "DELETE ON member_alias", _BOTH.format("OLD")),
        ("product_moved", "UPDATE OF category_id ON product WHEN OLD.category_id <> NEW.category_id", f"{ALL_STALE};"),
    )
}
"""Name → trigger; a first load does without."""
STEP = 200
"""Members at a time: a guide who saves something meanwhile does not feel it."""
_TABLES = ("visit_rhythm", "refill_rhythm")
_AMONG = "(SELECT value FROM json_each(?))"


class _Line(msgspec.Struct):
    product_id: str


class _Order(msgspec.Struct):
    lines: list[_Line] = []


class _Sale(NamedTuple):
    member_id: str
    day: int
    products: tuple[str, ...]


_decode = msgspec.json.Decoder(_Order).decode


def unwatch(connection: sqlite.Connection) -> None:
    """Before a first load: all of it will be made at once."""
    for name in WATCH:
        connection.execute(f"DROP TRIGGER IF EXISTS {name}")


def watch(connection: sqlite.Connection) -> None:
    """After a first load: from now on each order is noted, and everybody's rhythm is to be made."""
    for trigger in WATCH.values():
        connection.execute(trigger)
    connection.execute(ALL_STALE)


def stale(connection: sqlite.Connection) -> bool:
    """Whether somebody's rhythm is to be made anew."""
    return connection.execute("SELECT 1 FROM rhythm_stale LIMIT 1").fetchone() is not None


def bring_up(connection: sqlite.Connection, limit: int = STEP) -> bool:
    """Makes the rhythm of so many members anew; whether more of them wait."""
    if connection.execute("SELECT 1 FROM rhythm_stale WHERE member_id = ''").fetchone():
        connection.execute("DELETE FROM rhythm_stale")
        known = " UNION ".join(f"SELECT member_id FROM {table}" for table in ("shop_order", *_TABLES))
        connection.execute(f"INSERT INTO rhythm_stale SELECT member_id FROM ({known}) WHERE member_id <> ''")
    pass_over_erased(connection)
    found = connection.execute("SELECT member_id FROM rhythm_stale LIMIT ?", (limit,)).fetchall()
    told = [member_id for (member_id,) in found]
    _make(connection, told)
    connection.execute(f"DELETE FROM rhythm_stale WHERE member_id IN {_AMONG}", (_json(told),))
    return stale(connection)


def forget(connection: sqlite.Connection, member_id: str) -> None:
    """Nothing of an erased person stays."""
    for table in (*_TABLES, "rhythm_stale"):
        connection.execute(f"DELETE FROM {table} WHERE member_id = ?", (member_id,))


def pass_over_erased(connection: sqlite.Connection) -> None:
    """Orders that lost an erased person, or a sale that HQ has not taken without them yet, note whose they were: nobody
    makes anything of that."""
    connection.execute("DELETE FROM rhythm_stale WHERE member_id IN (SELECT id FROM erased)")


def _make(connection: sqlite.Connection, told: Sequence[str]) -> None:
    people = _people(connection, told)
    sales = _sales(connection, people)
    lies_in = _categories(connection, {product for sale in sales for product in sale.products})
    days, bought = defaultdict[str, set[int]](set), defaultdict[str, list[Bought]](list)
    for sale in sales:
        days[sale.member_id].add(sale.day)
        bought[sale.member_id] += [Bought(sale.day, product, lies_in.get(product, "")) for product in sale.products]
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table} WHERE member_id IN {_AMONG}", (_json([*people, *told]),))
    visits = [(who, made) for who, when in days.items() if (made := rhythm.visits(when)) is not None]
    connection.executemany(
        "INSERT INTO visit_rhythm (member_id, times, last, usual, lapsed) VALUES (?, ?, ?, ?, ?)",
        [(who, *made, made.lapsed) for who, made in visits],
    )
    connection.executemany(
        "INSERT INTO refill_rhythm (member_id, kind, what, times, last, usual, due, until) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(who, *one, one.due, one.until) for who, things in bought.items() for one in rhythm.refills(things)],
    )


def _people(connection: sqlite.Connection, told: Sequence[str]) -> dict[str, str]:
    """Every id of these members, merged ones too → the id that stands for it today."""
    today = survivors(connection, told)
    found = connection.execute(f"{MERGED}SELECT id, today FROM merged", (_json([*{*today.values()}]),))
    return dict(found.fetchall())


def _sales(connection: sqlite.Connection, people: dict[str, str]) -> list[_Sale]:
    zone = ZoneInfo(Meta(connection).text("time_zone") or "UTC")
    found = connection.execute(
        f"SELECT member_id, placed_at, d FROM shop_order WHERE member_id IN {_AMONG} AND member_id <> '' "
        "AND state NOT IN ('cancelled', 'returned')",
        (_json([*people]),),
    )
    return [
        _Sale(
            people[member_id],
            from_text(placed_at).astimezone(zone).date().toordinal(),
            tuple(line.product_id for line in _decode(d).lines),
        )
        for member_id, placed_at, d in found
    ]


def _categories(connection: sqlite.Connection, products: set[str]) -> dict[str, str]:
    query = f"SELECT id, category_id FROM product WHERE id IN {_AMONG}"
    return dict(connection.execute(query, (_json([*products]),)).fetchall())


def _json(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode()
