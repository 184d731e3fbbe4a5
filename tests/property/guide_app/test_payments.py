"""Laws of payments, whatever legs come in whatever order and however often: money is conserved."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import payments
from guide_app.domain.records import Order, Payment, Totals

MONEY = st.integers(1, 10**9)
LEGS = st.lists(
    st.builds(
        Payment,
        method=st.sampled_from(("cash", "card", "qr")),
        amount=MONEY,
        at=st.sampled_from(("2026-11-21T10:00:00.000Z", "2026-11-21T10:00:01.000Z")),
        id=st.uuids().map(str),
        kind=st.sampled_from(("paid", "paid", "refunded")),
    ),
    max_size=8,
    unique_by=lambda leg: leg.id,
)
STATES = st.sampled_from(("placed", "accepted", "cancelled", "shipped"))


def order(total: int, state: Any) -> Order:
    sums = Totals(lines=total, discounts=0, total=total)
    return Order(number="N", state=state, guide_id="g", placed_at="", currency="CNY", lines=(), totals=sums)


@given(LEGS, st.integers(0, 10**9), STATES)
def test_every_cent_is_due_owed_or_to_be_refunded(legs: list[Payment], total: int, state: str) -> None:
    paid = payments.with_legs(order(total, state), tuple(legs))
    owed, refund = payments.owed(paid), payments.to_refund(paid)
    assert payments.received(paid) == sum(leg.amount * (1 if leg.kind == "paid" else -1) for leg in legs)
    assert payments.received(paid) + owed - refund == payments.due(paid)
    assert min(owed, refund) == 0 <= max(owed, refund)


@given(LEGS, st.integers(0, 10**9), STATES, st.randoms())
def test_neither_order_nor_repetition_matters(legs: list[Payment], total: int, state: str, random: Any) -> None:
    whole = payments.standing(payments.with_legs(order(total, state), tuple(legs)))
    told = [*legs, *random.sample(legs, random.randint(0, len(legs)))]
    random.shuffle(told)
    one_by_one = order(total, state)
    for leg in told:
        one_by_one = payments.with_legs(one_by_one, (leg,))
    assert payments.standing(one_by_one) == whole or {one_by_one.state, whole.state} <= {"placed", "accepted"}
    assert one_by_one.payments == whole.payments


@given(LEGS, st.integers(0, 10**9))
def test_it_is_paid_exactly_while_nothing_is_owed(legs: list[Payment], total: int) -> None:
    now = payments.standing(order(total, "accepted"))
    for leg in legs:
        now = payments.with_legs(now, (leg,))
        assert (now.state == "paid") == (payments.owed(now) == 0)


@given(LEGS, MONEY)
def test_taking_back_a_leg_leaves_what_was_before(legs: list[Payment], amount: int) -> None:
    before = payments.with_legs(order(10**9, "accepted"), tuple(legs))
    leg = Payment(method="cash", amount=amount, id="leg", at="2026-11-21T10:00:02.000Z")
    back = Payment(method="cash", amount=amount, id="back", at="2026-11-21T10:00:03.000Z", kind="refunded", of="leg")
    after = payments.with_legs(payments.with_legs(before, (leg,)), (back,))
    assert (payments.owed(after), payments.to_refund(after)) == (payments.owed(before), payments.to_refund(before))
    assert payments.left_of(after, "leg") == 0
