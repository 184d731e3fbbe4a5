"""Money taken and given back at the till: what is refused, by whom, and what it leads to."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain import payments
from guide_app.domain.records import Order, Ref, Totals
from guide_app.operations import OPERATIONS, Effect, Refusal, Snapshot, perform
from guide_app.operations.payments import Pay, PayBack, Taken
from tests.unit.guide_app.operations.kit import GUIDE, MADE, ORDER, OTHER, PRODUCT, TALK, context, snapshot

REF = Ref("order", ORDER)
PAY, BACK = OPERATIONS["order.pay"], OPERATIONS["order.pay_back"]


def state(**more: Any) -> Snapshot:
    fields: dict[str, Any] = {
        "number": "N", "state": "accepted", "guide_id": GUIDE, "placed_at": MADE, "currency": "CNY", "lines": (),
        "totals": Totals(lines=1000, discounts=0, total=1000), **more,
    }  # fmt: skip
    return snapshot({REF: Order(**fields)})


def taken(amount: int, leg_id: str = TALK, **more: Any) -> Taken:
    return Taken(leg_id=leg_id, method=more.pop("method", "cash"), amount=amount, **more)


def pay(*legs: Taken) -> Pay:
    return Pay(order_id=ORDER, legs=legs)


def back(amount: int, **more: Any) -> PayBack:
    return PayBack(order_id=ORDER, leg_id=OTHER, method="cash", amount=amount, reason="slip", **more)


def order_of(rows: Snapshot) -> Order:
    found = rows.get(REF, Order)
    assert found is not None
    return found


def test_cash_with_change_and_a_card_pay_an_order() -> None:
    rows = state()
    body = pay(taken(400, given=500), taken(600, PRODUCT, method="card"))
    assert perform(PAY, body, rows, context()) == Effect({REF: order_of(rows)})
    order = order_of(rows)
    assert order.state == "paid"
    assert {(leg.method, leg.amount, leg.given, leg.guide_id, leg.at) for leg in order.payments} == {
        ("cash", 400, 500, GUIDE, MADE), ("card", 600, 0, GUIDE, MADE),
    }  # fmt: skip
    again = perform(PAY, body, rows, context())
    assert isinstance(again, Effect)
    assert order_of(rows).payments == order.payments, "the same legs again have no effect"


@pytest.mark.parametrize("leg", [taken(400, given=399), taken(400, method="card", given=500)])
def test_change_that_cannot_be_parks(leg: Taken) -> None:
    assert perform(PAY, pay(leg), state(), context()) == Refusal("parked", "body_invalid")


def test_two_legs_of_one_id_are_not_booked_as_one() -> None:
    rows = state()
    assert perform(PAY, pay(taken(400), taken(600)), rows, context()) == Refusal("parked", "body_invalid")
    assert not order_of(rows).payments


@pytest.mark.parametrize(("operation", "body"), [(PAY, pay(taken(1))), (BACK, back(1))])
def test_an_order_that_is_not_there_yet_is_waited_for(operation: Any, body: Any) -> None:
    assert perform(operation, body, snapshot({}), context()) == Refusal("parked", "order_unknown")


def test_a_guide_is_stopped_before_taking_too_much() -> None:
    assert PAY.guard(pay(taken(1000)), state(), None) is None
    assert PAY.guard(pay(taken(600), taken(401, PRODUCT)), state(), None) == Refusal("rejected", "overpaid")
    assert PAY.guard(pay(taken(1)), state(state="cancelled"), None) == Refusal("rejected", "overpaid")
    assert PAY.guard(pay(taken(1)), snapshot({}), None) == Refusal("rejected", "overpaid")


def test_what_two_tablets_took_is_all_booked_and_said() -> None:
    rows = state()
    perform(PAY, pay(taken(1000)), rows, context())
    second = perform(PAY, pay(taken(1000, PRODUCT)), rows, context())
    assert isinstance(second, Effect)
    assert second.code == "overpaid"
    assert (order_of(rows).state, payments.to_refund(order_of(rows))) == ("paid", 1000)


def test_a_leg_is_taken_back_with_its_reason() -> None:
    rows = state()
    perform(PAY, pay(taken(1000)), rows, context())
    assert BACK.guard(back(1000, of=TALK), rows, None) is None
    done = perform(BACK, back(1000, of=TALK), rows, context())
    assert isinstance(done, Effect)
    assert done.code == ""
    order = order_of(rows)
    assert (order.state, payments.owed(order)) == ("accepted", 1000)
    assert {leg.reason for leg in order.payments} == {"", "slip"}


def test_no_more_is_given_back_than_there_is() -> None:
    rows = state()
    perform(PAY, pay(taken(1000)), rows, context())
    twice = Refusal("rejected", "paid_back_twice")
    assert BACK.guard(back(1001), rows, None) == twice
    assert BACK.guard(back(1, of=PRODUCT), rows, None) == twice
    assert BACK.guard(back(1), snapshot({}), None) == twice


def test_what_two_tablets_gave_back_is_booked_and_said() -> None:
    rows = state()
    perform(PAY, pay(taken(1000)), rows, context())
    perform(BACK, back(1000), rows, context())
    other = PayBack(order_id=ORDER, leg_id=PRODUCT, method="cash", amount=1000, reason="slip")
    second = perform(BACK, other, rows, context())
    assert isinstance(second, Effect)
    assert second.code == "paid_back_twice"
    assert payments.owed(order_of(rows)) == 2000
