"""What holds of levels whatever was bought when, came back, and was paid for."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import levels, memberships
from guide_app.domain.levels import Facts
from guide_app.domain.records import Counted, Given, Level, LevelRules, LevelStep, Membership, Names

LEVELS = tuple(Level(code=code, names=Names()) for code in ("silver", "gold", "black"))
FIRST = date(2024, 1, 1)
RANKS = {"": 0, "silver": 1, "gold": 2, "black": 3}

days = st.integers(0, 1500).map(lambda n: (FIRST + timedelta(days=n)).isoformat())
counted = st.builds(
    Counted, on=days, spent=st.integers(1, 90_000), orders=st.integers(0, 3), points=st.integers(0, 300)
)
steps = st.tuples(st.integers(1, 30_000), st.integers(1, 30_000)).map(
    lambda two: (
        LevelStep(code="silver", spent=min(two), points=100),
        LevelStep(code="gold", spent=max(two) * 2, orders=8),
    )
)
rules = st.lists(
    st.builds(
        LevelRules,
        steps=steps,
        valid_from=st.one_of(st.just(""), days),
        window=st.sampled_from(["months", "year", "always"]),
        window_months=st.integers(1, 12),
        kept=st.sampled_from(["never", "months", "year_end"]),
        months=st.integers(1, 24),
        grace_days=st.integers(0, 60),
    ),
    min_size=1,
    max_size=3,
)
hands = st.one_of(st.none(), st.builds(Given, on=days, level=st.sampled_from(["silver", "gold", "black"])))
sales = st.lists(
    st.tuples(days, st.integers(1, 14), st.sampled_from(["silver", "black"]), st.sampled_from(["a", "b"])), max_size=4
).map(
    lambda found: [
        Membership(line_id=f"{n:032}", order_id="", plan=plan, paid_on=on, months=months, level=level)
        for n, (on, months, level, plan) in enumerate(found)
    ]
)


def facts_of(bought: list[Counted], hand: Given | None, paid: list[Membership]) -> Facts:
    return Facts(
        levels.put(bought), sum(one.spent for one in bought), sum(one.orders for one in bought), hand, tuple(paid)
    )


@given(st.lists(counted, max_size=12), hands, sales, rules, days, st.randoms())
def test_the_order_of_events_does_not_matter(
    bought: list[Counted], hand: Given | None, paid: list[Membership], told: list[LevelRules], on: str, random: object
) -> None:
    today = date.fromisoformat(on)
    before = levels.standing(LEVELS, told, facts_of(bought, hand, paid), today)
    mixed, sold = list(bought), list(paid)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis' stub says object
    random.shuffle(sold)  # type: ignore[attr-defined]
    assert levels.standing(LEVELS, told, facts_of(mixed, hand, sold), today) == before


@given(st.lists(counted, max_size=12), counted, hands, sales, rules, days)
def test_a_sale_that_comes_back_leaves_everything_as_it_was(
    bought: list[Counted], one: Counted, hand: Given | None, paid: list[Membership], told: list[LevelRules], on: str
) -> None:
    back = Counted(on=one.on, spent=-one.spent, orders=-one.orders, points=-one.points)
    before = facts_of(bought, hand, paid)
    assert facts_of([*bought, one, back], hand, paid) == before
    member = msgspec.structs.replace(paid[0], line_id="f" * 32) if paid else None
    if member is not None:
        with_it = memberships.told(before.paid, [member])
        after = before._replace(paid=memberships.told(with_it, [msgspec.structs.replace(member, void=True)]))
        today = date.fromisoformat(on)
        assert levels.standing(LEVELS, told, after, today) == levels.standing(LEVELS, told, before, today)


@given(st.lists(counted, max_size=12), counted, hands, sales, rules, days)
def test_buying_more_never_lowers_a_level_that_day(
    bought: list[Counted], one: Counted, hand: Given | None, paid: list[Membership], told: list[LevelRules], on: str
) -> None:
    today = date.fromisoformat(on)
    more = msgspec.structs.replace(one, on=on)
    before = levels.standing(LEVELS, told, facts_of(bought, hand, paid), today).level
    after = levels.standing(LEVELS, told, facts_of([*bought, more], hand, paid), today).level
    assert RANKS[after] >= RANKS[before]


@given(st.lists(counted, max_size=12), hands, sales, rules, days)
def test_nothing_happens_before_the_next_look(
    bought: list[Counted], hand: Given | None, paid: list[Membership], told: list[LevelRules], on: str
) -> None:
    last = max([on, *(one.on for one in bought), *([hand.on] if hand else [])])
    today = date.fromisoformat(last)
    facts = facts_of(bought, hand, paid)
    now = levels.standing(LEVELS, told, facts, today)
    day_before = date.fromisoformat(now.next_look) - timedelta(days=1) if now.next_look else today + timedelta(days=900)
    assert levels.standing(LEVELS, told, facts, day_before).level == now.level


@given(st.lists(counted, max_size=12), hands, sales, rules)
def test_putting_old_days_together_changes_nothing(
    bought: list[Counted], hand: Given | None, paid: list[Membership], told: list[LevelRules]
) -> None:
    today = FIRST + timedelta(days=2000)
    points = [msgspec.structs.replace(one, window_months=12) for one in told if one.window != "always"]
    facts = facts_of(bought, hand, paid)
    together = levels.put_together(LEVELS, points, facts, today)
    one, other = (levels.standing(LEVELS, points, each, today) for each in (facts, together))
    assert (one.level, one.held.level, one.held.until, one.ahead, one.keep, one.next_look) == (
        other.level, other.held.level, other.held.until, other.ahead, other.keep, other.next_look,
    )  # fmt: skip


@given(sales)
def test_memberships_of_a_plan_follow_one_another_and_none_is_lost(paid: list[Membership]) -> None:
    found = memberships.terms(paid)
    assert {term.sold.line_id for term in found} == {one.line_id for one in paid}
    for before, after in itertools.pairwise(found):
        assert before.sold.plan != after.sold.plan or before.last < after.start
    assert all(term.start >= term.sold.paid_on and term.last >= term.start for term in found)
