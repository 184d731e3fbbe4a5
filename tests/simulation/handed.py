"""Goods that HQ's own people move too, and what colleagues buy at staff prices: what must hold once all is quiet."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from guide_app.domain import returns, ways
from tests.simulation.invariants import Violation

if TYPE_CHECKING:
    from tests.simulation.world import World


def at_rest(world: World) -> None:
    """What holds once all is quiet; it counts what was done of it."""
    goods_2(world)
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
    kinds = ("order.fulfil", "order.reroute")
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
