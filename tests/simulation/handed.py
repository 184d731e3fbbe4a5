"""Goods that HQ's own people move too, and what colleagues buy at staff prices: what must hold once all is quiet."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from guide_app.domain import returns, ways
from tests.simulation.invariants import Violation, orders_at_home

if TYPE_CHECKING:
    from tests.simulation.world import World


def at_rest(world: World) -> None:
    """What holds once all is quiet; it counts what was done of it."""
    goods_2(world)
    parcels_5(world)
    staff_5(world)
    orders: list[Any] = [
        row.record for store in world.hq.stores for row in world.hq.data.records(store.store_id, "order").values()
    ]
    world.deeds["staff purchases"] += sum(bool(order.staff_id) for order in orders)
    world.deeds["moves of goods by HQ"] += len(world.hq.moved)


def goods_2(world: World) -> None:
    """Each step of goods that HQ took of a tablet, or that its own people did, stands once in its order, and no other
    does; how far the goods are follows from them."""
    data, kept = world.hq.data, Counter[str]()
    kinds = ("order.fulfil", "order.reroute", "parcel.step")
    told = {op_id for op_id, op in data.log().items() if op.kind in kinds and op.status == "applied"}
    for store in world.hq.stores:
        for row in data.records(store.store_id, "order").values():
            order: Any = row.record
            goes = order.fulfilment
            kept.update(step.op_id for step in goes.steps)
            if goes.progress != ways.progress(goes.steps):
                raise Violation(2, f"goods are {goes.progress!r}, by their steps {ways.progress(goes.steps)!r}")
    if kept != Counter({*told, *world.hq.moved}):
        missing = [*(told - set(kept)), *(world.hq.moved - set(kept))]
        raise Violation(2, f"{len(missing)} steps of goods are in no order, {kept.total()} are kept")


def parcels_5(world: World) -> None:
    """A shop has a parcel of another's order only where it was asked to see to it; both have the same steps; who gets
    the goods stands only where somebody still has to see to them."""
    data = world.hq.data
    homes = orders_at_home(world)
    for store in world.hq.stores:
        for order_id, row in data.records(store.store_id, "parcel").items():
            parcel: Any = row.record
            home_id, home = homes[order_id]
            asked = {step.way.store_id for step in home.fulfilment.steps if step.way is not None}
            asked |= {home.fulfilment.store_id, home.fulfilment.first.store_id if home.fulfilment.first else ""}
            if store.store_id == home_id or store.store_id not in asked:
                raise Violation(7, "a shop has a parcel that was never its own to see to")
            mine = [(one.op_id, one.what, one.undoes) for one in parcel.goes.steps]
            if mine != [(one.op_id, one.what, one.undoes) for one in home.fulfilment.steps]:
                raise Violation(4, f"a parcel has the steps {mine}, its order others")
            if (parcel.cancelled, parcel.goes.progress) != (home.state == "cancelled", home.fulfilment.progress):
                raise Violation(4, f"a parcel is {parcel.goes.progress}, its order {home.fulfilment.progress}")
            over = parcel.cancelled or parcel.goes.store_id != store.store_id or parcel.goes.progress == "done"
            if (over or home.fulfilment.to is None) and (parcel.to is not None or parcel.note):
                raise Violation(10, "a parcel tells of somebody for whom there is nothing to do here")
            world.deeds["parcels"] += 1
            world.deeds["parcels handed over"] += parcel.goes.store_id == store.store_id and parcel.goes.progress in (
                "shipped", "done"
            )  # fmt: skip
    for order_id, (_, order) in homes.items():
        there = order.fulfilment.store_id
        known = order.state != "cancelled" and there in {one.store_id for one in world.hq.stores}
        if known and order_id not in data.records(there, "parcel"):
            raise Violation(4, "a shop that is to see to an order has not heard of it")


def staff_5(world: World) -> None:
    """Staff purchases: each spends exactly what it costs, of its colleague's own limit; and of no month more was bought
    than HQ ever allowed, but for what HQ's leases say was spent beyond them."""
    data, bought, beyond = world.hq.data, Counter[str](), Counter[str]()
    leases: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for store in world.hq.stores:
        leases |= {lease_id: row.record for lease_id, row in data.records(store.store_id, "lease").items()}
        values |= {row_id: row.record for row_id, row in data.records(store.store_id, "instrument").items()}
    for store in world.hq.stores:
        for row in data.records(store.store_id, "order").values():
            order: Any = row.record
            found = [(one, leases[one.lease_id].instrument) for one in order.spends]
            ours = [(one, of) for one, of in found if of is None or of.kind == "staff"]
            if order.staff_id and sum(one.amount for one, _ in ours) != max(0, order.totals.total):
                raise Violation(5, "a staff purchase does not spend what it costs")
            if any(of and (not order.staff_id or values[of.id].owner_id != order.staff_id) for _, of in ours):
                raise Violation(5, "a colleague's limit was spent by somebody else")
            if order.state != "cancelled":
                for spend in returns.spent(order):
                    if (of := leases[spend.lease_id].instrument) and of.kind == "staff":
                        bought[of.id] += spend.amount
    for lease in leases.values():
        if lease.instrument and lease.instrument.kind == "staff":
            beyond[lease.instrument.id] += lease.overspent
    for month, value in values.items():
        if (
            value.kind == "staff"
            and not bought[month] - beyond[month] <= value.balance <= world.hq.limits[value.owner_id]
        ):
            raise Violation(5, f"bought for {bought[month]} of {value.balance}, {beyond[month]} is said to be beyond")
