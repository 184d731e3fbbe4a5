"""What HQ keeps of a payment that it asked a provider for. HQ's own aggregate; it never travels."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import msgspec

from guide_app.domain.records import Part, Record
from guide_app.domain.records.base import Minor

RequestState = Literal["asked", "waiting", "paid", "failed", "closed"]
"""Not known to be at the provider yet; shown to the customer; and its three ends. Only a payment that came late leads
out of `failed` or `closed`."""
RefundState = Literal["asked", "done", "failed"]
FIRST_LOOK = timedelta(seconds=20)
"""How soon HQ asks the provider what became of something, where it has not told by then."""
OPEN = frozenset({"asked", "waiting"})


class RefundAsked(Part, frozen=True):
    """Money of a payment that the provider is to give back; `reason` is a code. `order_id` and `leg_id`: the order and
    the exchange's credit on it that it is given back of; "" of the payment's own order."""

    id: str
    amount: Minor
    reason: str
    guide_id: str = ""
    state: RefundState = "asked"
    order_id: str = ""
    leg_id: str = ""


class PaymentRequest(Record, frozen=True):
    """A payment asked for. Its id is the tablet's request, and the provider's name of it: told twice it is one.

    `code`: what the customer's phone scans; `until`: when it expires; `look_at`: when HQ asks the provider next what
    became of it, "" for never. Times are RFC 3339 UTC, amounts minor units of `currency`.
    """

    order_id: str
    amount: Minor
    currency: str
    provider: str
    made_at: str
    until: str
    state: RequestState = "asked"
    code: str = ""
    provider_id: str = ""
    device_id: str = ""
    guide_id: str = ""
    attempts: int = 0
    look_at: str = ""
    refunds: tuple[RefundAsked, ...] = ()

    @property
    def refunding(self) -> bool:
        """Whether the provider has not said what became of some refund."""
        return any(refund.state == "asked" for refund in self.refunds)

    @property
    def left(self) -> int:
        """What the provider has of it, and was not asked to give back."""
        return self.amount - sum(refund.amount for refund in self.refunds if refund.state != "failed")

    def with_refund(self, refund: RefundAsked) -> PaymentRequest:
        """With this refund, in the place of what was known of it before."""
        others = tuple(one for one in self.refunds if one.id != refund.id)
        return msgspec.structs.replace(self, refunds=(*others, refund))
