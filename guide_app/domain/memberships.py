"""Paid memberships: from when until when each lasts, and whether it was renewed. Pure, for tablet and HQ.

A membership begins on the day on which it was paid; one of the same plan that lasts still is extended from its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta, tzinfo
from typing import NamedTuple

import msgspec

from guide_app.domain import payments, returns
from guide_app.domain.clock import from_text
from guide_app.domain.money import WHOLE
from guide_app.domain.periods import months_on
from guide_app.domain.records.levels import Membership, MembershipPlan
from guide_app.domain.records.order import Order, OrderLine

RENEWED_WITHIN = 30
"""Days behind the end in which a new one still is a renewal."""
_DAY = timedelta(days=1)


class Term(NamedTuple):
    """One membership from its first to its last day, both inclusive, days of the shop; `sold`: as it was."""

    start: str
    last: str
    sold: Membership


class Due(NamedTuple):
    """A membership that ends on a day, and whether another one of its plan follows it."""

    plan: str
    last: str
    renewed: bool


def put(known: Iterable[Membership], told: Iterable[Membership]) -> tuple[Membership, ...]:
    """The memberships, each once by its line: as it was told last."""
    found = {one.line_id: one for one in (*known, *told)}
    return tuple(found[line_id] for line_id in sorted(found))


def told(known: Sequence[Membership], news: Iterable[Membership]) -> tuple[Membership, ...]:
    """The memberships with what an order says of its own now. Terms are those of when HQ heard of it first; what was
    never known and does not stand is nothing."""
    before = {one.line_id: one for one in known}
    after = [
        msgspec.structs.replace(was, void=one.void, pieces=one.pieces, paid_on=was.paid_on if one.void else one.paid_on)
        if (was := before.get(one.line_id))
        else one
        for one in news
    ]
    return put(known, (one for one in after if one.line_id in before or not one.void))


def sold(order_id: str, order: Order, plans: Iterable[MembershipPlan], zone: tzinfo) -> tuple[Membership, ...]:
    """The paid memberships that an order is about, as it stands now; `zone`: the shop's."""
    by_product = {plan.product_id: plan for plan in plans}
    about = [line for line in order.lines if line.product_id in by_product]
    if not about:
        return ()
    has, paid_at = returns.left(order), payments.paid_at(order)
    paid_on = from_text(paid_at).astimezone(zone).date().isoformat() if paid_at else ""
    return tuple(
        _sold(order_id, line, by_product[line.product_id], max(0, has[line.line_id]), paid_on if paid_at else "")
        for line in about
    )


def _sold(order_id: str, line: OrderLine, plan: MembershipPlan, pieces: int, paid_on: str) -> Membership:
    return Membership(
        line_id=line.line_id, order_id=order_id, plan=plan.code, paid_on=paid_on, months=plan.months, pieces=pieces,
        level=plan.level, times=plan.times, void=not paid_on or not pieces, coupons=plan.coupons,
    )  # fmt: skip


def terms(paid: Iterable[Membership]) -> tuple[Term, ...]:
    """When each membership that stands lasts, by plan, in their order."""
    found = list[Term]()
    standing = [one for one in paid if not one.void and one.pieces]
    for one in sorted(standing, key=lambda one: (one.plan, one.paid_on, one.line_id)):
        before = found[-1] if found and found[-1].sold.plan == one.plan else None
        start = date.fromisoformat(one.paid_on)
        if before is not None and before.last >= one.paid_on:
            start = date.fromisoformat(before.last) + _DAY
        found.append(Term(start.isoformat(), (months_on(start, one.months * one.pieces) - _DAY).isoformat(), one))
    return tuple(found)


def on(found: Sequence[Term], day: str) -> Term | None:
    """What the member has paid for on that day, as long as it goes on without a break: of several plans the one that
    ends last. None where nothing lasts."""
    lasting = [one for one in found if one.start <= day <= one.last]
    ends = {one.sold.plan: max(each.last for each in found if each.sold.plan == one.sold.plan) for one in lasting}
    whole = [one._replace(last=ends[one.sold.plan]) for one in lasting]
    return max(whole, key=lambda one: one.last, default=None)


def level_on(found: Iterable[Term], day: str, rank: Callable[[str], int]) -> str:
    """The highest level that the memberships of that day give, "" where none does."""
    return max((one.sold.level for one in found if one.start <= day <= one.last), key=rank, default="")


def times_on(found: Iterable[Term], day: str) -> int:
    """How much what is bought that day counts for points, in basis points."""
    return max((one.sold.times for one in found if one.start <= day <= one.last), default=WHOLE)


def dues(found: Sequence[Term]) -> tuple[Due, ...]:
    """Each membership's end, and whether it was renewed."""
    told = list[Due]()
    for place, one in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else None
        limit = (date.fromisoformat(one.last) + timedelta(days=RENEWED_WITHIN)).isoformat()
        renewed = after is not None and after.sold.plan == one.sold.plan and after.start <= limit
        told.append(Due(one.sold.plan, one.last, renewed))
    return tuple(told)


def due(found: Sequence[Term], today: date, plans: Iterable[MembershipPlan]) -> Term | None:
    """The membership whose renewal the member is to be asked for: it ends soon, or ended some days ago. One that was
    renewed is not, nor one that is not sold any more."""
    remind = {plan.code: (today + timedelta(days=plan.remind_days)).isoformat() for plan in plans}
    late = (today - timedelta(days=RENEWED_WITHIN)).isoformat()
    ends = [one for one, told in zip(found, dues(found), strict=True) if not told.renewed]
    asked = [one for one in ends if late <= one.last <= remind.get(one.sold.plan, "")]
    return min(asked, key=lambda one: one.last, default=None)
