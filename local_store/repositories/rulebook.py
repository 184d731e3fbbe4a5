"""HQ's tag rules as this tablet has them, and what they need to know of its members."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import rules
from guide_app.domain.clock import Clock
from guide_app.domain.records import Category, Member, Staff, TagRule
from guide_app.domain.rules import Contact, Expr, Facts, Goods, Sale
from guide_app.domain.shopday import ShopDay
from local_store.meta import Meta
from local_store.repositories.reading import listed, others, readable

T = TypeVar("T")
_MOST_GOODS = 20_000
_IDS = (
    "WITH RECURSIVE merged (id, now) AS (SELECT value, value FROM json_each(?) "
    "UNION SELECT a.id, c.now FROM merged AS c JOIN member_alias AS a ON a.member_id = c.id) "
)
"""`merged`: every id under which there may be orders and talks of these members → the member."""


class _Line(msgspec.Struct):
    product_id: str


class _Order(msgspec.Struct):
    currency: str = ""
    lines: list[_Line] = []


class _Talk(msgspec.Struct):
    channel: str = ""
    outcome: str = ""
    topic: str = ""
    void: bool = False


class _Product(msgspec.Struct):
    sku: str
    brand: str = ""
    category_id: str = ""


_order = msgspec.json.Decoder(_Order)
_talk = msgspec.json.Decoder(_Talk)
_product = msgspec.json.Decoder(_Product)


@dataclass(frozen=True)
class Book:
    """The rules in force on one day of the shop. `key` differs when anything does that all members must be judged by
    again."""

    today: date
    calendar: ShopDay
    currency: str
    rules: Sequence[tuple[str, str, Expr]]
    """(id, tag, what it says)."""
    names: frozenset[str]
    key: str


def in_force(connection: sqlite.Connection, clock: Clock) -> dict[str, TagRule]:
    """The rules that tag members today, by id."""
    zone = Meta(connection).text("time_zone")
    if not zone:
        return {}
    today = ShopDay(clock, zone).today()
    return {rule_id: rule for _, rule_id, rule in others(connection, TagRule) if rule.in_force(today)}


def key(connection: sqlite.Connection, clock: Clock) -> str:
    """`Book.key` of now."""
    zone = Meta(connection).text("time_zone")
    return _key(ShopDay(clock, zone).today(), in_force(connection, clock)) if zone else ""


def _key(today: date, told: Mapping[str, TagRule]) -> str:
    return hashlib.sha256(msgspec.json.encode([today.isoformat(), [*told.items()]])).hexdigest()


class Rulebook:
    """Reads rules and facts behind the writer's connection. Parsed rules and products are kept until they change."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._parsed: dict[str, Expr | None] = {}
        self._goods: dict[str, Goods] = {}

    def forget_goods(self) -> None:
        """Products or categories changed."""
        self._goods.clear()

    def book(self, connection: sqlite.Connection) -> Book:
        """Today's rules; those that this version cannot read tag nobody."""
        meta = Meta(connection)
        calendar = ShopDay(self._clock, meta.text("time_zone"))
        today = calendar.today()
        told = in_force(connection, self._clock)
        self._parsed = {rule.expression: self._parse(rule.expression) for rule in told.values()}
        known = [
            (rule_id, rule.tag, expr)
            for rule_id, rule in told.items()
            if (expr := self._parsed[rule.expression]) is not None
        ]
        names = frozenset(name for _, _, expr in known for name in rules.named(expr))
        return Book(today, calendar, meta.text("currency"), known, names, _key(today, told))

    def facts(self, connection: sqlite.Connection, book: Book, members: Mapping[str, Member]) -> Mapping[str, Facts]:
        """What the rules may ask of these members, a few queries for all of them."""
        since, asked = rules.window(book.calendar, book.today), listed(members)
        sales = self._sales(connection, asked, since)
        talks = self._talks(connection, asked, since)
        bought = {product for those in sales.values() for sale in those for product in sale.products}
        goods = self._goods_of(connection, book, bought)
        staff = {row_id: one.staff_no for _, row_id, one in others(connection, Staff)} if "owner" in book.names else {}
        return {
            member_id: rules.facts_of(
                member, staff.get(member.owner_id, ""), sales[member_id], talks[member_id], goods, book.calendar,
                book.today, book.currency,
            )
            for member_id, member in members.items()
        }  # fmt: skip

    def _parse(self, text: str) -> Expr | None:
        if text in self._parsed:
            return self._parsed[text]
        try:
            return rules.parse(text)
        except rules.RuleProblem:
            return None  # of a later version of the language

    def _sales(self, connection: sqlite.Connection, asked: str, since: str) -> Mapping[str, list[Sale]]:
        states = ", ".join("?" * len(rules.UNCOUNTED))
        found = connection.execute(
            f"{_IDS}SELECT m.now, o.placed_at, o.total, o.d FROM merged AS m CROSS JOIN shop_order AS o "
            "ON o.member_id = m.id AND o.member_id <> '' AND o.placed_at >= ? "
            f"WHERE o.state NOT IN ({states})",
            (asked, since, *rules.UNCOUNTED),
        )
        sales = defaultdict[str, list[Sale]](list)
        for member_id, placed_at, total, d in found:
            if (order := _read(_order, d)) is not None:
                products = tuple(line.product_id for line in order.lines)
                sales[member_id].append(Sale(placed_at, total, order.currency, products))
        return sales

    def _talks(self, connection: sqlite.Connection, asked: str, since: str) -> Mapping[str, list[Contact]]:
        found = connection.execute(
            f"{_IDS}SELECT m.now, t.at, t.d FROM merged AS m CROSS JOIN talk AS t ON t.member_id = m.id AND t.at >= ?",
            (asked, since),
        )
        talks = defaultdict[str, list[Contact]](list)
        for member_id, at, d in found:
            if (talk := _read(_talk, d)) is not None and not talk.void:
                talks[member_id].append(Contact(at, talk.topic, talk.outcome, talk.channel))
        return talks

    def _goods_of(self, connection: sqlite.Connection, book: Book, products: Collection[str]) -> Mapping[str, Goods]:
        """All products in mind, with these among them where a rule asks for what was bought."""
        if not any(name.startswith("bought.") for name in book.names):
            return {}
        if len(self._goods) > _MOST_GOODS:
            self._goods.clear()
        if new := [product for product in products if product not in self._goods]:
            self._goods |= dict(_goods(connection, new))
        return self._goods


def _read(decoder: msgspec.json.Decoder[T], d: str) -> T | None:
    """What rules need of a row; None where a later version wrote what this one cannot read: nobody is judged by it."""
    try:
        return decoder.decode(d)
    except msgspec.MsgspecError:
        return None


def _goods(connection: sqlite.Connection, products: Sequence[str]) -> Iterable[tuple[str, Goods]]:
    categories = {row_id: category for _, row_id, category in others(connection, Category)}
    found = connection.execute(
        "SELECT id, d FROM product WHERE id IN (SELECT value FROM json_each(?))", (listed(products),)
    )
    for product_id, d in found:
        if (product := _read(_product, d)) is not None:
            yield product_id, rules.goods_of(product.sku, product.brand, product.category_id, categories)


def members_of(connection: sqlite.Connection, member_ids: Collection[str]) -> dict[str, Member]:
    """Those of the ids that are members of this store."""
    found = connection.execute(
        "SELECT id, d FROM member WHERE visitor = 0 AND id IN (SELECT value FROM json_each(?))", (listed(member_ids),)
    )
    return {row_id: member for row_id, d in found if (member := readable(d, Member)) is not None}
