"""Goods that are handed over later: what a choice needs, and pieces that are put aside by lease."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.leases import stock_instrument
from guide_app.domain.records import Price, Product, Stock
from guide_app.domain.records.base import Names
from guide_app.operations.orders import WantedFulfilment
from tests.unit.guide_app.services.kit import SENT, Counter
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import LIST, PRODUCTS

pytestmark = pytest.mark.asyncio
LATER = WantedFulfilment(kind="pick_up", to=SENT.to)


async def placed(counter: Counter, reach: WantedFulfilment, pieces: int = 2, product: str = PRODUCTS[0]) -> Any:
    basket = await counter.till.add(await counter.baskets.empty(), product, pieces)
    done = await counter.till.place(msgspec.structs.replace(basket, reach=reach))
    row = await counter.bench.store.orders.get(done.order_id)
    assert row is not None
    return row.order


async def test_pieces_are_promised_by_lease_and_not_without(counter: Counter) -> None:
    counter.lender.free[stock_instrument(counter.bench.hq.store_id, PRODUCTS[0]).id] = 3
    order = await placed(counter, LATER)
    assert ([spend.amount for spend in order.spends], counter.lender.asked) == ([2], [(2, PRODUCTS[0])])
    assert order.fulfilment == LATER.stored
    with pytest.raises(Refused, match="promise_too_little"):
        await placed(counter, LATER)
    counter.lender.down = True
    with pytest.raises(Refused, match="promise_no_network"):
        await placed(counter, LATER)
    last = await placed(counter, LATER, 1)
    assert ([spend.amount for spend in last.spends], len(await counter.bench.store.orders.list())) == ([1], 2)


@pytest.mark.parametrize(
    "reach",
    [
        WantedFulfilment(kind="take_away"),
        WantedFulfilment(kind="pre_order", day="2026-12-24", to=SENT.to),
        WantedFulfilment(kind="pick_up", store_id=uuid(), at=Names(en="Nanjing East"), to=SENT.to),
    ],
    ids=lambda reach: reach.kind,
)
async def test_what_leaves_at_once_or_from_elsewhere_needs_no_lease(counter: Counter, reach: WantedFulfilment) -> None:
    counter.lender.down = True
    order = await placed(counter, reach)
    assert (order.spends, order.fulfilment, counter.lender.asked) == ((), reach.stored, [])


async def test_of_what_no_books_are_kept_nothing_is_promised(counter: Counter) -> None:
    unbooked = uuid()
    counter.bench.hq.publish("product", unbooked, Product(names=Names(en="Gift wrap"), sku="W"))
    counter.bench.hq.publish("price", uuid(), Price(list=LIST, product=unbooked, amount=100))
    await counter.bench.drain()
    order = await placed(counter, LATER, 1, unbooked)
    assert (order.spends, counter.lender.asked) == ((), [])


async def test_an_order_that_lacks_what_its_way_needs_is_not_placed(counter: Counter) -> None:
    with pytest.raises(BadInput, match="recipient_missing"):
        await placed(counter, WantedFulfilment(kind="pick_up"))
    with pytest.raises(BadInput, match="day_past"):
        await placed(counter, msgspec.structs.replace(LATER, day="2026-11-20"))
    assert await counter.bench.store.orders.list() == []


async def test_a_long_order_may_promise_a_piece_of_every_line(counter: Counter) -> None:
    basket = await counter.baskets.empty()
    for n in range(25):
        product = uuid()
        counter.bench.hq.publish("product", product, Product(names=Names(en=f"Product {n}"), sku=f"P{n}"))
        counter.bench.hq.publish("price", uuid(), Price(list=LIST, product=product, amount=100))
        counter.bench.hq.publish("stock", product, Stock(on_hand=5, as_of="2026-11-21T00:00:00.000Z"))
        counter.lender.free[stock_instrument(counter.bench.hq.store_id, product).id] = 5
        await counter.bench.drain()
        basket = await counter.till.add(basket, product, 1)
    done = await counter.till.place(msgspec.structs.replace(basket, reach=LATER))
    row = await counter.bench.store.orders.get(done.order_id)
    assert row is not None
    assert [spend.amount for spend in row.order.spends] == [1] * 25


async def test_what_is_not_paid_is_not_handed_over(counter: Counter) -> None:
    basket = await counter.till.add(await counter.baskets.empty(), PRODUCTS[0], 1)
    done = await counter.till.place(msgspec.structs.replace(basket, reach=LATER))
    await counter.hand_over.step(done.order_id, "ready")
    with pytest.raises(Refused, match="not_paid"):
        await counter.hand_over.step(done.order_id, "done")
    await counter.payments.take(done.order_id, "cash", done.total)
    step = await counter.hand_over.step(done.order_id, "done")
    assert (await counter.hand_over.order(done.order_id)).state == "delivered"
    await counter.hand_over.take_back(done.order_id, step)
    order = await counter.hq_has("order", done.order_id)
    assert (order.state, order.fulfilment.progress) == ("picking", "ready")
