"""Levels of membership: up at once, kept or down at the end of a period. Pure, for tablet and HQ.

A level is no state that is moved along: it follows from what a member bought on which day, as that stands now. So it
does not matter in which order anything is heard of, and what is taken back leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

import msgspec

from guide_app.domain import benefits, memberships
from guide_app.domain.money import WHOLE
from guide_app.domain.periods import last_day, months_on
from guide_app.domain.records.base import Part
from guide_app.domain.records.levels import Counted, Given, Level, LevelRules, LevelStep, Membership
from guide_app.domain.records.member import Member
from guide_app.domain.records.shop import Settings

Measure = Literal["spent", "orders", "points"]
Why = Literal["given", "reached", "kept", "down", "paid", "paid_over"]
MEASURES: tuple[Measure, ...] = ("spent", "orders", "points")
_DAY = timedelta(days=1)
KEEPS = 800
"""Days of facts that are kept at least: two windows and some. What is older is put together."""


class Facts(NamedTuple):
    """What a member's level follows from. `spent` and `orders`: since joining, in all."""

    counted: Sequence[Counted] = ()
    spent: int = 0
    orders: int = 0
    given: Given | None = None
    paid: Sequence[Membership] = ()


def facts_of(member: Member) -> Facts:
    """What a member's row says of it."""
    return Facts(member.counted, member.spent, member.order_count, member.given, member.memberships)


class Held(NamedTuple):
    """A level by the rules; `until`: the last day for which it is kept for sure, "" without an end."""

    level: str
    since: str
    until: str


class Change(Part, frozen=True, kw_only=False):
    """The level on a day: what it was before, why it changed (or was kept), and by how much of what."""

    on: str
    level: str
    before: str
    why: Why
    measure: Measure = "spent"
    amount: int = 0


class Progress(NamedTuple):
    """What is missing to a level: `missing` of the measure that is nearest, the `share` that is there, 0 to 1; `by`:
    the last day for it, "" where there is none."""

    level: str
    measure: Measure
    missing: int
    share: float
    by: str = ""


class Standing(NamedTuple):
    """Where a member stands. `level` holds; `held` by the rules alone; `paid` is the membership that lasts today.

    `ahead`: the way to the next level, `keep`: what is missing to keep the one held beyond its end. `next_look`: the
    day on which the level may change though nothing is bought, "" where there is none. `times`: how much what they buy
    counts for points by what they paid for, basis points; `due`: what they pay for and is to be renewed.
    """

    level: str
    held: Held
    paid: memberships.Term | None
    ahead: Progress | None
    keep: Progress | None
    changes: tuple[Change, ...]
    next_look: str
    times: int = WHOLE
    due: memberships.Term | None = None


def ruled(settings: Settings, paid: Sequence[Membership] = ()) -> bool:
    """Whether anything but HQ's people gives levels."""
    return bool(settings.level_rules or settings.memberships or paid)


def begun(member: Member, today: date) -> Member:
    """The member with what they had when the rules first look at them: it counts as given that day."""
    if member.level_look or member.given is not None or not member.level:
        return member
    return msgspec.structs.replace(member, given=Given(on=today.isoformat(), level=member.level))


def seen(member: Member, settings: Settings, today: date) -> Standing:
    """Where a member stands on a day of their shop by their row; without rules, where HQ's people put them."""
    if not ruled(settings, member.memberships):
        return Standing(member.level, Held(member.level, "", ""), None, None, None, (), "")
    found = standing(settings.levels, settings.level_rules, facts_of(begun(member, today)), today)
    return found._replace(due=memberships.due(memberships.terms(member.memberships), today, settings.memberships))


def put(counted: Iterable[Counted], *more: Counted) -> tuple[Counted, ...]:
    """The days with these figures added to theirs; a day of nothing is none."""
    days: dict[str, Counted] = {}
    for one in (*counted, *more):
        was = days.get(one.on, Counted(on=one.on))
        days[one.on] = Counted(
            on=one.on, spent=was.spent + one.spent, orders=was.orders + one.orders, points=was.points + one.points
        )
    return tuple(days[on] for on in sorted(days) if days[on] != Counted(on=on))


def unpriced(counted: Iterable[Counted]) -> tuple[Counted, ...]:
    """The days without their money: it is of another currency."""
    return put(Counted(on=one.on, orders=one.orders, points=one.points) for one in counted)


def taken(counted: Iterable[Counted], before: Iterable[Counted]) -> tuple[Counted, ...]:
    """By what these days are more (or less) than those before."""
    less = (Counted(on=one.on, spent=-one.spent, orders=-one.orders, points=-one.points) for one in before)
    return put(counted, *less)


def standing(levels: Sequence[Level], rules: Sequence[LevelRules], facts: Facts, today: date) -> Standing:
    """Where a member stands on a day of their shop."""
    course = _Course(levels, rules, facts)
    course.run(today)
    terms = memberships.terms(facts.paid)
    held, now = course.held, today.isoformat()
    effective = course.highest(held.level, memberships.level_on(terms, now, course.rank))
    return Standing(
        level=effective, held=held, paid=memberships.on(terms, now), ahead=course.ahead(effective, today),
        keep=course.keep(today), changes=tuple(_with_paid(course, terms, today)),
        next_look=course.next_look(terms, today), times=memberships.times_on(terms, now),
    )  # fmt: skip


def reached(
    levels: Sequence[Level], rules: Sequence[LevelRules], facts: Facts, today: date
) -> Mapping[tuple[str, str], str]:
    """What was reached by rules up to a day: (first day of the rules, level) → the day. Who comes to a level reaches
    those below it too. Paid memberships and what HQ's people give reach nothing."""
    course = _Course(levels, rules, facts)
    course.run(today)
    return course.reached


def put_together(levels: Sequence[Level], rules: Sequence[LevelRules], facts: Facts, today: date) -> Facts:
    """The facts without days that cannot matter any more, once there are so old ones; else as they are."""
    oldest = min((one.on for one in facts.counted), default="")
    if not oldest or date.fromisoformat(oldest) >= today - timedelta(days=2 * KEEPS):
        return facts
    day = today - timedelta(days=KEEPS // 2)
    first = (today - timedelta(days=KEEPS)).isoformat()
    kept = facts._replace(counted=tuple(one for one in facts.counted if one.on >= first))
    if facts.given is not None and facts.given.on > day.isoformat():
        return kept
    course = _Course(levels, rules, facts)
    course.run(day)
    held = Given(on=day.isoformat(), level=course.held.level, until=course.held.until, by="rules")
    return kept._replace(given=held)


class _Course:
    """Goes through a member's days once, in order."""

    def __init__(self, levels: Sequence[Level], rules: Sequence[LevelRules], facts: Facts) -> None:
        self._ranks: Mapping[str, int] = {level.code: n + 1 for n, level in enumerate(levels)}
        self._rules = sorted(rules, key=lambda one: one.valid_from)
        self._facts = facts
        self._days = sorted(facts.counted, key=lambda one: one.on)
        self.held = Held("", "", "")
        self.reached: dict[tuple[str, str], str] = {}
        self.changes: list[Change] = []

    def rank(self, level: str) -> int:
        """Levels in their order; what is none of them is below, and above nothing."""
        return self._ranks.get(level, 0 if level else -1)

    def highest(self, *levels: str) -> str:
        """The highest of these; of none that is known the first."""
        return max(levels, key=self.rank)

    def run(self, today: date) -> None:
        """To the end of this day."""
        given, last = self._facts.given, today.isoformat()
        began = given.on if given else ""
        if given is not None and given.on <= last:
            self._give(given)
        begins = (rules.valid_from for rules in self._rules)
        days = {on for on in (began, *(one.on for one in self._days), *begins) if began <= on <= last and on}
        for on in (*sorted(days), last):
            self._review_until(on)
            self._begin(date.fromisoformat(on))
            self._rise(date.fromisoformat(on))

    def ahead(self, level: str, today: date) -> Progress | None:
        """The way to the level above."""
        rules = self._in_force(today)
        above = [step for step in rules.steps if self.rank(step.code) > self.rank(level)] if rules else []
        if rules is None or not above:
            return None
        step = min(above, key=lambda one: self.rank(one.code))
        return _nearest(step, self._sums(rules, today), self._by(rules, today))

    def keep(self, today: date) -> Progress | None:
        """What of the level that is held is missing yet for another period; None where nothing is, or it has no end."""
        rules = self._in_force(today)
        step = self._step(rules, self.held.level)
        if rules is None or step is None or not self.held.until:
            return None
        end = self._end(rules)
        sums = self._sums(rules, end, self.held.until)
        return None if _met(step, sums) else _nearest(step, sums, end.isoformat())

    def next_look(self, terms: Sequence[memberships.Term], today: date) -> str:
        """The soonest day behind today on which something ends or begins."""
        found = [rules.valid_from for rules in self._rules]
        found += [on for term in terms for on in (term.start, _after(term.last))]
        found += benefits.starts(terms)
        if self.held.until and (rules := self._in_force(today)):
            found.append((self._end(rules) + _DAY).isoformat())
        return min((on for on in found if on > today.isoformat()), default="")

    def _give(self, given: Given) -> None:
        self.held = Held(given.level, given.on, given.until)
        if given.level and given.by == "hand":
            self.changes.append(Change(given.on, given.level, "", "given"))

    def _begin(self, day: date) -> None:
        """A level without an end gets one where the rules have one."""
        rules = self._in_force(day)
        if rules is not None and self.held.level and not self.held.until:
            self.held = self.held._replace(until=last_day(rules.kept, rules.months, day))

    def _review_until(self, on: str) -> None:
        """Ends of periods up to this day: what was bought till the end of the grace counts."""
        while self.held.until:
            rules = self._in_force(date.fromisoformat(self.held.until) + _DAY)
            if rules is None or (end := self._end(rules)).isoformat() >= on:
                return
            sums, first = self._sums(rules, end, self.held.until), (end + _DAY).isoformat()
            best = self._best(rules, sums)
            kept = self.rank(best) >= self.rank(self.held.level) > 0
            level = self.held.level if kept else best
            begins = date.fromisoformat(self.held.until) if kept else end
            until = last_day(rules.kept, rules.months, begins) if level else ""
            change = Change(first, level, self.held.level, "kept" if kept else "down", *_most(rules, level, sums))
            self.changes.append(change)
            self.held = Held(level, self.held.since if kept else first, until)

    def _rise(self, day: date) -> None:
        rules = self._in_force(day)
        if rules is None:
            return
        sums = self._sums(rules, day)
        best = self._best(rules, sums)
        if self.rank(best) > self.rank(self.held.level):
            on = day.isoformat()
            for step in rules.steps:
                if self.rank(self.held.level) < self.rank(step.code) <= self.rank(best):
                    self.reached.setdefault((rules.valid_from, step.code), on)
            self.changes.append(Change(on, best, self.held.level, "reached", *_most(rules, best, sums)))
            self.held = Held(best, on, last_day(rules.kept, rules.months, day))

    def _in_force(self, day: date) -> LevelRules | None:
        on = day.isoformat()
        return next((rules for rules in reversed(self._rules) if rules.valid_from <= on), None)

    def _end(self, rules: LevelRules) -> date:
        """The last day of grace of the level that is held."""
        return date.fromisoformat(self.held.until) + timedelta(days=rules.grace_days)

    def _best(self, rules: LevelRules, sums: Mapping[Measure, int]) -> str:
        return self.highest("", *(step.code for step in rules.steps if _met(step, sums)))

    def _step(self, rules: LevelRules | None, level: str) -> LevelStep | None:
        return next((step for step in rules.steps if step.code == level), None) if rules and level else None

    def _sums(self, rules: LevelRules, day: date, until: str = "") -> Mapping[Measure, int]:
        """What counts on this day; `until`: at the end of a period whose last day this was, and of its grace."""
        last = day.isoformat()
        if rules.window == "always":
            later = [one for one in self._days if one.on > last]
            return {
                "spent": self._facts.spent - sum(one.spent for one in later),
                "orders": self._facts.orders - sum(one.orders for one in later),
                "points": sum(one.points for one in self._days if one.on <= last),
            }
        first = _behind(day, rules.window_months)
        if rules.window == "year":
            first = f"{until[:4] or f'{day.year:04}'}-01-01"
        within = [one for one in self._days if first <= one.on <= last]
        return {name: sum(getattr(one, name) for one in within) for name in MEASURES}

    def _by(self, rules: LevelRules, today: date) -> str:
        """Until when what counts today still counts."""
        if rules.window == "always":
            return ""
        if rules.window == "year":
            return f"{today.year:04}-12-31"
        first = _behind(today, rules.window_months)
        oldest = min((one.on for one in self._days if first <= one.on <= today.isoformat()), default="")
        if not oldest:
            return ""
        return (months_on(date.fromisoformat(oldest), rules.window_months) - _DAY).isoformat()


def _behind(day: date, months: int) -> str:
    """The first day of so many months that end on this day."""
    return (months_on(day + _DAY, -months)).isoformat()


def _met(step: LevelStep, sums: Mapping[Measure, int]) -> bool:
    return any(getattr(step, name) and sums[name] >= getattr(step, name) for name in MEASURES)


def _nearest(step: LevelStep, sums: Mapping[Measure, int], by: str) -> Progress | None:
    """The way to a level by the measure that is nearest; None where it cannot be reached."""
    asked: list[Measure] = [name for name in MEASURES if getattr(step, name)]
    ways = [
        Progress(step.code, name, max(0, getattr(step, name) - sums[name]), _share(sums[name], getattr(step, name)), by)
        for name in asked
    ]
    return max(ways, key=lambda way: way.share, default=None)


def _share(there: int, wanted: int) -> float:
    return min(1.0, max(0, there) / wanted)


def _most(rules: LevelRules, level: str, sums: Mapping[Measure, int]) -> tuple[Measure, int]:
    """The measure by which a level was reached, and how much of it there was; of none what was spent."""
    step = next((one for one in rules.steps if one.code == level), None)
    way = _nearest(step, sums, "") if step else None
    measure: Measure = way.measure if way else "spent"
    return measure, sums[measure]


def _with_paid(course: _Course, terms: Sequence[memberships.Term], today: date) -> Iterator[Change]:
    """The changes of what holds in the end: by the rules, or by paid memberships that begin and end."""
    by_rules = {change.on: change for change in course.changes}  # of a day the last
    edges = {on for term in terms for on in (term.start, _after(term.last))}
    held = now = ""
    for on in sorted({*edges, *by_rules}):
        if on > today.isoformat():
            return
        change = by_rules.get(on)
        held = change.level if change else held
        level = course.highest(held, memberships.level_on(terms, on, course.rank))
        ruled = change is not None and (change.level == level or course.rank(level) < course.rank(now))
        if level != now or (ruled and change is not None and change.why == "kept"):
            paid: Why = "paid" if course.rank(level) > course.rank(now) else "paid_over"
            told = change if ruled and change is not None else Change(on, level, now, paid)
            yield msgspec.structs.replace(told, level=level, before=now)
            now = level


def _after(last: str) -> str:
    return (date.fromisoformat(last) + _DAY).isoformat()
