"""Payments on PostgreSQL: who answers tablets and notifications, and the job that looks after what was not told."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils import timezone

from guide_app.domain.clock import SystemClock
from hq.ledger.aggregates import PostgresAggregates
from hq.ledger.each import each
from hq.ledger.postgres import PostgresLedger, translated
from hq.orders.models import OrderCopy
from hq.payments import setup
from hq.payments.models import PaymentRequest
from hq.payments.port import PaymentProvider
from hq.sync_api.directory import PostgresChain
from hq.sync_api.paying import Paying
from hq.sync_api.session import Session
from hq.sync_api.sweep import Branch
from sync.protocol.messages import PayRequest


def given() -> PaymentProvider | None:
    """The provider that HQ's settings name. Raises BadInput("setting_payments")."""
    return setup.provider(settings.ENVIRONMENT.payments, settings.ENVIRONMENT.public_url, SystemClock())


def paying(provider: PaymentProvider | None) -> Paying:
    """The rules, on PostgreSQL."""
    return Paying(PostgresLedger(), provider)


def branch_for(session: Session, asked: PayRequest) -> Branch:
    """The store of whoever asks; of money that goes back for an order of which it has a copy, the store that sold it.
    Raises Transient."""
    store_id = session.shop.store_id
    if asked.what == "refund" and asked.payment_id:
        with translated():
            here = OrderCopy.objects.filter(store_id=store_id, order_id=asked.order_id).exists()
        home = branch_of(asked.payment_id) if here else None
        if home is not None:
            return home
    return PostgresChain().branch(store_id)


def branch_of(request_id: str) -> Branch | None:
    """The store that asked for a payment; None where none did. Raises Transient."""
    try:
        name = str(UUID(request_id))
    except ValueError:
        return None
    with translated():
        store_id = PostgresAggregates("", []).payment_store(name)
        return PostgresChain().branch(store_id) if store_id else None


def look_after() -> int:
    """Asks the provider what became of what it did not tell, in every store; how many. Raises Transient."""
    now = timezone.now()
    stores = list(PaymentRequest.objects.filter(look_at__lte=now).values_list("store_id", flat=True).distinct())
    if not stores:
        return 0
    rules, chain, done = paying(given()), PostgresChain(), 0

    def of(store_id: object) -> None:
        nonlocal done
        done += rules.look_after(chain.branch(str(store_id)), now)

    each(stores, of)
    return done
