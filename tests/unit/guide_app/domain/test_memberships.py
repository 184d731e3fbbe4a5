"""Paid memberships: from when until when, extended from their end, taken back."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import msgspec
import pytest

from guide_app.domain import memberships
from guide_app.domain.records import Membership, MembershipPlan, Names, Order, OrderLine, Payment, Totals
from guide_app.domain.records.order import Refund, Return, ReturnedLine

LINES = [f"11111111-1111-4111-8111-{n:012}" for n in range(5)]
ORDER, CLUB, TEA = (f"22222222-2222-4222-8222-{n:012}" for n in range(3))
SHANGHAI = ZoneInfo("Asia/Shanghai")
PLAN = MembershipPlan(code="club", names=Names(en="Club"), product_id=CLUB, months=12, level="gold", times=20_000)


def paid(n: int, on: str, plan: str = "club", months: int = 12, **more: object) -> Membership:
    return msgspec.structs.replace(
        Membership(line_id=LINES[n], order_id=ORDER, plan=plan, paid_on=on, months=months, level="gold"), **more
    )


def spans(*sold: Membership) -> list[tuple[str, str]]:
    return [(term.start, term.last) for term in memberships.terms(sold)]


def test_one_renewed_early_begins_at_the_end_of_the_other() -> None:
    first, second = paid(0, "2026-01-31"), paid(1, "2026-12-01")
    expected = [("2026-01-31", "2027-01-30"), ("2027-01-31", "2028-01-30")]
    assert spans(first, second) == spans(second, first) == expected
    assert spans(second, msgspec.structs.replace(first, void=True)) == [("2026-12-01", "2027-11-30")]
    assert spans(first, paid(1, "2027-03-01")) == [("2026-01-31", "2027-01-30"), ("2027-03-01", "2028-02-29")]
    assert spans(paid(0, "2026-01-01", pieces=2)) == [("2026-01-01", "2027-12-31")]


def test_what_lasts_on_a_day() -> None:
    other = paid(2, "2026-02-01", "other", 6, level="silver", times=15_000)
    sold = (paid(0, "2026-01-01"), paid(1, "2026-06-01"), other)
    found = memberships.terms(sold)
    now = memberships.on(found, "2026-07-01")
    assert now is not None
    assert (now.start, now.last, now.sold.plan) == ("2026-01-01", "2027-12-31", "club")
    assert memberships.on(found, "2028-01-01") is None
    ranks = {"silver": 1, "gold": 2}
    assert memberships.level_on(found, "2026-07-01", lambda level: ranks.get(level, 0)) == "gold"
    assert [memberships.times_on(found, on) for on in ("2026-03-01", "2026-09-01")] == [15_000, 10_000]


def test_renewal_is_due_before_the_end_and_some_days_behind_it() -> None:
    found = memberships.terms([paid(0, "2025-12-01")])  # until 30 November
    days = ((10, 30), (10, 31), (12, 30), (12, 31))
    asked = [memberships.due(found, date(2026, *on), [PLAN]) is not None for on in days]
    assert memberships.due(found, date(2026, 11, 30), []) is None
    assert asked == [False, True, True, False]
    renewed = memberships.terms([paid(0, "2025-12-01"), paid(1, "2026-12-20")])
    assert memberships.due(renewed, date(2026, 12, 24), [PLAN]) is None
    ends = [(one.last, one.renewed) for one in memberships.dues(renewed)]
    assert ends == [("2026-11-30", True), ("2027-12-19", False)]
    late = memberships.terms([paid(0, "2025-12-01"), paid(1, "2026-12-31")])
    assert [one.renewed for one in memberships.dues(late)] == [False, False]


def order(*legs: tuple[str, int, str], state: str = "accepted", back: int = 0) -> Order:
    lines = tuple(
        OrderLine(line_id=line, product_id=product, qty=qty, unit_price=100, amount=qty * 100)
        for line, product, qty in ((LINES[0], CLUB, 2), (LINES[1], TEA, 1))
    )
    given = ReturnedLine(line_id=LINES[0], qty=back)
    came = Return(return_id=ORDER, guide_id="", at="", refund=Refund(money=back * 100), lines=(given,))
    return Order(
        number="1", state=msgspec.convert(state, str), guide_id="", placed_at="2026-11-20T10:00:00.000Z",
        currency="CNY", lines=lines, totals=Totals(lines=300, discounts=0, total=300), returns=(came,) if back else (),
        payments=tuple(
            Payment(id=at, method="cash", amount=amount, at=at, kind="paid" if kind == "paid" else "refunded")
            for kind, amount, at in legs
        ),
    )  # fmt: skip


LATE = "2026-11-21T17:00:00.000Z"
"""The 22nd in Shanghai."""


@pytest.mark.parametrize(
    ("told", "paid_on", "pieces", "void"),
    [
        (order(), "", 2, True),
        (order(("paid", 100, "2026-11-20T11:00:00.000Z")), "", 2, True),
        (order(("paid", 100, "2026-11-20T11:00:00.000Z"), ("paid", 200, LATE)), "2026-11-22", 2, False),
        (order(("paid", 300, LATE), ("refunded", 100, "2026-11-23T00:00:00.000Z"), back=1), "2026-11-22", 1, False),
        (order(("paid", 300, LATE), back=2), "2026-11-22", 0, True),
        (order(("paid", 300, LATE), state="cancelled"), "2026-11-20", 0, True),
    ],
)
def test_an_order_pays_for_what_stays_of_it_once_it_is_paid(told: Order, paid_on: str, pieces: int, void: bool) -> None:
    (sold,) = memberships.sold(ORDER, told, [PLAN], SHANGHAI)
    assert (sold.line_id, sold.paid_on, sold.pieces, sold.void) == (LINES[0], paid_on, pieces, void)
    assert memberships.sold(ORDER, told, [], SHANGHAI) == ()


def test_terms_stay_those_of_when_it_was_sold() -> None:
    (now,) = memberships.sold(ORDER, order(("paid", 300, LATE)), [PLAN], SHANGHAI)
    dearer = msgspec.structs.replace(PLAN, months=3, level="silver")
    (void,) = memberships.sold(ORDER, order(("paid", 300, LATE), back=2), [dearer], SHANGHAI)
    assert memberships.told((), [void]) == ()
    known = memberships.told((), [now])
    gone = memberships.told(known, [void])
    assert [(one.months, one.level, one.void) for one in gone] == [(12, "gold", True)]
    (again,) = memberships.sold(ORDER, order(("paid", 300, LATE)), [dearer], SHANGHAI)
    assert memberships.told(gone, [again]) == known
