"""Catalogue and basket: quick taps, scans, a basket that survives, and an order placed once, over a real store."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain.errors import NotSaved
from guide_app.domain.pricing import Manual
from guide_app.domain.records import Category, GuideShare, Names, PriceList, Product, Stock
from guide_app.operations.orders import WantedFulfilment
from tests.qt.viewmodels.on_store import GUIDE, OTHER, OnStore
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import CATEGORY, LIST, PRODUCTS, member, sign_up

pytestmark = pytest.mark.asyncio
CODE = "6900000000001"


async def opened(shop: OnStore, member_id: str = "") -> Any:
    shop.order.open(member_id)
    await shop.settle()
    return shop.order


async def filled(shop: OnStore, member_id: str = "") -> Any:
    """Two of the first product at ¥10, one of the second at ¥20."""
    model = await opened(shop, member_id)
    model.add(PRODUCTS[0], 2)
    model.add(PRODUCTS[1], 1)
    await shop.settle()
    return model


def basket(model: Any) -> list[tuple[str, int, str]]:
    return [(row.name, row.qty, row.amount) for row in model.lines.rows]


TWO = [("Milk powder 0", 2, "¥20"), ("Milk powder 1", 1, "¥20")]


async def test_the_catalogue_shows_prices_and_stock(shop: OnStore) -> None:
    model = await opened(shop)
    shown = {row.key: (row.price, row.stock, row.none_left, row.sellable) for row in model.products.rows}
    assert shown == {
        PRODUCTS[0]: ("¥10", "100 in this shop", False, True),
        PRODUCTS[1]: ("¥20", "100 in this shop", False, True),
        PRODUCTS[2]: ("¥30", "", False, True),
    }
    assert model.priceWords == "Prices of list 1, also with no network"
    assert [(row.label, row.selected) for row in model.categories.rows] == [
        ("Best sellers", True), ("Favourites", False), ("Sold lately", False), ("Baby", False)
    ]  # fmt: skip
    assert (model.empty, model.ready, model.total, model.piecesWords) == (True, False, "¥0", "0 piece(s)")


async def test_quick_taps_all_count(shop: OnStore) -> None:
    model = await opened(shop)
    for _ in range(5):
        model.add(PRODUCTS[0], 1)
    model.add(PRODUCTS[1], 1)
    model.add(PRODUCTS[0], -2)
    await shop.settle()
    assert basket(model) == [("Milk powder 0", 3, "¥30"), ("Milk powder 1", 1, "¥20")]
    assert (model.total, model.pieces, model.ready) == ("¥50", 4, True)
    assert {row.key: row.in_basket for row in model.products.rows} == {PRODUCTS[0]: 3, PRODUCTS[1]: 1, PRODUCTS[2]: 0}


async def test_typing_quickly_keeps_the_last_answer(shop: OnStore) -> None:
    model = await opened(shop)
    gate = shop.slow_cards.hold("cards")
    model.search("milk")
    await shop.until_held()
    model.search("tuiche")
    await shop.until_held()
    gate.set()
    await shop.settle()
    assert (model.text, [row.key for row in model.products.rows]) == ("tuiche", [PRODUCTS[2]])
    model.search("nothing like it")
    await shop.settle()
    assert model.nothing


async def test_categories_lead_down_and_back_up_with_how_many_stand_in_each(shop: OnStore) -> None:
    below, empty, milk = uuid(), uuid(), uuid()
    shop.bench.hq.publish("category", below, Category(names=Names(en="Milk"), parent_id=CATEGORY))
    shop.bench.hq.publish("category", empty, Category(names=Names(en="Nothing yet"), parent_id=CATEGORY))
    shop.bench.hq.publish("product", milk, Product(names=Names(en="Milk drink"), sku="M", category_id=below))
    await shop.bench.drain()
    model = await opened(shop)
    model.search("milk 1")
    model.choose(CATEGORY)
    await shop.settle()
    assert (model.text, len(model.products.rows), model.shelf) == ("", 4, "category")
    assert [(row.label, row.selected, row.count) for row in model.categories.rows[3:]] == [("Baby", True, "4")]
    assert [(row.label, row.count) for row in model.subcategories.rows] == [("Milk", "1")]
    model.chooseSub(below)
    model.chooseSub(empty)
    await shop.settle()
    assert ([row.key for row in model.products.rows], model.subcategories.rows) == ([milk], ())
    assert [row.label for row in model.trail.rows] == ["Baby", "Milk"]
    model.climb(CATEGORY)
    model.climb(uuid())
    await shop.settle()
    assert ([row.label for row in model.trail.rows], len(model.products.rows)) == (["Baby"], 4)
    model.choose("")
    await shop.settle()
    assert (model.shelf, model.trail.rows, model.subcategories.rows) == ("best", (), ())


async def test_more_products_come_at_the_end_without_a_double(shop: OnStore) -> None:
    for n in range(70):
        shop.bench.hq.publish("product", uuid(), Product(names=Names(en=f"Thing {n}"), sku=f"T{n}"))
    await shop.bench.drain()
    model = await opened(shop)
    model.search("thing")
    await shop.settle()
    assert len(model.products.rows) == 60
    model.more()
    await shop.settle()
    assert len(model.products.rows) == 70
    model.more()
    await shop.settle()
    assert {(row.price, row.sellable) for row in model.products.rows} == {("no price", False)}


async def test_a_scan_puts_one_more_in(shop: OnStore) -> None:
    model = await opened(shop)
    model.scan(CODE)
    model.scan(CODE)
    await shop.settle()
    assert (basket(model), shop.heard.said[-1]) == ([("Milk powder 1", 2, "¥40")], "Milk powder 1 is in the basket")
    model.scan("4006381333931")
    await shop.settle()
    assert shop.heard.said[-1].startswith("No product has the code 4006381333931")


async def test_a_scan_that_opens_the_page_joins_the_basket_that_was_kept(shop: OnStore) -> None:
    await filled(shop)
    await shop.reopen()
    shop.order.open("")
    shop.order.scan(CODE)
    await shop.settle()
    assert basket(shop.order) == [("Milk powder 0", 2, "¥20"), ("Milk powder 1", 2, "¥40")]


async def test_what_has_no_price_is_said(shop: OnStore) -> None:
    unpriced = uuid()
    shop.bench.hq.publish("product", unpriced, Product(names=Names(en="New"), sku="N"))
    await shop.bench.drain()
    model = await opened(shop)
    model.add(unpriced, 1)
    model.add(uuid(), 1)
    await shop.settle()
    assert (shop.heard.problems, model.empty) == (["no_price", "product_unknown"], True)


async def test_the_basket_survives_lock_and_kill_and_is_the_guides_own(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    model = await filled(shop, member_id)
    shop.order.reach_by(WantedFulfilment(kind="pre_order", day="2026-12-05"))
    model.setNote("gift")
    await shop.settle()
    shop.do.session.lock()
    assert (model.empty, model.hasMember, model.memberName, model.note, model.products.rows) == (
        True,
        False,
        "",
        "",
        (),
    )
    await shop.signed_in(OTHER)
    assert (await opened(shop)).empty
    await shop.reopen()
    model = await opened(shop)
    assert (basket(model), model.memberName, model.fulfilment, model.note) == (
        TWO,
        "陈静",
        "Pre-order · expected 5 December",
        "gift",
    )
    assert model.memberDetail.startswith("138****0001 · 101AB")


async def test_a_tap_under_way_at_a_lock_is_kept_for_who_tapped_and_not_shown_to_the_next(shop: OnStore) -> None:
    model = await opened(shop)
    gate = shop.slow_catalogue.hold("get")
    shop.do.till._catalogue = shop.slow_catalogue
    model.add(PRODUCTS[0], 1)
    await shop.until_held()
    shop.do.session.lock()
    await shop.do.session.sign_in(OTHER, "407193")
    gate.set()
    await shop.settle()
    assert (await opened(shop)).empty
    await shop.signed_in(GUIDE)
    assert basket(await opened(shop)) == [("Milk powder 0", 1, "¥10")]


async def test_a_line_and_a_basket_are_taken_out_with_a_way_back(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    model = await filled(shop, member_id)
    model.remove(PRODUCTS[0])
    await shop.settle()
    assert (basket(model), shop.heard.said) == (TWO[1:], ["Taken out of the basket"])
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert basket(model) == TWO[::-1]
    model.clearBasket()
    await shop.settle()
    assert (model.empty, model.hasMember, shop.heard.said[-1]) == (True, False, "Basket emptied")
    shop.heard.undo()
    await shop.settle()
    assert (basket(model), model.memberName) == (TWO[::-1], "陈静")


async def test_a_line_comes_back_as_it_was_with_its_discount_and_its_shares(shop: OnStore) -> None:
    model = await filled(shop)
    before = model._basket
    line = before.lines[0]
    off = Manual(manual_id=uuid(), line_id=line.line_id, percent=500, label="Dented", approved_by=OTHER)
    model._given(msgspec.structs.replace(before, manual=(off,)))
    halves = tuple(GuideShare(guide_id=guide, share=5000) for guide in (GUIDE, OTHER))
    model.share(halves, line.line_id)
    await shop.settle()
    assert model.total == "¥39"
    model.remove(PRODUCTS[0])
    await shop.settle()
    undo = shop.heard.undo
    assert undo is not None
    model.add(PRODUCTS[0], 1)
    await shop.settle()
    for _ in range(2):
        undo()
        await shop.settle()
        kept = await shop.do.baskets.mine()
        assert (kept.manual, kept.shares_of(line.line_id), kept.qty(PRODUCTS[0])) == ((off,), halves, 3)
    model.clearBasket()
    await shop.settle()
    undo()
    await shop.settle()
    assert (model.empty, (await shop.do.baskets.mine()).lines) == (True, ())


async def test_an_emptied_basket_comes_back_beside_what_was_begun_since(shop: OnStore) -> None:
    model = await filled(shop)
    model.clearBasket()
    model.add(PRODUCTS[2], 1)
    undo = shop.heard.undo
    assert undo is not None
    undo()
    await shop.settle()
    assert basket(model) == [("Milk powder 2", 1, "¥30")]
    assert [row.amount for row in model.held.rows] == ["¥40"]
    assert shop.heard.said[-1] == "The basket before is put aside"


async def test_an_order_is_placed_once_however_often_it_is_tapped(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    model = await filled(shop, member_id)
    placed: list[str] = []
    model.placed.connect(placed.append)
    gate = shop.slow_journal.hold("commit")
    model.place()
    await shop.until_held()
    assert (model.placing, model.ready) == (True, False)
    model.place()
    gate.set()
    await shop.settle()
    model.place()
    await shop.settle()
    assert shop.do.outbox() == ["member.sign_up", "order.place"]
    (order_id,) = placed
    assert (shop.heard.pages, model.empty, model.hasMember) == ([("Orders", {"orderId": order_id})], True, False)
    row = await shop.bench.store.orders.get(order_id)
    assert row is not None
    assert (row.order.member_id, row.order.totals.total, row.order.guide_id) == (member_id, 4000, GUIDE)
    assert shop.heard.said[-1].endswith("is saved: ¥40")
    assert (await opened(shop)).empty
    model.add(PRODUCTS[0], 1)
    await shop.settle()
    model.place()
    await shop.settle()
    assert shop.do.outbox().count("order.place") == 2


async def test_a_tap_just_before_placing_is_in_the_order_once_its_price_was_seen(shop: OnStore) -> None:
    model = await filled(shop)
    model.add(PRODUCTS[0], 1)
    model.place()
    await shop.settle()
    assert (shop.do.outbox(), model.total, model.ready) == ([], "¥50", True)
    assert shop.heard.said == ["The price has changed: ¥50 instead of ¥40"]
    model.place()
    await shop.settle()
    (row,) = await shop.bench.store.orders.list()
    assert row.order.totals.total == 5000


async def test_a_full_disk_loses_nothing(shop: OnStore, monkeypatch: pytest.MonkeyPatch) -> None:
    model = await filled(shop)

    async def full(*_: object, **__: object) -> None:
        raise NotSaved("disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(shop.bench.store.journal, "commit", full)
        model.place()
        await shop.settle()
    assert (shop.heard.problems, basket(model), model.ready) == (["disk_full"], TWO, True)
    model.place()
    await shop.settle()
    assert shop.do.outbox() == ["order.place"]


async def test_a_lock_while_placing_places_for_who_tapped_and_opens_nothing(shop: OnStore) -> None:
    model = await filled(shop)
    gate = shop.slow_journal.hold("commit")
    model.place()
    await shop.until_held()
    shop.do.session.lock()
    await shop.do.session.sign_in(OTHER, "407193")
    gate.set()
    await shop.settle()
    (row,) = await shop.bench.store.orders.list()
    assert (row.order.guide_id, shop.heard.pages, model.placing) == (GUIDE, [], False)
    await shop.signed_in(GUIDE)
    assert (await opened(shop)).empty


async def test_without_a_price_list_it_says_so(shop: OnStore) -> None:
    model = await filled(shop)
    shop.bench.hq.publish("price_list", LIST, None, "gone")
    await shop.bench.drain()
    await shop.settle()
    assert (model.ready, model.priceWords[:13], basket(model)) == (False, "No price list", TWO)
    model.place()
    await shop.settle()
    assert shop.heard.problems == ["no_price_list"]


@pytest.mark.parametrize(
    ("until", "words", "expired"),
    [
        ("2026-11-21T16:00:00.000Z", "Prices of list 7, kept with no network until 22 November", False),
        ("2026-11-20T16:00:00.000Z", "Price list 7 has run out", True),
    ],
)
async def test_it_says_how_long_prices_hold_by_the_shops_day(
    shop: OnStore, until: str, words: str, expired: bool
) -> None:
    names = Names(en="Now", zh="现价")
    shop.bench.hq.publish("price_list", LIST, PriceList(
        names=names, version=7, currency="CNY", valid_from="2026-01-01T00:00:00.000Z", valid_until=until
    ))  # fmt: skip
    await shop.bench.drain()
    model = await opened(shop)
    assert (model.priceWords.startswith(words), model.pricesExpired) == (True, expired)


async def test_whom_this_shop_does_not_know_is_nobody_and_who_was_merged_is_the_survivor(shop: OnStore) -> None:
    model = await filled(shop, uuid())
    assert (model.hasMember, model.memberId) == (False, "")
    survivor, mine = uuid(), uuid()
    await shop.bench.do(sign_up(mine, "+8613812341234", "小明"))
    await opened(shop, mine)
    assert model.memberName == "小明"
    shop.bench.hq.publish("member", survivor, member())
    await shop.bench.drain()
    await opened(shop)
    assert (model.memberId, model.memberName) == (survivor, "王小明")
    model.setMember("")
    await shop.settle()
    assert not model.hasMember
    model.setMember(uuid())
    model.place()
    await shop.settle()
    (row,) = await shop.bench.store.orders.list()
    assert row.order.member_id == ""


async def test_what_hq_sends_shows_at_once_and_leaves_the_basket_alone(shop: OnStore) -> None:
    model = await filled(shop)
    shop.bench.hq.publish("stock", PRODUCTS[0], Stock(on_hand=0))
    await shop.bench.drain()
    await shop.settle()
    tile = next(row for row in model.products.rows if row.key == PRODUCTS[0])
    assert (tile.stock, tile.none_left, tile.in_basket) == ("0 in this shop", True, 2)
    assert basket(model) == TWO


async def test_the_language_is_switched_on_the_open_page(shop: OnStore) -> None:
    model = await filled(shop)
    with shop.chinese(model):
        assert [name for name, _, _ in basket(model)] == ["婴儿奶粉", "湿巾"]
        assert model.categories.rows[3].label == "婴儿"
        assert model.piecesWords == "3 件"
