"""Payments by a provider: asked for, heard of, looked after, given back. Pure over the ports: the simulation runs it.

The provider is called outside any transaction. What is to happen there is written down before, under the name by which
it is asked for: whatever dies between, it is asked again under that name, or looked after by the job, and is one
payment. What the provider says is booked once however often, late or in whatever order it says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import msgspec

from guide_app.domain import clock, payments
from guide_app.domain.errors import Refused
from guide_app.domain.ids import derived_id
from guide_app.domain.records import Order, Payment, PaymentAsked, Record, Ref
from hq.handlers import Desk
from hq.ledger.port import Ledger
from hq.payments.port import (
    Event,
    PaymentProvider,
    ProviderDown,
    ProviderRefused,
    Status,
    Trade,
)
from hq.payments.values import FIRST_LOOK, OPEN, PaymentRequest
from hq.sync_api.paying_rows import PayingRows, order_ref, request_ref
from hq.sync_api.refunding import Refunds
from hq.sync_api.sweep import Branch
from sync.protocol.messages import PayRequest, PayResponse

LIFE = timedelta(minutes=5)
"""How long a customer may take to pay."""
GRACE = timedelta(seconds=30)
"""How long after that HQ ends it: a notification may be on its way."""
LONGEST_PAUSE = timedelta(minutes=30)
_UNKNOWN = Refused("payment_unknown")

_log = logging.getLogger(__name__)


class Paying:
    """What HQ does about payments of one provider, or of none."""

    def __init__(self, ledger: Ledger, provider: PaymentProvider | None) -> None:
        self._rows, self._provider = PayingRows(ledger), provider
        self._refunds = Refunds(self._rows)

    # ------------------------------------------------------------ what a tablet wants

    def answer(self, branch: Branch, device_id: str, asked: PayRequest, now: datetime) -> PayResponse:
        """Does what a tablet asks, and says how it stands. Raises Transient where nothing was committed."""
        if self._provider is None:
            return PayResponse(server_time=clock.to_text(now), code="no_provider")
        if not branch.aggregates.staff({asked.guide_id}):
            return _said("guide_unknown", now, None)
        name = derived_id("payment", device_id, asked.request_id)
        try:
            match asked.what:
                case "ask":
                    return self._ask(self._provider, branch, name, device_id, asked, now)
                case "close":
                    return self._close(self._provider, branch, asked, now)
                case "refund":
                    return self._refunds.give_back(self._provider, branch, name, asked, now)
        except ProviderDown as problem:
            _log.warning("the provider of payments: %s", problem)
            return PayResponse(server_time=clock.to_text(now), code="provider_down")

    def _ask(
        self, provider: PaymentProvider, branch: Branch, name: str, device_id: str, asked: PayRequest, now: datetime
    ) -> PayResponse:
        def begin() -> tuple[PaymentRequest, PayResponse | None, str]:
            desk = self._rows.desk(branch, name, asked.order_id)
            known = desk.rows.get(request_ref(name), PaymentRequest)
            order = desk.rows.get(order_ref(asked.order_id), Order)
            if known is not None:
                goes_on = known.state == "asked" and known.provider == provider.name
                return known, None if goes_on else _told(name, known, now), order.number if order else ""
            request = PaymentRequest(
                order_id=asked.order_id, amount=asked.amount, currency=branch.shop.currency, provider=provider.name,
                made_at=clock.to_text(now), until=clock.to_text(now + LIFE), device_id=device_id,
                guide_id=asked.guide_id, look_at=clock.to_text(now + FIRST_LOOK),
            )  # fmt: skip
            if order is None or (code := _not_now(order, asked.amount)):
                said = "order_unknown" if order is None else code
                waits = order.asked if order and said == "already_asked" else None
                return request, _said(said, now, waits), ""
            shown = PaymentAsked(id=name, amount=asked.amount, until=request.until)
            self._rows.save(
                branch, desk, {request_ref(name): request, order_ref(asked.order_id): _asking(order, shown)}
            )
            return request, None, order.number

        request, answer, number = self._rows.tried(begin)
        if answer is not None and answer.code == "already_asked" and answer.until <= clock.to_text(now):
            over = msgspec.structs.replace(asked, what="close", payment_id=answer.payment_id)
            self._close(provider, branch, over, now)
            request, answer, number = self._rows.tried(begin)
        if answer is not None:
            return answer
        until = clock.from_text(request.until)
        try:
            code = provider.create(Trade(name, request.amount, request.currency, number, until))
        except ProviderRefused as refused:
            _log.error("the provider refused a payment: %s", refused)
            self._hear(branch, name, Status("failed"), now)
            return _said("provider_refused", now, None)
        return self._rows.tried(lambda: self._show(branch, name, code, now))

    def _show(self, branch: Branch, name: str, code: str, now: datetime) -> PayResponse:
        """What the customer's phone scans is here; unless the provider was quicker to say what became of it."""
        desk = self._rows.desk(branch, name)
        request = desk.rows.get(request_ref(name), PaymentRequest)
        if request is None:
            raise _UNKNOWN
        if request.state == "asked":
            request = msgspec.structs.replace(request, state="waiting", code=code)
            changes: dict[Ref, Record] = {request_ref(name): request}
            if order := self._rows.order(desk, request.order_id):
                shown = PaymentAsked(id=name, amount=request.amount, state="waiting", code=code, until=request.until)
                changes[order_ref(request.order_id)] = _asking(order, shown)
            self._rows.save(branch, desk, changes)
        return _told(name, request, now)

    def _close(self, provider: PaymentProvider, branch: Branch, asked: PayRequest, now: datetime) -> PayResponse:
        name = asked.payment_id or ""
        request = self._rows.request(branch, name)
        if request is None or request.order_id != asked.order_id or request.provider != provider.name:
            return _said("payment_unknown", now, None)
        if request.state in OPEN:
            provider.close(name)
            self._hear(branch, name, _ended(provider.query(name)), now)
        after = self._rows.request(branch, name)
        return _told(name, after or request, now)

    # ------------------------------------------------------------ what the provider says

    def told(self, branch_of: Callable[[str], Branch | None], event: Event, now: datetime) -> bool:
        """Books what a verified notification says; whether it was new. `branch_of`: a payment's id → its store.

        Raises Refused("payment_unknown" | "payment_differs"): nothing is booked; Transient.
        """
        branch = branch_of(event.request_id)
        if branch is None or self._provider is None:
            raise _UNKNOWN
        name = event.request_id
        request = self._rows.request(branch, name)
        if request is None or request.provider != self._provider.name:
            raise _UNKNOWN
        if event.refund is not None:
            return self._refunds.hear(branch, event.request_id, event.refund_id, event.refund, now)
        return event.status is not None and self._hear(branch, event.request_id, event.status, now)

    def look_after(self, branch: Branch, now: datetime) -> int:
        """Asks the provider what became of what it did not tell; ends what expired. How many it asked about."""
        if self._provider is None:
            return 0
        due = branch.aggregates.payments_due(clock.to_text(now))
        for name in due:
            over = False
            try:
                over = self._look(self._provider, branch, name, now)
            except (ProviderDown, ProviderRefused, Refused) as problem:
                _log.warning("a payment could not be looked after: %s", problem)
            self._rows.tried(partial(self._later, branch, name, over, now))
        return len(due)

    def _look(self, provider: PaymentProvider, branch: Branch, name: str, now: datetime) -> bool:
        """Hears what became of it and of its refunds; whether nobody can pay it any more."""
        request = self._rows.request(branch, name)
        if request is None or request.provider != provider.name:
            return False
        state: str = request.state
        if request.state in OPEN:
            status = provider.query(name)
            self._hear(branch, name, status, now)
            state = status.state
        expired = clock.to_text(now - GRACE) >= request.until
        if state == "failed" or (state in ("waiting", "unknown") and expired):  # else they might pay it yet
            provider.close(name)
            self._hear(branch, name, _ended(provider.query(name)), now)
            state = "closed"
        for refund in request.refunds:
            if refund.state == "asked":
                became = provider.query_refund(refund.id)
                if became.state == "unknown":  # HQ died before it was sent, or on the way
                    self._refunds.send_back(provider, branch, name, request, refund, now)
                else:
                    self._refunds.hear(branch, name, refund.id, became, now)
        return state not in ("waiting", "unknown")

    def _later(self, branch: Branch, name: str, over: bool, now: datetime) -> None:
        """When it is looked after next: later and later; never, once nothing is open. One that `failed` is open at the
        provider: the customer may try the same code again, until it is known to be `over`."""
        desk = self._rows.desk(branch, name)
        request = desk.rows.get(request_ref(name), PaymentRequest)
        if request is None:
            return
        pause = min(FIRST_LOOK * 2 ** min(request.attempts, 10), LONGEST_PAUSE)
        if request.state in OPEN:
            pause = min(pause, max(clock.from_text(request.until) + GRACE - now, FIRST_LOOK))
        open_yet = request.state in OPEN or request.refunding or (request.state == "failed" and not over)
        look_at = clock.to_text(now + pause) if open_yet else ""
        changed = msgspec.structs.replace(request, look_at=look_at, attempts=request.attempts + 1)
        self._rows.save(branch, desk, {request_ref(name): changed})

    def _hear(self, branch: Branch, name: str, status: Status, now: datetime) -> bool:
        return self._rows.tried(lambda: self._book(branch, name, status, now))

    def _book(self, branch: Branch, name: str, status: Status, now: datetime) -> bool:
        """What became of a payment, into its order; False where nothing is new."""
        desk = self._rows.desk(branch, name)
        request = desk.rows.get(request_ref(name), PaymentRequest)
        if request is None:
            raise _UNKNOWN
        if status.state == "paid":
            return self._book_paid(branch, desk, name, request, status, now)
        if status.state not in ("failed", "closed") or request.state not in OPEN:
            return False
        look_at = clock.to_text(now) if status.state == "failed" else ""  # it is closed: else they might pay it yet
        ended = msgspec.structs.replace(request, state=status.state, code="", look_at=look_at)
        changes: dict[Ref, Record] = {request_ref(name): ended}
        order = self._rows.order(desk, request.order_id)
        if order is not None and order.asked is not None and order.asked.id == name:
            asked = msgspec.structs.replace(order.asked, state=status.state, code="")
            changes[order_ref(request.order_id)] = _asking(order, asked)
        self._rows.save(branch, desk, changes)
        return True

    def _book_paid(
        self, branch: Branch, desk: Desk, name: str, request: PaymentRequest, status: Status, now: datetime
    ) -> bool:
        if (status.amount, status.currency) != (request.amount, request.currency):
            _log.error("a payment of %s was told as one of %s: nothing is booked", request.amount, status.amount)
            raise Refused("payment_differs")
        if request.state == "paid":
            return False
        paid = msgspec.structs.replace(
            request, state="paid", provider_id=status.provider_id, code="", look_at=request.look_at, attempts=0
        )
        changes: dict[Ref, Record] = {request_ref(name): paid}
        order = self._rows.order(desk, request.order_id)
        if order is None:
            _log.error("a payment came for an order that is not here; it is kept with its request")
        else:
            leg = Payment(
                id=name, method=payments.QR, amount=request.amount, at=clock.to_text(now),
                provider_id=status.provider_id, guide_id=request.guide_id,
            )  # fmt: skip
            booked = payments.with_legs(order, (leg,))
            ours = booked.asked is not None and booked.asked.id == name
            changes[order_ref(request.order_id)] = _asking(booked, None) if ours else booked
        self._rows.save(branch, desk, changes)
        return True


def _asking(order: Order, asked: PaymentAsked | None) -> Order:
    return msgspec.structs.replace(order, asked=asked)


def _not_now(order: Order, amount: int) -> str:
    """Why nothing can be asked for an order now; "" where it can."""
    if order.asked is not None and order.asked.state in OPEN:
        return "already_asked"
    return "" if payments.waits(order) and 0 < amount <= payments.owed(order) else "not_owed"


def _ended(status: Status) -> Status:
    """What stands after a trade was closed: paid in the last moment, or over."""
    return status if status.state == "paid" else Status("closed")


def _told(name: str, request: PaymentRequest, now: datetime) -> PayResponse:
    return PayResponse(
        server_time=clock.to_text(now), payment_id=name, state=request.state, amount=request.amount,
        text=request.code, until=request.until,
    )  # fmt: skip


def _said(code: str, now: datetime, waits: PaymentAsked | None) -> PayResponse:
    """Why not; where another payment of the order waits, that one."""
    if waits is None:
        return PayResponse(server_time=clock.to_text(now), code=code)
    return PayResponse(
        server_time=clock.to_text(now), code=code, payment_id=waits.id, state=waits.state, amount=waits.amount,
        text=waits.code, until=waits.until,
    )  # fmt: skip
