"""What is done about goods that are handed over later, and another way for them to reach the customer."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated, ClassVar, Literal

import msgspec

from guide_app.domain import fulfilment, leases, returns
from guide_app.domain.records import Fulfilment, FulfilStep, Lease, Order, Record, Ref, Spend, Stock
from guide_app.domain.records.base import Uuid
from guide_app.operations.base import Body, Context, Effect, Operation, Refusal, Snapshot, unique
from guide_app.operations.leases import Spending, spent, total, within
from guide_app.operations.orders import WantedFulfilment

_BOOKED, _NOT_BOOKED = Fulfilment(), Fulfilment(kind="pre_order")
FAILED = "cannot_fulfil"
"""What must be settled of goods that cannot come in the way that was chosen."""


class Fulfil(Body, frozen=True):
    """One step; "undo" takes back the step of the operation `undoes`."""

    order_id: Uuid
    what: Literal["picking", "ready", "shipped", "done", "failed", "undo"]
    undoes: Uuid | None = None


class Reroute(Body, frozen=True):
    """Another way. `spends`: pieces of this shop that are put aside for it. `member_id`: whose the order is."""

    order_id: Uuid
    fulfilment: WantedFulfilment
    spends: Annotated[tuple[Spending, ...], msgspec.Meta(max_length=200)] = ()
    member_id: Uuid | None = None


class OrderFulfil(Operation[Fulfil]):
    """A step is put into the order's set; the state follows. Again: no effect."""

    kind: ClassVar[str] = "order.fulfil"
    body = Fulfil

    def touches(self, body: Fulfil) -> tuple[Ref, ...]:
        return (Ref("order", body.order_id),)

    def follows(self, body: Fulfil, state: Snapshot) -> tuple[Ref, ...]:
        order = state.get(Ref("order", body.order_id), Order)
        return unique(Ref("stock", line.product_id) for line in order.lines) if order else ()

    def check(self, body: Fulfil, state: Snapshot, context: Context) -> Refusal | None:
        return _gone(state.get(Ref("order", body.order_id), Order))

    def effect(self, body: Fulfil, state: Snapshot, context: Context) -> Effect:
        order = state.get(Ref("order", body.order_id), Order)
        if order is None:
            return Effect({})
        step = FulfilStep(
            op_id=context.op_id, what=body.what, at=context.bounded(context.made_at), guide_id=context.guide_id,
            undoes=body.undoes or "",
        )  # fmt: skip
        before = _without(order.fulfilment, context.op_id)
        after = _told(fulfilment.with_step(before, step))
        return Effect(_changed(body.order_id, order, before, after, state, step.at))


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
        return Refusal("rejected", "already_shipped") if out else None

    def guard(self, body: Reroute, state: Snapshot, now: datetime | None) -> Refusal | None:
        return within(body.spends, state, now)

    def effect(self, body: Reroute, state: Snapshot, context: Context) -> Effect:
        order = state.get(Ref("order", body.order_id), Order)
        if order is None:
            return Effect({})
        known = next((one for one in order.fulfilment.steps if one.op_id == context.op_id), None)
        took = known.took if known else fulfilment.takes_stock(order.fulfilment)
        at = context.bounded(context.made_at)
        step = FulfilStep(op_id=context.op_id, what="chosen", at=at, guide_id=context.guide_id, took=took)
        steps = _without(order.fulfilment, context.op_id).steps
        wanted = msgspec.structs.replace(body.fulfilment.stored, steps=steps)
        after = fulfilment.with_step(wanted, step)
        before = _BOOKED if took else _NOT_BOOKED
        changes = _changed(body.order_id, order, before, after, state, at)
        if known is None and takes_spends(order.fulfilment, after):
            changes |= _repromised(body, order, changes, state)
        elif known is not None:  # HQ's row of the order has it already, those of the leases have not
            changes |= spent(body.spends, state)
        return Effect(changes)


def takes_spends(before: Fulfilment, after: Fulfilment) -> bool:
    """Whether another way changes what is put aside: where pieces are already, by whichever tablet, they stay so."""
    return not (fulfilment.promised(before) and fulfilment.promised(after))


def _repromised(body: Reroute, order: Order, changes: dict[Ref, Record], state: Snapshot) -> dict[Ref, Record]:
    """What was put aside for the way before is the leases' again, and what is put aside now is off them. What returns
    gave back stays on the order beside them: it is not given back a second time."""
    old = tuple(one for one in returns.spent(order) if _of_stock(one, state))
    freed: dict[Ref, Record] = {}
    for ref, amount in total(old).items():
        if lease := state.get(ref, Lease):
            freed[ref] = leases.refund(lease, amount)
    taken = spent(body.spends, state.after(freed))
    made = changes[Ref("order", body.order_id)]
    assert isinstance(made, Order)
    new = tuple(Spend(lease_id=one.lease_id, amount=one.amount) for one in body.spends)
    kept = Counter(total(order.spends)) - Counter(total(old))
    stays = tuple(Spend(lease_id=ref.id, amount=amount) for ref, amount in kept.items())
    told = msgspec.structs.replace(made, spends=(*stays, *new))
    return {**freed, **taken, Ref("order", body.order_id): told}


def _of_stock(spend: Spend, state: Snapshot) -> bool:
    lease = state.get(Ref("lease", spend.lease_id), Lease)
    return lease is not None and lease.instrument is not None and lease.instrument.kind == "stock"


def _gone(order: Order | None) -> Refusal | None:
    if order is None:
        return Refusal("parked", "order_unknown")
    return Refusal("rejected", "already_cancelled") if order.state == "cancelled" else None


def _without(goes: Fulfilment, op_id: str) -> Fulfilment:
    """As it was before this operation: in HQ's row it can be already, while those of the stock have it not."""
    steps = tuple(one for one in goes.steps if one.op_id != op_id)
    return msgspec.structs.replace(goes, steps=steps, progress=fulfilment.progress(steps))


def _told(goes: Fulfilment) -> Fulfilment:
    """What cannot come stands among what must be settled, for as long as it cannot."""
    if goes.progress == "failed":
        return msgspec.structs.replace(goes, repair=goes.repair or FAILED)
    return msgspec.structs.replace(goes, repair="" if goes.repair == FAILED or goes.progress else goes.repair)


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
            changes[ref] = Stock(on_hand=stock.on_hand + pieces, as_of=max(stock.as_of, at))
    return changes
