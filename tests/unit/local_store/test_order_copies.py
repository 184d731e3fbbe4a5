"""Orders of other shops on a tablet: found by their number, taken back with no network, and what HQ says later."""

from __future__ import annotations

import msgspec
import pytest

from guide_app.domain import returns
from guide_app.domain.dayclose import Sale, Span, expected_cash, figures
from guide_app.domain.errors import Refused
from guide_app.domain.records import (
    Names,
    OpOutcome,
    OrderCopy,
    OrderLine,
    Payment,
    Refund,
    Return,
    ReturnedLine,
    Totals,
)
from guide_app.operations.returns import CopyReturn, CopyReturnUndo, Leg, LineBack, Promised, TakeBack, UndoReturn
from guide_app.services.ports.writing import Draft
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, Bench

pytestmark = pytest.mark.asyncio
NUMBER, AT, UNTIL = "102CD7K00415", "2026-11-20T10:00:00.000Z", "2026-12-20T10:00:00.000Z"
EAST, WEST = uuid(), uuid()
LINE, CASH = uuid(), uuid()


def copy_of() -> OrderCopy:
    """Two pieces that another shop sold for 20.00, paid in cash."""
    line = OrderLine(line_id=LINE, product_id=PRODUCTS[0], qty=2, unit_price=1000, amount=2000)
    return OrderCopy(
        number=NUMBER, state="paid", guide_id=uuid(), placed_at=AT, currency="CNY", lines=(line,),
        totals=Totals(lines=2000, discounts=0, total=2000),
        payments=(Payment(id=CASH, method="cash", amount=2000, at=AT),), store_id=EAST, home_store_id=WEST,
        home_names=Names(en="West", zh="西店"), home_ver=3, until=UNTIL,
    )  # fmt: skip


async def here(bench: Bench) -> str:
    order_id = uuid()
    bench.hq.publish("order_copy", order_id, copy_of())
    await bench.drain()
    return order_id


def back(order_id: str, qty: int) -> Draft:
    body = TakeBack(
        order_id=order_id, return_id=uuid(), lines=(LineBack(line_id=LINE, qty=qty, reason="faulty"),),
        refund=Promised(money=qty * 1000), legs=(Leg(leg_id=uuid(), method="cash", amount=qty * 1000, of=CASH),),
    )  # fmt: skip
    return Draft(kind=CopyReturn.kind, body=body)


async def on_hand(bench: Bench) -> int | None:
    return (await bench.store.catalogue.get([PRODUCTS[0]]))[0].on_hand


async def test_a_copy_is_found_by_its_number_and_is_no_order_of_this_shop(bench: Bench) -> None:
    order_id = await here(bench)
    row = await bench.store.orders.elsewhere(NUMBER)
    assert row is not None
    assert (row.id, row.sold_at, row.outbox) == (order_id, Names(en="West", zh="西店"), "")
    assert await bench.store.orders.get(order_id) == row
    assert await bench.store.orders.elsewhere(NUMBER[:-1]) is None
    assert await bench.store.orders.list() == []
    assert await bench.store.orders.list(text=NUMBER) == []
    bench.hq.publish("order_copy", order_id, None, "left")
    await bench.drain()
    assert await bench.store.orders.get(order_id) is None


async def test_goods_come_into_this_shop_and_its_till_s_day_with_no_network(bench: Bench) -> None:
    order_id, before = await here(bench), await on_hand(bench)
    assert before is not None
    made = back(order_id, 2)
    await bench.do(made)
    row = await bench.store.orders.get(order_id)
    assert row is not None
    assert (row.outbox, row.order.state, returns.left(row.order)) == ("pending", "returned", {LINE: 0})
    assert await on_hand(bench) == before + 2
    day = Span.of(bench.clock.now().date().isoformat(), "UTC")
    rows = await bench.store.days.sales(since=day.since, until=day.until)
    told = figures([Sale(one.id, one.order) for one in rows], day)
    assert (told.sales.count, told.returns.amount, expected_cash(told)) == (0, 2000, -2000)
    with pytest.raises(Refused, match="return_too_many"):
        await bench.do(back(order_id, 1))
    assert isinstance(made.body, TakeBack)
    await bench.do(Draft(kind=CopyReturnUndo.kind, body=UndoReturn(order_id=order_id, return_id=made.body.return_id)))
    assert await on_hand(bench) == before
    await bench.drain()
    row = await bench.store.orders.get(order_id)
    assert row is not None
    assert (row.outbox, row.order.state, returns.left(row.order)) == ("", "paid", {LINE: 2})


async def test_what_the_order_s_home_finds_later_is_told_with_where_they_were_taken_back(bench: Bench) -> None:
    order_id = await here(bench)
    made = back(order_id, 2)
    await bench.do(made)
    await bench.drain()
    assert await bench.store.outbox.attention() == []
    body = made.body
    assert isinstance(body, TakeBack)
    ((op_id, seq),) = bench.sql("SELECT op_id, seq FROM outbox")
    theirs = Return(
        return_id=uuid(), guide_id=uuid(), at=AT, refund=Refund(money=2000),
        lines=(ReturnedLine(line_id=LINE, qty=2),),
    )  # fmt: skip
    mine = Return(
        return_id=body.return_id, guide_id=uuid(), at=AT, refund=Refund(money=2000), risk=2000, variance=2000,
        lines=(ReturnedLine(line_id=LINE, qty=0, beyond=2),), store_id=EAST, store=Names(en="East"),
    )  # fmt: skip
    judged = msgspec.structs.replace(bench.hq.record("order_copy", order_id), returns=(theirs, mine))
    bench.hq.publish("order_copy", order_id, judged)
    bench.hq.publish("op_outcome", op_id, OpOutcome(op_id=op_id, seq=seq, status="applied", code="return_too_many"))
    await bench.drain()
    (row,) = await bench.store.outbox.attention()
    assert (row.kind, row.order_id, row.order_number, row.amount) == ("return_too_many", order_id, NUMBER, 2000)
    assert (row.store.zh, row.op_kind) == ("西店", "order_copy.return")
    bench.hq.publish("op_outcome", op_id, OpOutcome(op_id=op_id, seq=seq, status="applied", code="refund_variance"))
    await bench.drain()
    assert [one.kind for one in await bench.store.outbox.attention()] == ["return_too_many"], "once"
