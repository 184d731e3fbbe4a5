"""Coupons that go with a paid membership or with a level: which are due by a day, and which are to come back. Pure.

Each coupon has one id for ever, of the line by which the membership was sold or of the rules by which the level was
reached: so it is issued once, however often and in whatever order things are heard, and what came back is found again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from guide_app.domain import memberships
from guide_app.domain.ids import derived_id
from guide_app.domain.periods import months_on
from guide_app.domain.records.levels import LevelRules, Membership, PlanCoupon


class Benefit(NamedTuple):
    """A coupon: `id` of its instrument, what it is a coupon of and for how many `days` (0: as long as the promotion),
    the day from which it is due, the code of the plan or level that it goes with."""

    id: str
    promotion: str
    days: int
    on: str
    source: str


class Settled(NamedTuple):
    """Memberships that know what was issued; the coupons that are due now, and those that come back."""

    paid: tuple[Membership, ...]
    due: Sequence[Benefit] = ()
    back: Sequence[Benefit] = ()


def of_memberships(paid: Sequence[Membership], today: str) -> Settled:
    """What the memberships come to on a day of the shop, against what was issued before."""
    terms = {term.sold.line_id: term for term in memberships.terms(paid)}
    after, due, back = list[Membership](), list[Benefit](), list[Benefit]()
    for one in paid:
        begun = list[int]()
        for place, coupon in enumerate(one.coupons):
            starts = list(_starts(terms.get(one.line_id), coupon))
            now = sum(on <= today for on in starts)
            was = one.issued[place] if place < len(one.issued) else 0
            due += (each for n in range(was, now) for each in _issued(one, place, n, starts[n]))
            back += (each for n in range(now, was) for each in _issued(one, place, n, ""))
            begun.append(now)
        issued = tuple(begun) if any(begun) else ()
        after.append(one if issued == one.issued else msgspec.structs.replace(one, issued=issued))
    return Settled(tuple(after), due, back)


def starts(terms: Iterable[memberships.Term]) -> Iterator[str]:
    """The days on which coupons of the memberships are due, those that are over too."""
    return (on for term in terms for coupon in term.sold.coupons for on in _starts(term, coupon))


def of_levels(
    rules: Iterable[LevelRules], reached: Mapping[tuple[str, str], str], member_id: str
) -> Iterator[tuple[Benefit, bool]]:
    """Every coupon that a member may have for a level, and whether they do. `reached`: (first day of the rules, level)
    → the day on which it was reached."""
    for one in rules:
        for step in one.steps:
            on = reached.get((one.valid_from, step.code), "")
            for place, coupon in enumerate(step.coupons):
                for n in range(coupon.pieces):
                    named = derived_id("level_coupon", member_id, one.valid_from, step.code, str(place), str(n))
                    yield Benefit(named, coupon.promotion, coupon.days, on, step.code), bool(on)


def _issued(one: Membership, place: int, period: int, on: str) -> Iterator[Benefit]:
    """The coupons of one period."""
    coupon = one.coupons[place]
    for n in range(coupon.pieces):
        named = derived_id("plan_coupon", one.line_id, str(place), str(period), str(n))
        yield Benefit(named, coupon.promotion, coupon.days, on, one.plan)


def _starts(term: memberships.Term | None, coupon: PlanCoupon) -> Iterator[str]:
    """The first days of the periods: of each piece of the membership, or of each of its months."""
    if term is None:
        return
    step = 1 if coupon.every == "month" else term.sold.months
    first = date.fromisoformat(term.start)
    for months in range(0, term.sold.months * term.sold.pieces, step):
        yield months_on(first, months).isoformat()
