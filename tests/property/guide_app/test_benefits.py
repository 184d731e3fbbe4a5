"""What holds of the coupons of paid memberships and levels, whenever HQ looks and whatever comes back."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import benefits, levels, memberships
from guide_app.domain.ids import derived_id
from guide_app.domain.levels import Facts
from guide_app.domain.records import Counted, LevelRules, LevelStep, Membership, PlanCoupon
from tests.property.guide_app.test_levels import LEVELS

FIRST = date(2024, 1, 1)
days = st.integers(0, 900).map(lambda n: (FIRST + timedelta(days=n)).isoformat())
coupons = st.lists(
    st.builds(PlanCoupon, promotion=st.sampled_from(["p", "q"]), pieces=st.integers(1, 3),
              every=st.sampled_from(["term", "month"])),
    max_size=3,
).map(tuple)  # fmt: skip
sales = st.lists(
    st.tuples(days, st.integers(1, 6), st.integers(1, 2), st.sampled_from(["a", "b"]), coupons), max_size=4
).map(
    lambda found: tuple(
        Membership(line_id=derived_id("t", str(n)), order_id="", plan=plan, paid_on=on, months=months, pieces=pieces,
                   coupons=given_)
        for n, (on, months, pieces, plan, given_) in enumerate(found)
    )
)  # fmt: skip


class Purse:
    """The coupons that HQ issued and did not take back."""

    def __init__(self, paid: tuple[Membership, ...]) -> None:
        self.paid, self.held = memberships.put((), paid), set[str]()

    def look(self, today: str) -> None:
        """HQ looks at the member: each coupon is issued once, and comes back once."""
        told = benefits.of_memberships(self.paid, today)
        due, back = [one.id for one in told.due], [one.id for one in told.back]
        assert len({*due, *back}) == len(due) + len(back)
        assert not self.held & set(due), "none twice"
        assert set(back) <= self.held, "only what was issued comes back"
        self.held = (self.held | set(due)) - set(back)
        self.paid = told.paid

    def told(self, line: int, **more: object) -> None:
        """What an order says of its own now; what was issued stays HQ's."""
        after = msgspec.structs.replace(self.paid[line], issued=(), **more)
        self.paid = memberships.told(self.paid, [after])


@given(sales, st.lists(days, max_size=6), days)
def test_however_often_hq_looks_each_coupon_is_issued_once(
    paid: tuple[Membership, ...], looks: list[str], last: str
) -> None:
    often, once = Purse(paid), Purse(paid)
    for on in sorted(looks):
        if on <= last:
            often.look(on)
            often.look(on)
    for purse in (often, once):
        purse.look(last)
    assert often.held == once.held
    assert often.paid == once.paid
    wanted = sum(
        coupon.pieces
        for term in memberships.terms(paid)
        for coupon in term.sold.coupons
        for start in benefits.starts([term._replace(sold=msgspec.structs.replace(term.sold, coupons=(coupon,)))])
        if start <= last
    )
    assert len(once.held) == wanted, "so many as the plans say, for the periods that have begun"


@given(sales, st.lists(st.tuples(days, st.integers(0, 3), st.booleans()), max_size=6), days)
def test_what_comes_back_takes_its_coupons_along_and_undoing_that_brings_them_again(
    paid: tuple[Membership, ...], changes: list[tuple[str, int, bool]], last: str
) -> None:
    purse = Purse(paid)
    for on, line, void in sorted(changes):
        if line < len(paid) and on <= last:
            purse.told(line, void=void)
            purse.look(on)
    stands = tuple(msgspec.structs.replace(one, issued=()) for one in purse.paid)
    purse.look(last)
    fresh = Purse(stands)
    fresh.look(last)
    assert purse.held == fresh.held
    for line in range(len(paid)):
        purse.told(line, void=True)
    purse.look(last)
    assert purse.held == set()


@given(st.lists(st.tuples(days, st.integers(1, 900)), max_size=8), st.lists(days, min_size=1, max_size=5))
def test_a_level_gives_its_coupons_once_and_what_is_bought_more_takes_none_away(
    bought: list[tuple[str, int]], looks: list[str]
) -> None:
    steps = tuple(
        LevelStep(code=code, spent=spent, coupons=(PlanCoupon(promotion="p", pieces=2),))
        for code, spent in (("silver", 300), ("gold", 900))
    )
    rules = [LevelRules(steps=steps), LevelRules(steps=steps[:1], valid_from="2025-01-01")]
    counted = levels.put(Counted(on=on, spent=spent, orders=1) for on, spent in bought)

    def has(until: int, on: str) -> set[str]:
        facts = Facts(counted[:until], sum(one.spent for one in counted), len(counted))
        reached = levels.reached(LEVELS, rules, facts, date.fromisoformat(on))
        return {one.id for one, there in benefits.of_levels(rules, reached, "m") if there}

    on = sorted(looks)
    held = [has(len(counted), day) for day in on]
    assert all(before <= after for before, after in itertools.pairwise(held)), "time takes none away"
    assert all(len(one) % 2 == 0 for one in held)
    every = [one.id for one, _there in benefits.of_levels(rules, {}, "m")]
    assert len(set(every)) == len(every) == 6
    assert not any(there for _one, there in benefits.of_levels(rules, {}, "m")), "who reached nothing has none"
