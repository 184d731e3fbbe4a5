"""Levels of membership: reached at once, kept or lost at the end of a period, paid ones beside them."""

from __future__ import annotations

from datetime import date

import pytest

from guide_app.domain import levels
from guide_app.domain.levels import Change, Facts, Progress
from guide_app.domain.records import (
    Counted,
    Given,
    Level,
    LevelRules,
    LevelStep,
    Member,
    Membership,
    Names,
    Settings,
)

LEVELS = tuple(Level(code=code, names=Names(en=code)) for code in ("silver", "gold", "black"))
STEPS = (LevelStep(code="silver", spent=10_000), LevelStep(code="gold", spent=50_000, orders=10))
RULES = LevelRules(steps=STEPS, grace_days=10)
LINE, ORDER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


def day(text: str) -> date:
    return date.fromisoformat(text)


def bought(on: str, spent: int, orders: int = 1, points: int = 0) -> Counted:
    return Counted(on=on, spent=spent, orders=orders, points=points)


def level_on(facts: Facts, on: str, *rules: LevelRules) -> str:
    return levels.standing(LEVELS, rules or (RULES,), facts, day(on)).level


def test_up_at_once_and_down_behind_the_grace_of_a_period() -> None:
    facts = Facts((bought("2025-03-01", 60_000), bought("2026-02-01", 12_000)))
    assert [level_on(facts, on) for on in ("2025-02-28", "2025-03-01", "2026-03-11", "2026-03-12", "2027-03-22")] == [
        "", "gold", "gold", "silver", "",
    ]  # fmt: skip
    told = levels.standing(LEVELS, [RULES], facts, day("2026-11-22"))
    assert told.changes == (
        Change("2025-03-01", "gold", "", "reached", "spent", 60_000),
        Change("2026-03-12", "silver", "gold", "down", "spent", 12_000),
    )
    assert (told.held.since, told.held.until, told.next_look) == ("2026-03-12", "2027-03-11", "2027-03-22")


def test_kept_by_what_is_bought_in_the_grace() -> None:
    facts = Facts((bought("2025-03-01", 60_000), bought("2026-03-11", 50_000)))
    told = levels.standing(LEVELS, [RULES], facts, day("2026-03-12"))
    assert (told.level, told.held.since, told.held.until) == ("gold", "2025-03-01", "2027-03-01")
    assert told.changes[-1] == Change("2026-03-12", "gold", "gold", "kept", "spent", 50_000)


def test_one_measure_is_enough_and_the_nearest_is_told() -> None:
    facts = Facts((bought("2026-11-01", 9_000, orders=8),))
    told = levels.standing(LEVELS, [RULES], facts, day("2026-11-22"))
    assert (told.level, told.ahead) == ("", Progress("silver", "spent", 1_000, 0.9, "2027-10-31"))
    assert level_on(Facts((bought("2026-11-01", 9_000, orders=10),)), "2026-11-22") == "gold"
    by_points = LevelRules(steps=(LevelStep(code="gold", points=100),))
    assert level_on(Facts((bought("2026-11-01", 0, 0, 100),)), "2026-11-01", by_points) == "gold"


def test_the_calendar_year_counts_what_was_bought_in_it() -> None:
    yearly = LevelRules(steps=STEPS, window="year", kept="year_end", grace_days=31)
    facts = Facts((bought("2025-12-30", 6_000), bought("2026-01-02", 6_000), bought("2026-08-01", 6_000)))
    told = levels.standing(LEVELS, [yearly], facts, day("2026-08-01"))
    assert (told.level, told.held.until, told.ahead) == (
        "silver", "2027-12-31", Progress("gold", "spent", 38_000, 0.24, "2026-12-31"),
    )  # fmt: skip
    kept = Facts((bought("2026-08-01", 12_000), bought("2027-12-31", 9_000), bought("2028-01-31", 1_000)))
    assert [level_on(kept, on, yearly) for on in ("2028-01-31", "2028-02-01", "2028-12-31")] == ["silver"] * 3
    lost = kept._replace(counted=kept.counted[:2])
    assert [level_on(lost, on, yearly) for on in ("2028-01-31", "2028-02-01")] == ["silver", ""]
    keep = levels.standing(LEVELS, [yearly], lost, day("2028-01-05")).keep
    assert keep == Progress("silver", "spent", 1_000, 0.9, "2028-01-31")


def test_since_joining_the_figures_count_in_all() -> None:
    always = LevelRules(steps=STEPS, window="always", kept="never")
    facts = Facts((bought("2026-11-01", 1_000),), spent=50_000, orders=3)
    told = levels.standing(LEVELS, [always], facts, day("2026-11-22"))
    assert (told.level, told.held.until, told.next_look) == ("gold", "", "")
    assert level_on(facts._replace(spent=50_999), "2026-10-31", always) == "silver"


def test_new_rules_change_nothing_of_before() -> None:
    dearer = LevelRules(steps=(LevelStep(code="gold", spent=900_000),), valid_from="2026-06-01")
    facts = Facts((bought("2026-03-01", 60_000),))
    assert level_on(facts, "2026-11-22", RULES, dearer) == "gold"
    told = levels.standing(LEVELS, [RULES, dearer], facts, day("2026-05-01"))
    assert told.next_look == "2026-06-01"
    assert level_on(facts, "2027-03-02", RULES, dearer) == ""
    assert level_on(facts._replace(counted=()), "2026-11-22", dearer) == ""


def test_a_level_that_was_given_is_kept_for_a_period() -> None:
    facts = Facts(given=Given(on="2026-01-10", level="black"))
    told = levels.standing(LEVELS, [RULES], facts, day("2026-11-22"))
    assert (told.level, told.held.until, told.ahead) == ("black", "2027-01-10", None)
    assert told.changes == (Change("2026-01-10", "black", "", "given"),)
    assert level_on(facts, "2027-01-21") == ""
    later = LevelRules(steps=STEPS, valid_from="2026-03-01")
    assert levels.standing(LEVELS, [later], facts, day("2026-11-22")).held.until == "2027-03-01"


def test_a_paid_membership_lifts_as_long_as_it_lasts() -> None:
    paid = Membership(line_id=LINE, order_id=ORDER, plan="club", paid_on="2026-01-01", months=12, level="gold")
    facts = Facts((bought("2026-05-01", 12_000),), paid=(paid,))
    told = levels.standing(LEVELS, [RULES], facts, day("2026-11-22"))
    assert (told.level, told.held.level, told.paid and told.paid.last) == ("gold", "silver", "2026-12-31")
    assert told.next_look == "2027-01-01"
    after = levels.standing(LEVELS, [RULES], facts, day("2027-01-01"))
    assert (after.level, after.paid) == ("silver", None)
    assert [(one.on, one.level, one.why) for one in after.changes] == [
        ("2026-01-01", "gold", "paid"), ("2027-01-01", "silver", "paid_over"),
    ]  # fmt: skip


def test_what_is_old_is_put_together_and_changes_nothing() -> None:
    facts = Facts((bought("2020-01-01", 60_000), bought("2025-12-01", 12_000), bought("2026-06-01", 60_000)))
    today = day("2026-11-22")
    together = levels.put_together(LEVELS, [RULES], facts, today)
    assert [one.on for one in together.counted] == ["2025-12-01", "2026-06-01"]
    before, after = (levels.standing(LEVELS, [RULES], one, today) for one in (facts, together))
    assert (before.level, before.held, before.next_look) == (after.level, after.held, after.next_look)
    assert levels.put_together(LEVELS, [RULES], together, today) == together
    given = facts._replace(given=Given(on="2026-11-01", level="black"))
    assert levels.put_together(LEVELS, [RULES], given, today).given == given.given


def test_days_are_put_together_and_taken_from_each_other() -> None:
    days = levels.put([bought("2026-01-02", 5), bought("2026-01-01", 1)], bought("2026-01-02", -5, -1))
    assert days == (bought("2026-01-01", 1),)
    assert levels.taken(days, [bought("2026-01-01", 3)]) == (Counted(on="2026-01-01", spent=-2),)
    assert levels.unpriced(days) == (Counted(on="2026-01-01", orders=1),)


@pytest.mark.parametrize(("rules", "level"), [((), "gold"), ((RULES,), "gold")])
def test_a_member_without_rules_has_what_hq_gave(rules: tuple[LevelRules, ...], level: str) -> None:
    member = Member(member_no="1", phone="", name="", level="gold")
    settings = Settings(levels=LEVELS, level_rules=rules)
    told = levels.seen(member, settings, day("2026-11-22"))
    assert (told.level, told.held.until) == (level, "2027-11-22" if rules else "")
