"""What orders earn in points, and what they use: settled with every change of an order, exactly, both ways.

Pure over the port. Terms are fixed when an order comes: one for which no rule held then never earns. From then on its
points follow from what it comes to today. The account may stand in another store: what it gets goes there by a step,
which writes the ledger with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from guide_app.domain import leases, memberships, payments, points, pricing, returns
from guide_app.domain.clock import from_text
from guide_app.domain.ids import derived_id
from guide_app.domain.points import EntryKind, Paid, Terms
from guide_app.domain.pricing import Buyer, Goods
from guide_app.domain.records import Counted, Lease, Member, Order, OrderLine, PointsPlan, Ref
from guide_app.operations import Versioned
from hq.ledger.port import Aggregates
from hq.ledger.steps import AddFigures, AnyStep, GivePoints
from hq.points.values import Earned, PointsEntry


def settle(aggregates: Aggregates, orders: Mapping[str, Order], new: Collection[str]) -> tuple[AnyStep, ...]:
    """Sees to what these orders of the store, as they stand now, mean to their members' points; `new`: which of them
    were not there before."""
    known = _known(aggregates, orders)
    fresh = {order_id: orders[order_id] for order_id, row in known.items() if row is None and order_id in new}
    told = _terms(aggregates, {order_id: order for order_id, order in fresh.items() if order.member_id})
    spent = _spent(aggregates, {order_id: orders[order_id] for order_id in known})
    rows: dict[Ref, Versioned] = {}
    steps: list[GivePoints] = []
    for order_id, row in known.items():
        order = orders[order_id]
        before = row.record if row else Earned(member_id=order.member_id, terms=told.get(order_id))
        assert isinstance(before, Earned)
        account, used = spent.get(order_id, ("", 0))
        now = msgspec.structs.replace(before, earned=_due(before.terms, order), used=used if account else 0)
        if now == before and (row is not None or now.terms is None):
            continue
        ver = row.ver + 1 if row else 1
        rows[Ref("points_earned", order_id)] = Versioned(now, ver)
        if moved := now.earned - before.earned:
            steps.append(_given(aggregates, order_id, order, now, moved))
        account = account or leases.points_instrument(now.member_id).id
        rows |= _used(order_id, order, account, before.used - now.used, ver)
    if rows:
        aggregates.save(rows)
    return (*steps, *_counted(aggregates, steps, orders))


def _counted(aggregates: Aggregates, given: Sequence[GivePoints], orders: Mapping[str, Order]) -> Iterator[AnyStep]:
    """What was earned counts on the order's day for the member's level, where rules ask for points."""
    if not given or not any(step.points for rules in aggregates.settings().level_rules for step in rules.steps):
        return
    zone = ZoneInfo(aggregates.time_zone())
    for one in given:
        on = from_text(orders[one.source].placed_at).astimezone(zone).date().isoformat()
        days = (Counted(on=on, points=one.points),)
        yield AddFigures(to=aggregates.store_id, member_id=one.member_id, days=days)


def _known(aggregates: Aggregates, orders: Mapping[str, Order]) -> Mapping[str, Versioned | None]:
    """The orders that a member has, or that were judged before, with what is known of them."""
    asked = [order_id for order_id, order in orders.items() if order.member_id]
    found = aggregates.load([Ref("points_earned", order_id) for order_id in asked]) if asked else {}
    return {ref.id: row for ref, row in found.items()}


def _due(told: Terms | None, order: Order) -> int:
    if told is None or (told.paid and payments.owed(order)):
        return 0
    return points.earned(told, points.goods_stay(told, order))


def _given(aggregates: Aggregates, order_id: str, order: Order, now: Earned, moved: int) -> GivePoints:
    return GivePoints(
        to=aggregates.store_id, member_id=now.member_id, points=moved, what="earned" if moved > 0 else "taken_back",
        source=order_id, at=order.placed_at if moved > 0 else _ended(order),
        until=now.terms.until if now.terms else "",
    )  # fmt: skip


def _used(order_id: str, order: Order, account: str, moved: int, ver: int) -> Mapping[Ref, Versioned]:
    """The ledger's entry of what an order spends more of, or less; the lease itself has it already."""
    if not moved:
        return {}
    kind: EntryKind = "spent" if moved < 0 else "given_back"
    at = order.placed_at if moved < 0 else _ended(order)
    entry = PointsEntry(instrument_id=account, kind=kind, points=moved, source=order_id, at=at)
    return {Ref("points_entry", derived_id("points_entry", order_id, kind, str(ver))): Versioned(entry, 1)}


def _ended(order: Order) -> str:
    """When the order, or a part of it, was last taken back; "" where nobody says."""
    return order.cancelled_at or max((one.at for one in order.returns), default="")


def _spent(aggregates: Aggregates, orders: Mapping[str, Order]) -> Mapping[str, tuple[str, int]]:
    """The account that each order spends points of, and how many it spends today."""
    spends = {order_id: order.spends for order_id, order in orders.items() if order.spends}
    refs = {Ref("lease", one.lease_id) for many in spends.values() for one in many}
    found = aggregates.load(refs) if refs else {}

    def of_points(order_id: str) -> Iterator[tuple[str, int]]:
        order = orders[order_id]
        today = {one.lease_id: one.amount for one in returns.spent(order)} if order.state != "cancelled" else {}
        for lease_id in {one.lease_id: None for one in spends[order_id]}:
            row = found[Ref("lease", lease_id)]
            instrument = row.record.instrument if row and isinstance(row.record, Lease) else None
            if instrument is not None and instrument.kind == "points":
                yield instrument.id, today.get(lease_id, 0)

    told = {order_id: list(of_points(order_id)) for order_id in spends}
    return {order_id: (many[0][0], sum(amount for _, amount in many)) for order_id, many in told.items() if many}


def _terms(aggregates: Aggregates, orders: Mapping[str, Order]) -> Mapping[str, Terms]:
    """By what orders that were never judged earn."""
    plan = aggregates.settings().points if orders else PointsPlan()
    if not plan.earnings:
        return {}
    zone = ZoneInfo(aggregates.time_zone())
    goods = aggregates.goods({line.product_id for order in orders.values() for line in order.lines})
    homes = aggregates.homes({order.member_id for order in orders.values()})
    found = dict[str, Terms]()
    for order_id, order in orders.items():
        home = homes.get(order.member_id)
        day = from_text(order.placed_at).astimezone(zone).date()
        buyer = buyer_of(home.row.record, day) if home and isinstance(home.row.record, Member) else Buyer()
        told = points.terms(plan, [_paid(line, goods) for line in order.lines], buyer, day)
        if told is not None:
            found[order_id] = told
    return found


def buyer_of(member: Member, day: date) -> Buyer:
    """The member as far as points ask for them on a day of the shop."""
    times = memberships.times_on(memberships.terms(member.memberships), day.isoformat())
    return Buyer(level=member.level, birth_month=int(member.birthday[-5:-3] or 0), times=times)


def _paid(line: OrderLine, goods: Mapping[str, Goods]) -> Paid:
    return Paid(pricing.line_sold(line, goods), line.amount)
