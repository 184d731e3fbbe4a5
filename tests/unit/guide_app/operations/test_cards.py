"""A gift card pays, gets back and is given back: what stands in the order is what its lease has spent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from guide_app.domain import payments
from guide_app.domain.ids import derived_id
from guide_app.domain.records import FromCard, Instrument, Lease, Order, OrderLine, Payment, Ref, Totals
from guide_app.operations import OPERATIONS, Effect, Refusal, Snapshot, perform
from guide_app.operations.orders import Cancel
from guide_app.operations.payments import Pay, PayBack, Taken
from guide_app.operations.returns import Leg, LineBack, Promised, TakeBack, UndoReturn
from tests.unit.guide_app.operations.kit import GUIDE, MADE, MEMBER, ORDER, OTHER, PRODUCT, TALK, context, snapshot

NOW = datetime(2026, 11, 21, 10, 0, 1, tzinfo=UTC)
REF, LEASE_ID, CARD_ID = Ref("order", ORDER), OTHER, MEMBER
LEASE = Ref("lease", LEASE_ID)
PAY, BACK, CANCEL, RETURN, UNDO = (
    OPERATIONS[f"order.{kind}"] for kind in ("pay", "pay_back", "cancel", "return", "return_undo")
)
CARD = FromCard(id=CARD_ID, lease_id=LEASE_ID, digits="0042")


def state(left: int = 800, **more: Any) -> Snapshot:
    line = OrderLine(line_id=TALK, product_id=PRODUCT, qty=2, unit_price=500, amount=1000)
    fields: dict[str, Any] = {
        "number": "N", "state": "accepted", "guide_id": GUIDE, "placed_at": MADE, "currency": "CNY", "lines": (line,),
        "totals": Totals(lines=1000, discounts=0, total=1000), **more,
    }  # fmt: skip
    lease = Lease(
        amount=left, expires_at="2026-11-24T10:00:00.000Z", instrument=Instrument(kind="card", id=CARD_ID)
    )  # fmt: skip
    return snapshot({REF: Order(**fields), LEASE: lease})


def by_card(amount: int, leg_id: str = TALK, **more: Any) -> Taken:
    return Taken(leg_id=leg_id, method="gift_card", amount=amount, **{"card": CARD, **more})


def pay(*legs: Taken) -> Pay:
    return Pay(order_id=ORDER, legs=legs)


def on_card(amount: int, leg_id: str = OTHER, of: str | None = TALK) -> PayBack:
    return PayBack(order_id=ORDER, leg_id=leg_id, method="gift_card", amount=amount, reason="slip", of=of)


def done(operation: Any, body: Any, rows: Snapshot) -> str:
    effect = perform(operation, body, rows, context())
    assert isinstance(effect, Effect), effect
    return effect.code


def figures(rows: Snapshot) -> tuple[int, int, int]:
    """What the order owes and has too much, and what its lease has left."""
    order, lease = rows.get(REF, Order), rows.get(LEASE, Lease)
    assert order is not None
    assert lease is not None
    assert payments.from_leases(order)[LEASE_ID] == lease.spent, "the legs are what the lease has spent"
    return payments.owed(order), payments.to_refund(order), lease.left


def test_a_card_pays_a_part_and_cash_the_rest() -> None:
    rows = state()
    assert PAY.guard(pay(by_card(800)), rows, NOW) is None
    assert done(PAY, pay(by_card(800), Taken(leg_id=OTHER, method="cash", amount=200)), rows) == ""
    assert figures(rows) == (0, 0, 0)
    order = rows.get(REF, Order)
    assert order is not None
    assert order.state == "paid"
    assert {(leg.method, leg.amount, leg.card) for leg in order.payments} == {
        ("gift_card", 800, CARD), ("cash", 200, None),
    }  # fmt: skip


def test_a_guide_is_stopped_before_spending_what_the_tablet_has_not() -> None:
    assert PAY.guard(pay(by_card(801)), state(), NOW) == Refusal("rejected", "overspent")
    assert PAY.guard(pay(by_card(1)), state(), None) == Refusal("rejected", "lease_expired")
    assert PAY.guard(pay(by_card(1001)), state(2000), NOW) == Refusal("rejected", "overpaid")
    assert PAY.guard(pay(by_card(600), by_card(300, OTHER)), state(), NOW) == Refusal("rejected", "overspent")


@pytest.mark.parametrize(
    "leg",
    [
        by_card(1, card=None),
        Taken(leg_id=TALK, method="cash", amount=1, card=CARD),
        by_card(1, given=5),
    ],
)
def test_a_card_that_pays_is_named_and_nothing_else_is(leg: Taken) -> None:
    assert perform(PAY, pay(leg), state(), context()) == Refusal("parked", "body_invalid")


def test_a_slip_goes_back_on_the_card_and_never_more_than_came_from_it() -> None:
    rows = state()
    done(PAY, pay(by_card(800)), rows)
    assert done(BACK, on_card(500), rows) == ""
    assert figures(rows) == (700, 0, 500)
    assert done(BACK, on_card(500, PRODUCT), rows) == "paid_back_twice"
    assert figures(rows) == (1000, 0, 800), "another tablet gave it back too: it is on the card once"
    assert done(BACK, on_card(500, GUIDE), rows) == "paid_back_twice"
    assert figures(rows) == (1000, 0, 800)


def test_money_for_a_card_waits_for_the_payment_that_it_came_from() -> None:
    assert perform(BACK, on_card(1, of=None), state(), context()) == Refusal("parked", "body_invalid")
    assert perform(BACK, on_card(1), state(), context()) == Refusal("parked", "payment_unknown")
    body = returned(1, 500, Leg(leg_id=OTHER, method="gift_card", amount=500, of=TALK))
    assert perform(RETURN, body, state(), context()) == Refusal("parked", "payment_unknown")


def test_a_cancelled_order_gives_the_card_what_it_paid() -> None:
    rows = state()
    done(PAY, pay(by_card(800)), rows)
    done(BACK, on_card(300), rows)
    done(CANCEL, Cancel(order_id=ORDER, reason="x"), rows)
    assert figures(rows) == (0, 0, 800)
    order = rows.get(REF, Order)
    assert order is not None
    assert (order.payments[-1].id, order.payments[-1].amount) == (derived_id("leg", TALK, "cancelled"), 500)


def test_a_lease_gets_back_what_the_cancelled_order_of_hq_says_already() -> None:
    """HQ's order came with the cancelling, its lease did not yet: the same effect, taken for the lease alone."""
    rows = state()
    done(PAY, pay(by_card(800)), rows)
    before = rows.get(LEASE, Lease)
    assert before is not None
    done(CANCEL, Cancel(order_id=ORDER, reason="x"), rows)
    order = rows.get(REF, Order)
    assert order is not None
    again = CANCEL.effect(Cancel(order_id=ORDER, reason="x"), snapshot({REF: order, LEASE: before}), context())
    lease = again.changes[LEASE]
    assert isinstance(lease, Lease)
    assert (lease.spent, again.changes[REF]) == (0, order)


def returned(pieces: int, money: int, *legs: Leg) -> TakeBack:
    lines = (LineBack(line_id=TALK, qty=pieces, reason="wrong_size"),)
    return TakeBack(order_id=ORDER, return_id=PRODUCT, lines=lines, refund=Promised(money=money), legs=legs)


def test_a_return_goes_on_the_card_and_its_undo_takes_it_off() -> None:
    rows = state()
    done(PAY, pay(by_card(800), Taken(leg_id=GUIDE, method="cash", amount=200)), rows)
    done(RETURN, returned(1, 500, Leg(leg_id=OTHER, method="gift_card", amount=500, of=TALK)), rows)
    assert figures(rows) == (0, 0, 500)
    done(UNDO, UndoReturn(order_id=ORDER, return_id=PRODUCT), rows)
    assert figures(rows) == (0, 0, 0)


def test_what_two_tablets_put_on_a_card_for_two_lines_is_no_more_than_it_paid() -> None:
    rows = state()
    done(PAY, pay(by_card(300), Taken(leg_id=GUIDE, method="cash", amount=700)), rows)
    done(BACK, on_card(300, PRODUCT), rows)
    done(RETURN, returned(1, 500, Leg(leg_id=OTHER, method="gift_card", amount=300, of=TALK)), rows)
    assert figures(rows) == (0, 200, 800), "what the card could not take is to be refunded in another way"


GONE = Payment(id=ORDER, kind="refunded", method="exchange", amount=500, at=MADE)
"""Money of the order that went into an exchange."""


def test_what_went_into_an_exchange_does_not_go_on_the_card_too() -> None:
    rows = state(payments=(GONE,))
    done(PAY, pay(by_card(800)), rows)
    done(CANCEL, Cancel(order_id=ORDER, reason="x"), rows)
    assert figures(rows) == (0, 0, 300)


def test_a_return_puts_no_more_on_the_card_than_the_shop_has() -> None:
    rows = state(payments=(GONE,))
    done(PAY, pay(by_card(800)), rows)
    done(RETURN, returned(2, 1000, Leg(leg_id=OTHER, method="gift_card", amount=800, of=TALK)), rows)
    assert figures(rows) == (0, 0, 300)
