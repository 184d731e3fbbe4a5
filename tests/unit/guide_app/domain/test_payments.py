"""What of an order is paid and owed. (Laws for any legs: tests/property.)"""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain import payments
from guide_app.domain.records import Order, Payment, Totals

LEG, BACK = "a", "b"


def order(total: int = 1000, **more: Any) -> Order:
    fields: dict[str, Any] = {
        "number": "N", "state": "accepted", "guide_id": "g", "placed_at": "", "currency": "CNY", "lines": (),
        "totals": Totals(lines=total, discounts=0, total=total), **more,
    }  # fmt: skip
    return Order(**fields)


def leg(leg_id: str, amount: int, **more: Any) -> Payment:
    return Payment(method="cash", amount=amount, id=leg_id, **more)


def test_nothing_is_paid_yet() -> None:
    fresh = order()
    assert (payments.owed(fresh), payments.to_refund(fresh), payments.waits(fresh)) == (1000, 0, True)


def test_mixed_tenders_pay_it_together() -> None:
    half = payments.with_legs(order(), (leg("1", 400),))
    assert (half.state, payments.owed(half)) == ("accepted", 600)
    whole = payments.with_legs(half, (leg("2", 600),))
    assert (whole.state, payments.owed(whole), payments.waits(whole)) == ("paid", 0, False)


def test_what_is_too_much_is_to_be_refunded() -> None:
    paid = payments.with_legs(order(), (leg("1", 1000), leg("2", 1000)))
    assert (paid.state, payments.owed(paid), payments.to_refund(paid)) == ("paid", 0, 1000)
    settled = payments.with_legs(paid, (leg("3", 1000, kind="refunded"),))
    assert (settled.state, payments.to_refund(settled)) == ("paid", 0)


def test_money_of_a_cancelled_order_is_to_be_refunded() -> None:
    cancelled = order(state="cancelled", payments=(leg("1", 300),))
    assert (payments.owed(cancelled), payments.to_refund(cancelled), payments.waits(cancelled)) == (0, 300, False)
    late = payments.with_legs(cancelled, (leg("2", 1000),))
    assert (late.state, payments.to_refund(late)) == ("cancelled", 1300)


def test_a_leg_taken_back_leaves_it_waiting_again() -> None:
    paid = payments.with_legs(order(), (leg("1", 1000),))
    back = payments.with_legs(paid, (leg("2", 1000, kind="refunded", of="1"),))
    assert (back.state, payments.owed(back), payments.left_of(back, "1")) == ("accepted", 1000, 0)


@pytest.mark.parametrize("state", ["picking", "shipped", "delivered", "closed", "returned", "in_review"])
def test_other_states_are_not_touched_by_money(state: str) -> None:
    assert payments.with_legs(order(state=state), (leg("1", 1000),)).state == state


def test_what_costs_nothing_is_paid() -> None:
    assert payments.standing(order(0)).state == "paid"


def test_a_leg_counts_once() -> None:
    once = payments.with_legs(order(), (leg("1", 400), leg("1", 400)))
    assert payments.with_legs(once, (leg("1", 400),)) is once
    assert payments.received(once) == 400
