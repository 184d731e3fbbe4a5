"""Where a member stands: their level as it follows from what is on this tablet, before HQ has said so."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from zoneinfo import ZoneInfo

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import levels, memberships
from guide_app.domain.clock import Clock
from guide_app.domain.memberships import Term
from guide_app.domain.records import Member, Membership, MembershipPlan, Names, Order
from guide_app.domain.shopday import ShopDay
from local_store.meta import Meta
from local_store.repositories.reading import all_ids, listed, readable
from local_store.repositories.shop import settings

_PAID = "SELECT id, d -> '$.memberships' FROM member WHERE instr(d, '\"memberships\"') > 0 AND visitor = 0"
_MEMBERSHIPS = msgspec.json.Decoder(tuple[Membership, ...])
_SOLD = (
    "SELECT o.id, o.d FROM shop_order AS o WHERE o.member_id IN (SELECT value FROM json_each(?)) AND o.member_id <> '' "
    "AND EXISTS (SELECT 1 FROM json_each(o.d, '$.lines') AS line "
    "WHERE line.value ->> '$.product_id' IN (SELECT value FROM json_each(?))) ORDER BY o.placed_at"
)


def standing(connection: sqlite.Connection, clock: Clock, member_id: str, member: Member) -> levels.Standing:
    """Where a member (an id of today) stands on the shop's day. Where nothing but HQ's people gives levels it is the
    one that they gave."""
    told = settings(connection)
    zone = Meta(connection).text("time_zone") or "UTC"
    paid = memberships.told(member.memberships, _sold(connection, member_id, told.memberships, ZoneInfo(zone)))
    seen = msgspec.structs.replace(member, memberships=paid)
    return levels.seen(seen, told, ShopDay(clock, zone).today())


def renewals(
    connection: sqlite.Connection, today: date, guide_id: str, limit: int
) -> tuple[dict[str, Term], dict[str, Names], bool]:
    """Whose paid membership of this store's members is to be renewed, who ends first coming first; what the plans are
    called; whether there are more. With `guide_id` the guide's members and nobody's."""
    told = settings(connection)
    zone = ZoneInfo(Meta(connection).text("time_zone") or "UTC")
    mine, whose = (" AND owner_id IN (?, '')", (guide_id,)) if guide_id else ("", ())
    found = connection.execute(f"{_PAID}{mine} ORDER BY n", whose).fetchall() if told.memberships else []
    ends = dict[str, Term]()
    for member_id, text in found:
        known = _MEMBERSHIPS.decode(text) if text else ()
        if memberships.due(memberships.terms(known), today, told.memberships) is not None:
            paid = memberships.told(known, _sold(connection, member_id, told.memberships, zone))
            due = memberships.due(memberships.terms(paid), today, told.memberships)
            ends |= {member_id: due} if due is not None else {}
    first = sorted(ends.items(), key=lambda one: (one[1].last, one[0]))[:limit]
    return dict(first), {plan.code: plan.names for plan in told.memberships}, len(ends) > limit


def _sold(
    connection: sqlite.Connection, member_id: str, plans: Collection[MembershipPlan], zone: ZoneInfo
) -> Iterator[Membership]:
    """What this store's orders say of the memberships that they pay for."""
    if plans:
        products = listed(plan.product_id for plan in plans)
        for order_id, d in connection.execute(_SOLD, (listed(all_ids(connection, member_id)), products)):
            if (order := readable(d, Order)) is not None:
                yield from memberships.sold(order_id, order, plans, zone)
