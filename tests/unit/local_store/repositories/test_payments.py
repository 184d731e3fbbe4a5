"""What waits for payment, and what is to be given back, as a guide finds it."""

import pytest

from guide_app.domain.errors import Refused
from guide_app.domain.ids import derived_id
from guide_app.operations.payments import Pay, PayBack, Taken
from guide_app.services.attention import repairs
from guide_app.services.ports import Draft, MoneyLeft
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, Bench, cancel, place

pytestmark = pytest.mark.asyncio
PRICE = 1_000


def pay(order_id: str, amount: int) -> Draft:
    return Draft(
        kind="order.pay",
        body=Pay(order_id=order_id, legs=(Taken(leg_id=derived_id("leg", order_id), method="cash", amount=amount),)),
    )


def back(order_id: str, amount: int) -> Draft:
    body = PayBack(order_id=order_id, leg_id=uuid(), method="cash", amount=amount, reason="slip")
    return Draft(kind="order.pay_back", body=body)


async def ids(bench: Bench, money: MoneyLeft) -> list[str]:
    return [row.id for row in await bench.store.orders.list(money=money)]


async def test_an_order_waits_for_payment_until_it_is_paid(bench: Bench) -> None:
    order_id = uuid()
    await bench.do(place(order_id, [(PRODUCTS[0], 1)]))
    assert await ids(bench, "owed") == [order_id]
    await bench.do(pay(order_id, PRICE))
    assert await ids(bench, "owed") == []
    row = await bench.store.orders.get(order_id)
    assert row is not None
    assert (row.order.state, row.outbox) == ("paid", "pending"), "with no network too"
    await bench.drain()
    row = await bench.store.orders.get(order_id)
    assert row is not None
    assert (row.order.state, row.outbox) == ("paid", "")
    assert bench.hq.record("order", order_id).payments == row.order.payments


async def test_nobody_takes_more_than_is_owed(bench: Bench) -> None:
    order_id = uuid()
    await bench.do(place(order_id, [(PRODUCTS[0], 1)]))
    with pytest.raises(Refused, match="overpaid"):
        await bench.do(pay(order_id, PRICE + 1))
    assert await ids(bench, "owed") == [order_id]


async def test_what_was_paid_twice_needs_somebody_until_it_is_given_back(bench: Bench) -> None:
    order_id = uuid()
    await bench.do(place(order_id, [(PRODUCTS[0], 1)]), pay(order_id, PRICE))
    assert await bench.store.outbox.attention() == []
    await bench.do(cancel(order_id))
    (row,) = await bench.store.outbox.attention()
    assert (row.kind, row.order_id, row.amount, row.currency) == ("to_refund", order_id, PRICE, "CNY")
    assert repairs(row) == ("open_order",)
    assert await ids(bench, "refund") == [order_id]
    await bench.do(back(order_id, PRICE))
    assert await bench.store.outbox.attention() == []
    assert await ids(bench, "refund") == []
