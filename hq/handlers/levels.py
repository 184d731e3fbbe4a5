"""Members' levels at HQ: told anew whenever what they follow from changed, and on the day on which something ends.

Pure over the port. Which level a member has is `guide_app.domain.levels`, which the tablet asks too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from guide_app.domain import levels, memberships
from guide_app.domain.records import Counted, Member, Order, Ref, Settings
from guide_app.operations import Versioned
from hq.handlers import benefits
from hq.handlers.work import Work, feed_rows
from hq.ledger.port import Aggregates
from hq.ledger.steps import AnyStep, JudgeLevel, RefreshVisitor, TellMemberships

NEVER = "9999-12-31"
"""The next look where nothing ends: as a day that does not come."""


def settle(aggregates: Aggregates, members: Mapping[str, Member], orders: Mapping[str, Order]) -> tuple[AnyStep, ...]:
    """What changed members and orders of the store mean to levels and memberships: steps, this store's own too."""
    about = [member_id for member_id, one in members.items() if one.counted or one.memberships or one.level_look]
    bought = {order_id: order for order_id, order in orders.items() if order.member_id}
    if not about and not bought:
        return ()
    settings = aggregates.settings()
    steps: list[AnyStep] = []
    if settings.memberships and bought:
        zone = ZoneInfo(aggregates.time_zone())
        for order_id, order in bought.items():
            if paid := memberships.sold(order_id, order, settings.memberships, zone):
                steps.append(TellMemberships(to=aggregates.store_id, member_id=order.member_id, paid=paid))
    steps += [
        JudgeLevel(to=aggregates.store_id, member_id=member_id)
        for member_id in about
        if levels.ruled(settings, members[member_id].memberships)
    ]
    return tuple(steps)


def judge(aggregates: Aggregates, member_ids: Collection[str], now: datetime, currency: str) -> Work:
    """The members of this store with the levels that they have on the store's day; whoever went is passed over.
    `currency`: the store's."""
    refs = [Ref("member", member_id) for member_id in member_ids]
    found = {ref: row for ref, row in aggregates.load(refs).items() if row is not None}
    settings, today = aggregates.settings(), now.astimezone(ZoneInfo(aggregates.time_zone())).date()
    members = {ref: row.record for ref, row in found.items() if isinstance(row.record, Member)}
    members = {ref: one for ref, one in members.items() if levels.ruled(settings, one.memberships)}
    known = with_past(aggregates, {ref.id: one for ref, one in members.items()}, currency, today)
    changed: dict[Ref, Versioned] = {}
    moves: list[AnyStep] = []
    for ref, member in members.items():
        told = benefits.settle(aggregates, ref.id, known[ref.id], settings, now, today)
        after = judged(told.member, settings, today)
        if after != member:
            changed[ref] = Versioned(after, found[ref].ver + 1)
        changed |= told.rows
        moves += told.steps
    if not changed:
        return Work(steps=tuple(moves))
    saved = aggregates.save(changed)
    told_of = [ref.id for ref in changed if ref.entity == "member"]
    visits = aggregates.visits(told_of)
    refreshes = (RefreshVisitor(to=store_id, member_id=who) for who in told_of for store_id in visits.get(who, ()))
    return Work(feed_rows(saved), (*refreshes, *moves))


def with_past(
    aggregates: Aggregates, members: Mapping[str, Member], currency: str, today: date
) -> Mapping[str, Member]:
    """The members with what they bought before days were counted, where nobody has looked at it yet."""
    older = [member_id for member_id, one in members.items() if _has_older(one)]
    bought = aggregates.bought(older, currency) if older else {}
    return {
        member_id: _with_older(one, bought[member_id].days if member_id in bought else (), today)
        for member_id, one in members.items()
    }


def _has_older(member: Member) -> bool:
    """Whether they bought before days were counted, and nobody has looked yet."""
    return not member.level_look and member.order_count > sum(one.orders for one in member.counted)


def _with_older(member: Member, days: Iterable[Counted], today: date) -> Member:
    """The member with the days before the first one that was counted."""
    first = min((one.on for one in member.counted), default=today.isoformat())
    older = (one for one in days if one.on < first)
    return msgspec.structs.replace(member, counted=levels.put(member.counted, *older))


def judged(member: Member, settings: Settings, today: date) -> Member:
    """The member with the level of this day, and with the day on which to look again."""
    begun = levels.begun(member, today)
    facts = levels.put_together(settings.levels, settings.level_rules, levels.facts_of(begun), today)
    begun = msgspec.structs.replace(begun, counted=tuple(facts.counted), given=facts.given)
    found = levels.seen(begun, settings, today)
    return msgspec.structs.replace(begun, level=found.level, level_look=found.next_look or NEVER)
