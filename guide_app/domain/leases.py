"""The arithmetic of leases, one for tablet and HQ, and the tablet's judgement of time.

For every lease ``held = amount - returned`` and ``left + spent = held + overspent``; a lease changes what its
instrument does without only when it is granted, enlarged or gives back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from guide_app.domain.clock import Clock, to_text
from guide_app.domain.ids import derived_id
from guide_app.domain.records.lease import Instrument, Lease
from guide_app.domain.records.order import Spend

LIFE = timedelta(days=3)
"""How long a lease can be spent after it was granted or enlarged."""
GRACE = timedelta(hours=24)
"""How long after its expiry HQ keeps a lease's rest for spends that are still on their way."""
EARLY = timedelta(hours=6)
"""How long before its expiry a tablet gives a lease back."""
_LONGEST_S = 10 * 365 * 86_400.0


def spend(lease: Lease, amount: int) -> Lease:
    """The lease after a spend, whatever was left of it."""
    return msgspec.structs.replace(lease, spent=lease.spent + amount)


def refund(lease: Lease, amount: int) -> Lease:
    """The lease after a spend was undone; what a closed lease thereby has left goes to its instrument at once."""
    after = msgspec.structs.replace(lease, spent=lease.spent - amount)
    if not lease.returned_at:
        return after
    return msgspec.structs.replace(after, returned=after.returned + after.left - lease.left)


def spend_again(lease: Lease, amount: int, free: int) -> Lease:
    """The lease after a refund was undone: what went to the instrument by it is fetched from there again, as far as it
    is `free` yet; the rest is overspent."""
    after = spend(lease, amount)
    fetched = min(after.overspent - lease.overspent, free, after.returned) if lease.returned_at else 0
    return msgspec.structs.replace(after, returned=after.returned - fetched)


def give_back(lease: Lease, left: int, at: str) -> Lease:
    """Closes the lease: `left`, as far as it is there, goes to the instrument; a second time nothing more does.

    What the tablet did not name stays held for spends that have not come yet.
    """
    if lease.returned_at:
        return lease
    return msgspec.structs.replace(lease, returned=lease.returned + min(left, lease.left), returned_at=at)


def release(lease: Lease, at: str) -> Lease:
    """Closes the lease for good: all that is left goes to the instrument."""
    return msgspec.structs.replace(lease, returned=lease.returned + lease.left, returned_at=lease.returned_at or at)


def enlarge(lease: Lease, amount: int, expires_at: str) -> Lease:
    """The lease with more in it, and a later expiry."""
    return msgspec.structs.replace(lease, amount=lease.amount + amount, expires_at=max(lease.expires_at, expires_at))


def stock_instrument(store_id: str, product_id: str) -> Instrument:
    """A store's promised pieces of a product."""
    return Instrument(kind="stock", id=derived_id("instrument", "stock", store_id, product_id))


def points_instrument(member_id: str) -> Instrument:
    """A member's points."""
    return Instrument(kind="points", id=derived_id("instrument", "points", member_id))


def staff_instrument(store_id: str, staff_id: str, month: str) -> Instrument:
    """What a colleague may buy at staff prices in a month (``YYYY-MM`` by the shop's clock), minor units."""
    return Instrument(kind="staff", id=derived_id("instrument", "staff", store_id, staff_id, month))


class Heard(NamedTuple):
    """HQ's last answer: its time, and what this tablet's two clocks showed when it came."""

    hq: datetime
    monotonic: float
    wall: datetime


def hq_now(heard: Heard | None, clock: Clock) -> datetime | None:
    """The latest time that HQ's clock can show, as far as this tablet knows; None: HQ was not heard since the start.

    The monotonic clock cannot be put back; the time of day, which goes on while a machine sleeps, can only move the
    result on. Neither tells how long a machine was off: after a start nothing is known until HQ answers.
    """
    if heard is None:
        return None
    passed = max(clock.monotonic() - heard.monotonic, (clock.now() - heard.wall).total_seconds())
    return heard.hq + timedelta(seconds=min(passed, _LONGEST_S))


def usable(lease: Lease, now: datetime | None) -> bool:
    """Whether the tablet may spend from it. `now`: HQ's time, see `hq_now`."""
    return now is not None and not lease.returned_at and to_text(now) < lease.expires_at


def limit_back(known: Mapping[str, Lease], spent: Iterable[Spend], money: int, *, gone: bool) -> dict[str, int]:
    """What each lease of a colleague's limit gets back of what an order still spends, by lease: as `money` (minor
    units) is refunded; once nothing of the order stays (`gone`), all. `known`: the leases that are here."""
    staff = {one for one, lease in known.items() if lease.instrument and lease.instrument.kind == "staff"}
    return in_turn([one for one in spent if one.lease_id in staff], money, gone=gone)


def in_turn(spent: Iterable[Spend], money: int, *, gone: bool) -> dict[str, int]:
    """So much `money` of these spends, or all of it once nothing is left (`gone`), by lease: one after the other, in
    the order of their ids."""
    found: dict[str, int] = {}
    for one in sorted(spent, key=lambda one: one.lease_id):
        amount = one.amount if gone else min(one.amount, money)
        money -= amount
        if amount > 0:
            found[one.lease_id] = amount
    return found


def to_return(lease: Lease, now: datetime | None, day_began: str) -> bool:
    """Whether a tablet gives the lease back: it is drained, of an earlier day of the shop, or near its expiry.

    `day_began`: when the shop's day began, RFC 3339 UTC.
    """
    if lease.returned_at or now is None:
        return False
    return not lease.left or lease.granted_at < day_began or to_text(now + EARLY) >= lease.expires_at
