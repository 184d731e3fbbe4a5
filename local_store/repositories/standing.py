"""Where a member stands: their level as it follows from what is on this tablet, before HQ has said so."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from zoneinfo import ZoneInfo

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import levels, memberships
from guide_app.domain.clock import Clock
from guide_app.domain.records import Member, Membership, MembershipPlan, Order
from guide_app.domain.shopday import ShopDay
from local_store.meta import Meta
from local_store.repositories.reading import all_ids, listed, readable
from local_store.repositories.shop import settings

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


def _sold(
    connection: sqlite.Connection, member_id: str, plans: Collection[MembershipPlan], zone: ZoneInfo
) -> Iterator[Membership]:
    """What this store's orders say of the memberships that they pay for."""
    if plans:
        products = listed(plan.product_id for plan in plans)
        for order_id, d in connection.execute(_SOLD, (listed(all_ids(connection, member_id)), products)):
            if (order := readable(d, Order)) is not None:
                yield from memberships.sold(order_id, order, plans, zone)
