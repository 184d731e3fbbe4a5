"""Goods that are handed over later, at HQ: a step has happened; another way is taken, and HQ says what is missing."""

from __future__ import annotations

import msgspec

from guide_app.domain.records import Order, Record, Ref
from guide_app.operations import Context, Effect
from guide_app.operations.fulfilling import Fulfil, Reroute, takes_spends
from guide_app.operations.leases import total
from hq.handlers.base import Desk, Handler
from hq.handlers.leases import booked, settled
from hq.handlers.orders import lacking

SHORT = "out_of_stock"


class FulfilHandler(Handler[Fulfil]):
    """One more step."""


class RerouteHandler(Handler[Reroute]):
    """The goods go in the other way, as far as HQ knows that they are there."""

    def amend(self, effect: Effect, body: Reroute, desk: Desk, context: Context) -> Effect:
        ref = Ref("order", body.order_id)
        order = effect.changes[ref]
        assert isinstance(order, Order)
        repair = SHORT if lacking(order.fulfilment, effect) else ""
        goes = msgspec.structs.replace(order.fulfilment, repair=repair)
        changes: dict[Ref, Record] = {**settled(effect, desk).changes}
        changes[ref] = msgspec.structs.replace(order, fulfilment=goes)
        before = desk.rows.get(ref, Order)
        takes = before is not None and takes_spends(before.fulfilment, goes)
        risk = booked(changes, total(body.spends), desk, context) if takes else ""
        return Effect(changes, repair or risk)
