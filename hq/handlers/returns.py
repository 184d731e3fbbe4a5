"""Goods that come back, at HQ: the promise to the customer is kept; what it differs from what was due is booked."""

from __future__ import annotations

from collections import Counter

import msgspec

from guide_app.domain import returns
from guide_app.domain.pricing import Basket
from guide_app.domain.records import Lease, Order, Record, Ref
from guide_app.operations import Context, Effect
from guide_app.operations.orders import OrderPlace
from guide_app.operations.returns import Exchanged, Judged, Shop, TakeBack, UndoReturn, back, linked, taken
from hq.handlers.base import Desk, Handler, outcome
from hq.handlers.leases import settled, spent_again, spent_of_back
from hq.handlers.orders import PlaceHandler
from hq.handlers.variances import shop_time
from hq.ledger.port import Outcome

DIFFERS = "refund_variance"


class TakeBackHandler(Handler[TakeBack]):
    """What is left of each line is taken; what was promised beyond what that is worth is the chain's risk."""

    def about_erased(self, body: TakeBack, desk: Desk) -> bool:
        """A coupon is always somebody's: where the order is nobody's any more, they were erased."""
        order = desk.rows.get(Ref("order", body.order_id), Order)
        nobodys = order is not None and not order.member_id and bool(body.refund.coupons)
        return nobodys or super().about_erased(body, desk)

    def amend(self, effect: Effect, body: TakeBack, desk: Desk, context: Context) -> Effect:
        return took_back(body, desk, context)


class UndoReturnHandler(Handler[UndoReturn]):
    """The goods are the customer's again."""

    def amend(self, effect: Effect, body: UndoReturn, desk: Desk, context: Context) -> Effect:
        return spent_again(effect, desk)


class ExchangeHandler(PlaceHandler[Exchanged]):
    """A return, and then a sale."""

    def take(self, body: Exchanged, desk: Desk, context: Context) -> Outcome:
        first = took_back(body.back, desk, context)
        back = _given(first, desk)
        desk.apply(first.changes)
        placed = spent_of_back(OrderPlace().effect(body, desk.rows, context), back, desk)
        second = self.amend(placed, body, desk, context)
        old = Ref("order", body.back.order_id)
        changes: dict[Ref, Record] = {old: first.changes[old], **second.changes}
        desk.apply(linked(body, changes, context))
        return outcome("applied", first.code or second.code)


def _given(effect: Effect, desk: Desk) -> dict[Ref, int]:
    """What each lease gets back by this effect, which is not on the desk yet."""
    before = {ref: desk.rows.get(ref, Lease) for ref in effect.changes if ref.entity == "lease"}
    after = {ref: record for ref, record in effect.changes.items() if isinstance(record, Lease)}
    return {ref: lease.spent - after[ref].spent for ref, lease in before.items() if lease and ref in after}


def took_back(body: TakeBack, desk: Desk, context: Context, away: Shop | None = None) -> Effect:
    """The return as HQ judges it; its code says that pieces were not there, or that HQ finds another refund due.
    `away`: the other store that has the goods."""
    order = desk.rows.get(Ref("order", body.order_id), Order)
    if order is None:
        return Effect({})
    judged = _judged(order, body, desk)
    effect = settled(back(body, desk.rows, context, judged, away=away), desk)
    return msgspec.structs.replace(effect, code=effect.code or (DIFFERS if judged.variance else ""))


def _judged(order: Order, body: TakeBack, desk: Desk) -> Judged:
    lines = taken(order, body)
    more = Counter[str]()
    for line in lines:
        more[line.line_id] += line.qty
    due = returns.reckon(order, _as_sold(order, desk), more).back
    variance = body.refund.money - due.money
    beyond = any(line.beyond for line in lines)
    risk = max(0, body.refund.money - returns.held(order), variance if beyond else 0)
    return Judged(variance=variance, risk=risk, points=due.points, coupons=due.coupons)


def _as_sold(order: Order, desk: Desk) -> Basket | None:
    if order.priced_by is None:
        return None
    desk.bring_prices(order)
    at = shop_time(order.placed_at, desk.time_zone)
    return returns.sold_basket(order, desk.goods, desk.promotions, at)
