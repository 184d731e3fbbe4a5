"""What waits for payment, and what is to be given back, as a guide finds it."""

from typing import Any, Literal

import msgspec
import pytest

from guide_app.domain.errors import Refused
from guide_app.domain.ids import derived_id
from guide_app.domain.records import Payment, Refund, Return
from guide_app.operations.payments import Pay, PayBack, Taken
from guide_app.services.attention import repairs
from guide_app.services.ports.orders import MoneyLeft
from guide_app.services.ports.writing import Draft
from local_store.connection import connect
from local_store.migrations import m0017_owed
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, KEY, PRODUCTS, Bench, cancel, place

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


async def test_an_older_file_learns_what_is_owed_of_orders_that_have_left(bench: Bench) -> None:
    def leg(kind: Literal["paid", "refunded"], amount: int) -> Payment:
        return Payment(id=uuid(), method="qr", amount=amount, at="2026-11-21T10:00:00.000Z", kind=kind)

    def back(money: int, **more: Any) -> Return:
        return Return(
            return_id=uuid(), guide_id=GUIDE, at="2026-11-21T10:00:00.000Z", refund=Refund(money=money), **more
        )

    ids = [uuid() for _ in range(3)]
    await bench.do(*(place(one, [(PRODUCTS[0], 1)]) for one in ids))
    await bench.drain()
    record = bench.hq.record("order", ids[0])
    gone = msgspec.structs.replace(record, state="shipped", payments=(leg("paid", 800), leg("refunded", 100)))
    bench.hq.publish("order", ids[0], msgspec.structs.replace(gone, returns=(back(500, void=True), back(120, risk=20))))
    bench.hq.publish("order", ids[1], msgspec.structs.replace(gone, payments=(Payment(method="cash", amount=1),)))
    await bench.drain()
    before = bench.sql("SELECT id, owed FROM shop_order ORDER BY id")
    assert dict(before) == {ids[0]: PRICE - 100 - 700, ids[1]: 0, ids[2]: PRICE}
    bench.store.close()
    connection = connect(bench.path, KEY, cache_mb=1)
    connection.execute("UPDATE shop_order SET owed = 0 WHERE state = 'shipped'")
    connection.execute(m0017_owed.FILL)
    connection.commit()
    connection.close()
    bench.store = bench.opened()
    assert bench.sql("SELECT id, owed FROM shop_order ORDER BY id") == before
