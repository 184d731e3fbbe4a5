"""Orders at HQ: known products, HQ's own prices, unique numbers, goods that are there."""

from __future__ import annotations

import msgspec

from guide_app.domain import payments
from guide_app.domain.records import Order, PriceList, Record, Ref, Stock
from guide_app.operations import Context, Effect, Refusal
from guide_app.operations.orders import Place
from hq.handlers.base import Desk, Handler, Needs, unused
from hq.handlers.leases import booked


class PlaceHandler(Handler[Place]):
    """What was promised to the customer stands; HQ notes how it differs and says what must be settled."""

    def needs(self, body: Place, context: Context) -> Needs:
        return Needs(
            refs=self.operation.touches(body),
            staff=(context.guide_id,),
            numbers=(body.number,),
            products=tuple(line.product_id for line in body.lines),
        )

    def authority(self, body: Place, desk: Desk, context: Context) -> Refusal | None:
        known = all(line.product_id in desk.products for line in body.lines)
        return None if known else Refusal("parked", "product_unknown")

    def amend(self, effect: Effect, body: Place, desk: Desk, context: Context) -> Effect:
        ref = Ref("order", body.order_id)
        order = effect.changes[ref]
        assert isinstance(order, Order)
        missing = body.fulfilment.kind != "take_away" and any(
            isinstance(row, Stock) and row.on_hand < 0 for row in effect.changes.values()
        )
        number = unused(body.number, desk.numbers)
        variance = _variance(order, desk)
        accepted = msgspec.structs.replace(
            order,
            state="accepted",
            number=number,
            variance=variance,
            fulfilment=msgspec.structs.replace(order.fulfilment, repair="out_of_stock" if missing else ""),
        )
        accepted = payments.standing(accepted)
        changes: dict[Ref, Record] = {**effect.changes, ref: accepted}
        risk = booked(changes, body, desk, context)
        return Effect(changes, _code(accepted, body, risk))


def _code(order: Order, body: Place, risk: str) -> str:
    """The most pressing thing to know about an order that was accepted."""
    if order.fulfilment.repair or risk:
        return order.fulfilment.repair or risk
    if order.number != body.number:
        return "number_changed"
    return "variance" if order.variance else ""


def _variance(order: Order, desk: Desk) -> int:
    """What the order's prices differ from HQ's list of that moment, in minor units; unlisted products count nothing."""
    current = _list_at(order.placed_at, desk)
    listed = ((line, desk.prices.get((current, line.product_id))) for line in order.lines)
    return sum(line.qty * (line.unit_price - price) for line, price in listed if price is not None)


def _list_at(moment: str, desk: Desk) -> str:
    """The id of the list that was valid then, the one that began last; empty when there was none."""

    def valid(price_list: PriceList) -> bool:
        return price_list.valid_from <= moment and (not price_list.valid_until or moment < price_list.valid_until)

    found = [(head.valid_from, head.version, list_id) for list_id, head in desk.lists.items() if valid(head)]
    return max(found)[2] if found else ""
