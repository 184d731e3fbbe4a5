"""The messages of the local provider: JSON, both ways."""

from __future__ import annotations

import msgspec

from hq.payments.local.trades import RefundState, TradeState

NOTICE_PATH = "/notice"
"""What stands as the path of a notification where it is signed: a merchant may have it behind any address."""


class CreateTrade(msgspec.Struct):
    """`until` in Unix seconds; `notify_url`: where the merchant wants to hear of it."""

    name: str
    amount: int
    currency: str
    what: str
    until: float
    notify_url: str


class TradeTold(msgspec.Struct):
    """A trade as it stands; `code`: what the customer's phone scans, of one that waits."""

    name: str
    state: TradeState
    amount: int
    currency: str
    number: str
    code: str = ""


class CreateRefund(msgspec.Struct):
    """Money of a trade to be given back."""

    name: str
    trade: str
    amount: int


class RefundTold(msgspec.Struct):
    """A refund as it stands."""

    name: str
    trade: str
    state: RefundState
    amount: int
    number: str


class NoticeTold(msgspec.Struct):
    """A notification."""

    trade: TradeTold
    refund: RefundTold | None = None


class Problem(msgspec.Struct):
    """The body of an answer that says no."""

    code: str
