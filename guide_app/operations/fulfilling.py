"""What is done about goods that are handed over later, and another way for them to reach the customer."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated, ClassVar, Literal

import msgspec

from guide_app.domain import fulfilment, leases, returns, ways
from guide_app.domain.records import Fulfilment, FulfilStep, Lease, Order, Record, Ref, Spend, Stock
from guide_app.domain.records.base import Uuid
from guide_app.operations.base import Body, Context, Effect, Older, Operation, Refusal, Snapshot, unique
from guide_app.operations.leases import Spending, spent, total, within
from guide_app.operations.orders import WantedFulfilment

Way = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?\Z")]
"""A way for the goods, by the operation that chose it; empty: the one of the placing."""


class FulfilV1(Body, frozen=True):
    """Version 1 did not say under which way a step was taken."""

    order_id: Uuid
    what: Literal["picking", "ready", "shipped", "done", "failed", "undo"]
    undoes: Uuid | None = None


class FulfilV2(Body, frozen=True):
    """Version 2 did not say that a new order charges for goods that had left."""

    order_id: Uuid
    what: Literal["picking", "ready", "shipped", "done", "failed", "seen", "undo"]
    undoes: Uuid | None = None
    under: Way | None = None


class Fulfil(Body, frozen=True):
    """One step; "undo" takes back the step of the operation `undoes`, "seen" says that the shop knows of that one.

    `under`: the operation that chose the way that the guide saw, empty: the way of the placing, None: not told.
    `charged_by`: the order, committed with it, that charges for goods which left though theirs was cancelled.
    """

    order_id: Uuid
    what: Literal["picking", "ready", "shipped", "done", "failed", "seen", "undo"]
    undoes: Uuid | None = None
    under: Way | None = None
    charged_by: Uuid | None = None


def _older(body: FulfilV1 | FulfilV2) -> Fulfil:
    return msgspec.convert(msgspec.to_builtins(body), Fulfil)


class Reroute(Body, frozen=True):
    """Another way. `spends`: pieces of this shop that are put aside for it. `member_id`: whose the order is."""

    order_id: Uuid
    fulfilment: WantedFulfilment
    spends: Annotated[tuple[Spending, ...], msgspec.Meta(max_length=200)] = ()
    member_id: Uuid | None = None


class OrderFulfil(Operation[Fulfil]):
    """A step is put to the order's; the way that counts, the state and the stock follow. Again: no effect."""

    kind: ClassVar[str] = "order.fulfil"
    version: ClassVar[int] = 3
    body = Fulfil
    older = (Older(1, FulfilV1, _older), Older(2, FulfilV2, _older))

    def touches(self, body: Fulfil) -> tuple[Ref, ...]:
        return (Ref("order", body.order_id),)

    def follows(self, body: Fulfil, state: Snapshot) -> tuple[Ref, ...]:
        order = state.get(Ref("order", body.order_id), Order)
        if order is None:
            return ()
        return unique((*(Ref("stock", line.product_id) for line in order.lines), *total(order.spends)))

    def check(self, body: Fulfil, state: Snapshot, context: Context) -> Refusal | None:
        order = state.get(Ref("order", body.order_id), Order)
        return None if order is not None and _happened(order, body) else _gone(order)

    def effect(self, body: Fulfil, state: Snapshot, context: Context) -> Effect:
        order = state.get(Ref("order", body.order_id), Order)
        if order is None:
            return Effect({})
        at = context.bounded(context.made_at)
        before = _without(order.fulfilment, context.op_id)
        step = FulfilStep(op_id=context.op_id, what=body.what, at=at, guide_id=context.guide_id,
                          undoes=body.undoes or "", under=_under(body, before, at),
                          charged_by=body.charged_by or "" if body.what == "undo" else "")  # fmt: skip
        return took_step(body.order_id, step, state)


class OrderReroute(Operation[Reroute]):
    """Another way for goods that are not out yet: the pieces of the one go back, those of the other are put aside."""

    kind: ClassVar[str] = "order.reroute"
    body = Reroute

    def touches(self, body: Reroute) -> tuple[Ref, ...]:
        member = (Ref("member", body.member_id),) if body.member_id else ()
        return unique((Ref("order", body.order_id), *member, *total(body.spends)))

    def follows(self, body: Reroute, state: Snapshot) -> tuple[Ref, ...]:
        order = state.get(Ref("order", body.order_id), Order)
        if order is None:
            return ()
        return unique((*(Ref("stock", line.product_id) for line in order.lines), *total(order.spends)))

    def without_person(self, body: Reroute) -> Reroute:
        nobodys = msgspec.structs.replace(body.fulfilment, to=None, note="")
        return msgspec.structs.replace(body, member_id=None, fulfilment=nobodys)

    def check(self, body: Reroute, state: Snapshot, context: Context) -> Refusal | None:
        order = state.get(Ref("order", body.order_id), Order)
        if refused := _gone(order):
            return refused
        out = order is not None and order.state in returns.GONE_OUT
        goods_left = order is not None and order.state != "returned" and ways.departures(order.fulfilment.steps)
        return Refusal("rejected", "already_shipped") if out and not goods_left else None

    def guard(self, body: Reroute, state: Snapshot, now: datetime | None) -> Refusal | None:
        order = state.get(Ref("order", body.order_id), Order)
        if order is not None and ways.departures(order.fulfilment.steps):
            return Refusal("rejected", "already_shipped")
        return within(body.spends, state, now)

    def effect(self, body: Reroute, state: Snapshot, context: Context) -> Effect:
        order = state.get(Ref("order", body.order_id), Order)
        if order is None:
            return Effect({})
        known = any(one.op_id == context.op_id for one in order.fulfilment.steps)
        at = context.bounded(context.made_at)
        way = ways.way_of(body.fulfilment.stored)
        step = FulfilStep(op_id=context.op_id, what="chosen", at=at, guide_id=context.guide_id, way=way)
        before = _without(order.fulfilment, context.op_id)
        kept = msgspec.structs.replace(order.fulfilment, repair="")
        after = fulfilment.settling(ways.with_step(kept, step))
        changes = _changed(body.order_id, order, before, after, state, at)
        if ways.in_force(after.steps) != context.op_id:
            return Effect(changes)
        if not known and takes_spends(before, after):
            changes |= _repromised(body.order_id, body.spends, order, changes, state)
        elif known:  # HQ's row of the order has it already, those of the leases have not
            changes |= spent(body.spends, state)
        return Effect(changes)


def took_step(order_id: str, step: FulfilStep, state: Snapshot) -> Effect:
    """The order with this step of its goods, whatever state it is in, and the stock and leases that follow."""
    order = state.get(Ref("order", order_id), Order)
    if order is None:
        return Effect({})
    before = _without(order.fulfilment, step.op_id)
    after = fulfilment.settling_of(order, ways.with_step(order.fulfilment, step))
    changes = _changed(order_id, order, before, after, state, step.at)
    stands = order.state != "cancelled"  # else its leases have everything back
    if stands and before is order.fulfilment and frees_spends(before, after):
        changes |= _repromised(order_id, (), order, changes, state)
    return Effect(changes)


def takes_spends(before: Fulfilment, after: Fulfilment) -> bool:
    """Whether another way changes what is put aside: where pieces are already, by whichever tablet, they stay so."""
    return not (fulfilment.promised(before) and fulfilment.promised(after))


def frees_spends(before: Fulfilment, after: Fulfilment) -> bool:
    """Whether a step brought another way to count, for which nothing is put aside here."""
    moved = ways.in_force(before.steps) != ways.in_force(after.steps)
    return moved and fulfilment.promised(before) and not fulfilment.takes_stock(after)


def _repromised(
    order_id: str, spends: tuple[Spending, ...], order: Order, changes: dict[Ref, Record], state: Snapshot
) -> dict[Ref, Record]:
    """What was put aside for the way before is the leases' again, and what is put aside now is off them. What returns
    gave back stays on the order beside them: it is not given back a second time."""
    old = tuple(one for one in returns.spent(order) if _of_stock(one, state))
    freed: dict[Ref, Record] = {}
    for ref, amount in total(old).items():
        if lease := state.get(ref, Lease):
            freed[ref] = leases.refund(lease, amount)
    taken = spent(spends, state.after(freed))
    made = changes[Ref("order", order_id)]
    assert isinstance(made, Order)
    new = tuple(Spend(lease_id=one.lease_id, amount=one.amount) for one in spends)
    kept = Counter(total(order.spends)) - Counter(total(old))
    stays = tuple(Spend(lease_id=ref.id, amount=amount) for ref, amount in kept.items())
    told = msgspec.structs.replace(made, spends=(*stays, *new))
    return {**freed, **taken, Ref("order", order_id): told}


def _of_stock(spend: Spend, state: Snapshot) -> bool:
    lease = state.get(Ref("lease", spend.lease_id), Lease)
    return lease is not None and lease.instrument is not None and lease.instrument.kind == "stock"


def _happened(order: Order, body: Fulfil) -> bool:
    """Whether a step counts of an order that was cancelled too: goods that left have left, and what is said of that."""
    if body.what in ("undo", "seen"):
        known = ways.OUT if body.what == "undo" else (*ways.OUT, "undo")
        return any(step.op_id == body.undoes and step.what in known for step in order.fulfilment.steps)
    return body.what in ways.OUT


def _gone(order: Order | None) -> Refusal | None:
    if order is None:
        return Refusal("parked", "order_unknown")
    return Refusal("rejected", "already_cancelled") if order.state == "cancelled" else None


def _without(goes: Fulfilment, op_id: str) -> Fulfilment:
    """As it was before this operation: in HQ's row it can be already, while those of the stock have it not."""
    return ways.without_step(goes, op_id) if any(one.op_id == op_id for one in goes.steps) else goes


def _under(body: Fulfil, before: Fulfilment, at: str) -> str | None:
    """Under which way it was done; an older app said nothing, and only its clock tells."""
    if body.what in ("undo", "seen"):
        return None
    return ways.by_clock(before.steps, at) if body.under is None else body.under


def _changed(
    order_id: str, order: Order, before: Fulfilment, after: Fulfilment, state: Snapshot, at: str
) -> dict[Ref, Record]:
    """The order with its goods so, and the stock by as much as its books have less, or more, because of it."""
    was = msgspec.structs.replace(order, fulfilment=before)
    told = msgspec.structs.replace(order, fulfilment=after)
    more = fulfilment.off_books(was)
    more.subtract(fulfilment.off_books(told))
    changes: dict[Ref, Record] = {Ref("order", order_id): fulfilment.standing(told)}
    for product_id, pieces in more.items():
        ref = Ref("stock", product_id)
        if pieces and (stock := state.get(ref, Stock)):
            changes[ref] = msgspec.structs.replace(stock, on_hand=stock.on_hand + pieces, as_of=max(stock.as_of, at))
    return changes
