"""Goods that left though their order was cancelled are charged anew: one basket, one transaction, books right."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain.errors import Refused
from guide_app.domain.records import Fulfilment, FulfilStep, GuideShare, Order, OrderLine, PaymentIntent, Totals
from guide_app.services.attention import repairs
from guide_app.services.baskets import Basket
from tests.unit.guide_app.services.kit import OTHER, SENT, Counter, signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, PRODUCTS

pytestmark = pytest.mark.asyncio
SHARES = (GuideShare(guide_id=GUIDE, share=6000), GuideShare(guide_id=OTHER, share=4000))


async def gone(counter: Counter, **more: Any) -> str:
    """Three pieces were sent off, and HQ had cancelled their order; its id."""
    row_id = uuid()
    line = OrderLine(line_id=uuid(), product_id=PRODUCTS[0], qty=3, unit_price=100, amount=300, guide_shares=SHARES)
    sent = FulfilStep(op_id=uuid(), what="shipped", at="2026-11-20T04:00:00.000Z", under="", guide_id=GUIDE)
    goes = {"kind": "ship", "repair": "left_cancelled", "steps": (sent,), "progress": "shipped", **more.pop("goes", {})}
    counter.bench.hq.publish("order", row_id, Order(**{
        "number": "101ABMM00027", "state": "cancelled", "guide_id": GUIDE, "placed_at": "2026-11-20T03:00:00.000Z",
        "currency": "CNY", "lines": (line,), "totals": Totals(lines=300, discounts=0, total=300),
        "payment_intent": PaymentIntent(method="till", amount=300), "fulfilment": Fulfilment(**goes), **more,
    }))  # fmt: skip
    await counter.bench.drain()
    return row_id


async def on_hand(counter: Counter) -> int:
    (row,) = await counter.bench.store.catalogue.get([PRODUCTS[0]])
    assert row.on_hand is not None
    return row.on_hand


async def order_of(counter: Counter, order_id: str) -> Order:
    row = await counter.bench.store.orders.get(order_id)
    assert row is not None
    return row.order


async def charged(counter: Counter, order_id: str) -> Basket:
    basket, _ = await counter.till.told(await counter.till.charging.basket(order_id))
    return basket


async def test_the_basket_has_what_left_for_whom_it_was_and_whose_sale_it_was(counter: Counter) -> None:
    member_id = await signed_up(counter)
    order_id = await gone(counter, member_id=member_id)
    basket = await charged(counter, order_id)
    assert [(line.product_id, line.qty, line.shares) for line in basket.lines] == [(PRODUCTS[0], 3, SHARES)]
    assert (basket.member_id, basket.reach.kind, basket.charges_number) == (member_id, "take_away", "101ABMM00027")
    counter.reopen()
    assert (await counter.baskets.mine()).charges == order_id, "it survives a kill"


async def test_one_transaction_places_it_and_settles_what_left_and_the_books_stay_right(counter: Counter) -> None:
    order_id = await gone(counter)
    before, made = await on_hand(counter), counter.outbox()
    basket = await charged(counter, order_id)
    placed = await counter.till.place(basket)
    assert counter.outbox()[len(made) :] == ["order.fulfil", "order.place"]
    assert await on_hand(counter) == before, "they are out once"
    old = await order_of(counter, order_id)
    assert (old.fulfilment.repair, old.fulfilment.steps[-1].charged_by) == ("", placed.order_id)
    assert not [row for row in await counter.attention.rows() if row.order_id == order_id]
    with pytest.raises(Refused, match="goods_settled"):
        await counter.till.charging.basket(order_id)


async def test_what_somebody_settled_meanwhile_is_not_charged(counter: Counter) -> None:
    order_id = await gone(counter)
    basket = await charged(counter, order_id)
    await counter.hand_over.goods_back(order_id)
    made = counter.outbox()
    with pytest.raises(Refused, match="goods_settled"):
        await counter.till.place(basket)
    assert counter.outbox() == made


async def test_what_is_taken_out_of_the_basket_counts_as_back(counter: Counter) -> None:
    order_id = await gone(counter)
    before = await on_hand(counter)
    basket = await counter.till.set_qty(await charged(counter, order_id), PRODUCTS[0], 1)
    await counter.till.place(msgspec.structs.replace(basket, told=None))
    assert await on_hand(counter) == before + 2


async def test_cancelling_it_lets_the_goods_stand_to_be_settled_again(counter: Counter) -> None:
    order_id = await gone(counter)
    before = await on_hand(counter)
    placed = await counter.till.place(await charged(counter, order_id))
    await counter.till.cancel(placed.order_id, "customer_changed_mind")
    old = await order_of(counter, order_id)
    assert (old.fulfilment.repair, await on_hand(counter)) == ("left_cancelled", before), "they are out yet"
    await counter.hand_over.goods_back(order_id)
    assert ((await order_of(counter, order_id)).fulfilment.repair, await on_hand(counter)) == ("", before + 3)


async def test_they_go_no_other_way_and_of_another_shop_s_goods_that_shop_charges(counter: Counter) -> None:
    basket = await charged(counter, await gone(counter))
    with pytest.raises(Refused, match="goods_out"):
        await counter.till.place(msgspec.structs.replace(basket, reach=SENT))
    theirs = await gone(counter, goes={"store_id": uuid()})
    with pytest.raises(Refused, match="goods_elsewhere"):
        await counter.till.charging.basket(theirs)
    rows = {row.order_id: row for row in await counter.attention.rows()}
    assert repairs(rows[basket.charges])[0] == "charge_anew"
    assert repairs(rows[theirs])[0] == "goods_back"


async def test_two_who_charged_are_told_until_it_is_settled(counter: Counter) -> None:
    sent = uuid()
    steps = [FulfilStep(op_id=sent, what="shipped", at="2026-11-20T04:00:00.000Z", under="")]
    steps += [FulfilStep(op_id=uuid(), what="undo", at="2026-11-20T05:00:00.000Z", undoes=sent, charged_by=by)
              for by in (uuid(), uuid())]  # fmt: skip
    order_id = await gone(counter, goes={"steps": tuple(steps), "repair": "settled_twice"})
    (row,) = [row for row in await counter.attention.rows() if row.order_id == order_id]
    assert (row.kind, row.charged_by) == ("settled_twice", steps[2].charged_by)
    await counter.attention.settle_goods(row, "settled_seen")
    assert not [row for row in await counter.attention.rows() if row.order_id == order_id]
    assert (await counter.hq_has("order", order_id)).fulfilment.repair == ""
