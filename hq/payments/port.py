"""The port `PaymentProvider`: who takes money for the chain from the customer's own phone.

An adapter is held to `tests/contract/providers.py`. Calls are made outside any transaction and take a few seconds at
most; each may be repeated. Every method raises ProviderDown (nothing is known of what came of it) and ProviderRefused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from guide_app.domain.errors import EnvironmentProblem


class ProviderDown(EnvironmentProblem):
    """The provider was not reached, or what answered was not the provider: what came of the call is not known."""


class ProviderRefused(EnvironmentProblem):
    """The provider took the call and said no; `code` is its own word."""


class NotGenuine(EnvironmentProblem):
    """A notification that the provider did not sign, or that is too old."""


class Trade(NamedTuple):
    """What is to be paid. `amount` in minor units; `what`: one line for the customer; `until`: aware."""

    request_id: str
    amount: int
    currency: str
    what: str
    until: datetime


class Status(NamedTuple):
    """What became of a trade. `unknown`: the provider has none of this name. `amount` and `currency` where paid."""

    state: Literal["waiting", "paid", "failed", "closed", "unknown"]
    provider_id: str = ""
    amount: int = 0
    currency: str = ""


class Refund(NamedTuple):
    """Money of a trade to be given back; `total` is what the trade came to."""

    refund_id: str
    request_id: str
    amount: int
    total: int
    currency: str
    reason: str


class RefundStatus(NamedTuple):
    """What became of a refund."""

    state: Literal["waiting", "done", "failed", "unknown"]
    provider_id: str = ""
    amount: int = 0


class Event(NamedTuple):
    """What a notification says, verified: a trade's status, or (with `refund_id`) that of a refund of it."""

    request_id: str
    status: Status | None = None
    refund_id: str = ""
    refund: RefundStatus | None = None


class PaymentProvider(Protocol):
    """A provider of payments."""

    @property
    def name(self) -> str:
        """As it is kept with each request: an answer of another provider is none."""

    def create(self, trade: Trade) -> str:
        """Begins a trade; again with the same request_id: the same one. Returns what the customer's phone scans."""

    def query(self, request_id: str) -> Status:
        """What became of it."""

    def close(self, request_id: str) -> None:
        """Nobody can pay it any more; one that was paid meanwhile stays so, which `query` tells."""

    def refund(self, refund: Refund) -> RefundStatus:
        """Gives money back; again with the same refund_id: the same one."""

    def query_refund(self, refund_id: str) -> RefundStatus:
        """What became of it."""

    def event(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        """What a notification says; header names in lower case. Raises NotGenuine."""

    def thanks(self) -> bytes:
        """The body of the answer that ends its being told again."""
