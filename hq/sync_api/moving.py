"""What HQ's people do about the goods of orders, in PostgreSQL."""

from __future__ import annotations

from datetime import datetime

from guide_app.operations.fulfilling import Fulfil
from guide_app.operations.orders import WantedFulfilment
from hq.handlers.moving import Mover
from hq.ledger.postgres import PostgresLedger
from hq.sync_api.directory import PostgresChain
from hq.sync_api.sweep import publish


def step(store_id: str, body: Fulfil, now: datetime) -> None:
    """One step, published to the store's tablets, in the caller's transaction or one of its own. `now`: HQ's clock,
    aware. Raises as `Mover.step`, Transient, Clash."""
    ledger, branch = PostgresLedger(), PostgresChain().branch(store_id)
    with ledger.savepoint():
        publish(ledger, branch, Mover(branch.aggregates, branch.shop.currency, now).step(body))


def reroute(store_id: str, order_id: str, wanted: WantedFulfilment, now: datetime) -> None:
    """Another way, likewise. Raises as `Mover.reroute`, Transient, Clash."""
    ledger, branch = PostgresLedger(), PostgresChain().branch(store_id)
    with ledger.savepoint():
        publish(ledger, branch, Mover(branch.aggregates, branch.shop.currency, now).reroute(order_id, wanted))
