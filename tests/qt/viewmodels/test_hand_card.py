"""A gift card that was sold goes over the counter, over a real store: once each, by a number that can be one."""

from __future__ import annotations

import msgspec
import pytest

from guide_app.domain import gift_cards
from guide_app.domain.records import Order, Product
from tests.qt.viewmodels.on_store import OnStore
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, cancel, place

pytestmark = pytest.mark.asyncio
FIRST, SECOND = gift_cards.numbered(42), gift_cards.numbered(77)


async def sold(shop: OnStore, pieces: int) -> str:
    """An order of so many gift cards and of something else, shown on the orders' page."""
    product: Product = shop.bench.hq.record("product", PRODUCTS[1])
    shop.bench.hq.publish("product", PRODUCTS[1], msgspec.structs.replace(product, gift_card=True))
    await shop.bench.drain()
    order_id = uuid()
    await shop.bench.do(place(order_id, [(PRODUCTS[0], 3), (PRODUCTS[1], pieces)]))
    shop.orders.enter({"orderId": order_id})
    await shop.settle()
    return order_id


async def handed(shop: OnStore, order_id: str) -> list[tuple[str, int]]:
    row = await shop.bench.store.orders.get(order_id)
    assert row is not None
    order: Order = row.order
    return [(one.number, [line.line_id for line in order.lines].index(one.line_id)) for one in order.cards]


async def test_each_card_is_handed_over_once_and_then_none_is_wanting(shop: OnStore) -> None:
    order_id = await sold(shop, 2)
    assert shop.orders.cardsWanting
    shop.orders.handCard()
    assert shop.heard.sheets[-1] == ("HandCard", {"orderId": order_id})
    model = shop.hand_card
    model.enter({"orderId": order_id})
    await shop.settle()
    assert "2 card(s) to hand over" in model.title
    assert not model.ready
    model.setNumber("6012 0000 0000 0425")
    model.save()
    model.save()
    await shop.settle()
    assert (shop.heard.said[-1], model.number) == ("Gift card ending in 0425 handed over", "")
    assert "1 card(s) to hand over" in model.title
    model.setNumber(FIRST)
    model.save()
    await shop.settle()
    assert "sold or handed out before" in model.problem
    assert model.number == FIRST, "it stands there to be put right"
    model.setNumber(SECOND)
    assert model.problem == ""
    model.save()
    await shop.settle()
    assert await handed(shop, order_id) == [(FIRST, 1), (SECOND, 1)]
    assert shop.heard.sheets[-1] == ("", {})
    shop.orders.enter({"orderId": order_id})
    await shop.settle()
    assert not shop.orders.cardsWanting


@pytest.mark.parametrize(("text", "says"), [("6012 0000 0000 0426", "One character"), ("123", "16 digits")])
async def test_a_number_that_is_none_is_said_before(shop: OnStore, text: str, says: str) -> None:
    order_id = await sold(shop, 1)
    shop.hand_card.enter({"orderId": order_id})
    await shop.settle()
    shop.hand_card.setNumber(text)
    shop.hand_card.save()
    await shop.settle()
    assert says in shop.hand_card.problem
    assert await handed(shop, order_id) == []


async def test_of_other_goods_and_of_cancelled_orders_nothing_is_wanting(shop: OnStore) -> None:
    order_id = await sold(shop, 1)
    await shop.bench.do(cancel(order_id))
    shop.orders.enter({"orderId": order_id})
    await shop.settle()
    assert not shop.orders.cardsWanting
    shop.hand_card.enter({"orderId": order_id})
    await shop.settle()
    assert (shop.hand_card.title, shop.hand_card.ready) == ("", False)


async def test_another_guide_finds_nothing_of_it(shop: OnStore) -> None:
    order_id = await sold(shop, 1)
    shop.hand_card.enter({"orderId": order_id})
    await shop.settle()
    shop.hand_card.setNumber(FIRST)
    shop.do.session.lock()
    assert (shop.hand_card.orderWords, shop.hand_card.number) == ("", "")


async def test_a_card_that_is_scanned_while_money_is_taken_is_to_pay(shop: OnStore) -> None:
    order_id = uuid()
    await shop.bench.do(place(order_id, [(PRODUCTS[0], 1)]))
    shop.pay.enter({"orderId": order_id})
    await shop.settle()
    shop.pay.scanned(FIRST)
    assert (shop.pay.method, shop.pay.cards.number) == ("gift_card", FIRST)
