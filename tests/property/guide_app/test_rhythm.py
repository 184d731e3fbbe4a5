"""The rule of rhythm: what must hold whatever a member bought."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import morning, rhythm
from guide_app.domain.records import Reminder
from guide_app.domain.rhythm import Bought, Visits

TODAY = date(2026, 11, 21).toordinal()
DAYS = st.lists(st.integers(TODAY - 400, TODAY), min_size=1, max_size=12)
BOUGHT = st.lists(
    st.builds(Bought, st.integers(TODAY - 400, TODAY), st.sampled_from(("p1", "p2", "p3")), st.just("")), max_size=25
).map(lambda many: [one._replace(category_id="" if one.product_id == "p3" else "c") for one in many])


@given(DAYS, st.randoms())
def test_neither_the_order_nor_a_second_basket_of_a_day_matters(days: list[int], chance: object) -> None:
    shuffled = [*days, *days]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own Random
    assert rhythm.visits(shuffled) == rhythm.visits(days)


@given(BOUGHT, st.randoms())
def test_what_runs_out_follows_from_what_was_bought_alone(bought: list[Bought], chance: object) -> None:
    shuffled = [*bought]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own Random
    assert rhythm.refills(shuffled) == rhythm.refills(bought)


@given(DAYS)
def test_the_rhythm_is_the_median_of_the_intervals(days: list[int]) -> None:
    ordered = sorted(set(days))
    gaps = [later - earlier for earlier, later in pairwise(ordered)]
    found = rhythm.usual(days)
    assert (found is None) == (len(ordered) < rhythm.ENOUGH)
    if found is not None:
        assert 0 <= found - median(gaps) < 1
        assert min(gaps) <= found <= max(gaps)


@given(BOUGHT)
def test_only_a_steady_rhythm_predicts_and_its_days_are_in_order(bought: list[Bought]) -> None:
    for one in rhythm.refills(bought):
        days = sorted({b.day for b in bought if one.what in (b.product_id, b.category_id)})
        assert (one.times, one.last) == (len(days), days[-1])
        assert one.times >= rhythm.ENOUGH
        assert one.usual >= rhythm.MIN_REFILL
        assert one.last < one.due < one.expected < one.until
        assert 1 <= one.expected - one.due <= rhythm.MAX_MARGIN


@given(BOUGHT, st.integers(0, 3))
def test_who_bought_since_is_not_told_that_it_runs_out(bought: list[Bought], ago: int) -> None:
    """Nor when they bought another product of the category."""
    since = [*bought, Bought(TODAY - ago, "p2", "c")]
    due = {one.why.what for one in morning.refill("m", rhythm.refills(since), TODAY)}
    assert due <= {"p3"}


@given(DAYS, st.integers(1, 200))
def test_a_purchase_never_makes_the_absence_longer_and_one_of_late_ends_it(days: list[int], shop: int) -> None:
    before = rhythm.visits(days)
    assert before is not None
    for ago in (0, rhythm.MIN_LAPSED):
        after = rhythm.visits([*days, TODAY - ago])
        assert after is not None
        assert after.last >= before.last
        assert morning.lapsed("m", after, shop, TODAY) is None


@given(st.integers(TODAY - 400, TODAY), st.integers(TODAY - 400, TODAY), st.integers(1, 200), st.integers(3, 50))
def test_of_two_with_one_rhythm_who_came_later_is_never_more_lapsed(a: int, b: int, usual: int, times: int) -> None:
    earlier, later = (Visits(times, last, usual) for last in sorted((a, b)))
    missed = morning.lapsed("m", later, None, TODAY)
    if missed is not None and TODAY - earlier.last <= morning.GONE:
        first = morning.lapsed("m", earlier, None, TODAY)
        assert first is not None
        assert first.why.days >= missed.why.days


@given(DAYS, st.one_of(st.none(), st.integers(1, 200)), st.integers(0, 300))
def test_the_day_that_is_kept_is_the_day_of_the_rule(days: list[int], shop: int | None, later: int) -> None:
    visits, now = rhythm.visits(days), TODAY + later
    assert visits is not None
    found = morning.lapsed("m", visits, shop, now)
    if visits.lapsed is not None:
        assert (found is not None) == (visits.lapsed <= now and now - visits.last <= morning.GONE)
    elif shop is None:
        assert found is None


@given(st.integers(31, 365), st.integers(1, 180), st.sampled_from(("done", "snoozed")), st.integers(1, 40))
def test_a_mark_hides_its_own_cycle_and_no_other(away: int, usual: int, state: str, days: int) -> None:
    due = morning.lapsed("m", Visits(5, TODAY - away, usual), None, TODAY)
    if due is None:
        return
    until = date.fromordinal(TODAY + days).isoformat() if state == "snoozed" else ""
    mark = Reminder(member_id="m", list="lapsed", cycle=due.cycle, state=state, until=until)  # type: ignore[arg-type]  # of the two
    never = morning.Talked()
    assert not morning.wanted(due, mark, never, date.fromordinal(TODAY))
    marks = morning.latest([mark])
    now = TODAY + days
    again = morning.lapsed("m", Visits(5, TODAY - away, usual), None, now)
    if again is not None:
        stands = morning.wanted(again, marks.get(("lapsed", again.cycle)), never, date.fromordinal(now))
        assert stands == (state == "snoozed" or again.cycle != due.cycle)
