"""The rows of payments: a request with its order, locked in one order, written and published in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from guide_app.domain.records import Order, Record, Ref
from hq.handlers import Desk
from hq.ledger.port import Clash, Ledger, Transient
from hq.payments.values import PaymentRequest
from hq.sync_api.publishing import publish_work
from hq.sync_api.push import TRIES
from hq.sync_api.sweep import Branch

T = TypeVar("T")


def request_ref(name: str) -> Ref:
    """A payment request, by the payment's id."""
    return Ref("payment_request", name)


def order_ref(order_id: str) -> Ref:
    """An order, by its id."""
    return Ref("order", order_id)


class PayingRows:
    """Reads and writes them; `tried` runs a piece of work as one transaction."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def request(self, branch: Branch, name: str) -> PaymentRequest | None:
        """The request as it stands now, in a transaction of its own."""
        return self.tried(lambda: self.desk(branch, name).rows.get(request_ref(name), PaymentRequest))

    def desk(self, branch: Branch, name: str, order_id: str = "") -> Desk:
        """A desk with the request, and its order where it is known, both locked: always in this order."""
        desk = Desk(branch.aggregates, branch.shop.currency)
        desk.fetch([request_ref(name)])
        if order_id:
            desk.fetch([order_ref(order_id)])
        return desk

    def order(self, desk: Desk, order_id: str) -> Order | None:
        """The order, locked behind its request."""
        desk.fetch([order_ref(order_id)])
        return desk.rows.get(order_ref(order_id), Order)

    def save(self, branch: Branch, desk: Desk, changes: dict[Ref, Record]) -> None:
        """Writes the changes, and publishes them to the store."""
        desk.apply(changes)
        publish_work(self._ledger, branch.scope, desk.save())

    def tried(self, work: Callable[[], T]) -> T:
        """One transaction, again when another one got in the way."""
        for _ in range(TRIES):
            try:
                with self._ledger.transaction():
                    return work()
            except Transient as problem:
                if not problem.rerun:
                    raise
            except Clash:
                continue
        raise Transient("others kept writing the same rows")
