"""Orders at HQ: known products, HQ's own prices, unique numbers, goods that are there."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from guide_app.domain import fulfilment, payments
from guide_app.domain.records import Fulfilment, Order, PricedBy, Ref, Stock
from guide_app.operations import Context, Effect, Refusal
from guide_app.operations.leases import total
from guide_app.operations.orders import Place, staff_limit
from hq.handlers.approvals import approval_missing, by_hand
from hq.handlers.backing import behind
from hq.handlers.base import Desk, Handler, Needs, Priced, unused
from hq.handlers.leases import booked
from hq.handlers.variances import variances

P = TypeVar("P", bound=Place)


class PlaceHandler(Handler[P]):
    """What was promised to the customer stands; HQ notes how it differs and says what must be settled."""

    def needs(self, body: P, context: Context) -> Needs:
        return Needs(
            refs=self.operation.touches(body),
            staff=(context.guide_id,),
            numbers=(body.number,),
            products=tuple(line.product_id for line in body.lines),
            priced=_priced(body, body.priced_by, context) if body.priced_by else None,
            approvers=_approvers(body),
        )

    def authority(self, body: P, desk: Desk, context: Context) -> Refusal | None:
        known = all(line.product_id in desk.products for line in body.lines)
        return None if known else Refusal("parked", "product_unknown")

    def amend(self, effect: Effect, body: P, desk: Desk, context: Context) -> Effect:
        ref = Ref("order", body.order_id)
        order = effect.changes[ref]
        assert isinstance(order, Order)
        missing = lacking(order.fulfilment, effect)
        number = unused(body.number, desk.numbers)
        spends, changes = total(body.spends), dict(effect.changes)
        risk = booked(changes, spends, desk, context)
        unapproved = approval_missing(order, desk)
        differs = (*variances(order, desk, behind(spends, changes, desk)), *unapproved)
        accepted = msgspec.structs.replace(
            order,
            state="accepted",
            number=number,
            variance=sum(one.amount for one in differs),
            variances=differs,
            fulfilment=msgspec.structs.replace(order.fulfilment, repair="out_of_stock" if missing else ""),
        )
        accepted = payments.standing(accepted)
        changes[ref] = accepted
        beyond = "staff_limit" if staff_limit(body, desk.rows) else ""
        return Effect(changes, _code(accepted, body, risk or ("approval_missing" if unapproved else beyond)))


def lacking(goes: Fulfilment, effect: Effect) -> bool:
    """Whether pieces of this shop are to be handed over later that are not there."""
    short = any(isinstance(row, Stock) and row.on_hand < 0 for row in effect.changes.values())
    return short and fulfilment.promised(goes)


def _approvers(body: Place) -> tuple[str, ...] | None:
    """Who is said to have allowed what was taken off by hand; None where nothing was, or nothing is said of it."""
    if body.priced_by is None or not any(map(by_hand, body.lines)):
        return None
    return tuple(one.approved_by for one in body.priced_by.manual)


def _priced(body: Place, by: PricedBy, context: Context) -> Priced:
    """When it was priced, and every promotion that it names, whatever HQ had then."""
    taken = {one.promotion_id for line in body.lines for one in line.discounts if one.promotion_id}
    named = taken.union(by.audience, (one.promotion_id for one in by.coupons))
    return Priced(context.bounded(context.made_at), frozenset(named))


def _code(order: Order, body: Place, risk: str) -> str:
    """The most pressing thing to know about an order that was accepted."""
    if order.fulfilment.repair or risk:
        return order.fulfilment.repair or risk
    if order.number != body.number:
        return "number_changed"
    return "variance" if order.variance else ""
