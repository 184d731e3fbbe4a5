"""What HQ's people do about the goods of an order: the operations of the tablets, made by nobody of the shop.

Pure over the ports. A step or another way that HQ's people decide obeys the very rules of a guide's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec

from guide_app.domain import fulfilment, payments, ways
from guide_app.domain.clock import to_text
from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.records import Order, Ref
from guide_app.domain.returns import GONE_OUT
from guide_app.operations import Context
from guide_app.operations.base import B
from guide_app.operations.fulfilling import Fulfil, OrderFulfil, OrderReroute, Reroute
from guide_app.operations.orders import WantedFulfilment
from hq.handlers.base import Desk, Handler
from hq.handlers.fulfilling import FulfilHandler, RerouteHandler
from hq.handlers.work import Work
from hq.ledger.port import Aggregates


class Mover:
    """Moves the goods of one store's orders, in the caller's transaction. `now`: HQ's clock, aware; `new_id` names each
    step."""

    def __init__(
        self, aggregates: Aggregates, currency: str, now: datetime, new_id: Callable[[], str] = lambda: str(uuid4())
    ) -> None:
        self._aggregates, self._currency, self._now, self._new_id = aggregates, currency, now, new_id

    def step(self, body: Fulfil) -> Work:
        """One step. Raises Refused("order_unknown" | "already_cancelled" | "not_paid" | "changed_meanwhile": it is none
        that can be done next)."""
        desk, order = self._laid_out(body.order_id)
        if order.state == "cancelled" and body.what != "undo":
            raise Refused("already_cancelled")
        if body.what in ("shipped", "done") and payments.owed(order):
            raise Refused("not_paid")
        if not _fits(order, body):
            raise Refused("changed_meanwhile")
        seen = msgspec.structs.replace(body, under=ways.in_force(order.fulfilment.steps))
        return self._done(FulfilHandler(OrderFulfil()), seen, desk)

    def reroute(self, order_id: str, wanted: WantedFulfilment) -> Work:
        """Another way; nothing is put aside for it by lease: what is missing is said on the order.

        Raises Refused("order_unknown" | "already_cancelled" | "already_shipped"), BadInput with the code of what the
        way still needs."""
        desk, order = self._laid_out(order_id)
        today = self._now.astimezone(ZoneInfo(self._aggregates.time_zone())).date()
        if code := fulfilment.lacks(wanted, today):
            raise BadInput(code)
        if order.state != "cancelled" and (order.state in GONE_OUT or ways.departures(order.fulfilment.steps)):
            raise Refused("already_shipped")
        return self._done(RerouteHandler(OrderReroute()), Reroute(order_id=order_id, fulfilment=wanted), desk)

    def _laid_out(self, order_id: str) -> tuple[Desk, Order]:
        desk, ref = Desk(self._aggregates, self._currency), Ref("order", order_id)
        desk.fetch([ref])
        order = desk.rows.get(ref, Order)
        if order is None:
            raise Refused("order_unknown")
        return desk, order

    def _done(self, handler: Handler[B], body: B, desk: Desk) -> Work:
        context = self._context()
        desk.fetch(handler.operation.follows(body, desk.rows))
        if refusal := handler.operation.check(body, desk.rows, context):
            raise Refused(refusal.code)
        handler.take(body, desk, context)
        return desk.save()

    def _context(self) -> Context:
        at = to_text(self._now)
        return Context(
            op_id=self._new_id(), store_id=self._aggregates.store_id, guide_id="", made_at=at, now=at,
            currency=self._currency, time_zone=self._aggregates.time_zone(),
        )  # fmt: skip


def last_step(order: Order) -> str:
    """The step that can be taken back: the last one about the way that counts; "" where there is none."""
    last = next(reversed(ways.standing_steps(order.fulfilment.steps)), None)
    late = ways.too_late(order.fulfilment.steps)
    last = ways.departures(order.fulfilment.steps)[-1] if late else last
    return last.op_id if last and last.what != "chosen" else ""


def _fits(order: Order, body: Fulfil) -> bool:
    if body.what == "undo":
        late = [step.op_id for step in ways.too_late(order.fulfilment.steps)]
        return bool(body.undoes) and body.undoes in (last_step(order), *late)
    return body.what in fulfilment.next_steps(order.fulfilment)
