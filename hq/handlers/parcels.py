"""Goods of one store's order that another one hands over or sends: a parcel there, told of each change at home.

What is done there goes home by a step, and stands in the order as its own shop's steps do. Pure over the port, in a
transaction of one store.
"""

from __future__ import annotations

from collections import Counter

import msgspec

from guide_app.domain import parcels
from guide_app.domain.records import Order, Parcel, Ref, Stock
from guide_app.operations import Context, Effect, Versioned
from guide_app.operations.fulfilling import Fulfil, OrderFulfil, took_step
from guide_app.operations.parcels import StepParcel, step_of
from hq.handlers.abroad import Here
from hq.handlers.base import Desk, Handler, outcome
from hq.handlers.fulfilling import FulfilHandler
from hq.handlers.work import Work, feed_rows
from hq.ledger.port import Outcome
from hq.ledger.steps import StepHome


class ParcelStepHandler(Handler[StepParcel]):
    """It has happened here; home hears of it."""

    def elsewhere(self, body: StepParcel, desk: Desk) -> str:
        """An HQ that was put back may hear of the step before it has told this store of the order again: then the
        parcel comes without what was done about it, which home's next word brings with its stock."""
        ref = Ref("parcel", body.order_id)
        home = desk.order_home(body.order_id) if desk.rows.row(ref) is None else None
        if home is not None and desk.store_id in parcels.shops(home.order):
            parcel = parcels.parcel_of(desk.store_id, home)
            bare = msgspec.structs.replace(parcel.goes, steps=(), first=None, progress="")
            desk.apply({ref: msgspec.structs.replace(parcel, goes=bare)})
        return ""

    def amend(self, effect: Effect, body: StepParcel, desk: Desk, context: Context) -> Effect:
        parcel = desk.rows.get(Ref("parcel", body.order_id), Parcel)
        if parcel is not None:
            desk.leave(
                StepHome(
                    to=parcel.home_store_id, store_id=context.store_id, op_id=context.op_id, guide_id=context.guide_id,
                    made_at=context.made_at, received_at=context.now, body=body,
                )
            )  # fmt: skip
        return effect


def refresh(here: Here, order_id: str) -> Work:
    """This store's parcel of an order as its home has it now. A store that was never asked while HQ looked has none."""
    ref, home = Ref("parcel", order_id), here.aggregates.order_home(order_id)
    row = here.aggregates.load([ref])[ref]
    if home is None:
        return Work()
    old = row.record if row is not None and isinstance(row.record, Parcel) else None
    new = parcels.parcel_of(here.store_id, home)
    if old is not None:
        new = parcels.with_own(new, old)
    elif not (parcels.asked(new) or parcels.went(new)):
        return Work()
    if new == old:
        return Work()
    rows = {ref: Versioned(new, row.ver + 1 if row else 1), **_stock(here, old, new)}
    return Work(feed_rows(here.aggregates.save(rows)))


def stepped(here: Here, step: StepHome, time_zone: str) -> tuple[Outcome, Work]:
    """A step that another store took stands in the order, whatever state that is in by now: it has happened."""
    desk, ref, body = Desk(here.aggregates, here.currency), Ref("order", step.body.order_id), step.body
    desk.fetch([ref])
    if desk.rows.get(ref, Order) is None:
        return outcome("applied"), Work()
    told = Fulfil(order_id=body.order_id, what=body.what, undoes=body.undoes, under=body.under)
    desk.fetch(OrderFulfil().follows(told, desk.rows))
    context = Context(
        op_id=step.op_id, store_id=here.store_id, guide_id=step.guide_id, made_at=step.made_at, now=step.received_at,
        currency=here.currency, time_zone=time_zone,
    )  # fmt: skip
    made = step_of(body, step.op_id, context.bounded(step.made_at), step.guide_id, step.store_id)
    effect = FulfilHandler(OrderFulfil()).amend(took_step(body.order_id, made, desk.rows), told, desk, context)
    desk.apply(effect.changes)
    return outcome("applied", effect.code), desk.save()


def _stock(here: Here, old: Parcel | None, new: Parcel) -> dict[Ref, Versioned]:
    """The stock rows that differ because of what home has."""
    more = parcels.off_books(old) if old else Counter[str]()
    more.subtract(parcels.off_books(new))
    refs = {Ref("stock", product_id): by for product_id, by in sorted(more.items()) if by}
    return {
        ref: Versioned(msgspec.structs.replace(row.record, on_hand=row.record.on_hand + refs[ref]), row.ver + 1)
        for ref, row in (here.aggregates.load(refs) if refs else {}).items()
        if row is not None and isinstance(row.record, Stock)
    }
