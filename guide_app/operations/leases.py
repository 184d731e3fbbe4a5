"""Leases on the tablet: giving one back, and what an order spends from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar

import msgspec

from guide_app.domain import leases
from guide_app.domain.records import Lease, Part, Record, Ref
from guide_app.domain.records.base import Uuid
from guide_app.domain.records.lease import Share
from guide_app.domain.records.order import Spend
from guide_app.operations.base import Body, Context, Effect, Operation, Refusal, Snapshot


class Spending(Part, frozen=True):
    """Leased value that the order spends, in the unit of the lease's instrument."""

    lease_id: Uuid
    amount: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


class Return(Body, frozen=True):
    """`left`: what the tablet had not spent from it."""

    lease_id: Uuid
    left: Share


class LeaseReturn(Operation[Return]):
    """Gives a lease back. The first time closes it; again, or of a lease that is not there, it has no effect."""

    kind: ClassVar[str] = "lease.return"
    body = Return

    def touches(self, body: Return) -> tuple[Ref, ...]:
        return (Ref("lease", body.lease_id),)

    def guard(self, body: Return, state: Snapshot, now: datetime | None) -> Refusal | None:
        lease = state.get(Ref("lease", body.lease_id), Lease)
        if lease is None or lease.returned_at:
            return Refusal("rejected", "lease_unknown")
        return Refusal("rejected", "overspent") if body.left > lease.left else None

    def effect(self, body: Return, state: Snapshot, context: Context) -> Effect:
        ref = Ref("lease", body.lease_id)
        lease = state.get(ref, Lease)
        if lease is None:
            return Effect({}, "lease_unknown")
        closed = leases.give_back(lease, body.left, context.bounded(context.made_at))
        return Effect({ref: closed} if closed != lease else {})


def total(spends: tuple[Spending, ...] | tuple[Spend, ...]) -> Mapping[Ref, int]:
    """What is spent from each lease."""
    summed = Counter[Ref]()
    for one in spends:
        summed[Ref("lease", one.lease_id)] += one.amount
    return summed


def within(spends: tuple[Spending, ...], state: Snapshot, now: datetime | None) -> Refusal | None:
    """Whether the tablet may spend this now: from leases that it has, that live, and that hold as much."""
    for ref, amount in total(spends).items():
        lease = state.get(ref, Lease)
        if lease is None or not leases.usable(lease, now):
            return Refusal("rejected", "lease_expired")
        if amount > lease.left:
            return Refusal("rejected", "overspent")
    return None


def spent(spends: tuple[Spending, ...], state: Snapshot) -> dict[Ref, Record]:
    """The leases after these spends; those that are not there are passed over."""
    known = ((ref, state.get(ref, Lease), amount) for ref, amount in total(spends).items())
    return {ref: leases.spend(lease, amount) for ref, lease, amount in known if lease}


def refunded(spends: tuple[Spend, ...], state: Snapshot) -> dict[Ref, Record]:
    """The leases after these spends were undone."""
    known = ((ref, state.get(ref, Lease), amount) for ref, amount in total(spends).items())
    return {ref: leases.refund(lease, amount) for ref, lease, amount in known if lease}
