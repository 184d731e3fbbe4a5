"""Points of orders at HQ: earned, taken back, spent, each in the ledger; in memory."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from guide_app.domain import leases, points
from guide_app.domain.points import Entry
from guide_app.domain.records import Bonus, Earning, Instrument, Lease, Names, PointsPlan, Product, Settings
from hq.leases.values import Value
from hq.points.values import PointsEntry
from sync.protocol.messages import WireOp
from tests.memory_hq import NOW, PRICE, MemoryShop, swept
from tests.ops import Maker, body_of, new_id
from tests.unit.hq.handlers.test_joining import member_of, told

PLAN = PointsPlan(earnings=(Earning(amount=1_000),), expiry="months", months=12)
"""A point for every whole 10.00."""


def shop_with(plan: PointsPlan, shop: MemoryShop | None = None) -> MemoryShop:
    made = shop or MemoryShop()
    made._furnish("", "settings", new_id(), Settings(points=plan, referral_points=7))
    return made


@pytest.fixture
def shop() -> MemoryShop:
    return shop_with(PLAN)


def value_of(shop: MemoryShop, member_id: str) -> Value:
    """What somebody has in the whole chain."""
    account = leases.points_instrument(member_id)
    (found,) = (row.record for (_, ref), row in shop.hq.state.rows.items() if ref.id == account.id)
    assert isinstance(found, Value)
    return found


def ledger(shop: MemoryShop, member_id: str) -> list[PointsEntry]:
    account = leases.points_instrument(member_id).id
    rows = (row.record for row in shop.hq.state.rows.values())
    return [one for one in rows if isinstance(one, PointsEntry) and one.instrument_id == account]


def told_of(entries: list[PointsEntry]) -> list[tuple[str, int]]:
    return sorted((one.kind, one.points) for one in entries)


def agrees(shop: MemoryShop, member_id: str) -> bool:
    """Whether the ledger says what account and leases say."""
    value, account = value_of(shop, member_id), leases.points_instrument(member_id)
    leased = (row.record for row in shop.hq.state.rows.values())
    spent = sum(one.spent for one in leased if isinstance(one, Lease) and one.instrument == account)
    entries = [Entry(kind=one.kind, points=one.points, source=one.source) for one in ledger(shop, member_id)]
    return sum(one.points for one in entries) == value.balance - value.owed - spent


def sold(shop: MemoryShop, maker: Maker, member_id: str, pieces: int = 1, **more: Any) -> WireOp:
    return maker.order([(shop.product_id, pieces, PRICE)], shop.list_id, member_id=member_id, **more)


@pytest.fixture
def member(shop: MemoryShop) -> tuple[Maker, str]:
    maker = shop.maker()
    signed = maker.sign_up()
    told(shop, maker, signed)
    return maker, member_of(signed)


def test_an_order_earns_once_and_a_cancel_takes_back_exactly_that(shop: MemoryShop, member: tuple[Maker, str]) -> None:
    maker, who = member
    order = sold(shop, maker, who, pieces=3)
    told(shop, maker, order)
    swept(shop)
    assert swept(shop) == 0
    assert value_of(shop, who).balance == 3 * PRICE // 1_000 == 14
    (entry,) = ledger(shop, who)
    assert (entry.kind, entry.points, entry.until) == ("earned", 14, "2027-11-20")
    assert entry.source == body_of(order)["order_id"]
    told(shop, maker, maker.cancel(entry.source))
    swept(shop)
    assert value_of(shop, who).balance == 0
    assert told_of(ledger(shop, who)) == [("earned", 14), ("taken_back", -14)]
    assert agrees(shop, who)


def test_goods_that_come_back_take_their_part_and_a_return_taken_back_gives_it_again(
    shop: MemoryShop, member: tuple[Maker, str]
) -> None:
    maker, who = member
    order = sold(shop, maker, who, pieces=3)
    body = body_of(order)
    back = maker.take_back(body["order_id"], [(body["lines"][0]["line_id"], 1)], PRICE)
    told(shop, maker, order, maker.pay(body["order_id"], 3 * PRICE), back)
    swept(shop)
    assert value_of(shop, who).balance == 2 * PRICE // 1_000 == 9
    rest = maker.take_back(body["order_id"], [(body["lines"][0]["line_id"], 2)], 2 * PRICE)
    told(shop, maker, rest)
    swept(shop)
    assert value_of(shop, who).balance == 0
    assert agrees(shop, who)


def test_what_was_leased_meanwhile_is_owed_and_the_next_order_pays_it(
    shop: MemoryShop, member: tuple[Maker, str]
) -> None:
    maker, who = member
    order = sold(shop, maker, who, pieces=3)
    told(shop, maker, order)
    swept(shop)
    device, account = new_id(), leases.points_instrument(who)
    lease = shop.grant(device, account, 10).lease
    assert lease is not None
    told(shop, maker, sold(shop, maker, who, spends=[{"lease_id": lease.id, "amount": 10}]))
    told(shop, maker, maker.cancel(body_of(order)["order_id"]))
    swept(shop)
    value = value_of(shop, who)
    assert (value.balance, value.held, value.owed) == (10, 10, 6)
    assert told_of(ledger(shop, who)) == [("earned", 4), ("earned", 14), ("spent", -10), ("taken_back", -14)]
    assert agrees(shop, who)
    told(shop, maker, sold(shop, maker, who))
    swept(shop)
    assert value_of(shop, who).owed == 2
    assert agrees(shop, who)


def test_a_spend_and_its_undo_stand_in_the_ledger(shop: MemoryShop, member: tuple[Maker, str]) -> None:
    maker, who = member
    told(shop, maker, sold(shop, maker, who, pieces=5))
    swept(shop)
    lease = shop.grant(new_id(), leases.points_instrument(who), 6).lease
    assert lease is not None
    order = sold(shop, maker, who, spends=[{"lease_id": lease.id, "amount": 6}])
    told(shop, maker, order)
    swept(shop)
    assert agrees(shop, who)
    told(shop, maker, maker.cancel(body_of(order)["order_id"]))
    swept(shop)
    assert told_of(ledger(shop, who)) == [
        ("earned", 4), ("earned", 24), ("given_back", 6), ("spent", -6), ("taken_back", -4),
    ]  # fmt: skip
    assert agrees(shop, who)


def test_what_a_gift_card_pays_is_no_matter_of_points(shop: MemoryShop, member: tuple[Maker, str]) -> None:
    maker, who = member
    card: Instrument = shop.instrument(5_000, "card", who)
    lease = shop.grant(new_id(), card, 4_000).lease
    assert lease is not None
    told(shop, maker, sold(shop, maker, who, spends=[{"lease_id": lease.id, "amount": 4_000}]))
    swept(shop)
    assert told_of(ledger(shop, who)) == [("earned", 4)]


def test_a_gift_card_that_is_sold_earns_nothing_and_what_stays_of_the_goods_earns_its_part(
    shop: MemoryShop, member: tuple[Maker, str]
) -> None:
    maker, who = member
    card = Product(names=Names(en="Gift card", zh="礼品卡"), sku="GC", gift_card=True)
    shop._furnish("", "product", card_id := new_id(), card)
    order = maker.order([(shop.product_id, 3, PRICE), (card_id, 2, 50_000)], shop.list_id, member_id=who)
    told(shop, maker, order)
    swept(shop)
    assert value_of(shop, who).balance == 3 * PRICE // 1_000 == 14
    body = body_of(order)
    goods, cards = (line["line_id"] for line in body["lines"])
    told(shop, maker, maker.take_back(body["order_id"], [(cards, 1)], 50_000))
    swept(shop)
    assert value_of(shop, who).balance == 14
    told(shop, maker, maker.take_back(body["order_id"], [(goods, 3)], 3 * PRICE))
    swept(shop)
    assert value_of(shop, who).balance == 0
    assert agrees(shop, who)


def test_terms_are_those_of_the_first_judgement_whatever_hq_says_later(
    shop: MemoryShop, member: tuple[Maker, str]
) -> None:
    maker, who = member
    order = sold(shop, maker, who, pieces=2)
    told(shop, maker, order)
    swept(shop)
    (ref,) = (ref for (_, ref), _ in shop.hq.state.rows.items() if ref.entity == "settings")
    del shop.hq.state.rows["", ref]
    shop_with(PointsPlan(), shop)
    told(shop, maker, maker.cancel(body_of(order)["order_id"]))
    swept(shop)
    assert value_of(shop, who).balance == 0


def test_points_of_another_store_s_member_go_to_their_account(shop: MemoryShop, member: tuple[Maker, str]) -> None:
    _maker, who = member
    other = MemoryShop(shop.hq)
    told(other, other.maker(), sold(other, other.maker(), who, pieces=2))
    swept(shop, other)
    assert told_of(ledger(shop, who)) == [("earned", 9)]
    account = leases.points_instrument(who).id
    assert shop.record("instrument", account) == value_of(shop, who)


def test_where_the_chain_waits_for_the_money_nothing_is_earned_before() -> None:
    shop = shop_with(PointsPlan(earnings=PLAN.earnings, when="paid"))
    maker = shop.maker()
    signed = maker.sign_up()
    order = sold(shop, maker, member_of(signed))
    told(shop, maker, signed, order)
    swept(shop)
    assert not ledger(shop, member_of(signed))
    results = told(shop, maker, maker.pay(body_of(order)["order_id"], PRICE))
    assert [one.status for one in results] == ["applied"]
    swept(shop)
    assert told_of(ledger(shop, member_of(signed))) == [("earned", 4)]


def test_level_birthday_and_goods_count_more_and_the_best_for_the_member_holds() -> None:
    month = NOW.astimezone().month
    shop = shop_with(PointsPlan(earnings=(Earning(amount=1_000, points=2),), bonuses=(
        Bonus(names=Names(en="Birthday"), times=20_000, birthday_month=True),
        Bonus(names=Names(en="Autumn"), times=15_000, valid_until="2027-01-01"),
        Bonus(names=Names(en="Gold"), times=90_000, levels=("gold",)),
    )))  # fmt: skip
    maker = shop.maker()
    signed = maker.sign_up(birthday=f"{month:02}-03")
    told(shop, maker, signed, sold(shop, maker, member_of(signed), pieces=2))
    swept(shop)
    assert told_of(ledger(shop, member_of(signed))) == [("earned", 2 * PRICE * 2 // 1_000 * 2)]


def test_both_sides_of_a_recommendation_stand_in_the_ledger(shop: MemoryShop, member: tuple[Maker, str]) -> None:
    maker, who = member
    number = shop.record("member", who).member_no
    friend = maker.sign_up(referrer=number)
    order = sold(shop, maker, member_of(friend))
    told(shop, maker, friend, order)
    swept(shop)
    told(shop, maker, maker.cancel(body_of(order)["order_id"]))
    swept(shop)
    assert told_of(ledger(shop, who)) == [("referral", -7), ("referral", 7)]
    assert points.lots([Entry(kind=one.kind, points=one.points, source=one.source) for one in ledger(shop, who)]) == ()
    assert agrees(shop, who)


def test_an_order_of_nobody_and_a_chain_without_a_plan_earn_nothing() -> None:
    shop = MemoryShop()
    maker = shop.maker()
    signed = maker.sign_up()
    told(shop, maker, signed, sold(shop, maker, member_of(signed)), maker.order([(shop.product_id, 1, PRICE)]))
    swept(shop, now=NOW + timedelta(hours=1))
    assert not [ref for (_, ref) in shop.hq.state.rows if ref.entity.startswith("points")]


def test_an_order_for_which_no_rule_held_when_it_came_never_earns() -> None:
    shop = MemoryShop()
    maker = shop.maker()
    signed = maker.sign_up()
    order = sold(shop, maker, member_of(signed), pieces=3)
    told(shop, maker, signed, order)
    shop_with(PLAN, shop)
    told(shop, maker, maker.pay(body_of(order)["order_id"], 3 * PRICE))
    swept(shop)
    assert ledger(shop, member_of(signed)) == []
