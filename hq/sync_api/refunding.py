"""Money of a payment that the provider gives back: asked for once by one name, heard of however often, late or badly.

Pure over the ports. It is written down, on the order too, before the provider is asked, and asked outside any
transaction: whatever dies between, the job asks again under the same name.
"""

from __future__ import annotations

import logging
from datetime import datetime

import msgspec

from guide_app.domain import clock, payments
from guide_app.domain.errors import Refused
from guide_app.domain.records import Order, Payment, Record, Ref, Refunding
from hq.handlers import Desk
from hq.payments.port import PaymentProvider, ProviderRefused, Refund, RefundStatus
from hq.payments.values import FIRST_LOOK, PaymentRequest, RefundAsked
from hq.sync_api.paying_rows import PayingRows, order_ref, request_ref
from hq.sync_api.sweep import Branch
from sync.protocol.messages import PayRequest, PayResponse

_log = logging.getLogger(__name__)


class Refunds:
    """What HQ does about money that goes back."""

    def __init__(self, rows: PayingRows) -> None:
        self._rows = rows

    def give_back(
        self, provider: PaymentProvider, branch: Branch, name: str, asked: PayRequest, now: datetime
    ) -> PayResponse:
        """Gives back what a tablet asks for, at most what the customer has to get and is not on its way already. What
        an exchange's credit was paid by goes back of that payment, which is another order's."""
        leg_id = asked.payment_id or ""
        of = self._behind(branch, asked.order_id, leg_id)
        credit = (asked.order_id, leg_id) if of != leg_id else ("", "")

        def begin() -> PaymentRequest | str:
            desk = self._rows.desk(branch, of, asked.order_id)
            request = desk.rows.get(request_ref(of), PaymentRequest)
            order = desk.rows.get(order_ref(asked.order_id), Order)
            if request is None or order is None or (of == leg_id and request.order_id != asked.order_id):
                return "payment_unknown"
            if request.provider != provider.name:
                return "other_provider"
            if known := next((one for one in request.refunds if one.id == name), None):
                return request if known.amount == asked.amount else "too_much"  # that money is asked for already
            waits = sum(one.amount for one in request.refunds if one.state == "asked" and one.leg_id == credit[1])
            free = payments.to_refund(order) - self._on_the_way_back(desk, asked.order_id, order)
            if not 0 < asked.amount <= min(payments.left_of(order, leg_id) - waits, free, request.left):
                return "too_much"
            refund = RefundAsked(
                id=name, amount=asked.amount, reason=asked.reason or "other", guide_id=asked.guide_id,
                order_id=credit[0], leg_id=credit[1],
            )  # fmt: skip
            request = msgspec.structs.replace(
                request.with_refund(refund), look_at=clock.to_text(now + FIRST_LOOK), attempts=0
            )
            told = Refunding(id=name, of=leg_id, amount=asked.amount, at=clock.to_text(now), guide_id=asked.guide_id)
            self._rows.save(
                branch, desk, {request_ref(of): request, order_ref(asked.order_id): payments.asked_back(order, told)}
            )
            return request

        found = self._rows.tried(begin)
        if isinstance(found, str):
            return PayResponse(server_time=clock.to_text(now), code=found)
        refund = next(one for one in found.refunds if one.id == name)
        if refund.state == "asked":
            self.send_back(provider, branch, of, found, refund, now)
        after = self._rows.request(branch, of) or found
        state = next(one.state for one in after.refunds if one.id == name)
        return PayResponse(server_time=clock.to_text(now), payment_id=name, state=state, amount=refund.amount)

    def _behind(self, branch: Branch, order_id: str, leg_id: str) -> str:
        """The payment that a leg goes back by: once it is booked that does not change."""
        order = self._rows.tried(lambda: self._rows.order(Desk(branch.aggregates, branch.shop.currency), order_id))
        legs = (leg for leg in order.payments if leg.id == leg_id) if order else ()
        return next((payments.by_provider(leg) for leg in legs), leg_id)

    def _on_the_way_back(self, desk: Desk, order_id: str, order: Order) -> int:
        """What of all the order's payments the provider was asked to give back, and is not booked yet."""
        paid = (leg for leg in order.payments if leg.kind == "paid" and payments.tender(leg) == payments.QR)
        refs = sorted({request_ref(payments.by_provider(leg)) for leg in paid}, key=lambda ref: ref.id)
        desk.fetch(refs)
        requests = [request for ref in refs if (request := desk.rows.get(ref, PaymentRequest))]
        return sum(
            one.amount
            for request in requests
            for one in request.refunds
            if one.state == "asked" and (one.order_id or request.order_id) == order_id
        )

    def send_back(
        self, provider: PaymentProvider, branch: Branch, of: str, found: PaymentRequest, refund: RefundAsked,
        now: datetime,
    ) -> None:  # fmt: skip
        """Asks the provider, under the refund's own name, and books what it says. Raises ProviderDown."""
        try:
            asked = Refund(refund.id, of, refund.amount, found.amount, found.currency, refund.reason)
            became = provider.refund(asked)
        except ProviderRefused as refused:
            _log.error("the provider refused to give money back: %s", refused)
            became = RefundStatus("failed")
        self.hear(branch, of, refund.id, became, now)

    def hear(self, branch: Branch, of: str, refund_id: str, status: RefundStatus, now: datetime) -> bool:
        """Books what became of a refund; whether it was new. Raises Refused("payment_unknown" | "payment_differs")."""
        return self._rows.tried(lambda: self._book(branch, of, refund_id, status, now))

    def _book(self, branch: Branch, of: str, refund_id: str, status: RefundStatus, now: datetime) -> bool:
        """What became of a refund, into its order; False where nothing is new."""
        desk = self._rows.desk(branch, of)
        request = desk.rows.get(request_ref(of), PaymentRequest)
        refund = next((one for one in request.refunds if one.id == refund_id), None) if request else None
        if request is None or refund is None:
            raise Refused("payment_unknown")
        if status.state not in ("done", "failed") or refund.state in ("done", status.state):
            return False
        if status.state == "done" and status.amount != refund.amount:
            _log.error("a refund of %s was told as one of %s: nothing is booked", refund.amount, status.amount)
            raise Refused("payment_differs")
        ended = msgspec.structs.replace(refund, state=status.state)
        changes: dict[Ref, Record] = {request_ref(of): request.with_refund(ended)}
        order_id = refund.order_id or request.order_id
        order = self._rows.order(desk, order_id)
        if order is not None and status.state == "failed":
            changes[order_ref(order_id)] = payments.not_given_back(order, refund_id)
        elif order is not None:
            leg = Payment(
                id=refund_id, kind="refunded", method=payments.QR, amount=refund.amount, at=clock.to_text(now),
                provider_id=status.provider_id, guide_id=refund.guide_id, reason=refund.reason,
                of=refund.leg_id or of,
            )  # fmt: skip
            changes[order_ref(order_id)] = payments.with_legs(order, (leg,))
        self._rows.save(branch, desk, changes)
        return True
