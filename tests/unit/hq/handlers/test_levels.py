"""Levels at HQ: told anew by a step whenever what they follow from changed, in whatever store; in memory."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from guide_app.domain.records import Level, LevelRules, LevelStep, Member, MembershipPlan, Names, Ref, Settings
from guide_app.operations import Versioned
from hq.handlers import levels
from hq.ledger.steps import RefreshVisitor
from tests.memory_hq import NOW, PRICE, MemoryShop, swept
from tests.ops import Maker, body_of, new_id
from tests.unit.hq.handlers.test_earning import sold
from tests.unit.hq.handlers.test_joining import member_of, told

RULES = LevelRules(steps=(LevelStep(code="silver", spent=2 * PRICE), LevelStep(code="gold", orders=3)))
YEAR = timedelta(days=366)


def shop_with(settings: Settings) -> MemoryShop:
    made = MemoryShop()
    made._furnish("", "settings", new_id(), settings)
    return made


@pytest.fixture
def shop() -> MemoryShop:
    names = tuple(Level(code=code, names=Names(en=code)) for code in ("silver", "gold", "club"))
    return shop_with(Settings(levels=names, level_rules=(RULES,)))


@pytest.fixture
def member(shop: MemoryShop) -> tuple[Maker, str]:
    maker = shop.maker()
    signed = maker.sign_up()
    told(shop, maker, signed)
    return maker, member_of(signed)


def of(shop: MemoryShop, member_id: str) -> Member:
    found = shop.record("member", member_id)
    assert isinstance(found, Member)
    return found


def test_up_at_once_and_back_with_what_was_bought(shop: MemoryShop, member: tuple[Maker, str]) -> None:
    maker, who = member
    first, second = sold(shop, maker, who), sold(shop, maker, who)
    told(shop, maker, first)
    swept(shop)
    assert (of(shop, who).level, of(shop, who).level_look) == ("", levels.NEVER)
    told(shop, maker, second)
    swept(shop)
    assert (of(shop, who).level, of(shop, who).level_look) == ("silver", "2027-11-21")
    told(shop, maker, maker.cancel(body_of(second)["order_id"]))
    swept(shop)
    assert (of(shop, who).level, of(shop, who).counted[0].spent) == ("", PRICE)


def test_down_on_the_day_behind_its_period_and_once(shop: MemoryShop, member: tuple[Maker, str]) -> None:
    maker, who = member
    told(shop, maker, sold(shop, maker, who, pieces=2))
    swept(shop)
    assert not levels.judge(shop.aggregates, [who], NOW, "CNY").rows
    work = levels.judge(shop.aggregates, [who, new_id()], NOW + YEAR, "CNY")
    assert [(ref.id, row.kind) for ref, row in work.rows.items()] == [(who, "put")]
    assert (of(shop, who).level, of(shop, who).level_look) == ("", levels.NEVER)
    assert not levels.judge(shop.aggregates, [who], NOW + YEAR, "CNY").rows


def test_what_hq_gave_before_there_were_rules_is_kept_for_a_period(shop: MemoryShop) -> None:
    who = new_id()
    shop._furnish(shop.store_id, "member", who, Member(member_no="1", phone="", name="", level="gold"))
    levels.judge(shop.aggregates, [who], NOW, "CNY")
    hand = of(shop, who).given
    assert (of(shop, who).level, hand and hand.on) == ("gold", "2026-11-21")
    levels.judge(shop.aggregates, [who], NOW + YEAR, "CNY")
    assert of(shop, who).level == ""


def test_without_rules_nobody_is_judged() -> None:
    plain, maker = shop_with(Settings()), Maker("", "")
    maker = plain.maker()
    signed = maker.sign_up()
    told(plain, maker, signed, sold(plain, maker, member_of(signed), pieces=9))
    swept(plain)
    assert (of(plain, member_of(signed)).level, of(plain, member_of(signed)).level_look) == ("", "")
    assert not levels.judge(plain.aggregates, [member_of(signed)], NOW, "CNY").rows


def test_what_another_store_sold_counts_at_home_and_its_copy_hears(shop: MemoryShop, member: tuple[Maker, str]) -> None:
    _, who = member
    there = MemoryShop(shop.hq)
    told(there, there.maker(), sold(there, there.maker(), who, pieces=2))
    swept(shop, there)
    home = of(shop, who)
    assert (home.level, [(one.on, one.spent, one.orders) for one in home.counted]) == (
        "silver", [("2026-11-20", 2 * PRICE, 1)],
    )  # fmt: skip
    shop.aggregates.save({Ref("member", who): Versioned(msgspec.structs.replace(home, level=""), 9)})
    assert [
        step for step in levels.judge(shop.aggregates, [who], NOW, "CNY").steps if isinstance(step, RefreshVisitor)
    ] == []


def test_a_paid_membership_begins_when_its_order_is_paid_and_ends_with_its_return() -> None:
    names = (Level(code="club", names=Names(en="Club")),)
    shop = MemoryShop()
    plan = MembershipPlan(code="club", names=Names(), product_id=shop.product_id, months=12, level="club")
    shop._furnish("", "settings", new_id(), Settings(levels=names, memberships=(plan,)))
    maker = shop.maker()
    signed = maker.sign_up()
    who = member_of(signed)
    order = sold(shop, maker, who)
    told(shop, maker, signed, order)
    swept(shop)
    assert (of(shop, who).level, of(shop, who).memberships) == ("", ())
    order_id = body_of(order)["order_id"]
    leg = {"leg_id": new_id(), "method": "cash", "amount": PRICE}
    told(shop, maker, maker.op("order.pay", {"order_id": order_id, "legs": [leg]}))
    swept(shop)
    (paid,) = of(shop, who).memberships
    assert (of(shop, who).level, paid.plan, paid.void) == ("club", "club", False)
    assert of(shop, who).level_look == "2027-11-20"
    told(shop, maker, maker.cancel(order_id))
    swept(shop)
    assert (of(shop, who).level, of(shop, who).memberships[0].void) == ("", True)
