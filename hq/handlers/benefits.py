"""Coupons of paid memberships and levels at HQ: issued once each, taken back with what they go with.

Pure over the port. Which are due is `guide_app.domain.benefits`. A coupon stands in the store that issued it: what a
member's later home finds of it is left to that store by a step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec

from guide_app.domain import benefits, levels
from guide_app.domain.benefits import Benefit
from guide_app.domain.clock import to_text
from guide_app.domain.records import Member, Names, Promotion, Ref, Settings
from guide_app.operations import Versioned
from hq.leases.values import Value, put_in, taken_back
from hq.ledger.port import Aggregates
from hq.ledger.steps import AnyStep, MoveCoupons

_LONGEST = 120
"""So long the name of what a coupon goes with may be."""


class Told(NamedTuple):
    """A member who knows what was issued, the coupons that were changed, and what other stores are to do."""

    member: Member
    rows: Mapping[Ref, Versioned]
    steps: Sequence[AnyStep]


def settle(aggregates: Aggregates, who: str, member: Member, settings: Settings, now: datetime, today: date) -> Told:
    """The coupons of a member as they are to be on the store's day `today`."""
    told = benefits.of_memberships(member.memberships, today.isoformat())
    due, back = [*told.due], [*told.back]
    if any(step.coupons for rules in settings.level_rules for step in rules.steps):
        facts = levels.facts_of(levels.begun(member, today))
        reached = levels.reached(settings.levels, settings.level_rules, facts, today)
        whole = facts.given is None or facts.given.by == "hand"  # days that were put together are no proof
        for one, has in benefits.of_levels(settings.level_rules, reached, who):
            if has:
                due.append(one)
            elif whole:
                back.append(one)
    if not due and not back:
        return Told(member, {}, ())
    rows, steps = _moved(aggregates, who, due, back, settings, now, today)
    return Told(msgspec.structs.replace(member, memberships=told.paid), rows, steps)


def move(aggregates: Aggregates, due: Iterable[str], back: Iterable[str]) -> Mapping[Ref, Versioned]:
    """Coupons of this store that are there again, or come back."""
    wanted = {Ref("instrument", one): True for one in due} | {Ref("instrument", one): False for one in back}
    found = aggregates.load(list(wanted)) if wanted else {}
    return {
        ref: Versioned(after, row.ver + 1)
        for ref, row in found.items()
        if row is not None and isinstance(row.record, Value)
        if (after := _as_wanted(row.record, there=wanted[ref])) != row.record
    }


def _moved(
    aggregates: Aggregates, who: str, due: Sequence[Benefit], back: Sequence[Benefit], settings: Settings,
    now: datetime, today: date,
) -> tuple[Mapping[Ref, Versioned], Sequence[AnyStep]]:  # fmt: skip
    changed = dict(move(aggregates, [one.id for one in due], [one.id for one in back]))
    refs = [Ref("instrument", one.id) for one in (*due, *back)]
    missing = {ref.id for ref, row in aggregates.load(refs).items() if row is None}
    elsewhere = {one: store for one in missing if (store := aggregates.instrument_store(one))}
    new = [one for one in due if one.id in missing and one.id not in elsewhere]
    if new:
        names = _names(settings)
        at = to_text(now)
        forms = {one.of: one for one in aggregates.promotions(at, at, ()).values() if one.kind == "coupon"}
        for one in new:
            if value := _made(one, forms.get(one.promotion), who, names.get(one.source, Names()), today):
                changed[Ref("instrument", one.id)] = Versioned(value, 1)
    wanted = {one.id for one in due}
    steps = (
        MoveCoupons(
            to=store,
            due=tuple(one for one in ids if one in wanted),
            back=tuple(one for one in ids if one not in wanted),
        )
        for store in sorted(set(elsewhere.values()))
        if (ids := sorted(one for one, at_ in elsewhere.items() if at_ == store))
    )
    return changed, tuple(steps)


def _as_wanted(value: Value, *, there: bool) -> Value:
    """The coupon as it came back, or as it is there again: exactly what was taken."""
    if there == (not value.taken):
        return value
    moved = put_in(value, 1) if there else taken_back(value, 1)
    return msgspec.structs.replace(moved, taken=not there)


def _made(one: Benefit, form: Promotion | None, who: str, source: Names, today: date) -> Value | None:
    """The coupon; None where its promotion is over, or its days are."""
    if form is None or not form.active:
        return None
    ends = [(date.fromisoformat(form.valid_until) - timedelta(days=1)).isoformat()] if form.valid_until else []
    if one.days:
        ends.append((date.fromisoformat(one.on) + timedelta(days=one.days - 1)).isoformat())
    until = min(ends, default="")
    if until and until < today.isoformat():
        return None
    return Value(
        kind="coupon", owner_id=who, balance=1, title=form.names, until=until, promotion=one.promotion, source=source
    )


def _names(settings: Settings) -> Mapping[str, Names]:
    """What plans and levels are called, as far as there is room for it."""
    named = {one.code: one.names for one in settings.levels}
    named |= {one.code: one.names for one in settings.memberships}
    return {code: Names(en=one.en[:_LONGEST], zh=one.zh[:_LONGEST]) for code, one in named.items()}
