"""Goods that are handed over later, at HQ: a step has happened; another way is taken, and HQ says what is missing."""

from __future__ import annotations

import msgspec

from guide_app.domain import fulfilment, ways
from guide_app.domain.records import Order, Record, Ref
from guide_app.operations import Context, Effect
from guide_app.operations.fulfilling import Fulfil, Reroute, takes_spends
from guide_app.operations.leases import total
from hq.handlers.base import Desk, Handler
from hq.handlers.leases import booked, settled
from hq.handlers.orders import lacking


class FulfilHandler(Handler[Fulfil]):
    """One more step. Where the goods left in another way than HQ thought, or though the order was cancelled, that is
    how they left; whoever chose or cancelled hears of it by the order, and whoever did this by the code."""

    def amend(self, effect: Effect, body: Fulfil, desk: Desk, context: Context) -> Effect:
        ref = Ref("order", body.order_id)
        before, order = desk.rows.get(ref, Order), effect.changes[ref]
        assert isinstance(order, Order)
        assert before is not None
        changes: dict[Ref, Record] = {**settled(effect, desk).changes}
        was, now = before.fulfilment, order.fulfilment
        if ways.in_force(was.steps) != ways.in_force(now.steps) and not now.repair and lacking(now, effect):
            goes = msgspec.structs.replace(now, repair=fulfilment.SHORT)
            changes[ref] = msgspec.structs.replace(order, fulfilment=goes)
        late = ways.too_late(now.steps) and not ways.too_late(was.steps)
        gone = now.repair == fulfilment.LEFT and was.repair != fulfilment.LEFT
        twice = now.repair == fulfilment.TWICE and was.repair != fulfilment.TWICE
        answer = fulfilment.LEFT if gone else fulfilment.TOO_LATE if late else fulfilment.TWICE if twice else ""
        return Effect(changes, answer)


class RerouteHandler(Handler[Reroute]):
    """The goods go in the other way, as far as HQ knows that they are there."""

    def amend(self, effect: Effect, body: Reroute, desk: Desk, context: Context) -> Effect:
        ref = Ref("order", body.order_id)
        order = effect.changes[ref]
        assert isinstance(order, Order)
        if order.fulfilment.repair == fulfilment.TOO_LATE:
            return Effect(settled(effect, desk).changes, fulfilment.TOO_LATE)
        repair = fulfilment.SHORT if lacking(order.fulfilment, effect) else order.fulfilment.repair
        goes = msgspec.structs.replace(order.fulfilment, repair=repair)
        changes: dict[Ref, Record] = {**settled(effect, desk).changes}
        changes[ref] = msgspec.structs.replace(order, fulfilment=goes)
        before = desk.rows.get(ref, Order)
        takes = before is not None and takes_spends(before.fulfilment, goes)
        risk = booked(changes, total(body.spends), desk, context) if takes else ""
        return Effect(changes, (repair if repair == fulfilment.SHORT else "") or risk)
