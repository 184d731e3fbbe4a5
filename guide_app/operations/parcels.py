"""What a shop does about goods that it hands over or sends for another one's order."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from guide_app.domain import parcels, ways
from guide_app.domain.records import FulfilStep, Parcel, Record, Ref, Stock
from guide_app.domain.records.base import Uuid
from guide_app.operations.base import Body, Context, Effect, Operation, Refusal, Snapshot, unique
from guide_app.operations.fulfilling import Way

Reason = Literal["", "not_there", "damaged", "not_fetched", "other"]
"""Why goods cannot come."""


class StepParcel(Body, frozen=True):
    """One step of the order's goods; "undo" takes back the step of the operation `undoes`. `under`: the operation that
    chose the way that the guide saw, empty: the way of the placing. `reason`: why it "failed"."""

    order_id: Uuid
    what: Literal["picking", "ready", "shipped", "done", "failed", "undo"]
    under: Way = ""
    undoes: Uuid | None = None
    reason: Reason = ""


class ParcelStep(Operation[StepParcel]):
    """A step is put to the parcel's; this shop's books follow. HQ puts it to the order too. Again: no effect."""

    kind: ClassVar[str] = "parcel.step"
    body = StepParcel

    def touches(self, body: StepParcel) -> tuple[Ref, ...]:
        return (Ref("parcel", body.order_id),)

    def follows(self, body: StepParcel, state: Snapshot) -> tuple[Ref, ...]:
        parcel = state.get(Ref("parcel", body.order_id), Parcel)
        return unique(Ref("stock", line.product_id) for line in parcel.lines) if parcel else ()

    def check(self, body: StepParcel, state: Snapshot, context: Context) -> Refusal | None:
        known = state.row(Ref("parcel", body.order_id)) is not None
        return None if known else Refusal("parked", "order_unknown")

    def effect(self, body: StepParcel, state: Snapshot, context: Context) -> Effect:
        ref = Ref("parcel", body.order_id)
        parcel = state.get(ref, Parcel)
        if parcel is None:
            return Effect({})
        at, goes = context.bounded(context.made_at), parcel.goes
        step = step_of(body, context.op_id, at, context.guide_id, parcel.store_id)
        known = any(one.op_id == context.op_id for one in goes.steps)  # HQ's row can have it, and the stock's not
        before = msgspec.structs.replace(parcel, goes=ways.without_step(goes, context.op_id)) if known else parcel
        after = msgspec.structs.replace(parcel, goes=ways.with_step(goes, step))
        return Effect({ref: after, **moved(before, after, state, at)})


def step_of(body: StepParcel, op_id: str, at: str, guide_id: str, store_id: str) -> FulfilStep:
    """The step as both shops keep it."""
    under = None if body.what == "undo" else body.under
    return FulfilStep(
        op_id=op_id, what=body.what, at=at, guide_id=guide_id, undoes=body.undoes or "", under=under,
        reason=body.reason, store_id=store_id,
    )  # fmt: skip


def moved(before: Parcel, after: Parcel, state: Snapshot, at: str) -> dict[Ref, Record]:
    """The stock by as much as the shop's books have less, or more."""
    more = parcels.off_books(before)
    more.subtract(parcels.off_books(after))
    changes: dict[Ref, Record] = {}
    for product_id, count in more.items():
        ref = Ref("stock", product_id)
        if count and (stock := state.get(ref, Stock)):
            changes[ref] = msgspec.structs.replace(stock, on_hand=stock.on_hand + count, as_of=max(stock.as_of, at))
    return changes
