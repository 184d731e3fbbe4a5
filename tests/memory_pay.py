"""A provider of payments in memory, over the books of the local one; its notifications wait until a test takes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hq.payments.local.trades import Notice, Refused, Trades
from hq.payments.port import (
    Event,
    NotGenuine,
    ProviderDown,
    ProviderRefused,
    Refund,
    RefundStatus,
    Status,
    Trade,
)


class MemoryPay:
    """`down`: nobody reaches it; `late`: it does what it is asked, and then the answer is lost."""

    name = "memory"

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.trades = Trades(lambda notice: self.events.append(_event(notice)))
        self.down = self.late = False
        self.now = 0.0

    def create(self, trade: Trade) -> str:
        self._reached()
        try:
            self.trades.create(trade.request_id, trade.amount, trade.currency, trade.what, trade.until.timestamp())
        except Refused as refused:
            raise ProviderRefused(refused.code) from refused
        self._answered()
        return f"pay:{trade.request_id}"

    def query(self, request_id: str) -> Status:
        self._reached()
        found = self.trades.find(request_id, self.now)
        return _status(Notice(found)) if found else Status("unknown")

    def close(self, request_id: str) -> None:
        self._reached()
        try:
            self.trades.close(request_id)
        except Refused as refused:
            if refused.code not in ("paid", "unknown"):
                raise

    def refund(self, refund: Refund) -> RefundStatus:
        self._reached()
        try:
            made = self.trades.refund(refund.refund_id, refund.request_id, refund.amount)
        except Refused as refused:
            raise ProviderRefused(refused.code) from refused
        self._answered()
        return RefundStatus(made.state, made.number, made.amount)

    def query_refund(self, refund_id: str) -> RefundStatus:
        self._reached()
        found = self.trades.find_refund(refund_id)
        return RefundStatus(found.state, found.number, found.amount) if found else RefundStatus("unknown")

    def event(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        raise NotGenuine("memory")

    def thanks(self) -> bytes:
        return b""

    def _reached(self) -> None:
        if self.down:
            raise ProviderDown("provider_down")

    def _answered(self) -> None:
        if self.late:
            raise ProviderDown("provider_down", "the answer is lost")


def _status(notice: Notice) -> Status:
    trade = notice.trade
    paid = (trade.number, trade.amount, trade.currency) if trade.state == "paid" else ()
    return Status(trade.state, *paid)


def _event(notice: Notice) -> Event:
    if notice.refund is None:
        return Event(notice.trade.name, _status(notice))
    refund = notice.refund
    return Event(
        notice.trade.name, refund_id=refund.name, refund=RefundStatus(refund.state, refund.number, refund.amount)
    )
