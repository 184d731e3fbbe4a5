"""Why a basket costs what it costs: names and reasons on every line, what is near, and no silent change."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from guide_app.domain.pricing import NotApplied, Why
from guide_app.domain.records import Audience, BundlePart, Level, Names, Price, Promotion, Selection, TierStep
from tests.qt.viewmodels.on_store import OTHER, OnStore, Slow
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.guide_app.services.test_pricing import over, promoted
from tests.unit.local_store.kit import CATEGORY, LIST, PRODUCTS
from ui.viewmodels.offer_words import OfferWords

pytestmark = pytest.mark.asyncio
MINE = Names(en="Member price", zh="会员价")


async def filled(shop: OnStore, pieces: int = 2) -> Any:
    """Two pieces at ¥10, one at ¥20 in the basket."""
    model = shop.order
    model.open("")
    model.add(PRODUCTS[0], pieces)
    model.add(PRODUCTS[1], 1)
    await shop.settle()
    return model


def line(model: Any, n: int = 0) -> Any:
    return model.lines.rows[n]


def said(reasons: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["label"], one["amount"]) for one in reasons]


async def test_a_line_says_its_price_its_old_price_and_why(shop: OnStore) -> None:
    await promoted(shop.do, names=Names(en="Milk week", zh="奶粉周"), goods=Selection(products=(PRODUCTS[0],)))
    await promoted(shop.do, "member_price", names=MINE, percent=500)
    model = await filled(shop)
    assert (line(model).amount, line(model).was, line(model).summary) == ("¥18", "¥20", "Milk week: saves ¥2")
    assert (line(model, 1).amount, line(model, 1).was, line(model, 1).summary, line(model, 1).why) == (
        "¥20",
        "",
        "",
        [],
    )
    assert (model.total, model.savedWords) == ("¥38", "Saved ¥2")
    model.showWhy(PRODUCTS[0])
    assert line(model).open
    assert said(line(model).why) == [
        ("List price, 2 × ¥10", "¥20"), ("Milk week", "-¥2"),
        ("To pay", "¥18"), ("Member price: For members: choose the member, or sign the customer up", ""),
    ]  # fmt: skip
    assert [label for label, _ in said(model.orderReasons)] == ["At list prices", "Milk week", "To pay"]
    assert said(model.notApplied) == [("Member price: For members: choose the member, or sign the customer up", "")]
    with shop.chinese(model):
        assert line(model).summary == "奶粉周，省 ¥2"
    model.showWhy(PRODUCTS[0])
    assert (line(model).open, line(model).why) == (False, [])


async def test_a_gift_card_says_that_it_is_money_and_what_was_only_for_it_does_too(shop: OnStore) -> None:
    card = shop.bench.hq.record("product", PRODUCTS[1])
    shop.bench.hq.publish("product", PRODUCTS[1], msgspec.structs.replace(card, gift_card=True))
    await promoted(shop.do, names=Names(en="Card week", zh="礼品卡周"), goods=Selection(products=(PRODUCTS[1],)))
    await promoted(shop.do, names=Names(en="Tenth", zh="九折"))
    model = await filled(shop)
    model.showWhy(PRODUCTS[1])
    assert [(line(model, n).amount, line(model, n).was) for n in (0, 1)] == [("¥18", "¥20"), ("¥20", "")]
    assert said(line(model, 1).why) == [
        ("List price, 1 × ¥20", "¥20"), ("To pay", "¥20"),
        ("A gift card is money: no promotion, coupon or points, and it earns none", ""),
    ]  # fmt: skip
    assert said(model.notApplied) == [("Card week: Gift cards are money: nothing is taken off them", "")]
    with shop.chinese(model):
        assert said(line(model, 1).why)[-1] == ("礼品卡等同现金：不参加促销，不能用券和积分，也不累计积分", "")
        assert said(model.notApplied) == [("礼品卡周：礼品卡等同现金，不参加任何优惠", "")]


async def test_what_is_near_is_said_with_the_goods_and_what_it_brings(shop: OnStore) -> None:
    await promoted(shop.do, "buy_get", names=Names(en="3 for 2", zh="买二送一"), buy=2, get=1, percent=10_000,
                   goods=Selection(products=(PRODUCTS[0],)))  # fmt: skip
    model = await filled(shop)
    assert model.hint == "3 for 2: Buy 1 more of Milk powder 0: pay 2 of 3"
    model.add(PRODUCTS[0], 1)
    await shop.settle()
    assert (model.hint, model.total) == ("", "¥40")
    assert line(model).summary == "3 for 2: saves ¥10"
    model.add(PRODUCTS[0], -1)
    await shop.settle()
    with shop.chinese(model):
        assert model.hint == "买二送一：再买 1 件“婴儿奶粉”：每 3 件付 2 件的钱"


async def test_the_member_brings_prices_of_their_own_also_in_the_catalogue(shop: OnStore) -> None:
    await promoted(shop.do, "member_price", names=MINE, percent=500)
    model = await filled(shop)
    tiles = {row.key: (row.price, row.was) for row in model.products.rows}
    assert tiles[PRODUCTS[0]] == ("¥10", "")
    model.setMember(await signed_up(shop.do))
    await shop.settle()
    tiles = {row.key: (row.price, row.was) for row in model.products.rows}
    assert (tiles[PRODUCTS[0]], model.total) == (("¥9.50", "¥10"), "¥38")
    model.setMember("")
    await shop.settle()
    assert (model.products.rows[0].was, model.total) == ("", "¥40")


async def test_a_price_that_changed_by_itself_is_told_and_asks_for_one_more_tap(shop: OnStore) -> None:
    milk = await promoted(shop.do, names=Names(en="Milk week"), goods=Selection(products=(PRODUCTS[0],)))
    model = await filled(shop)
    assert (model.priceNews, model.total) == ([], "¥38")
    await over(shop.do, milk)
    await shop.settle()
    assert model.priceNews == ["The price has changed: ¥40 instead of ¥38", "Milk week does not apply any more"]
    assert model.total == "¥40"
    model.place()
    await shop.settle()
    assert (model.priceNews, shop.do.outbox()) == ([], [])
    model.place()
    await shop.settle()
    assert shop.do.outbox() == [], "the second tap of a double tap places nothing"
    shop.bench.clock.advance(0.6)
    model.place()
    await shop.settle()
    assert (shop.do.outbox(), model.empty) == (["order.place"], True)


async def test_what_the_guide_does_is_no_news_but_what_happened_meanwhile_is(shop: OnStore) -> None:
    await promoted(shop.do, names=Names(en="Until seven"), until_time="19:00")
    model = await filled(shop)
    model.add(PRODUCTS[2], 1)
    await shop.settle()
    assert (model.priceNews, model.total) == ([], "¥63")
    shop.bench.clock.advance(timedelta(hours=1).total_seconds())
    model.add(PRODUCTS[2], 1)
    await shop.settle()
    assert model.priceNews[0] == "The price has changed: ¥70 instead of ¥63"
    assert model.total == "¥100"


async def test_the_hour_is_seen_at_the_latest_when_the_order_is_placed(shop: OnStore) -> None:
    await promoted(shop.do, names=Names(en="Until seven"), until_time="19:00")
    model = await filled(shop)
    shop.bench.clock.advance(timedelta(hours=1).total_seconds())
    model.place()
    await shop.settle()
    assert (shop.do.outbox(), model.placing, model.total) == ([], False, "¥40")
    assert model.priceNews == [
        "The price has changed: ¥40 instead of ¥36", "Until seven does not apply any more: Only until 19:00",
    ]  # fmt: skip
    model.place()
    shop.bench.clock.advance(1)
    model.place()
    await shop.settle()
    assert shop.do.outbox() == ["order.place"]


async def test_a_price_that_is_being_made_when_the_order_is_placed_is_shown_first(shop: OnStore) -> None:
    milk = await promoted(shop.do, names=Names(en="Milk week"), goods=Selection(products=(PRODUCTS[0],)))
    model = await filled(shop)
    gates, quote = [asyncio.Event()], shop.do.prices.quote

    async def held(basket: Any) -> Any:
        if gates:
            await gates.pop().wait()
        return await quote(basket)

    gate = gates[0]
    shop.do.prices.quote = held  # type: ignore[method-assign]
    await over(shop.do, milk)
    await shop.until_held()
    assert (gates, model.priceNews, model.total) == ([], [], "¥38")
    model.place()
    gate.set()
    await shop.settle()
    assert (shop.do.outbox(), model.total, model.placing) == ([], "¥40", False)
    assert model.priceNews[0] == "The price has changed: ¥40 instead of ¥38"


async def test_a_lock_while_a_price_is_made_leaves_nothing_of_it(shop: OnStore) -> None:
    await promoted(shop.do, "buy_get", buy=2, get=1, percent=10_000)
    model = await filled(shop)
    prices = Slow(shop.do.prices)
    shop.order._costs._prices = prices
    for name in ("since", "names"):
        gate = prices.hold(name)
        model.add(PRODUCTS[0], 1)
        await shop.until_held()
        shop.do.session.lock()
        gate.set()
        await shop.settle()
        assert (model.hint, model.savedWords, model.orderReasons, model.notApplied) == ("", "", [], [])
        await shop.signed_in()
        model.open("")
        await shop.settle()


async def test_nothing_of_a_placed_order_stays_in_the_drawer(shop: OnStore) -> None:
    await promoted(shop.do, names=Names(en="Milk week"))
    model = await filled(shop)
    model.showWhy(PRODUCTS[0])
    model.place()
    await shop.settle()
    assert (model.empty, model.savedWords, model.hint, model.orderReasons) == (True, "", "", [])
    model.open("")
    model.add(PRODUCTS[0], 1)
    await shop.settle()
    assert not line(model).open


async def test_what_changed_while_the_app_was_closed_is_told_too(shop: OnStore) -> None:
    promotion = await promoted(shop.do, names=Names(en="Milk week"))
    await filled(shop)
    shop.do.session.lock()
    await over(shop.do, promotion)
    await shop.reopen()
    model = shop.order
    model.open("")
    await shop.settle()
    assert model.priceNews[0] == "The price has changed: ¥40 instead of ¥36"
    model.agree()
    await shop.reopen()
    shop.order.open("")
    await shop.settle()
    assert shop.order.priceNews == []


async def test_a_changed_list_price_is_told_by_the_products_name(shop: OnStore) -> None:
    model = await filled(shop)
    (price_id,) = (ref.id for (_, ref), row in shop.bench.hq.rows.items()
                   if ref.entity == "price" and b'"amount":1000' in bytes(row.d))  # fmt: skip
    shop.bench.hq.publish("price", price_id, Price(list=LIST, product=PRODUCTS[0], amount=1200))
    await shop.bench.drain()
    await shop.settle()
    assert model.priceNews == [
        "The price has changed: ¥44 instead of ¥40", "Milk powder 0: list price ¥12 instead of ¥10",
    ]  # fmt: skip


async def test_quick_taps_are_all_counted_and_only_the_last_price_is_shown(shop: OnStore) -> None:
    await promoted(shop.do)
    model = await filled(shop)
    asked: list[int] = []
    quote = shop.do.prices.quote

    async def counted(basket: Any) -> Any:
        asked.append(basket.pieces)
        return await quote(basket)

    shop.do.prices.quote = counted  # type: ignore[method-assign]
    for _ in range(5):
        model.add(PRODUCTS[0], 1)
    await shop.settle()
    assert (asked, model.pieces, model.total) == ([8], 8, "¥81")


async def test_the_next_guide_sees_nothing_of_it(shop: OnStore) -> None:
    await promoted(shop.do, "buy_get", buy=2, get=1, percent=10_000)
    model = await filled(shop)
    model.showWhy(PRODUCTS[0])
    shop.do.session.lock()
    assert (model.hint, model.savedWords, model.orderReasons, model.priceNews, model.lines.rows) == ("", "", [], [], ())
    await shop.signed_in(OTHER)
    model.open("")
    await shop.settle()
    assert (model.lines.rows, model.total) == ((), "¥0")


async def test_receipts_show_each_discount_by_its_name(shop: OnStore) -> None:
    await promoted(shop.do, names=Names(en="Milk week", zh="奶粉周"))
    model = await filled(shop)
    model.place()
    await shop.settle()
    shop.orders.open(shop.heard.pages[-1][1]["orderId"])
    await shop.settle()
    assert [[one["label"] for one in row.discounts] for row in shop.orders.lines.rows] == [["Milk week"], ["Milk week"]]
    with shop.chinese(shop.orders):
        assert shop.orders.lines.rows[0].discounts[0]["label"] == "奶粉周"


REASONS: Mapping[str, tuple[dict[str, int | str], str]] = {
    "flawed": ({"flaw": "no_benefit"}, "Not complete at HQ yet, so it takes nothing off"),
    "inactive": ({}, "Switched off by HQ"),
    "not_yet": ({"from": "2026-12-01"}, "Begins on 1 December"),
    "over": ({"until": "2026-11-01"}, "Over since 1 November"),
    "other_weekday": ({"weekdays": "67"}, "Only on Saturday, Sunday"),
    "other_hour": ({"from": "10:00", "until": "12:00"}, "Only from 10:00 to 12:00"),
    "staff_only": ({}, "For staff only"),
    "members_only": ({}, "For members: choose the member, or sign the customer up"),
    "other_level": ({"levels": "gold, x"}, "For the level Gold, x"),
    "no_tag": ({"tags": "twins"}, "For members with the tag twins"),
    "not_new": ({"days": 30}, "For members who joined in the last 30 day(s)"),
    "other_birth_month": ({}, "In the month of the member's birthday"),
    "no_goods": ({}, "None of its goods are in the basket"),
    "gift_card": ({}, "Gift cards are money: nothing is taken off them"),
    "set_incomplete": ({"part": 1, "need": 2, "have": 1}, "Buy 1 more of Baby: together for ¥50"),
    "pieces_missing": ({"need": 3, "have": 1}, "Buy 2 more of Baby: together for ¥50"),
    "amount_missing": ({"need": 3000, "have": 500}, "Buy for ¥25 more of Baby: together for ¥50"),
    "one_of_group": ({"applied": "r"}, "Only one of them counts: “Set” does"),
    "better": ({"applied": "r"}, "“Set” saves the customer more"),
    "nothing_left": ({}, "Nothing is left that it could be taken off"),
    "coupon_unknown": ({}, "This coupon is not in force"),
    "coupons_at_once": ({"most": 1}, "Only 1 of these coupons in one order"),
    "line_unknown": ({}, "What it was for is not in the basket any more"),
    "not_met": ({}, "Not for this customer"),
    "not_beside_chosen": ({}, "Not together with a coupon that is chosen"),
    "no_rate": ({}, "Points pay for nothing in this shop now"),
    "coupon_used": ({}, "Used up"),
    "coupon_ended": ({"until": "2026-11-01"}, "It counted until 1 November"),
    "coupon_elsewhere": ({}, "Another tablet holds it, or it was used: HQ does not give it out"),
    "coupon_offline": ({}, "HQ must give it out first, and cannot be reached"),
}


@pytest.mark.parametrize("code", REASONS)
async def test_every_reason_has_its_words(shop: OnStore, code: str) -> None:
    values, words = REASONS[code]
    goods = Selection(categories=(CATEGORY,))
    offer = Promotion(names=Names(en="Set", zh="套装"), kind="bundle", amount=5000, goods=goods,
                      parts=(BundlePart(goods=goods, pieces=2),))  # fmt: skip
    told = OfferWords(shop.figures, "CNY", {"r": offer}, {CATEGORY: Names(en="Baby", zh="婴儿")},
                      (Level(code="gold", names=Names(en="Gold", zh="金卡")),))  # fmt: skip
    one = NotApplied(source_id="r", promotion_id="r", why=Why(code=code, values=values))
    assert told.why_not(one) == words
    with shop.chinese():
        chinese = told.why_not(one)
    assert chinese != words
    assert any("一" <= letter <= "鿿" for letter in chinese)


CODES = {
    code
    for path in Path("guide_app/domain/pricing").glob("*.py")
    for code in re.findall(r'(?:Why\(code=|_missing\()"(\w+)"', path.read_text(encoding="utf-8"))
}


async def test_no_code_of_the_engine_is_without_words(shop: OnStore) -> None:
    assert len(CODES) > 20
    assert set(REASONS) >= CODES


@pytest.mark.parametrize(
    ("offer", "words"),
    [
        ({"kind": "buy_get", "buy": 2, "get": 1, "percent": 5000}, "1 of 3 at 50 % off"),
        ({"kind": "percentage", "percent": 1250}, "12.5 % off"),
        ({"kind": "amount", "amount": 500, "each": True}, "¥5 off each piece"),
        ({"kind": "amount", "amount": 500}, "¥5 off"),
        ({"kind": "tier", "steps": (TierStep(at=1, percent=500),)}, "5 % off"),
        ({"kind": "tier", "steps": (TierStep(at=1, amount=500),)}, "¥5 off"),
        ({"kind": "points"}, ""),
    ],
)
async def test_what_a_promotion_brings_in_short(shop: OnStore, offer: dict[str, Any], words: str) -> None:
    told = OfferWords(shop.figures, "CNY", {}, {})
    assert told.gives(Promotion(names=Names(), **offer)) == words
    assert told.title("gone") == "Promotion"
    assert told.goods(Selection(products=("unknown",))) == ""


async def test_an_audience_is_judged_for_the_member(shop: OnStore) -> None:
    await promoted(shop.do, names=Names(en="Gold days"), audience=Audience(levels=("gold",)))
    model = await filled(shop)
    model.setMember(await signed_up(shop.do))
    await shop.settle()
    assert said(model.notApplied) == [("Gold days: For the level gold", "")]
    assert msgspec.json.decode(msgspec.json.encode(model.notApplied)) == model.notApplied
