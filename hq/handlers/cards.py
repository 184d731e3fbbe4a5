"""Selling gift cards: the first order that HQ hears of has the card."""

from __future__ import annotations

import msgspec

from guide_app.domain.records import Ref
from guide_app.operations import Context, Effect, Refusal
from guide_app.operations.card_sales import HandOver
from hq.handlers.base import Desk, Handler, Needs
from hq.leases.values import CardFace, Value


class HandOverHandler(Handler[HandOver]):
    """A card is sold once: the first order that HQ hears of has it."""

    def needs(self, body: HandOver, context: Context) -> Needs:
        return Needs(refs=self.operation.touches(body), staff=(context.guide_id,), cards=(body.number,))

    def authority(self, body: HandOver, desk: Desk, context: Context) -> Refusal | None:
        face = _face(desk, body.number)
        if face is None:
            return Refusal("rejected", "card_unknown")
        mine = face.sold_by == body.order_id
        return None if mine or not (face.sold_by or face.active) else Refusal("rejected", "card_taken")

    def amend(self, effect: Effect, body: HandOver, desk: Desk, context: Context) -> Effect:
        ref = Ref("instrument", desk.cards[body.number])
        value = desk.rows.get(ref, Value)
        assert value is not None
        assert value.card is not None
        if value.card.sold_by:
            return effect
        sold = msgspec.structs.replace(value.card, sold_by=body.order_id)
        return Effect({**effect.changes, ref: msgspec.structs.replace(value, card=sold)}, effect.code)


def _face(desk: Desk, number: str) -> CardFace | None:
    card_id = desk.cards.get(number)
    value = desk.rows.get(Ref("instrument", card_id), Value) if card_id else None
    return value.card if value else None
