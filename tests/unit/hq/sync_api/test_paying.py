"""Payments on the customer's phone: whatever provider, network and guides do, each is booked once, or loudly not."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from guide_app.domain import payments
from guide_app.domain.errors import Refused
from guide_app.domain.records import Order, PointsPlan
from hq.ledger.port import Transient
from hq.payments.local.trades import Refused as OverAtProvider
from hq.payments.port import Event, ProviderDown, Status
from hq.payments.values import PaymentRequest
from hq.sync_api.paying import GRACE, LIFE, Paying
from hq.sync_api.sweep import Branch
from sync.protocol.messages import PayRequest, PayResponse
from tests.memory_hq import NOW, PRICE, MemoryShop, chain, swept
from tests.memory_pay import MemoryPay
from tests.ops import body_of, new_id
from tests.unit.hq.handlers.test_earning import PLAN, agrees, ledger, shop_with, sold, told_of
from tests.unit.hq.handlers.test_joining import member_of, told

DEVICE = new_id()


class Counter:
    """A shop with an order of `PRICE`, and a provider."""

    def __init__(self) -> None:
        self.shop, self.pay = MemoryShop(), MemoryPay()
        self.rules = Paying(self.shop.ledger, self.pay)
        self.branch: Branch = chain(self.shop).branch(self.shop.store_id)
        self.maker, self.stream = self.shop.maker(), self.shop.stream()
        placed = self.maker.order([(self.shop.product_id, 1, PRICE)], self.shop.list_id)
        self.shop.push(self.stream, [placed])
        self.order_id: str = body_of(placed)["order_id"]
        self.now = NOW

    def ask(self, amount: int = PRICE, *, request_id: str = "", device: str = DEVICE, **more: Any) -> PayResponse:
        fields: dict[str, Any] = {"what": "ask", "order_id": self.order_id, "guide_id": self.shop.guide_id, **more}
        asked = PayRequest(request_id=request_id or new_id(), amount=amount, **fields)
        return self.rules.answer(self.branch, device, asked, self.now)

    def close(self, payment_id: str) -> PayResponse:
        return self.ask(0, what="close", payment_id=payment_id)

    def refund(self, payment_id: str, amount: int, request_id: str = "") -> PayResponse:
        return self.ask(amount, what="refund", payment_id=payment_id, reason="paid_twice", request_id=request_id)

    def paid(self, *, too_much: int = 0) -> str:
        """The order is paid by the phone, and so much of it in cash once more; the payment's id."""
        told = self.ask()
        self.pay.trades.pay(told.payment_id)
        self.tell(*self.pay.events)
        if too_much:
            self.shop.push(self.stream, [self.maker.pay(self.order_id, too_much)])
        return told.payment_id

    def tell(self, *events: Event) -> list[bool]:
        return [self.rules.told(self.branch_of, event, self.now) for event in events]

    def branch_of(self, request_id: str) -> Branch | None:
        return self.branch if self.branch.aggregates.payment_store(request_id) else None

    def pass_time(self, by: timedelta) -> int:
        """Time passes, and the job looks."""
        self.now += by
        self.pay.now = self.now.timestamp()
        return self.rules.look_after(self.branch, self.now)

    @property
    def order(self) -> Order:
        found: Order = self.shop.record("order", self.order_id)
        return found

    def request(self, payment_id: str) -> PaymentRequest:
        found: PaymentRequest = self.shop.record("payment_request", payment_id)
        return found

    @property
    def legs(self) -> list[tuple[str, int]]:
        return sorted((leg.kind, leg.amount) for leg in self.order.payments)


@pytest.fixture
def counter() -> Counter:
    return Counter()


def test_a_payment_is_asked_for_shown_to_every_tablet_and_booked(counter: Counter) -> None:
    told = counter.ask()
    assert (told.state, told.amount, told.code, told.text) == ("waiting", PRICE, "", f"pay:{told.payment_id}")
    asked = counter.order.asked
    assert asked is not None
    assert (asked.id, asked.state, asked.code, asked.until) == (told.payment_id, "waiting", told.text, told.until)
    counter.pay.trades.pay(told.payment_id)
    assert counter.tell(*counter.pay.events) == [True]
    order = counter.order
    assert (order.state, order.asked, counter.legs) == ("paid", None, [("paid", PRICE)])
    (leg,) = order.payments
    assert (leg.id, leg.method, leg.guide_id) == (told.payment_id, "qr", counter.shop.guide_id)
    assert leg.provider_id


def test_the_same_request_again_is_the_same_payment(counter: Counter) -> None:
    request_id = new_id()
    first, again = counter.ask(request_id=request_id), counter.ask(request_id=request_id)
    assert first == again
    assert counter.ask(request_id=request_id, device=new_id()).code == "already_asked", "another tablet's is another"


def test_one_payment_of_an_order_waits_at_a_time(counter: Counter) -> None:
    first = counter.ask(PRICE - 1)
    second = counter.ask(1)
    assert (second.code, second.payment_id, second.text) == ("already_asked", first.payment_id, first.text)
    assert counter.close(first.payment_id).state == "closed"
    assert counter.ask(1).state == "waiting"


@pytest.mark.parametrize("amount", [0, PRICE + 1])
def test_no_more_is_asked_for_than_is_owed(counter: Counter, amount: int) -> None:
    assert counter.ask(amount).code == "not_owed"
    assert counter.ask(1, order_id=new_id()).code == "order_unknown"


def test_a_cancelled_order_asks_for_nothing(counter: Counter) -> None:
    counter.shop.push(counter.stream, [counter.maker.cancel(counter.order_id)])
    assert counter.ask().code == "not_owed"


def test_without_a_provider_that_is_said(counter: Counter) -> None:
    counter.rules = Paying(counter.shop.ledger, None)
    assert counter.ask().code == "no_provider"
    assert counter.pass_time(timedelta(days=1)) == 0


def test_a_notification_counts_once_however_often_it_comes(counter: Counter) -> None:
    told = counter.ask()
    counter.pay.trades.pay(told.payment_id)
    (event,) = counter.pay.events
    assert counter.tell(event, event, event) == [True, False, False]
    assert counter.legs == [("paid", PRICE)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_notifications_does_not_matter(counter: Counter, order: tuple[int, ...]) -> None:
    told = counter.ask()
    counter.pay.trades.pay(told.payment_id, fails=True)
    counter.pay.trades.pay(told.payment_id)
    events = [*counter.pay.events, counter.pay.events[1]]
    counter.tell(*(events[n] for n in order))
    assert (counter.order.state, counter.legs) == ("paid", [("paid", PRICE)])
    assert counter.request(told.payment_id).state == "paid"


def test_what_comes_after_it_was_closed_is_booked_too(counter: Counter) -> None:
    told = counter.ask()
    counter.pay.trades.pay(told.payment_id)
    late = counter.pay.events.pop()
    counter.shop.push(counter.stream, [counter.maker.pay(counter.order_id, PRICE)])
    assert counter.tell(late) == [True]
    assert (counter.order.state, payments.to_refund(counter.order)) == ("paid", PRICE)


def test_a_notification_that_never_came_is_asked_for(counter: Counter) -> None:
    told = counter.ask()
    counter.pay.trades.pay(told.payment_id)
    counter.pay.events.clear()
    assert counter.pass_time(timedelta(seconds=5)) == 0, "not yet"
    assert counter.pass_time(timedelta(seconds=20)) == 1
    assert (counter.order.state, counter.legs) == ("paid", [("paid", PRICE)])
    assert counter.pass_time(timedelta(days=1)) <= 1
    assert counter.pass_time(timedelta(days=1)) == 0, "nothing is left to be looked after"


def test_what_nobody_pays_expires_and_can_be_asked_for_again(counter: Counter) -> None:
    told = counter.ask()
    for _ in range(30):
        counter.pass_time(timedelta(seconds=20))
    assert counter.request(told.payment_id).state == "closed"
    assert counter.pay.query(told.payment_id).state == "closed"
    asked = counter.order.asked
    assert asked is not None
    assert (asked.state, asked.code, counter.order.state) == ("closed", "", "accepted")
    assert counter.ask().state == "waiting"


def test_a_guide_need_not_wait_for_the_job_once_it_has_expired(counter: Counter) -> None:
    first = counter.ask()
    counter.now += LIFE + GRACE
    second = counter.ask()
    assert (second.state, second.payment_id != first.payment_id) == ("waiting", True)
    assert counter.request(first.payment_id).state == "closed"


def test_paid_in_the_last_moment_before_it_was_closed(counter: Counter) -> None:
    told = counter.ask()
    counter.pay.trades.pay(told.payment_id)
    assert counter.close(told.payment_id).state == "paid"
    assert counter.order.state == "paid"


def test_what_the_bank_refused_is_said_and_closed(counter: Counter) -> None:
    told = counter.ask()
    counter.pay.trades.pay(told.payment_id, fails=True)
    counter.tell(*counter.pay.events)
    asked = counter.order.asked
    assert asked is not None
    assert asked.state == "failed"
    counter.pass_time(timedelta(seconds=1))
    assert counter.pay.query(told.payment_id).state == "closed", "nobody pays it by accident later"
    assert counter.ask().state == "waiting"


def test_what_the_job_hears_the_bank_refused_is_closed_in_the_same_breath(counter: Counter) -> None:
    asked = counter.ask()
    counter.pay.trades.pay(asked.payment_id, fails=True)
    counter.pay.events.clear()
    assert counter.pass_time(timedelta(seconds=25)) == 1
    assert counter.order.asked is not None
    assert (counter.order.asked.state, counter.request(asked.payment_id).state) == ("failed", "failed")
    with pytest.raises(OverAtProvider, match="over"):
        counter.pay.trades.pay(asked.payment_id)
    assert counter.pass_time(timedelta(days=1)) == 0, "nothing is left to be looked after"


@pytest.mark.parametrize("notified", [True, False])
def test_a_second_try_on_a_refused_code_is_booked_however_long_the_provider_was_down(
    counter: Counter, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, notified: bool
) -> None:
    asked = counter.ask()
    counter.pay.trades.pay(asked.payment_id, fails=True)
    if notified:
        counter.tell(*counter.pay.events)

    def down(_request_id: str) -> None:
        raise ProviderDown("provider_down")

    with monkeypatch.context() as patched:
        patched.setattr(counter.pay, "close", down)
        for _ in range(3):
            counter.pass_time(timedelta(minutes=1))
    assert counter.request(asked.payment_id).state == "failed"
    counter.pay.trades.pay(asked.payment_id)
    counter.pay.events.clear()
    assert counter.pass_time(timedelta(hours=1)) == 1
    assert (counter.order.state, counter.legs) == ("paid", [("paid", PRICE)])
    assert counter.pass_time(timedelta(days=1)) <= 1
    assert counter.pass_time(timedelta(days=1)) == 0
    assert caplog.records


def test_another_amount_or_currency_is_refused_loudly(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    told = counter.ask()
    for amount, currency in ((PRICE - 1, "CNY"), (PRICE, "USD")):
        with pytest.raises(Refused, match="payment_differs"):
            counter.tell(Event(told.payment_id, Status("paid", "4200", amount, currency)))
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2
    assert counter.legs == []


def test_a_payment_that_nobody_asked_for_is_refused(counter: Counter) -> None:
    with pytest.raises(Refused, match="payment_unknown"):
        counter.tell(Event(new_id(), Status("paid", "4200", PRICE, "CNY")))


def test_a_provider_that_is_down_leaves_the_order_waiting(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    request_id = new_id()
    counter.pay.down = True
    assert counter.ask(request_id=request_id).code == "provider_down"
    counter.pay.down = False
    told = counter.ask(request_id=request_id)
    assert told.state == "waiting", "the same request goes on"
    assert caplog.records


def test_an_answer_that_was_lost_is_one_payment(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    request_id = new_id()
    counter.pay.late = True
    assert counter.ask(request_id=request_id).code == "provider_down"
    counter.pay.late = False
    told = counter.ask(request_id=request_id)
    counter.pay.trades.pay(told.payment_id)
    counter.tell(*counter.pay.events)
    assert counter.legs == [("paid", PRICE)]
    assert caplog.records


def test_what_hq_forgot_to_show_is_ended_by_the_job(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    """HQ died between asking and hearing: nobody ever saw a code."""
    counter.pay.late = True
    counter.ask()
    counter.pay.late = False
    for _ in range(30):
        counter.pass_time(timedelta(seconds=20))
    assert counter.order.asked is not None
    assert counter.order.asked.state == "closed"
    assert caplog.records


def test_an_order_that_is_paid_by_phone_earns_and_a_cancel_takes_exactly_that_back(counter: Counter) -> None:
    shop, signed = counter.shop, counter.maker.sign_up()
    shop_with(PointsPlan(earnings=PLAN.earnings, when="paid"), shop)
    order = sold(shop, counter.maker, member_of(signed))
    told(shop, counter.maker, signed, order)
    counter.order_id = body_of(order)["order_id"]
    asked = counter.ask()
    swept(shop)
    assert ledger(shop, member_of(signed)) == []
    counter.pay.trades.pay(asked.payment_id)
    counter.tell(*counter.pay.events)
    swept(shop)
    assert told_of(ledger(shop, member_of(signed))) == [("earned", PRICE // 1_000)]
    told(shop, counter.maker, counter.maker.cancel(counter.order_id))
    swept(shop)
    assert told_of(ledger(shop, member_of(signed))) == [("earned", PRICE // 1_000), ("taken_back", -(PRICE // 1_000))]
    assert agrees(shop, member_of(signed))


def test_money_goes_back_to_where_it_came_from_once(counter: Counter) -> None:
    payment_id = counter.paid(too_much=1_001)
    request_id = new_id()
    first = counter.refund(payment_id, 1_000, request_id)
    assert (first.state, first.amount) == ("done", 1_000)
    assert counter.refund(payment_id, 1_000, request_id) == first
    counter.tell(*counter.pay.events)
    assert counter.legs == [("paid", 1_001), ("paid", PRICE), ("refunded", 1_000)]
    assert (counter.order.state, payments.owed(counter.order)) == ("paid", 0)
    assert counter.refund(payment_id, 0).code == "too_much"
    assert counter.refund(new_id(), 1).code == "payment_unknown"
    assert counter.refund(payment_id, 1).state == "done"


@pytest.mark.parametrize("slow", [False, True])
def test_no_more_goes_back_than_the_customer_has_to_get(counter: Counter, slow: bool) -> None:
    """Tapped again before the tablet heard of the first, or on another tablet."""
    payment_id = counter.paid(too_much=40)
    counter.pay.trades.slow_refunds = slow
    assert counter.refund(payment_id, 41).code == "too_much"
    assert counter.refund(payment_id, 40).state == ("asked" if slow else "done")
    assert counter.refund(payment_id, 40).code == "too_much"
    assert counter.refund(payment_id, 1).code == "too_much"


def test_what_is_on_its_way_back_by_one_payment_does_not_go_back_by_another(counter: Counter) -> None:
    first = counter.ask(PRICE - 100).payment_id
    counter.pay.trades.pay(first)
    counter.tell(counter.pay.events.pop())
    second = counter.ask(100).payment_id
    counter.pay.trades.pay(second)
    counter.tell(counter.pay.events.pop())
    counter.shop.push(counter.stream, [counter.maker.pay(counter.order_id, 100)])
    counter.pay.trades.slow_refunds = True
    assert counter.refund(first, 60).state == "asked"
    assert counter.refund(second, 41).code == "too_much"
    assert counter.refund(second, 40).state == "asked"


def test_a_refund_that_takes_its_time_is_looked_after(counter: Counter) -> None:
    payment_id = counter.paid(too_much=PRICE)
    counter.pay.trades.slow_refunds = True
    refund = counter.refund(payment_id, PRICE)
    assert refund.state == "asked"
    assert counter.refund(payment_id, 1).code == "too_much", "what is on its way back cannot go twice"
    counter.pay.trades.settle(refund.payment_id)
    counter.pay.events.clear()
    counter.pass_time(timedelta(minutes=1))
    assert counter.legs == [("paid", PRICE), ("paid", PRICE), ("refunded", PRICE)]


def test_a_refund_that_was_never_sent_is_sent_by_the_job(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    payment_id = counter.paid(too_much=PRICE)
    counter.pay.down = True
    assert counter.refund(payment_id, PRICE).code == "provider_down"
    counter.pay.down = False
    counter.pass_time(timedelta(minutes=1))
    assert counter.legs == [("paid", PRICE), ("paid", PRICE), ("refunded", PRICE)]
    assert caplog.records


def test_a_refund_that_is_asked_for_again_with_another_amount_is_not_said_to_be_done(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    payment_id, request_id = counter.paid(too_much=300), new_id()
    counter.pay.down = True
    assert counter.refund(payment_id, 200, request_id).code == "provider_down"
    counter.pay.down = False
    counter.pass_time(timedelta(minutes=5))
    assert counter.refund(payment_id, 100, request_id).code == "too_much"
    assert counter.refund(payment_id, 200, request_id).state == "done"
    assert counter.refund(payment_id, 100).state == "done"
    assert counter.legs == [("paid", 300), ("paid", PRICE), ("refunded", 100), ("refunded", 200)]


def test_a_refund_that_the_provider_refuses_is_over(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    payment_id = counter.paid(too_much=1)
    counter.pay.trades.refund(new_id(), payment_id, PRICE)  # by somebody else, at the provider
    assert counter.refund(payment_id, 1).state == "failed"
    assert counter.refund(payment_id, 1).state == "failed", "it may be tried again"
    assert counter.legs == [("paid", 1), ("paid", PRICE)]
    assert caplog.records


def test_the_order_says_what_is_on_its_way_back_and_what_became_of_it(counter: Counter) -> None:
    payment_id = counter.paid(too_much=PRICE)
    counter.pay.trades.slow_refunds = True
    first = counter.refund(payment_id, 300)
    (way,) = counter.order.refunding
    assert (way.id, way.of, way.amount, way.state) == (first.payment_id, payment_id, 300, "asked")
    assert payments.to_give_back(counter.order) == PRICE - 300
    counter.pay.trades.settle(first.payment_id, fails=True)
    counter.tell(*counter.pay.events[-1:])
    assert [one.state for one in counter.order.refunding] == ["failed"]
    assert payments.to_give_back(counter.order) == PRICE
    again = counter.refund(payment_id, PRICE)
    assert [(one.id, one.state) for one in counter.order.refunding] == [(again.payment_id, "asked")]
    counter.pay.trades.settle(again.payment_id)
    assert [counter.tell(event) for event in counter.pay.events[-1:] * 3] == [[True], [False], [False]]
    assert counter.order.refunding == ()
    assert counter.legs == [("paid", PRICE), ("paid", PRICE), ("refunded", PRICE)]


@pytest.mark.parametrize("undone", [False, True])
def test_a_return_of_what_was_paid_by_phone_goes_back_there_once(counter: Counter, undone: bool) -> None:
    """By two tablets, late, and though somebody took the return back while the money was on its way."""
    payment_id = counter.paid()
    line_id = counter.order.lines[0].line_id
    back = counter.maker.take_back(counter.order_id, [(line_id, 1)], PRICE)
    counter.shop.push(counter.stream, [back])
    counter.pay.trades.slow_refunds = True
    request_id = new_id()
    asked = counter.refund(payment_id, PRICE, request_id)
    assert counter.refund(payment_id, PRICE, request_id) == asked
    assert counter.ask(PRICE, what="refund", payment_id=payment_id, device=new_id()).code == "too_much"
    if undone:
        undo = {"order_id": counter.order_id, "return_id": body_of(back)["return_id"]}
        counter.shop.push(counter.stream, [counter.maker.op("order.return_undo", undo)])
    counter.pay.trades.settle(asked.payment_id)
    counter.tell(*counter.pay.events)
    counter.pass_time(timedelta(hours=1))
    assert counter.legs == [("paid", PRICE), ("refunded", PRICE)]
    assert (counter.order.refunding, payments.to_refund(counter.order)) == ((), 0)
    assert (payments.owed(counter.order), payments.waits(counter.order)) == ((PRICE, True) if undone else (0, False))


@pytest.mark.parametrize("slow", [False, True])
def test_what_an_exchange_took_of_a_payment_goes_back_there_from_the_new_order(counter: Counter, slow: bool) -> None:
    """The goods of an order that was paid by phone pay for others; these come back in two parts."""
    payment_id, old, old_id = counter.paid(), counter.order, counter.order_id
    back = body_of(counter.shop.maker().take_back(counter.order_id, [(old.lines[0].line_id, 1)], PRICE))
    kind: dict[str, Any] = {"kind": "order.exchange", "back": back, "credit": PRICE}
    new = counter.maker.order([(counter.shop.product_id, 2, PRICE)], counter.shop.list_id, **kind)
    counter.order_id, line_id = body_of(new)["order_id"], body_of(new)["lines"][0]["line_id"]
    counter.shop.push(counter.stream, [new, counter.maker.pay(counter.order_id, PRICE)])
    (credit,) = (leg for leg in counter.order.payments if leg.credit)
    assert (credit.method, credit.credit and credit.credit.leg_id) == ("exchange", payment_id)
    assert counter.refund(credit.id, 1).code == "too_much", "nothing came back yet"
    counter.pay.trades.slow_refunds = slow
    for _ in range(2):
        counter.shop.push(counter.stream, [counter.maker.take_back(counter.order_id, [(line_id, 1)], PRICE)])
        for way in payments.ways_back(counter.order):
            if way.method == "cash":
                counter.shop.push(counter.stream, [counter.maker.op("order.pay_back", {
                    "order_id": counter.order_id, "leg_id": new_id(), "method": "cash", "amount": way.amount,
                    "reason": "x", "of": way.leg_id,
                })])  # fmt: skip
                continue
            assert (way.leg_id, way.method) == (credit.id, "qr")
            assert counter.refund(payment_id, way.amount).code == "payment_unknown", "it is another order's"
            asked = counter.refund(way.leg_id, way.amount)
            assert (asked.state, counter.refund(way.leg_id, 1).code) == ("asked" if slow else "done", "too_much")
            assert payments.to_give_back(counter.order) == 0
            if slow:
                counter.pay.trades.settle(asked.payment_id)
                counter.tell(*counter.pay.events[-1:])
    given = {leg.of: (leg.method, leg.amount) for leg in counter.order.payments if leg.kind == "refunded"}
    (cash,) = (leg for leg in counter.order.payments if (leg.method, leg.kind) == ("cash", "paid"))
    assert given == {credit.id: ("qr", PRICE), cash.id: ("cash", PRICE)}
    assert (payments.received(counter.order), counter.order.refunding) == (0, ())
    assert (payments.received(counter.shop.record("order", old_id)), counter.request(payment_id).left) == (0, 0)


def test_what_another_provider_was_asked_for_is_left_to_it(counter: Counter) -> None:
    """It can be paid there still: the new one knows nothing of it."""
    request_id = new_id()
    asked = counter.ask(request_id=request_id)
    other = MemoryPay()
    other.name = "other"
    counter.rules = Paying(counter.shop.ledger, other)
    assert counter.close(asked.payment_id).code == "payment_unknown"
    assert counter.ask(request_id=request_id).state == "waiting"
    counter.now += LIFE + GRACE
    assert counter.ask().code == "already_asked"
    for said in (Status("closed"), Status("paid", "4200", PRICE, "CNY")):
        with pytest.raises(Refused, match="payment_unknown"):
            counter.tell(Event(asked.payment_id, said))
    assert counter.request(asked.payment_id).state == "waiting"
    counter.rules = Paying(counter.shop.ledger, counter.pay)
    counter.pay.trades.pay(asked.payment_id)
    assert counter.tell(*counter.pay.events) == [True]
    assert counter.legs == [("paid", PRICE)]


def test_another_provider_gives_nothing_back_of_what_it_never_had(counter: Counter) -> None:
    payment_id = counter.paid(too_much=500)
    other = MemoryPay()
    other.name = "other"
    counter.rules = Paying(counter.shop.ledger, other)
    told = counter.refund(payment_id, 500)
    assert (told.code, told.state) == ("other_provider", "")
    assert counter.request(payment_id).refunds == ()
    assert other.events == []


@pytest.mark.parametrize("what", ["ask", "close", "refund"])
def test_a_guide_whom_hq_does_not_know_moves_no_money(counter: Counter, what: str) -> None:
    payment_id = counter.paid(too_much=500) if what == "refund" else new_id()
    told = counter.ask(500, what=what, payment_id=payment_id, guide_id=new_id(), reason="other")
    assert told.code == "guide_unknown"
    assert counter.order.asked is None
    assert ("refunded", 500) not in counter.legs


def test_what_was_never_sent_is_not_sent_to_another_provider(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    request_id = new_id()
    counter.pay.down = True
    assert counter.ask(request_id=request_id).code == "provider_down"
    other = MemoryPay()
    other.name = "other"
    counter.rules = Paying(counter.shop.ledger, other)
    told = counter.ask(request_id=request_id)
    assert (told.state, told.text) == ("asked", "")
    assert other.query(told.payment_id).state == "unknown"
    assert caplog.records


def test_a_database_that_cannot_is_said(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    def transaction() -> Any:
        raise Transient("gone")

    monkeypatch.setattr(counter.shop.ledger, "transaction", transaction)
    with pytest.raises(Transient):
        counter.ask()


def test_the_customer_has_some_minutes(counter: Counter) -> None:
    until = datetime.fromisoformat(counter.ask().until)
    assert until - NOW == LIFE
