"""Goods that come back, an exchange, and a return that is taken back. It has happened: HQ refuses none of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar

import msgspec

from guide_app.domain import fulfilment, leases, payments, returns, spending
from guide_app.domain import staff_limit as limits
from guide_app.domain.ids import derived_id
from guide_app.domain.records import (
    Lease,
    Member,
    Names,
    Order,
    OrderCopy,
    Part,
    Payment,
    Record,
    Ref,
    Refund,
    Return,
    ReturnedLine,
)
from guide_app.domain.records.base import Quantity, Short, Uuid
from guide_app.domain.records.order import NOWHERE, Spend
from guide_app.domain.records.promotion import Amount
from guide_app.operations import cards
from guide_app.operations.base import Body, Context, Effect, Older, Operation, Refusal, Snapshot, unique
from guide_app.operations.leases import Spending, total, within
from guide_app.operations.orders import (
    OrderPlace,
    Place,
    PlaceV2,
    PlaceV3,
    PlaceV4,
    bought,
    moved,
    nobodys_sale,
    staff_limit,
)
from guide_app.operations.payments import MOST_LEGS, twice

Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,40}\Z")]
"""A reason by its code: nothing is written freely here, so that there is nothing to erase."""
TOO_MANY = "return_too_many"
RETURN = "return"
"""Why money went back."""


class LineBack(Part, frozen=True):
    """So many pieces of a line come back; `sellable`: they go into the shop's stock again."""

    line_id: Uuid
    qty: Quantity
    reason: Code
    sellable: bool = True


class Promised(Part, frozen=True):
    """What the customer was told to get back."""

    money: Amount = 0
    points: Amount = 0
    coupons: Annotated[tuple[Short, ...], msgspec.Meta(max_length=20)] = ()


class Leg(Part, frozen=True):
    """Money that was given back in one way; `of`: the payment that it takes back."""

    leg_id: Uuid
    method: Code
    amount: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    of: Uuid | None = None


class TakeBack(Body, frozen=True):
    """Pieces that come back, and what the customer gets for them. With no lines: what was due to them yet."""

    order_id: Uuid
    return_id: Uuid
    lines: Annotated[tuple[LineBack, ...], msgspec.Meta(max_length=200)]
    refund: Promised
    legs: Annotated[tuple[Leg, ...], msgspec.Meta(max_length=MOST_LEGS)] = ()


class UndoReturn(Body, frozen=True):
    """A return that was none: the customer has the goods, and the shop its money."""

    order_id: Uuid
    return_id: Uuid


class ExchangedV1(PlaceV2, frozen=True, kw_only=True):
    """Version 1 said of how the goods reach the customer only in what way."""

    back: TakeBack
    credit: Amount = 0


class ExchangedV2(PlaceV3, frozen=True, kw_only=True):
    """Version 2 knew of no staff purchase."""

    back: TakeBack
    credit: Amount = 0


class ExchangedV3(PlaceV4, frozen=True, kw_only=True):
    """Version 3 let everything count as spent."""

    back: TakeBack
    credit: Amount = 0


class Exchanged(Place, frozen=True, kw_only=True):
    """A sale for which pieces of another order come back. `credit`: what of their refund pays for it."""

    back: TakeBack
    credit: Amount = 0


def _of_nobody(body: TakeBack) -> TakeBack:
    return msgspec.structs.replace(body, refund=msgspec.structs.replace(body.refund, coupons=()))


def _exchanged_v1(body: ExchangedV1) -> ExchangedV2:
    return msgspec.convert(msgspec.to_builtins(body), ExchangedV2)


def _exchanged_v2(body: ExchangedV2) -> ExchangedV3:
    return msgspec.convert(msgspec.to_builtins(body), ExchangedV3)


def _exchanged_v3(body: ExchangedV3) -> Exchanged:
    return msgspec.convert(msgspec.to_builtins(body), Exchanged)


class Judged(Part, frozen=True):
    """What HQ finds: what was promised beyond what was due (less: negative), and what of that is the chain's loss."""

    variance: int = 0
    risk: int = 0
    points: int = 0
    coupons: tuple[str, ...] = ()


class Shop(Part, frozen=True):
    """The shop that took goods in, where it is not the one that sold them."""

    store_id: str
    names: Names


class OrderReturn(Operation[TakeBack]):
    """Pieces come back as far as they are the customer's yet; what was promised for them stands."""

    kind: ClassVar[str] = "order.return"
    entity: ClassVar[str] = "order"
    """Where the order stands: it itself, or a copy of another shop's."""
    body = TakeBack

    def touches(self, body: TakeBack) -> tuple[Ref, ...]:
        return (Ref(self.entity, body.order_id),)

    def follows(self, body: TakeBack, state: Snapshot) -> tuple[Ref, ...]:
        return moved_by(Ref(self.entity, body.order_id), state)

    def without_person(self, body: TakeBack) -> TakeBack:
        """The goods came back, whoever brought them; HQ finds itself which coupons that concerns."""
        return _of_nobody(body)

    def check(self, body: TakeBack, state: Snapshot, context: Context) -> Refusal | None:
        order = state.get(Ref(self.entity, body.order_id), Order)
        if order is None:
            return Refusal("parked", "order_unknown")
        known = {line.line_id for line in order.lines}
        odd = any(line.line_id not in known for line in body.lines) or any(
            one.return_id == body.return_id for one in order.returns
        )
        odd = odd or twice([leg.leg_id for leg in body.legs]) or _paid_out(body) > body.refund.money
        if odd:
            return Refusal("parked", "body_invalid")
        return cards.unknown(order, [(leg.method, leg.of) for leg in body.legs])

    def guard(self, body: TakeBack, state: Snapshot, now: datetime | None) -> Refusal | None:
        order = state.get(Ref(self.entity, body.order_id), Order)
        if order is None or order.state == "cancelled":
            return Refusal("rejected", "already_cancelled")
        too_many = any(line.beyond for line in taken(order, body))
        return Refusal("rejected", TOO_MANY) if too_many or body.refund.money > returns.held(order) else None

    def effect(self, body: TakeBack, state: Snapshot, context: Context) -> Effect:
        return back(body, state, context, ref=Ref(self.entity, body.order_id))


class OrderReturnUndo(Operation[UndoReturn]):
    """Takes a return back: exactly undoes what it did. Of a cancelled order everything was settled: no effect."""

    kind: ClassVar[str] = "order.return_undo"
    entity: ClassVar[str] = "order"
    body = UndoReturn

    def touches(self, body: UndoReturn) -> tuple[Ref, ...]:
        return (Ref(self.entity, body.order_id),)

    def follows(self, body: UndoReturn, state: Snapshot) -> tuple[Ref, ...]:
        order = state.get(Ref(self.entity, body.order_id), Order)
        new = (Ref("order", one.exchange_id) for one in (order.returns if order else ()) if one.exchange_id)
        return (*moved_by(Ref(self.entity, body.order_id), state), *new)

    def check(self, body: UndoReturn, state: Snapshot, context: Context) -> Refusal | None:
        order = state.get(Ref(self.entity, body.order_id), Order)
        if order is None:
            return Refusal("parked", "order_unknown")
        known = any(one.return_id == body.return_id for one in order.returns)
        return None if known else Refusal("parked", "return_unknown")

    def effect(self, body: UndoReturn, state: Snapshot, context: Context) -> Effect:
        ref = Ref(self.entity, body.order_id)
        order = state.get(ref, Order)
        one = _known(order, body.return_id)
        if order is None or one is None:
            return Effect({})
        if one.void and one.undone_by == context.op_id:  # HQ's row has it already
            order = _uncancelled(_with(order, msgspec.structs.replace(one, void=False)))
            order = msgspec.structs.replace(order, state=_state_now(order, one))
        elif one.void or order.state == "cancelled":
            return Effect({})
        rest = _with(order, msgspec.structs.replace(one, void=True, undone_by=context.op_id)).returns
        at = context.bounded(context.made_at)
        after = msgspec.structs.replace(order, returns=rest, state=_state_with(order, rest))
        given = tuple(leg for leg in order.payments if leg.id in one.legs)
        new = state.get(Ref("order", one.exchange_id), Order) if one.exchange_id else None
        given, came = cards.credit_back(given, new, body.return_id)
        turned, credit = (tuple(_turned(leg, at, context) for leg in legs) for legs in (given, came))
        after = _with_legs(after, turned)
        changes = _figures(order, after, state, context)
        if new is not None:
            changes[Ref("order", one.exchange_id)] = _with_legs(new, credit)
        changes |= _stock(order, one, -1, state, context)
        for lease_ref, amount in total(one.spends).items():
            if lease := state.get(lease_ref, Lease):
                changes[lease_ref] = leases.spend(lease, amount)
        return Effect(cards.moved((*credit, *turned), {ref: after, **changes}, state))


class CopyReturn(OrderReturn):
    """Goods of another shop's order come back here: into this shop's stock, for this till's money. HQ takes it to the
    shop that sold them, which judges it as its own."""

    kind: ClassVar[str] = "order_copy.return"
    entity: ClassVar[str] = "order_copy"


class CopyReturnUndo(OrderReturnUndo):
    """Such a return was none."""

    kind: ClassVar[str] = "order_copy.return_undo"
    entity: ClassVar[str] = "order_copy"


class OrderExchange(Operation[Exchanged]):
    """A return and a new order, together or not at all."""

    kind: ClassVar[str] = "order.exchange"
    version: ClassVar[int] = 4
    body = Exchanged
    older = (
        Older(1, ExchangedV1, _exchanged_v1),
        Older(2, ExchangedV2, _exchanged_v2),
        Older(3, ExchangedV3, _exchanged_v3),
    )

    def touches(self, body: Exchanged) -> tuple[Ref, ...]:
        return unique((*OrderPlace().touches(body), *OrderReturn().touches(body.back)))

    def follows(self, body: Exchanged, state: Snapshot) -> tuple[Ref, ...]:
        return moved_by(Ref("order", body.back.order_id), state)

    def without_person(self, body: Exchanged) -> Exchanged:
        return msgspec.structs.replace(nobodys_sale(body), back=_of_nobody(body.back))

    def check(self, body: Exchanged, state: Snapshot, context: Context) -> Refusal | None:
        too_much = body.credit + _paid_out(body.back) > body.back.refund.money or body.credit > body.totals.total
        if too_much or body.order_id == body.back.order_id:
            return Refusal("parked", "body_invalid")
        return OrderReturn().check(body.back, state, context) or OrderPlace().check(body, state, context)

    def guard(self, body: Exchanged, state: Snapshot, now: datetime | None) -> Refusal | None:
        """What a colleague's limit gets back by the return may be spent by the sale, whoever holds those leases."""
        refused = OrderReturn().guard(body.back, state, now)
        back, spends = _limit_back(body, state), total(body.spends)
        kept = {ref: min(amount, back[ref]) for ref, amount in spends.items() if ref in back}
        further = tuple(
            Spending(lease_id=ref.id, amount=more)
            for ref, amount in spends.items()
            if (more := amount - kept.get(ref, 0))
        )
        return refused or within(further, state, now) or staff_limit(body, state, kept)

    def effect(self, body: Exchanged, state: Snapshot, context: Context) -> Effect:
        first = back(body.back, state, context)
        second = OrderPlace().effect(body, state.after(first.changes), context)
        return Effect(linked(body, {**first.changes, **second.changes}, context), first.code)

    def alone(self, body: Exchanged, state: Snapshot, context: Context) -> Effect | None:
        """The new order: the customer has those goods, whatever HQ knows of the old ones."""
        old = state.get(Ref("order", body.back.order_id), Order)
        if old is not None or OrderPlace().check(body, state, context) is not None:
            return None
        return Effect(linked(body, OrderPlace().effect(body, state, context).changes, context))


def _limit_back(body: Exchanged, state: Snapshot) -> dict[Ref, int]:
    """What leases of the colleague's limit get back by the goods that come back."""
    order = state.get(Ref("order", body.back.order_id), Order)
    if order is None or order.staff_id != body.staff_id or _known(order, body.back.return_id):
        return {}
    has, lines = returns.left(order), taken(order, body.back)
    has.update({line.line_id: has.get(line.line_id, 0) - line.qty for line in lines})
    gone = not any(has.values()) and order.state not in ("cancelled", "returned")
    money = spending.refunded(order, body.back.refund.money, lines)
    if told := limits.counted(order):
        back = leases.in_turn(told, money, gone=gone)
    else:
        known = {ref.id: lease for ref in total(order.spends) if (lease := state.get(ref, Lease))}
        back = leases.limit_back(known, returns.spent(order), money, gone=gone)
    return {Ref("lease", one): amount for one, amount in back.items()}


def linked(body: Exchanged, changes: Mapping[Ref, Record], context: Context) -> dict[Ref, Record]:
    """The changes, with both orders knowing of each other; the credit goes from the one to the other, each part as what
    it was paid by."""
    told = dict(changes)
    old, new = Ref("order", body.back.order_id), Ref("order", body.order_id)
    at, return_id = context.bounded(context.made_at), body.back.return_id
    first = told.get(old)
    parts = cards.credit(first if isinstance(first, Order) else None, body.credit, return_id)
    leg = Payment(method=cards.EXCHANGE, amount=0, at=at, guide_id=context.guide_id, reason=RETURN)
    gone = tuple(
        msgspec.structs.replace(
            leg, id=cards.credit_leg(return_id, "out", one.of), kind="refunded", amount=one.amount, of=one.of,
            card=one.card, credit=one.paid,
        )
        for one in parts
    )  # fmt: skip
    came = tuple(
        msgspec.structs.replace(
            leg, id=cards.credit_leg(return_id, "in", one.of), amount=one.amount, card=one.card, credit=one.paid,
        )
        for one in parts
    )  # fmt: skip
    if isinstance(first, Order):
        rows = tuple(
            msgspec.structs.replace(
                one, exchange_id=new.id, legs=tuple(dict.fromkeys((*one.legs, *(out.id for out in gone))))
            )
            if one.return_id == return_id
            else one
            for one in first.returns
        )
        told[old] = _with_legs(msgspec.structs.replace(first, returns=rows), gone)
    if isinstance(order := told.get(new), Order):
        told[new] = _with_legs(msgspec.structs.replace(order, exchange_of=old.id), came)
    return told


def back(
    body: TakeBack, state: Snapshot, context: Context, judged: Judged | None = None, *, ref: Ref | None = None,
    away: Shop | None = None,
) -> Effect:  # fmt: skip
    """The return on the order (`ref`), its member's figures, the stock and the leases; code `return_too_many` where
    pieces were told of that were not there. `judged`: HQ's word; without one, what exceeds all that is held is the
    risk. `away`: the other shop that has the goods."""
    ref = ref or Ref("order", body.order_id)
    order = state.get(ref, Order)
    if order is None:
        return Effect({})
    known = _known(order, body.return_id)
    if known is not None:  # HQ's row has it already, those of the member and the stock may not
        order = _before(order, known)
        known = msgspec.structs.replace(known, void=False, undone_by="")
    made = known or _made(order, body, judged, context, away)
    after = msgspec.structs.replace(order, returns=(*order.returns, made))
    gone = not any(returns.left(after).values()) and order.state not in ("cancelled", "returned")
    if gone:
        made = msgspec.structs.replace(made, was=order.state)
    repaid = total(known.spends) if known else _repaid(order, made, body, gone, state, context)
    made = msgspec.structs.replace(made, spends=tuple(Spend(lease_id=r.id, amount=a) for r, a in repaid.items()))
    after = msgspec.structs.replace(order, returns=(*order.returns, made), state="returned" if gone else order.state)
    legs = cards.booked(after, [_leg(leg, made) for leg in body.legs])
    after = _with_legs(after, legs)
    changes = _figures(order, after, state, context)
    changes |= _stock(order, made, 1, state, context)
    for lease_ref, amount in repaid.items():
        if lease := state.get(lease_ref, Lease):
            changes[lease_ref] = leases.refund(lease, amount)
    too_many = any(line.beyond for line in made.lines)
    return Effect(cards.moved(legs, {ref: after, **changes}, state), TOO_MANY if too_many else "")


def taken(order: Order, body: TakeBack) -> tuple[ReturnedLine, ...]:
    """The lines as far as the customer has their pieces; the others are beyond."""
    has = returns.left(order)
    lines = []
    for told in body.lines:
        there = min(told.qty, max(0, has.get(told.line_id, 0)))
        has[told.line_id] = has.get(told.line_id, 0) - there
        lines.append(
            ReturnedLine(
                line_id=told.line_id, qty=there, reason=told.reason, sellable=told.sellable, beyond=told.qty - there
            )
        )
    return tuple(lines)


def moved_by(ref: Ref, state: Snapshot) -> tuple[Ref, ...]:
    """What an order has to do with: its member, the stock of its products, its leases."""
    order = state.get(ref, Order)
    if order is None:
        return ()
    member = (Ref("member", order.member_id),) if order.member_id else ()
    stock = (Ref("stock", line.product_id) for line in order.lines)
    return unique((*member, *stock, *total(order.spends), *cards.leased(order)))


def _known(order: Order | None, return_id: str) -> Return | None:
    return next((one for one in order.returns if one.return_id == return_id), None) if order else None


def _with(order: Order, one: Return) -> Order:
    rows = tuple(one if each.return_id == one.return_id else each for each in order.returns)
    return msgspec.structs.replace(order, returns=rows)


def _before(order: Order, one: Return) -> Order:
    """The order as it was before this return."""
    rest = tuple(each for each in order.returns if each.return_id != one.return_id)
    state = one.was if one.was and order.state == "returned" else _uncancelled(order).state
    return msgspec.structs.replace(order, returns=rest, state=state)


def _uncancelled(order: Order) -> Order:
    """The order, still there: in HQ's row a later cancel can be too, which comes again after this."""
    return msgspec.structs.replace(order, state="accepted") if order.state == "cancelled" else order


def _state_now(order: Order, one: Return) -> str:
    """The state of an order of which a return stands."""
    return "returned" if one.was and not any(returns.left(order).values()) else order.state


def _made(order: Order, body: TakeBack, judged: Judged | None, context: Context, away: Shop | None) -> Return:
    if isinstance(order, OrderCopy):
        away = Shop(store_id=order.store_id, names=NOWHERE)
    found = judged or Judged(
        risk=max(0, body.refund.money - returns.held(order)), points=body.refund.points, coupons=body.refund.coupons
    )
    return Return(
        return_id=body.return_id,
        guide_id=context.guide_id,
        at=context.bounded(context.made_at),
        lines=taken(order, body),
        refund=Refund(money=body.refund.money, points=found.points, coupons=found.coupons),
        legs=tuple(leg.leg_id for leg in body.legs),
        variance=found.variance,
        risk=found.risk,
        store_id=away.store_id if away else "",
        store=away.names if away else NOWHERE,
    )


def _leg(leg: Leg, made: Return) -> Payment:
    return Payment(
        id=leg.leg_id, kind="refunded", method=leg.method, amount=leg.amount, at=made.at, guide_id=made.guide_id,
        reason=RETURN, of=leg.of or "",
    )  # fmt: skip


def _turned(leg: Payment, at: str, context: Context) -> Payment:
    """The payment that undoes this one."""
    return Payment(
        id=derived_id("leg", leg.id, "undone"), kind="paid" if leg.kind == "refunded" else "refunded",
        method=leg.method, amount=leg.amount, at=at, guide_id=context.guide_id, reason=RETURN, of=leg.id,
        card=leg.card, credit=leg.credit,
    )  # fmt: skip


def _with_legs(order: Order, legs: tuple[Payment, ...]) -> Order:
    return payments.standing(payments.with_legs(order, legs))


def _paid_out(body: TakeBack) -> int:
    return sum(leg.amount for leg in body.legs)


def _state_with(order: Order, rest: tuple[Return, ...]) -> str:
    """The state once these are the returns: where something stays again, the one before nothing did."""
    if order.state != "returned":
        return order.state
    stays = any(returns.left(msgspec.structs.replace(order, returns=rest)).values())
    was = next((one.was for one in reversed(rest) if one.was), "accepted")
    return was if stays else "returned"


def _figures(before: Order, after: Order, state: Snapshot, context: Context) -> dict[Ref, Record]:
    """The member with what the order comes to now, and whether it still counts."""
    if not before.member_id:
        return {}
    whose = state.resolve(Ref("member", before.member_id))
    member = state.get(whose, Member)
    if member is None:
        return {}
    counts = int(after.state != "returned") - int(before.state != "returned")
    money = spending.counts(after) - spending.counts(before)
    return {whose: bought(member, counts, money, "", context.day(before.placed_at))}


def _stock(order: Order, made: Return, sign: int, state: Snapshot, context: Context) -> dict[Ref, Record]:
    if not _into_stock(order, made):
        return {}
    whole = {line.line_id: line for line in order.lines}
    pieces = Counter[str]()
    for line in made.lines:
        if line.sellable:
            pieces[line.line_id] += line.qty
    lines = tuple(msgspec.structs.replace(whole[line_id], qty=qty) for line_id, qty in pieces.items() if qty)
    return moved(state, lines, sign, context.bounded(context.made_at))


def _into_stock(order: Order, made: Return) -> bool:
    """Whether the pieces come into the books of the shop whose row of the order this is."""
    if isinstance(order, OrderCopy):
        return made.store_id == order.store_id
    return not made.store_id and fulfilment.comes_back(order.fulfilment, made.at)


def _repaid(
    order: Order, made: Return, body: TakeBack, gone: bool, state: Snapshot, context: Context
) -> dict[Ref, int]:
    """What each lease gets back: of promised pieces those that can be sold again; points and coupons as refunded; money
    of a card that the order itself spent as it went back, a colleague's limit as money was refunded. Once
    nothing stays, whatever is left of points, coupons and cards. What went back on a card that paid is in the legs.
    Of a cancelled order nothing: the cancel gave all of it back."""
    if order.state == "cancelled":
        return {}
    points, money = made.refund.points, made.refund.money
    on_cards = sum(leg.amount for leg in body.legs if leg.method == payments.GIFT_CARD and not leg.of)
    pieces = _pieces(order, made, context)
    repaid: dict[Ref, int] = {}
    spent = total(returns.spent(order))
    known = {ref.id: lease for ref in spent if (lease := state.get(ref, Lease))}
    counted = spending.refunded(order, money, made.lines)
    limit = leases.limit_back(known, returns.spent(order), counted, gone=gone)
    for ref, there in sorted(spent.items()):
        lease = known.get(ref.id)
        if lease is None or there <= 0:
            continue
        kind, instrument = (lease.instrument.kind, lease.instrument.id) if lease.instrument else ("card", "")
        match kind:
            case "stock":
                amount = min(there, pieces[instrument])
                pieces[instrument] -= amount
            case "staff":
                amount = limit.get(ref.id, 0)
            case _ if gone:
                amount = there
            case "points":
                amount = min(there, points)
                points -= amount
            case "coupon":
                amount = min(there, sum(one == instrument for one in made.refund.coupons))
            case _:
                amount = min(there, on_cards)
                on_cards -= amount
        if amount > 0:
            repaid[ref] = amount
    return repaid


def _pieces(order: Order, made: Return, context: Context) -> Counter[str]:
    """Instrument of promised pieces → pieces of it that came back and can be sold."""
    products = {line.line_id: line.product_id for line in order.lines}
    found = Counter[str]()
    for line in made.lines if not made.store_id else ():
        if line.sellable:
            found[leases.stock_instrument(context.store_id, products[line.line_id]).id] += line.qty
    return found
