"""Money of orders at HQ: it has happened. What a gift card paid beyond its lease is the chain's risk."""

from __future__ import annotations

from guide_app.domain.records import Record, Ref
from guide_app.operations import Context, Effect
from guide_app.operations.leases import total
from guide_app.operations.payments import Pay, PayBack, spends
from hq.handlers.base import Desk, Handler
from hq.handlers.leases import booked, settled


class PayHandler(Handler[Pay]):
    """What was received stands; leases that HQ does not know are kept as leases of nothing."""

    def amend(self, effect: Effect, body: Pay, desk: Desk, context: Context) -> Effect:
        changes: dict[Ref, Record] = dict(effect.changes)
        risk = booked(changes, total(spends(body)), desk, context)
        return Effect(changes, risk or effect.code)


class PayBackHandler(Handler[PayBack]):
    """What goes back on a gift card is its lease's again, or its instrument's where the lease is closed."""

    def amend(self, effect: Effect, body: PayBack, desk: Desk, context: Context) -> Effect:
        return settled(effect, desk)
