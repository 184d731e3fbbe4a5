"""Taking money at the till with no network, on the customer's phone through HQ, and giving it back."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain import payments
from guide_app.domain.errors import NoNetwork, Refused
from guide_app.domain.records import Card, Instrument, Order, Payment, Refunding
from guide_app.operations.returns import LineBack
from guide_app.services.payments import GivenBack
from guide_app.services.ports.chain import PaymentShown
from tests.unit.guide_app.services.kit import Counter
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, PRODUCTS, cancel, place

pytestmark = pytest.mark.asyncio
PRICE = 1_000
WAITS = PaymentShown(payment_id="p", state="waiting", amount=PRICE, text="pay:p", until="2026-11-21T10:05:00.000Z")


async def placed(counter: Counter) -> str:
    order_id = uuid()
    await counter.bench.do(place(order_id, [(PRODUCTS[0], 1)]))
    return order_id


async def order_of(counter: Counter, order_id: str) -> Order:
    row = await counter.bench.store.orders.get(order_id)
    assert row is not None
    return row.order


async def test_cash_with_change_is_taken_and_undone(counter: Counter) -> None:
    order_id = await placed(counter)
    leg_id = await counter.payments.take(order_id, "cash", PRICE, 5_000)
    order = await order_of(counter, order_id)
    assert (order.state, order.payments[0].given, order.payments[0].id) == ("paid", 5_000, leg_id)
    counter.bench.clock.advance(1)
    await counter.payments.undo(order_id, "cash", PRICE, leg_id)
    order = await order_of(counter, order_id)
    assert (order.state, payments.owed(order), order.payments[1].reason) == ("accepted", PRICE, "slip")
    with pytest.raises(Refused, match="paid_back_twice"):
        await counter.payments.undo(order_id, "cash", PRICE, leg_id)


async def test_exact_cash_has_no_change(counter: Counter) -> None:
    order_id = await placed(counter)
    await counter.payments.take(order_id, "cash", PRICE, PRICE)
    assert (await order_of(counter, order_id)).payments[0].given == 0


async def test_a_request_without_an_answer_is_the_same_request(counter: Counter) -> None:
    order_id = await placed(counter)
    late = PaymentShown(code="order_unknown")
    counter.office.says = [NoNetwork("no_network"), late, late, WAITS, WAITS]
    with pytest.raises(NoNetwork):
        await counter.payments.ask(order_id, PRICE)
    with pytest.raises(Refused, match="order_unknown"):
        await counter.payments.ask(order_id, PRICE)
    assert await counter.payments.ask(order_id, PRICE) == WAITS
    await counter.payments.ask(order_id, PRICE)
    *same, last = (asked["request_id"] for asked in counter.office.asked)
    assert len(same) == 4
    assert len({*same}) == 1
    assert last != same[0]
    assert {asked["guide_id"] for asked in counter.office.asked} == {GUIDE}


async def test_an_order_that_was_placed_just_now_is_given_time_to_reach_hq(counter: Counter) -> None:
    order_id = await placed(counter)
    counter.office.says = [PaymentShown(code="order_unknown"), WAITS]
    assert await counter.payments.ask(order_id, PRICE) == WAITS
    assert len(counter.office.asked) == 2


async def test_the_code_that_waits_already_is_shown(counter: Counter) -> None:
    order_id = await placed(counter)
    counter.office.says = [msgspec.structs.replace(WAITS, code="already_asked")]
    assert (await counter.payments.ask(order_id, PRICE)).text == "pay:p"


@pytest.mark.parametrize("code", ["no_provider", "not_owed", "provider_refused", "provider_down"])
async def test_hqs_no_is_said(counter: Counter, code: str) -> None:
    order_id = await placed(counter)
    counter.office.says = [PaymentShown(code=code)]
    with pytest.raises(Refused, match=code):
        await counter.payments.ask(order_id, PRICE)


async def test_a_code_is_given_up(counter: Counter) -> None:
    counter.office.says = [PaymentShown(payment_id="p", state="closed"), PaymentShown(code="payment_unknown")]
    assert (await counter.payments.give_up("o", "p")).state == "closed"
    assert (counter.office.asked[0]["what"], counter.office.asked[0]["payment_id"]) == ("close", "p")
    with pytest.raises(Refused, match="payment_unknown"):
        await counter.payments.give_up("o", "p")


async def test_money_goes_back_to_where_it_came_from(counter: Counter) -> None:
    order_id = await placed(counter)
    await counter.payments.take(order_id, "card", 400)
    await counter.bench.drain()
    leg = Payment(id=uuid(), method="qr", amount=600, at="2026-11-21T10:00:30.000Z")
    at_hq = counter.bench.hq.record("order", order_id)
    counter.bench.hq.publish("order", order_id, payments.with_legs(at_hq, (leg,)))
    await counter.bench.drain()
    await counter.bench.do(cancel(order_id))
    counter.office.says = [PaymentShown(payment_id="r", state="done", amount=600)]
    assert await counter.payments.refund(order_id) == GivenBack(done=PRICE)
    (asked,) = counter.office.asked
    assert (asked["what"], asked["payment_id"], asked["amount"], asked["reason"]) == (
        "refund", leg.id, 600, "paid_too_much",
    )  # fmt: skip
    back = [leg for leg in (await order_of(counter, order_id)).payments if leg.kind == "refunded"]
    assert [(leg.method, leg.amount) for leg in back] == [("card", 400)]


async def cancelled(counter: Counter) -> str:
    """An order that was paid by the customer's phone and then cancelled."""
    order_id = await placed(counter)
    await counter.bench.drain()
    leg = Payment(id=uuid(), method="qr", amount=PRICE, at="2026-11-21T10:00:30.000Z")
    paid = payments.with_legs(counter.bench.hq.record("order", order_id), (leg,))
    counter.bench.hq.publish("order", order_id, msgspec.structs.replace(paid, state="cancelled"))
    await counter.bench.drain()
    return order_id


async def test_a_refund_without_an_answer_is_the_same_refund(counter: Counter) -> None:
    order_id = await cancelled(counter)
    asked = PaymentShown(payment_id="r", state="asked", amount=PRICE)
    counter.office.says = [NoNetwork("no_network"), PaymentShown(code="provider_down"), asked, asked]
    for wanted in (NoNetwork, Refused):
        with pytest.raises(wanted):
            await counter.payments.refund(order_id)
    assert await counter.payments.refund(order_id) == GivenBack(asked=PRICE), "it is not with the customer yet"
    await counter.payments.refund(order_id)
    *same, last = (one["request_id"] for one in counter.office.asked)
    assert (len(same), len({*same}), last in same) == (3, 1, False)


async def test_what_is_due_after_a_refund_that_hq_made_later_is_another_refund(counter: Counter) -> None:
    order_id = await placed(counter)
    await counter.bench.drain()
    leg = Payment(id=uuid(), method="qr", amount=PRICE, at="2026-11-21T10:00:30.000Z")
    paid = payments.with_legs(counter.bench.hq.record("order", order_id), (leg,))

    async def comes_to(order: Order, total: int) -> Order:
        order = msgspec.structs.replace(order, totals=msgspec.structs.replace(order.totals, total=total))
        counter.bench.hq.publish("order", order_id, order)
        await counter.bench.drain()
        return order

    paid = await comes_to(paid, PRICE - 400)
    counter.office.says = [PaymentShown(code="provider_down"), PaymentShown(payment_id="r", state="done", amount=400)]
    with pytest.raises(Refused, match="provider_down"):
        await counter.payments.refund(order_id)
    back = Payment(id=uuid(), kind="refunded", method="qr", amount=400, at="2026-11-21T10:10:30.000Z", of=leg.id)
    await comes_to(payments.with_legs(paid, (back,)), PRICE - 800)
    await counter.payments.refund(order_id)
    first, second = counter.office.asked
    assert (first["amount"], second["amount"]) == (400, 400)
    assert first["request_id"] != second["request_id"]


async def test_goods_that_came_back_just_now_are_given_time_to_reach_hq(counter: Counter) -> None:
    order_id = await cancelled(counter)
    done = PaymentShown(payment_id="r", state="done", amount=PRICE)
    counter.office.says = [PaymentShown(code="too_much"), done]
    assert await counter.payments.refund(order_id) == GivenBack(done=PRICE)
    assert len({one["request_id"] for one in counter.office.asked}) == 1


async def test_what_the_provider_does_not_give_back_is_said(counter: Counter) -> None:
    order_id = await cancelled(counter)
    too_much = PaymentShown(code="too_much")
    counter.office.says = [NoNetwork("no_network"), PaymentShown(state="failed"), too_much, too_much]
    for wanted in (NoNetwork, Refused, Refused):
        with pytest.raises(wanted):
            await counter.payments.refund(order_id)
    assert await counter.payments.refund(uuid()) == GivenBack()


CARD = Card(id=uuid(), digits="0042", balance=5_000)
VALUE = Instrument(kind="card", id=CARD.id)


async def test_a_gift_card_pays_with_no_network_what_is_leased_here(counter: Counter) -> None:
    order_id = await placed(counter)
    await counter.lease_hq.grant(VALUE, 300)
    await counter.lease_hq.grant(VALUE, 400)
    counter.lease_hq.offline = True
    assert await counter.payments.here(CARD) == 700
    with pytest.raises(NoNetwork):
        await counter.payments.take_from(order_id, CARD, 701)
    legs = await counter.payments.take_from(order_id, CARD, 650)
    assert sorted(leg.amount for leg in legs) in ([250, 400], [300, 350])
    order = await order_of(counter, order_id)
    assert {(leg.method, leg.card.digits if leg.card else "") for leg in order.payments} == {("gift_card", "0042")}
    assert (payments.owed(order), await counter.payments.here(CARD)) == (350, 50)
    sent: Order = await counter.hq_has("order", order_id)
    assert sum(payments.from_leases(sent).values()) == 650


async def test_what_lacks_is_asked_of_hq_which_says_how_much_there_is(counter: Counter) -> None:
    order_id = await placed(counter)
    counter.lease_hq.free[CARD.id] = 600
    with pytest.raises(Refused, match="lease_too_little"):
        await counter.payments.take_from(order_id, CARD, 700)
    assert await counter.payments.here(CARD) == 600
    await counter.payments.take_from(order_id, CARD, 600)
    assert payments.owed(await order_of(counter, order_id)) == 400


async def test_a_slip_on_a_card_is_undone_onto_it(counter: Counter) -> None:
    order_id = await placed(counter)
    await counter.lease_hq.grant(VALUE, 600)
    (leg,) = await counter.payments.take_from(order_id, CARD, 600)
    counter.bench.clock.advance(1)
    await counter.payments.undo(order_id, leg.method, leg.amount, leg.leg_id)
    assert (payments.owed(await order_of(counter, order_id)), await counter.payments.here(CARD)) == (PRICE, 600)


async def test_too_much_goes_back_on_the_card_first(counter: Counter) -> None:
    order_id = await placed(counter)
    await counter.lease_hq.grant(VALUE, 600)
    await counter.payments.take(order_id, "cash", 400)
    await counter.payments.take_from(order_id, CARD, 600)
    counter.bench.clock.advance(1)
    await counter.bench.do(cancel(order_id))
    order = await order_of(counter, order_id)
    assert (payments.to_refund(order), await counter.payments.here(CARD)) == (400, 600)
    counter.bench.clock.advance(1)
    assert await counter.payments.refund(order_id) == GivenBack(done=400)
    assert [leg.method for leg in (await order_of(counter, order_id)).payments if leg.kind == "refunded"] == [
        "gift_card", "cash",
    ]  # fmt: skip


async def on_its_way(counter: Counter, order_id: str, **more: Any) -> Refunding:
    """HQ has asked the provider to give all of it back."""
    record = counter.bench.hq.record("order", order_id)
    way = Refunding(id=uuid(), of=record.payments[0].id, amount=PRICE, at="2026-11-21T10:01:00.000Z", **more)
    counter.bench.hq.publish("order", order_id, payments.asked_back(record, way))
    await counter.bench.drain()
    return way


async def test_what_is_on_its_way_back_is_neither_asked_for_nor_given_at_the_till(counter: Counter) -> None:
    order_id = await cancelled(counter)
    way = await on_its_way(counter, order_id)
    assert await counter.payments.phone_part(order_id) == 0
    assert await counter.payments.refund(order_id) == GivenBack()
    assert counter.office.asked == []
    assert await counter.bench.store.outbox.attention() == []
    with pytest.raises(Refused, match="paid_back_twice"):
        await counter.payments.undo(order_id, "cash", PRICE, way.of)


async def test_what_a_provider_could_not_give_back_goes_in_cash_once(counter: Counter) -> None:
    order_id = await cancelled(counter)
    await on_its_way(counter, order_id, state="failed")
    (row,) = await counter.bench.store.outbox.attention()
    assert (row.kind, row.amount) == ("to_refund", PRICE)
    assert await counter.payments.refund(order_id, in_cash=True) == GivenBack(done=PRICE)
    assert await counter.payments.refund(order_id, in_cash=True) == GivenBack()
    order = await order_of(counter, order_id)
    assert {(leg.method, leg.kind) for leg in order.payments} == {("qr", "paid"), ("cash", "refunded")}
    assert (payments.received(order), counter.office.asked) == (0, [])


async def test_an_order_that_was_paid_in_many_parts_comes_back_whole(counter: Counter) -> None:
    order_id = await placed(counter)
    for _ in range(11):
        await counter.payments.take(order_id, "cash", PRICE // 20)
    going = await counter.returns.begin(order_id)
    assert going is not None
    lines = [LineBack(line_id=line.line_id, qty=line.qty, reason="other") for line in going.order.lines]
    await counter.returns.take_back(going, lines)
    order = await order_of(counter, order_id)
    assert (order.state, payments.to_refund(order)) == ("returned", PRICE // 20), "an operation holds ten legs"
    assert await counter.payments.refund(order_id) == GivenBack(done=PRICE // 20)
    assert payments.received(await order_of(counter, order_id)) == 0


async def test_a_card_of_many_leases_pays(counter: Counter) -> None:
    order_id = await placed(counter)
    for _ in range(11):
        await counter.lease_hq.grant(VALUE, 1)
    assert len(await counter.payments.take_from(order_id, CARD, 11)) == 11
    assert payments.received(await order_of(counter, order_id)) == 11
