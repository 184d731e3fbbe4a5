"""What value stands behind the coupons and points of an order: only what was leased, and still is the customer's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from guide_app.domain.records import Instrument, Lease, Record, Ref
from hq.handlers.base import Desk
from hq.leases.values import Value


class Behind(NamedTuple):
    """The coupons, and how many points, that an order spends and that were there to be spent."""

    coupons: frozenset[str] = frozenset()
    points: int = 0


def behind(spends: Mapping[Ref, int], after: Mapping[Ref, Record], desk: Desk) -> Behind:
    """`spends`: lease → what of it an order spends; `after`: the leases as they are with it, those that HQ did not know
    among them. What goes beyond a lease is no value, nor is a coupon that HQ has taken back."""
    there = Counter[Instrument]()
    for ref, amount in spends.items():
        lease, before = after.get(ref), desk.rows.get(ref, Lease)
        if isinstance(lease, Lease) and lease.instrument is not None:
            there[lease.instrument] += amount - (lease.overspent - (before.overspent if before else 0))
    coupons = {Ref("instrument", one.id): one.id for one, count in there.items() if one.kind == "coupon" and count > 0}
    desk.fetch(coupons)
    held = {ref: desk.rows.get(ref, Value) for ref in coupons}
    return Behind(
        coupons=frozenset(coupons[ref] for ref, value in held.items() if value is not None and not value.taken),
        points=sum(max(0, count) for one, count in there.items() if one.kind == "points"),
    )
