"""The catalogue page's shelves and variants: favourites, sold lately, bought before, one card an article, a chooser."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.records import Names, Option, Price, Product, Stock
from tests.qt.viewmodels.on_store import OTHER, OnStore
from tests.qt.viewmodels.test_order import basket, filled, opened
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import CATEGORY, LIST, PRODUCTS

pytestmark = pytest.mark.asyncio
SUIT = (("66", "red"), ("80", "red"), ("80", "blue"))
COLOURS = {"red": "红色", "blue": "蓝色"}


async def with_suit(shop: OnStore) -> Any:
    """The page, where a suit comes in three variants; the last has no price."""
    for n, (size, colour) in enumerate(SUIT):
        product = uuid()
        shop.bench.hq.publish("product", product, Product(
            names=Names(en="Suit", zh="连体衣"), sku=f"SUIT-{n}", category_id=CATEGORY, article="SUIT",
            options=(
                Option(kind=Names(en="Size", zh="尺码"), value=Names(en=size, zh=size)),
                Option(kind=Names(en="Colour", zh="颜色"), value=Names(en=colour, zh=COLOURS[colour])),
            ),
        ))  # fmt: skip
        if n < 2:
            shop.bench.hq.publish("price", uuid(), Price(list=LIST, product=product, amount=13900 + n * 1000))
            shop.bench.hq.publish("stock", product, Stock(on_hand=n))
    await shop.bench.drain()
    return await opened(shop)


def variants(model: Any) -> list[tuple[str, str, str, bool, int]]:
    return [(row.label, row.price, row.stock, row.sellable, row.in_basket) for row in model.variants.rows]


async def test_an_article_is_one_card_and_a_tap_offers_its_variants(shop: OnStore) -> None:
    model = await with_suit(shop)
    (tile,) = [row for row in model.products.rows if row.key == "SUIT"]
    assert (tile.name, tile.detail, tile.price, tile.stock, tile.variants) == (
        "Suit", "3 variant(s)", "from ¥139", "1 in this shop", 3
    )  # fmt: skip
    model.take("SUIT")
    await shop.settle()
    assert (shop.heard.sheets[-1], model.articleName, model.articleWords) == (("Variants", {}), "Suit", "3 variant(s)")
    assert variants(model) == [
        ("66 · red", "¥139", "0 in this shop", True, 0),
        ("80 · red", "¥149", "1 in this shop", True, 0),
        ("80 · blue", "no price", "", False, 0),
    ]
    model.takeVariant(model.variants.rows[1].key)
    await shop.settle()
    assert basket(model) == [("Suit", 1, "¥149")]
    assert (model.lines.rows[0].detail, variants(model)[1][4]) == ("80 · red", 1)
    assert next(row.in_basket for row in model.products.rows if row.key == "SUIT") == 1


async def test_options_narrow_the_variants_and_say_what_there_is(shop: OnStore) -> None:
    model = await with_suit(shop)
    model.take("SUIT")
    await shop.settle()
    model.chooseOption("Colour", "blue")
    assert [row[0] for row in variants(model)] == ["80 · blue"]
    size, colour = model.axes
    assert (size["label"], [(v["label"], v["there"]) for v in size["values"]]) == (
        "Size",
        [("66", False), ("80", True)],
    )
    assert [(v["key"], v["chosen"], v["there"]) for v in colour["values"]] == [
        ("red", False, True), ("blue", True, True)
    ]  # fmt: skip
    with shop.chinese(model):
        assert [axis["label"] for axis in model.axes] == ["尺码", "颜色"]
        assert [row[0] for row in variants(model)] == ["80 · 蓝色"]
    model.chooseOption("Colour", "blue")
    assert len(variants(model)) == 3


async def test_a_card_of_one_product_goes_into_the_basket_at_once(shop: OnStore) -> None:
    model = await opened(shop)
    model.take(PRODUCTS[0])
    model.take(uuid())
    await shop.settle()
    assert (basket(model), shop.heard.sheets) == ([("Milk powder 0", 1, "¥10")], [])


async def test_variants_asked_for_at_a_lock_are_not_shown_to_the_next(shop: OnStore) -> None:
    model = await with_suit(shop)
    gate = shop.slow_cards.hold("variants")
    model.take("SUIT")
    await shop.until_held()
    shop.do.session.lock()
    gate.set()
    await shop.settle()
    assert (model.variants.rows, shop.heard.sheets) == ((), [])


async def test_favourites_are_kept_for_the_guide_and_taken_out_again(shop: OnStore) -> None:
    model = await with_suit(shop)
    model.toggleFavourite(PRODUCTS[1])
    await shop.settle()
    model.toggleFavourite("SUIT")
    model.toggleFavourite(uuid())
    await shop.settle()
    assert {row.key for row in model.products.rows if row.favourite} == {PRODUCTS[1], "SUIT"}
    await shop.reopen()
    model = await opened(shop)
    model.choose("*favourites")
    await shop.settle()
    assert ({row.key for row in model.products.rows}, model.shelf) == ({PRODUCTS[1], "SUIT"}, "favourites")
    model.toggleFavourite("SUIT")
    await shop.settle()
    assert [row.key for row in model.products.rows] == [PRODUCTS[1]]
    shop.do.session.lock()
    await shop.signed_in(OTHER)
    model = await opened(shop)
    model.choose("*favourites")
    await shop.settle()
    assert (model.nothing, model.shelf) == (True, "favourites")


async def test_what_was_sold_lately_and_what_the_member_bought_before(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    model = await filled(shop, member_id)
    assert [row.label for row in model.categories.rows][:4] == [
        "Best sellers", "Favourites", "Sold lately", "Bought before"
    ]  # fmt: skip
    model.choose("*bought")
    await shop.settle()
    assert (model.nothing, model.shelf) == (True, "bought")
    model.place()
    await shop.settle()
    model = await opened(shop, member_id)
    for shelf in ("*bought", "*recent"):
        model.choose(shelf)
        await shop.settle()
        assert [row.key for row in model.products.rows] == [PRODUCTS[0], PRODUCTS[1]]
    model.setMember("")
    await shop.settle()
    assert "Bought before" not in [row.label for row in model.categories.rows]


async def test_a_shelf_of_one_member_is_left_with_them(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    model = await filled(shop, member_id)
    model.choose("*bought")
    await shop.settle()
    model.setMember("")
    await shop.settle()
    assert (model.shelf, len(model.products.rows)) == ("best", 3)
