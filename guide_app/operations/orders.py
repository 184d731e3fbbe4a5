"""Placing and cancelling an order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Literal, TypeVar

import msgspec

from guide_app.domain import erasure, fulfilment, levels, payments, quotations, returns, shares, spending
from guide_app.domain.records import (
    Counted,
    Discount,
    Fulfilment,
    GuideShare,
    Lease,
    Member,
    Names,
    Order,
    OrderLine,
    Part,
    PaymentIntent,
    PricedBy,
    PriceListUsed,
    Quotation,
    Recipient,
    Ref,
    Spend,
    Stock,
    Totals,
)
from guide_app.domain.records.base import Day, Minor, Quantity, Record, Short, Text, Uuid
from guide_app.domain.records.order import NOWHERE, FulfilmentKind
from guide_app.operations import cards, leases
from guide_app.operations.base import Body, Context, Effect, Older, Operation, Refusal, Snapshot, unique


class DiscountV1(Part, frozen=True):
    """A discount as version 1 told it."""

    kind: str
    amount: Minor
    label: str = ""


class PlacedLineV1(Part, frozen=True):
    """A line as version 1 told it."""

    line_id: Uuid
    product_id: Uuid
    qty: Quantity
    unit_price: Minor
    amount: Minor
    discounts: Annotated[tuple[DiscountV1, ...], msgspec.Meta(max_length=20)] = ()
    guide_shares: Annotated[tuple[GuideShare, ...], msgspec.Meta(max_length=10)] = ()


class PlacedLine(Part, frozen=True):
    """One line: `unit_price` as shown, `amount` after discounts; both in minor units."""

    line_id: Uuid
    product_id: Uuid
    qty: Quantity
    unit_price: Minor
    amount: Minor
    discounts: Annotated[tuple[Discount, ...], msgspec.Meta(max_length=100)] = ()
    guide_shares: Annotated[tuple[GuideShare, ...], msgspec.Meta(max_length=10)] = ()


class WantedFulfilmentV1(Part, frozen=True):
    """Versions 1 and 2 said only in what way."""

    kind: Literal["take_away", "pick_up", "ship"]


class WantedFulfilment(Part, frozen=True):
    """How the customer wants the goods; the fields are those of `Fulfilment`."""

    kind: FulfilmentKind
    store_id: Uuid | None = None
    at: Names = NOWHERE
    day: Day | None = None
    fast: bool = False
    to: Recipient | None = None
    note: Short = ""

    @property
    def stored(self) -> Fulfilment:
        """As the order keeps it."""
        return Fulfilment(kind=self.kind, store_id=self.store_id or "", at=self.at, day=self.day or "",
                          fast=self.fast, to=self.to, note=self.note)  # fmt: skip

    @classmethod
    def as_stored(cls, goes: Fulfilment) -> WantedFulfilment:
        """The way that is kept, as it is chosen."""
        return cls(
            kind=goes.kind, store_id=goes.store_id or None, at=goes.at, day=goes.day or None, fast=goes.fast,
            to=goes.to, note=goes.note,
        )  # fmt: skip


class PlaceV1(Body, frozen=True):
    """Version 1 said nothing of what an order was priced by."""

    order_id: Uuid
    number: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    lines: Annotated[tuple[PlacedLineV1, ...], msgspec.Meta(min_length=1, max_length=200)]
    totals: Totals
    price_list: PriceListUsed
    fulfilment: WantedFulfilmentV1
    payment_intent: PaymentIntent
    promotions_version: int = 0
    member_id: Uuid | None = None
    note: Text = ""
    spends: Annotated[tuple[leases.Spending, ...], msgspec.Meta(max_length=20)] = ()


class PlaceV2(Body, frozen=True):
    """Version 2 said of how the goods reach the customer only in what way."""

    order_id: Uuid
    number: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    lines: Annotated[tuple[PlacedLine, ...], msgspec.Meta(min_length=1, max_length=200)]
    totals: Totals
    price_list: PriceListUsed
    fulfilment: WantedFulfilmentV1
    payment_intent: PaymentIntent
    promotions_version: int = 0
    member_id: Uuid | None = None
    note: Text = ""
    spends: Annotated[tuple[leases.Spending, ...], msgspec.Meta(max_length=20)] = ()
    priced_by: PricedBy | None = None


class PlaceV3(Body, frozen=True):
    """Version 3 knew of no staff purchase."""

    order_id: Uuid
    number: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    lines: Annotated[tuple[PlacedLine, ...], msgspec.Meta(min_length=1, max_length=200)]
    totals: Totals
    price_list: PriceListUsed
    fulfilment: WantedFulfilment
    payment_intent: PaymentIntent
    promotions_version: int = 0
    member_id: Uuid | None = None
    note: Text = ""
    spends: Annotated[tuple[leases.Spending, ...], msgspec.Meta(max_length=400)] = ()
    priced_by: PricedBy | None = None


class PlaceV4(Body, frozen=True):
    """Version 4 let everything count as spent."""

    order_id: Uuid
    number: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    lines: Annotated[tuple[PlacedLine, ...], msgspec.Meta(min_length=1, max_length=200)]
    totals: Totals
    price_list: PriceListUsed
    fulfilment: WantedFulfilment
    payment_intent: PaymentIntent
    promotions_version: int = 0
    member_id: Uuid | None = None
    note: Text = ""
    spends: Annotated[tuple[leases.Spending, ...], msgspec.Meta(max_length=400)] = ()
    priced_by: PricedBy | None = None
    staff_id: Uuid | None = None


class Place(Body, frozen=True):
    """An order with everything that belongs to it. `staff_id`: the colleague who buys it at staff prices; `uncounted`:
    the lines that do not count as spent (`guide_app.domain.spending`)."""

    order_id: Uuid
    number: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    lines: Annotated[tuple[PlacedLine, ...], msgspec.Meta(min_length=1, max_length=200)]
    totals: Totals
    price_list: PriceListUsed
    fulfilment: WantedFulfilment
    payment_intent: PaymentIntent
    promotions_version: int = 0
    member_id: Uuid | None = None
    note: Text = ""
    spends: Annotated[tuple[leases.Spending, ...], msgspec.Meta(max_length=400)] = ()
    """Promised pieces of each line may come of two leases."""
    priced_by: PricedBy | None = None
    staff_id: Uuid | None = None
    uncounted: Annotated[tuple[Uuid, ...], msgspec.Meta(max_length=200)] = ()


def _placed_v1(body: PlaceV1) -> PlaceV2:
    return msgspec.convert(msgspec.to_builtins(body), PlaceV2)


def _placed_v2(body: PlaceV2) -> PlaceV3:
    return msgspec.convert(msgspec.to_builtins(body), PlaceV3)


def _placed_v3(body: PlaceV3) -> PlaceV4:
    return msgspec.convert(msgspec.to_builtins(body), PlaceV4)


def _placed_v4(body: PlaceV4) -> Place:
    return msgspec.convert(msgspec.to_builtins(body), Place)


class Cancel(Body, frozen=True):
    """`reason` is one of HQ's words or free text."""

    order_id: Uuid
    reason: Short


P = TypeVar("P", bound="Place")


def nobodys_sale(body: P) -> P:
    """The sale without its customer: see `guide_app.domain.erasure.without_person`."""
    names = erasure.stand_ins(body.priced_by, (each for line in body.lines for each in line.discounts))
    return msgspec.structs.replace(
        body, member_id=None, note="", fulfilment=msgspec.structs.replace(body.fulfilment, to=None, note=""),
        lines=tuple(
            msgspec.structs.replace(one, discounts=erasure.renamed(one.discounts, names)) for one in body.lines
        ),
        priced_by=erasure.priced_by_nobody(body.priced_by, names),
    )  # fmt: skip


class OrderPlace(Operation[Place]):
    """The order, its member's figures and the shop's stock in one effect."""

    kind: ClassVar[str] = "order.place"
    version: ClassVar[int] = 5
    body = Place
    older = (
        Older(1, PlaceV1, _placed_v1), Older(2, PlaceV2, _placed_v2), Older(3, PlaceV3, _placed_v3),
        Older(4, PlaceV4, _placed_v4),
    )  # fmt: skip

    def touches(self, body: Place) -> tuple[Ref, ...]:
        member = (Ref("member", body.member_id),) if body.member_id else ()
        stock = (Ref("stock", line.product_id) for line in body.lines)
        return unique((Ref("order", body.order_id), *member, *stock, *leases.total(body.spends)))

    def without_person(self, body: Place) -> Place:
        """A sale stays a sale: it is told without the customer, what is noted about them, and where they live."""
        return nobodys_sale(body)

    def check(self, body: Place, state: Snapshot, context: Context) -> Refusal | None:
        if state.row(Ref("order", body.order_id)) is not None:
            return Refusal("parked", "body_invalid")
        if len({line.line_id for line in body.lines}) < len(body.lines):
            return Refusal("parked", "body_invalid")
        if any(line.guide_shares and not shares.whole(line.guide_shares) for line in body.lines):
            return Refusal("parked", "body_invalid")
        if (body.staff_id and body.member_id) or not {line.line_id for line in body.lines}.issuperset(body.uncounted):
            return Refusal("parked", "body_invalid")
        if totals(body.lines) != body.totals or any(line.amount != line_amount(line) for line in body.lines):
            return Refusal("parked", "total_mismatch")
        return None

    def guard(self, body: Place, state: Snapshot, now: datetime | None) -> Refusal | None:
        return leases.within(body.spends, state, now) or staff_limit(body, state)

    def effect(self, body: Place, state: Snapshot, context: Context) -> Effect:
        placed_at = context.bounded(context.made_at)
        changes: dict[Ref, Record] = {}
        member_id = ""
        if body.member_id:
            ref = state.resolve(Ref("member", body.member_id))
            member_id = ref.id
            if member := state.get(ref, Member):
                spent = spending.counted(body.lines, body.uncounted)
                changes[ref] = bought(member, 1, spent, placed_at, context.day(placed_at))
        wanted = body.fulfilment.stored
        if fulfilment.takes_stock(wanted):
            changes |= moved(state, body.lines, -1, placed_at)
        changes |= leases.spent(body.spends, state)
        changes[Ref("order", body.order_id)] = Order(
            number=body.number,
            state="placed",
            guide_id=context.guide_id,
            placed_at=placed_at,
            currency=context.currency,
            lines=tuple(_line(line, context.guide_id) for line in body.lines),
            totals=body.totals,
            member_id=member_id,
            fulfilment=wanted,
            payment_intent=body.payment_intent,
            price_list=body.price_list,
            promotions_version=body.promotions_version,
            note=body.note,
            spends=tuple(Spend(lease_id=one.lease_id, amount=one.amount) for one in body.spends),
            priced_by=body.priced_by,
            staff_id=body.staff_id or "",
            uncounted=body.uncounted,
        )
        return Effect(changes)


class OrderCancel(Operation[Cancel]):
    """Takes an order back: exactly undoes what it did to its member's figures, to the stock, to leases and to the
    quotation that it came of."""

    kind: ClassVar[str] = "order.cancel"
    body = Cancel

    def touches(self, body: Cancel) -> tuple[Ref, ...]:
        return (Ref("order", body.order_id),)

    def follows(self, body: Cancel, state: Snapshot) -> tuple[Ref, ...]:
        order = state.get(Ref("order", body.order_id), Order)
        if order is None:
            return ()
        member = (Ref("member", order.member_id),) if order.member_id else ()
        stock = (Ref("stock", line.product_id) for line in order.lines)
        quotation = (Ref("quotation", order.quotation_id),) if order.quotation_id else ()
        return unique((*member, *stock, *quotation, *leases.total(order.spends), *cards.leased(order)))

    def check(self, body: Cancel, state: Snapshot, context: Context) -> Refusal | None:
        order = state.get(Ref("order", body.order_id), Order)
        if order is None:
            return Refusal("parked", "order_unknown")
        if order.state == "cancelled":
            return Refusal("rejected", "already_cancelled")
        if order.state in returns.GONE_OUT:
            return Refusal("rejected", "already_shipped")
        return None

    def effect(self, body: Cancel, state: Snapshot, context: Context) -> Effect:
        ref = Ref("order", body.order_id)
        order = state.get(ref, Order)
        if order is None:
            return Effect({})
        at = context.bounded(context.made_at)
        if order.state == "cancelled":  # HQ's row has it already, and those of its member, stock and leases have not
            order = msgspec.structs.replace(order, state="accepted")
        back = tuple(cards.given_back(order, at, context.guide_id))
        cancelled = msgspec.structs.replace(
            order, state="cancelled", cancel_reason=body.reason, cancelled_at=at, cancelled_by=context.guide_id
        )
        changes: dict[Ref, Record] = {ref: payments.with_legs(cancelled, back)}
        if order.member_id:
            whose = state.resolve(Ref("member", order.member_id))
            if member := state.get(whose, Member):
                changes[whose] = bought(member, -1, -spending.counts(order), "", context.day(order.placed_at))
        if fulfilment.takes_stock(order.fulfilment):
            changes |= moved(state, staying(order), 1, at)
        changes |= leases.refunded(returns.spent(order), state)
        promised = Ref("quotation", order.quotation_id)
        if order.quotation_id and (quotation := state.get(promised, Quotation)):
            changes[promised] = quotations.freed(quotation, body.order_id)
        return Effect(cards.moved(back, changes, state))


def staff_limit(body: Place, state: Snapshot, kept: Mapping[Ref, int] | None = None) -> Refusal | None:
    """All that a colleague spends counts against what HQ lets them buy, and nobody else's order spends of that.
    `kept`: what counted already, of goods that come back for it."""
    kept = kept or {}
    spent = sum(kept.values()) + sum(
        amount - kept.get(ref, 0)
        for ref, amount in leases.total(body.spends).items()
        if (lease := state.get(ref, Lease)) and lease.instrument and lease.instrument.kind == "staff"
    )
    due = max(0, spending.counted(body.lines, body.uncounted)) if body.staff_id else 0
    return Refusal("rejected", "staff_limit") if spent != due else None


def staying(order: Order) -> tuple[OrderLine, ...]:
    """The lines with those pieces that the customer still has."""
    has = returns.left(order)
    return tuple(msgspec.structs.replace(line, qty=has[line.line_id]) for line in order.lines if has[line.line_id])


def line_amount(line: PlacedLine | OrderLine) -> int:
    """What a line costs by its own figures, in minor units."""
    return line.qty * line.unit_price - sum(d.amount for d in line.discounts)


def totals(lines: tuple[PlacedLine, ...]) -> Totals:
    """The totals that these lines add up to."""
    gross = sum(line.qty * line.unit_price for line in lines)
    off = sum(d.amount for line in lines for d in line.discounts)
    return Totals(lines=gross, discounts=off, total=gross - off)


def _line(line: PlacedLine, guide_id: str) -> OrderLine:
    return OrderLine(
        line_id=line.line_id,
        product_id=line.product_id,
        qty=line.qty,
        unit_price=line.unit_price,
        amount=line.amount,
        discounts=line.discounts,
        guide_shares=shares.stored(line.guide_shares, guide_id),
    )


def bought(member: Member, orders: int, amount: int, at: str, on: str) -> Member:
    """The member with so many orders and so much money more, or less, of an order that was placed on the day `on`."""
    return msgspec.structs.replace(
        member,
        order_count=member.order_count + orders,
        spent=member.spent + amount,
        last_contact_at=max(member.last_contact_at, at),
        counted=levels.put(member.counted, *([Counted(on=on, spent=amount, orders=orders)] if on else [])),
    )


def moved(
    state: Snapshot, lines: tuple[PlacedLine, ...] | tuple[OrderLine, ...], sign: int, at: str
) -> dict[Ref, Record]:
    """The stock rows after `sign` times the lines' pieces; what the shop keeps no books of is left alone."""
    moved: dict[Ref, Record] = {}
    for line in lines:
        ref = Ref("stock", line.product_id)
        known = moved.get(ref) or state.get(ref, Stock)
        if isinstance(known, Stock):
            moved[ref] = msgspec.structs.replace(
                known, on_hand=known.on_hand + sign * line.qty, as_of=max(known.as_of, at)
            )
    return moved
