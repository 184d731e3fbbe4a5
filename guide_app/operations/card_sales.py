"""A gift card that was sold goes over the counter: its number stands on the order, and HQ gives it its value."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated, ClassVar

import msgspec

from guide_app.domain import gift_cards, returns
from guide_app.domain.errors import BadInput
from guide_app.domain.records import CardSold, Order, Ref
from guide_app.domain.records.base import Uuid
from guide_app.operations.base import Body, Context, Effect, Operation, Refusal, Snapshot

Number = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{16}\Z")]


class HandOver(Body, frozen=True):
    """The card with this number is handed over for a piece of this line."""

    order_id: Uuid
    line_id: Uuid
    number: Number


class OrderCard(Operation[HandOver]):
    """A card is handed over with an order. It has its value once the order is paid, and as long as the order stands."""

    kind: ClassVar[str] = "order.card"
    body = HandOver

    def touches(self, body: HandOver) -> tuple[Ref, ...]:
        return (Ref("order", body.order_id),)

    def check(self, body: HandOver, state: Snapshot, context: Context) -> Refusal | None:
        order = state.get(Ref("order", body.order_id), Order)
        if order is None:
            return Refusal("parked", "order_unknown")
        known = any(line.line_id == body.line_id for line in order.lines)
        return None if known and _is_number(body.number) else Refusal("parked", "body_invalid")

    def guard(self, body: HandOver, state: Snapshot, now: datetime | None) -> Refusal | None:
        order = state.get(Ref("order", body.order_id), Order)
        if order is None or order.state == "cancelled":
            return Refusal("rejected", "already_cancelled")
        taken = any(one.number == body.number for one in order.cards) or not wanting(order).get(body.line_id)
        return Refusal("rejected", "card_taken") if taken else None

    def effect(self, body: HandOver, state: Snapshot, context: Context) -> Effect:
        ref = Ref("order", body.order_id)
        order = state.get(ref, Order)
        if order is None or any(one.number == body.number for one in order.cards):
            return Effect({})
        sold = CardSold(
            number=body.number, line_id=body.line_id, at=context.bounded(context.made_at), guide_id=context.guide_id
        )
        return Effect({ref: msgspec.structs.replace(order, cards=(*order.cards, sold))})


def wanting(order: Order) -> dict[str, int]:
    """Line → pieces that the customer has and for which no card was handed over yet."""
    handed = Counter(one.line_id for one in order.cards)
    return {line_id: max(0, has - handed[line_id]) for line_id, has in returns.left(order).items()}


def _is_number(text: str) -> bool:
    try:
        return gift_cards.parse(text) == text
    except BadInput:
        return False
