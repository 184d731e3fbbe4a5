"""Quotations: making one, taking it back, and that an order came of it.

An order is placed as any other; that it came of a quotation is an operation of its own, committed with it. So no sale
ever waits for a quotation.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec.structs import replace

from guide_app.domain import quotations
from guide_app.domain.records import Order, OrderLine, PricedBy, PriceListUsed, Quotation, Ref, Totals
from guide_app.domain.records.base import Day, Text, Uuid
from guide_app.operations.base import Body, Context, Effect, Older, Operation, Refusal, Snapshot
from guide_app.operations.orders import PlacedLine, WantedFulfilment, line_amount, totals
from guide_app.operations.payments import Code

ORDERED, GONE = "quotation_ordered", "quotation_gone"


TAKE_AWAY = WantedFulfilment(kind="take_away")


class QuoteV1(Body, frozen=True):
    """Version 1 did not say how the customer wants the goods."""

    quotation_id: Uuid
    number: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    lines: Annotated[tuple[PlacedLine, ...], msgspec.Meta(min_length=1, max_length=200)]
    totals: Totals
    price_list: PriceListUsed
    valid_until: Day
    promotions_version: int = 0
    member_id: Uuid | None = None
    note: Text = ""
    priced_by: PricedBy | None = None


class Quote(Body, frozen=True):
    """What was promised: lines, totals, what they were priced by and how the customer wants the goods, as `order.place`
    has them."""

    quotation_id: Uuid
    number: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    lines: Annotated[tuple[PlacedLine, ...], msgspec.Meta(min_length=1, max_length=200)]
    totals: Totals
    price_list: PriceListUsed
    valid_until: Day
    promotions_version: int = 0
    member_id: Uuid | None = None
    note: Text = ""
    priced_by: PricedBy | None = None
    fulfilment: WantedFulfilment = TAKE_AWAY


def _quoted_v1(body: QuoteV1) -> Quote:
    return msgspec.convert(msgspec.to_builtins(body), Quote)


class VoidQuote(Body, frozen=True):
    """`member_id`: whose it is, where it is a member's: by it HQ knows it once they are erased."""

    quotation_id: Uuid
    reason: Code
    member_id: Uuid | None = None


class TakeQuote(Body, frozen=True):
    """The order came of the quotation. `member_id` as of `VoidQuote`."""

    quotation_id: Uuid
    order_id: Uuid
    member_id: Uuid | None = None


class QuoteMake(Operation[Quote]):
    """A promise of prices; it moves neither goods nor money."""

    kind: ClassVar[str] = "quote.make"
    version: ClassVar[int] = 2
    body = Quote
    older = (Older(1, QuoteV1, _quoted_v1),)

    def touches(self, body: Quote) -> tuple[Ref, ...]:
        return (Ref("quotation", body.quotation_id), *_member(body.member_id))

    def check(self, body: Quote, state: Snapshot, context: Context) -> Refusal | None:
        if quotations.arrived(state.get(Ref("quotation", body.quotation_id), Quotation)):
            return Refusal("parked", "body_invalid")
        if len({line.line_id for line in body.lines}) < len(body.lines):
            return Refusal("parked", "body_invalid")
        if totals(body.lines) != body.totals or any(line.amount != line_amount(line) for line in body.lines):
            return Refusal("parked", "total_mismatch")
        return None

    def effect(self, body: Quote, state: Snapshot, context: Context) -> Effect:
        ref = Ref("quotation", body.quotation_id)
        before = state.get(ref, Quotation) or Quotation()
        goes = body.fulfilment.stored
        made = replace(
            before,
            member_id=_today(body.member_id, state),
            number=body.number,
            guide_id=context.guide_id,
            made_at=context.bounded(context.made_at),
            valid_until=body.valid_until,
            currency=context.currency,
            lines=tuple(_line(line) for line in body.lines),
            totals=body.totals,
            price_list=body.price_list,
            promotions_version=body.promotions_version,
            priced_by=body.priced_by,
            note=body.note,
            fulfilment=before.fulfilment if goes == before.fulfilment else goes,
        )
        return Effect({ref: made})


class QuoteVoid(Operation[VoidQuote]):
    """The customer does not want it, or it was a mistake. What became an order stays one."""

    kind: ClassVar[str] = "quote.void"
    body = VoidQuote

    def touches(self, body: VoidQuote) -> tuple[Ref, ...]:
        return (Ref("quotation", body.quotation_id), *_member(body.member_id))

    def check(self, body: VoidQuote, state: Snapshot, context: Context) -> Refusal | None:
        known = state.get(Ref("quotation", body.quotation_id), Quotation)
        return Refusal("rejected", ORDERED) if known is not None and known.order_id else None

    def effect(self, body: VoidQuote, state: Snapshot, context: Context) -> Effect:
        ref = Ref("quotation", body.quotation_id)
        known = state.get(ref, Quotation) or Quotation(member_id=_today(body.member_id, state))
        if known.state != "open":
            return Effect({})
        at = context.bounded(context.made_at)
        return Effect(
            {ref: replace(known, state="void", void_reason=body.reason, void_at=at, void_by=context.guide_id)}
        )


class QuoteTake(Operation[TakeQuote]):
    """Of two orders the one that HQ hears of first is the quotation's; the other stands as it is."""

    kind: ClassVar[str] = "quote.take"
    body = TakeQuote

    def touches(self, body: TakeQuote) -> tuple[Ref, ...]:
        return (Ref("quotation", body.quotation_id), Ref("order", body.order_id), *_member(body.member_id))

    def check(self, body: TakeQuote, state: Snapshot, context: Context) -> Refusal | None:
        known = state.get(Ref("order", body.order_id), Order)
        return None if known is not None else Refusal("parked", "order_unknown")

    def guard(self, body: TakeQuote, state: Snapshot, now: datetime | None) -> Refusal | None:
        known = state.get(Ref("quotation", body.quotation_id), Quotation)
        if known is None or quotations.ordered(known, body.order_id) is None:
            return Refusal("rejected", ORDERED if known is not None and known.order_id else GONE)
        return None

    def effect(self, body: TakeQuote, state: Snapshot, context: Context) -> Effect:
        ref, sale = Ref("quotation", body.quotation_id), Ref("order", body.order_id)
        order = state.get(sale, Order)
        if order is None or order.state == "cancelled":
            return Effect({})
        known = state.get(ref, Quotation) or Quotation(member_id=_today(body.member_id, state))
        taken = quotations.ordered(known, body.order_id)
        if taken is None:
            return Effect({}, GONE)
        return Effect({ref: taken, sale: replace(order, quotation_id=body.quotation_id)})


def _member(member_id: str | None) -> tuple[Ref, ...]:
    return (Ref("member", member_id),) if member_id else ()


def _today(member_id: str | None, state: Snapshot) -> str:
    """The member by the id that stands for them today."""
    return state.resolve(Ref("member", member_id)).id if member_id else ""


def _line(line: PlacedLine) -> OrderLine:
    """The line as it would stand in an order; whose sale it is, is said by the order."""
    return OrderLine(
        line_id=line.line_id, product_id=line.product_id, qty=line.qty, unit_price=line.unit_price, amount=line.amount,
        discounts=line.discounts, guide_shares=line.guide_shares,
    )  # fmt: skip
