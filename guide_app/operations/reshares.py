"""Correcting whose sale an order is, later and with a manager's word; the order keeps what was before."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from guide_app.domain import shares
from guide_app.domain.money import WHOLE
from guide_app.domain.records import GuideShare, Order, Part, Ref, Reshared, SharesBefore
from guide_app.domain.records.base import Uuid
from guide_app.operations.base import Body, Context, Effect, Operation, Refusal, Snapshot
from guide_app.operations.payments import Code


class Share(Part, frozen=True):
    """A guide's part of a line, in basis points."""

    guide_id: Uuid
    share: Annotated[int, msgspec.Meta(ge=1, le=WHOLE)]


class Reshare(Body, frozen=True):
    """Whose a line is, or without `line_id` the whole order. `approved_by`: the manager who allows it."""

    order_id: Uuid
    shares: Annotated[tuple[Share, ...], msgspec.Meta(min_length=1, max_length=10)]
    reason: Code
    approved_by: Uuid
    line_id: Uuid | None = None


class OrderReshare(Operation[Reshare]):
    """Gives lines to other guides. Of two corrections of one line the later in HQ's order stands, and both are kept."""

    kind: ClassVar[str] = "order.reshare"
    body = Reshare

    def touches(self, body: Reshare) -> tuple[Ref, ...]:
        return (Ref("order", body.order_id),)

    def check(self, body: Reshare, state: Snapshot, context: Context) -> Refusal | None:
        if not shares.whole(_given(body)):
            return Refusal("parked", "body_invalid")
        order = state.get(Ref("order", body.order_id), Order)
        if order is None:
            return Refusal("parked", "order_unknown")
        lines = {line.line_id for line in order.lines}
        return Refusal("parked", "body_invalid") if body.line_id and body.line_id not in lines else None

    def effect(self, body: Reshare, state: Snapshot, context: Context) -> Effect:
        ref = Ref("order", body.order_id)
        order = state.get(ref, Order)
        if order is None or any(one.op_id == context.op_id for one in order.reshares):
            return Effect({})  # HQ's row has it already, perhaps with a later one behind it
        given = _given(body)
        about = [line for line in order.lines if body.line_id in (None, line.line_id)]
        before = tuple(SharesBefore(line_id=one.line_id, shares=shares.of_line(one, order.guide_id)) for one in about)
        kept = shares.stored(given, order.guide_id)
        lines = tuple(msgspec.structs.replace(one, guide_shares=kept) if one in about else one for one in order.lines)
        done = Reshared(
            op_id=context.op_id, at=context.bounded(context.made_at), guide_id=context.guide_id,
            approved_by=body.approved_by, reason=body.reason, shares=given, before=before,
        )  # fmt: skip
        return Effect({ref: msgspec.structs.replace(order, lines=lines, reshares=(*order.reshares, done))})


def _given(body: Reshare) -> tuple[GuideShare, ...]:
    return tuple(GuideShare(guide_id=one.guide_id, share=one.share) for one in body.shares)
