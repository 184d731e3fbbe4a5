"""Money of an order at the till: what was received, and what was given back. It has happened: HQ refuses neither."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar, Literal

import msgspec

from guide_app.domain import payments
from guide_app.domain.records import FromCard, Order, Part, Payment, Ref
from guide_app.domain.records.base import Uuid
from guide_app.operations import cards, leases
from guide_app.operations.base import Body, Context, Effect, Older, Operation, Refusal, Snapshot

TillMethod = Literal["cash", "card", "other"]
Method = Literal["cash", "card", "other", "gift_card"]
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,40}\Z")]
"""A reason by its code: nothing is written freely here, so that there is nothing to erase."""
MOST_LEGS = 10
"""In one operation."""
Positive = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


class TakenV1(Part, frozen=True):
    """A leg as version 1 told it."""

    leg_id: Uuid
    method: TillMethod
    amount: Positive
    given: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] = 0


class PayV1(Body, frozen=True):
    """Version 1 knew no gift cards."""

    order_id: Uuid
    legs: Annotated[tuple[TakenV1, ...], msgspec.Meta(min_length=1, max_length=10)]


class Taken(Part, frozen=True):
    """What was received in one way. `given`: the cash that was handed over, the rest of it being change; `card`: the
    gift card that it was spent from, and of which lease."""

    leg_id: Uuid
    method: Method
    amount: Positive
    given: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] = 0
    card: FromCard | None = None


class Pay(Body, frozen=True):
    """What the customer paid at the till, in one or several ways."""

    order_id: Uuid
    legs: Annotated[tuple[Taken, ...], msgspec.Meta(min_length=1, max_length=MOST_LEGS)]


class PayBackV1(Body, frozen=True):
    """Version 1 knew no gift cards."""

    order_id: Uuid
    leg_id: Uuid
    method: TillMethod
    amount: Positive
    reason: Code
    of: Uuid | None = None


class PayBack(Body, frozen=True):
    """Money given back at the till; `of`: the leg that it takes back, by which a gift card's goes back on it."""

    order_id: Uuid
    leg_id: Uuid
    method: Method
    amount: Positive
    reason: Code
    of: Uuid | None = None


def _pay_v1(body: PayV1) -> Pay:
    return msgspec.convert(msgspec.to_builtins(body), Pay)


def _pay_back_v1(body: PayBackV1) -> PayBack:
    return msgspec.convert(msgspec.to_builtins(body), PayBack)


class OrderPay(Operation[Pay]):
    """Money for an order is received. Paid twice (by two tablets, or after it was cancelled) it is all booked, and what
    is too much is to be refunded: code `overpaid`. What a gift card pays is spent from the tablet's lease of it."""

    kind: ClassVar[str] = "order.pay"
    version: ClassVar[int] = 2
    body = Pay
    older = (Older(1, PayV1, _pay_v1),)

    def touches(self, body: Pay) -> tuple[Ref, ...]:
        return (Ref("order", body.order_id), *leases.total(spends(body)))

    def check(self, body: Pay, state: Snapshot, context: Context) -> Refusal | None:
        odd = any(leg.given and (leg.method != "cash" or leg.given < leg.amount) for leg in body.legs)
        odd = odd or any((leg.method == payments.GIFT_CARD) != (leg.card is not None) for leg in body.legs)
        if odd or twice([leg.leg_id for leg in body.legs]):
            return Refusal("parked", "body_invalid")
        return _unknown(body.order_id, state)

    def guard(self, body: Pay, state: Snapshot, now: datetime | None) -> Refusal | None:
        order = state.get(Ref("order", body.order_id), Order)
        paid = sum(leg.amount for leg in body.legs)
        if order is None or paid > payments.owed(order):
            return Refusal("rejected", "overpaid")
        return leases.within(spends(body), state, now)

    def effect(self, body: Pay, state: Snapshot, context: Context) -> Effect:
        at = context.bounded(context.made_at)
        legs = tuple(
            Payment(
                id=leg.leg_id, method=leg.method, amount=leg.amount, at=at, given=leg.given, guide_id=context.guide_id,
                card=leg.card,
            )
            for leg in body.legs
        )  # fmt: skip
        ref = Ref("order", body.order_id)
        order = state.get(ref, Order)
        if order is None:
            return Effect({})
        paid = payments.with_legs(order, legs)
        more = payments.to_refund(paid) > payments.to_refund(order)
        return Effect(cards.moved(legs, {ref: paid}, state), "overpaid" if more else "")


class OrderPayBack(Operation[PayBack]):
    """Money of an order is given back: a slip of the finger at the till, or what is to be refunded. More than was
    there (by two tablets) is booked as it was: code `paid_back_twice`."""

    kind: ClassVar[str] = "order.pay_back"
    version: ClassVar[int] = 2
    body = PayBack
    older = (Older(1, PayBackV1, _pay_back_v1),)

    def touches(self, body: PayBack) -> tuple[Ref, ...]:
        return (Ref("order", body.order_id),)

    def follows(self, body: PayBack, state: Snapshot) -> tuple[Ref, ...]:
        return cards.leased(state.get(Ref("order", body.order_id), Order))

    def check(self, body: PayBack, state: Snapshot, context: Context) -> Refusal | None:
        if body.method == payments.GIFT_CARD and body.of is None:
            return Refusal("parked", "body_invalid")
        order = state.get(Ref("order", body.order_id), Order)
        return _unknown(body.order_id, state) or cards.unknown(order, [(body.method, body.of)])

    def guard(self, body: PayBack, state: Snapshot, now: datetime | None) -> Refusal | None:
        order = state.get(Ref("order", body.order_id), Order)
        if order is None:
            return Refusal("rejected", "paid_back_twice")
        there = payments.left_of(order, body.of) if body.of else payments.received(order)
        there -= payments.on_its_way(order, body.of or "")
        return Refusal("rejected", "paid_back_twice") if body.amount > there else None

    def effect(self, body: PayBack, state: Snapshot, context: Context) -> Effect:
        ref = Ref("order", body.order_id)
        order = state.get(ref, Order)
        if order is None:
            return Effect({})
        leg = Payment(
            id=body.leg_id, kind="refunded", method=body.method, amount=body.amount, reason=body.reason,
            at=context.bounded(context.made_at), guide_id=context.guide_id, of=body.of or "",
        )  # fmt: skip
        there = payments.left_of(order, body.of) if body.of else payments.received(order)
        legs = cards.booked(order, (leg,))
        changes = cards.moved(legs, {ref: payments.with_legs(order, legs)}, state)
        return Effect(changes, "paid_back_twice" if body.amount > there else "")


def spends(body: Pay) -> tuple[leases.Spending, ...]:
    """What the gift cards of the body spend of leases."""
    return tuple(leases.Spending(lease_id=leg.card.lease_id, amount=leg.amount) for leg in body.legs if leg.card)


def twice(leg_ids: Sequence[str]) -> bool:
    """Whether two legs of one body have one id: they would be booked as one."""
    return len(set(leg_ids)) < len(leg_ids)


def _unknown(order_id: str, state: Snapshot) -> Refusal | None:
    return Refusal("parked", "order_unknown") if state.get(Ref("order", order_id), Order) is None else None
