"""Who brought whom: after the first order both are given points, once; without an order that stands, neither has them.

Pure over the port. What is due follows from the member's own row at home, so it is settled there with every change of
it; the points go into both instruments by steps, which are left together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from guide_app.domain import leases
from guide_app.domain.ids import derived_id
from guide_app.domain.records import Member, Ref
from guide_app.operations import Versioned
from hq.joining.values import Referral
from hq.leases.values import Value, put_in, taken_back
from hq.ledger.port import Aggregates
from hq.ledger.steps import AnyStep, GivePoints
from hq.points.values import PointsEntry, entry_ref


class Given(NamedTuple):
    """An instrument that changed, or the step that goes on to another store."""

    rows: Mapping[Ref, Versioned]
    steps: tuple[AnyStep, ...]


def settle(aggregates: Aggregates, members: Mapping[str, Member]) -> tuple[AnyStep, ...]:
    """Sees to what the members of this store, as they stand now, are due for having been brought by somebody."""
    brought = {member_id: member for member_id, member in members.items() if member.referrer}
    if not brought:
        return ()
    known = aggregates.load([Ref("referral", member_id) for member_id in brought])
    rows: dict[Ref, Versioned] = {}
    steps: list[AnyStep] = []
    for member_id, member in brought.items():
        ref = Ref("referral", member_id)
        before = known[ref]
        now = _now(aggregates, member_id, member, before)
        if now is not None and (before is None or now != before.record):
            rows[ref] = Versioned(now, before.ver + 1 if before else 1)
            steps += _moved(aggregates, member_id, now, 1 if now.paid else -1)
    if rows:
        aggregates.save(rows)
    return tuple(steps)


def vanished(aggregates: Aggregates, member_id: str) -> tuple[AnyStep, ...]:
    """Takes back what a member was given who turned out to be another one: that one is judged anew."""
    ref = Ref("referral", member_id)
    row = aggregates.load([ref])[ref]
    if row is None or not isinstance(row.record, Referral):
        return ()
    aggregates.remove([ref])
    return _moved(aggregates, member_id, row.record, -1) if row.record.paid else ()


def give(aggregates: Aggregates, step: GivePoints) -> Given:
    """Puts points into a member's instrument where that is: at their home while they have none, and here while HQ has
    not taken their sign-up either."""
    ref = Ref("instrument", leases.points_instrument(step.member_id).id)
    if aggregates.erased([step.member_id]):
        return Given({}, ())
    at = aggregates.instrument_store(ref.id) or _home(aggregates, step.member_id) or aggregates.store_id
    if at != aggregates.store_id:
        return Given({}, (msgspec.structs.replace(step, to=at),))
    row = aggregates.load([ref])[ref]
    value = row.record if row else Value(kind="points", owner_id=step.member_id)
    assert isinstance(value, Value)
    after = put_in(value, step.points) if step.points > 0 else taken_back(value, -step.points)
    ver = row.ver + 1 if row else 1
    entry = PointsEntry(
        instrument_id=ref.id, kind=step.what, points=step.points, source=step.source, at=step.at, until=step.until
    )
    aggregates.save({entry_ref(ref.id, ver): Versioned(entry, 1)})
    return Given(aggregates.save({ref: Versioned(after, ver)}), ())


def find(aggregates: Aggregates, told: str) -> str:
    """The member whom a number or a phone names, wherever they are; "" where nobody."""
    named = aggregates.same_number(told) or aggregates.same_phone(told)
    homes = aggregates.homes([named[0][1]]) if named else {}
    return homes[named[0][1]].member_id if homes else ""


def _home(aggregates: Aggregates, member_id: str) -> str:
    """The store that a member belongs to, or the one that they became; "" where nobody is."""
    home = aggregates.homes([member_id]).get(member_id)
    return home.store_id if home else ""


def _now(aggregates: Aggregates, member_id: str, member: Member, before: Versioned | None) -> Referral | None:
    """The referral as it should be; None where there is none."""
    if before is None:
        points = aggregates.settings().referral_points if member.order_count > 0 else 0
        referrer = find(aggregates, member.referrer) if points > 0 else ""
        return Referral(referrer_id=referrer, points=points) if referrer not in ("", member_id) else None
    referral = before.record
    assert isinstance(referral, Referral)
    home = aggregates.homes([referral.referrer_id]).get(referral.referrer_id)
    own = home is not None and home.member_id == member_id  # the two turned out to be one
    return msgspec.structs.replace(referral, paid=member.order_count > 0 and not own)


def _moved(aggregates: Aggregates, member_id: str, referral: Referral, sign: int) -> tuple[AnyStep, ...]:
    """Points for both, or taken from both."""
    return tuple(
        GivePoints(
            to=aggregates.store_id,
            member_id=whose,
            points=sign * referral.points,
            source=derived_id("referral", member_id),
        )
        for whose in (member_id, referral.referrer_id)
    )
