"""What follows from the orders for the morning lists: each member's rhythm, kept so that no list reads every order.

Triggers note in `rhythm_stale`, in the transaction that changes an order, whose rhythm is to be made anew: whatever
brought the row (a guide, HQ, a replay, a refetch, an erasure). `bring_up` makes it, some members at a time. The mark
`EVERYBODY` stands there after a first load, and when a product moved into another category (`local_store.rhythms`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from sys import intern
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import rhythm
from guide_app.domain.clock import from_text
from guide_app.domain.rhythm import Bought
from guide_app.services.ports.writing import Change
from local_store.merged import MERGED, survivors
from local_store.meta import Meta

EVERYBODY, BEGUN = "", "*"
"""Marks beside the ids of members: everybody's rhythm is to be made anew; that was begun."""
ALL_STALE = f"INSERT OR IGNORE INTO rhythm_stale (member_id) VALUES ('{EVERYBODY}')"
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
TABLES = ("visit_rhythm", "refill_rhythm")
"""What is made."""
_AMONG = "(SELECT value FROM json_each(?))"


class _Line(msgspec.Struct):
    product_id: str


class _Order(msgspec.Struct):
    lines: list[_Line] = []


class Sale(NamedTuple):
    """An order that counts: the shop's day, and what was bought."""

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


def stale(connection: sqlite.Connection) -> str | None:
    """A mark if there is one, else the id of a member whose rhythm is to be made anew, if any."""
    first: str | None = connection.execute("SELECT min(member_id) FROM rhythm_stale").fetchone()[0]
    return first


def bring_up(connection: sqlite.Connection) -> tuple[None, Change]:
    """A job of the writer's: makes the rhythm of some members anew of those who are noted."""
    pass_over_erased(connection)
    marks = (EVERYBODY, BEGUN)
    found = connection.execute(
        "SELECT member_id FROM rhythm_stale WHERE member_id NOT IN (?, ?) LIMIT ?", (*marks, STEP)
    )
    told = [member_id for (member_id,) in found.fetchall()]
    people = _people(connection, told)
    bought = defaultdict[str, list[Sale]](list)
    for member_id, sale in sales(connection, f"member_id IN {_AMONG}", (listed(people),)):
        bought[people[member_id]].append(sale)
    for table in TABLES:
        connection.execute(f"DELETE FROM {table} WHERE member_id IN {_AMONG}", (listed([*people, *told]),))
    connection.execute(f"DELETE FROM rhythm_stale WHERE member_id IN {_AMONG}", (listed(told),))
    insert(connection, bought)
    return None, Change()


def forget(connection: sqlite.Connection, member_id: str) -> None:
    """Nothing of an erased person stays."""
    for table in (*TABLES, "rhythm_stale"):
        connection.execute(f"DELETE FROM {table} WHERE member_id = ?", (member_id,))


def pass_over_erased(connection: sqlite.Connection) -> None:
    """Orders that lost an erased person, or a sale that HQ has not taken without them yet, note whose they were: nobody
    makes anything of that."""
    connection.execute("DELETE FROM rhythm_stale WHERE member_id IN (SELECT id FROM erased)")


def sales(connection: sqlite.Connection, condition: str, values: Sequence[str | int]) -> Iterable[tuple[str, Sale]]:
    """(member, sale) of the orders that count; `condition` says which of them."""
    zone = ZoneInfo(Meta(connection).text("time_zone") or "UTC")
    found = connection.execute(
        f"SELECT member_id, placed_at, d FROM shop_order WHERE {condition} AND member_id <> '' "
        "AND state NOT IN ('cancelled', 'returned')",
        values,
    )
    for member_id, placed_at, d in found:
        day = from_text(placed_at).astimezone(zone).date().toordinal()
        yield member_id, Sale(day, tuple(intern(line.product_id) for line in _decode(d).lines))


def insert(connection: sqlite.Connection, bought: Mapping[str, Iterable[Sale]]) -> None:
    """Makes the rhythms of members who have none here, from all their sales."""
    things = {product for many in bought.values() for sale in many for product in sale.products}
    lies_in = _categories(connection, things)
    visits = [(who, made) for who, many in bought.items() if (made := rhythm.visits(sale.day for sale in many))]
    connection.executemany(
        "INSERT INTO visit_rhythm (member_id, times, last, usual, lapsed) VALUES (?, ?, ?, ?, ?)",
        [(who, *made, made.lapsed) for who, made in visits],
    )
    refills = [
        (who, one)
        for who, many in bought.items()
        for one in rhythm.refills(
            Bought(sale.day, what, lies_in.get(what, "")) for sale in many for what in sale.products
        )
    ]
    connection.executemany(
        "INSERT INTO refill_rhythm (member_id, kind, what, times, last, usual, due, until) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(who, *one, one.due, one.until) for who, one in refills],
    )


def _people(connection: sqlite.Connection, told: Sequence[str]) -> dict[str, str]:
    """Every id of these members, merged ones too → the id that stands for it today."""
    today = survivors(connection, told)
    found = connection.execute(f"{MERGED}SELECT id, today FROM merged", (listed({*today.values()}),))
    return dict(found.fetchall())


def _categories(connection: sqlite.Connection, products: set[str]) -> dict[str, str]:
    query = f"SELECT id, category_id FROM product WHERE id IN {_AMONG}"
    return dict(connection.execute(query, (listed(products),)).fetchall())


def listed(values: Iterable[str]) -> str:
    """Values as a JSON list, for `json_each`."""
    return msgspec.json.encode([*values]).decode()
