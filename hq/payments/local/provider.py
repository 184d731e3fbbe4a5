"""`PaymentProvider` by the local provider's server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from guide_app.domain.clock import Clock
from hq.payments.calling import Answer, Caller
from hq.payments.local import signing
from hq.payments.local.messages import (
    NOTICE_PATH,
    CreateRefund,
    CreateTrade,
    NoticeTold,
    Problem,
    RefundTold,
    TradeTold,
)
from hq.payments.port import Event, NotGenuine, ProviderDown, ProviderRefused, Refund, RefundStatus, Status, Trade

T = TypeVar("T")


class LocalPay:
    """The account of one merchant, by the secret that it shares with the server."""

    name = "local"

    def __init__(self, caller: Caller, secret: bytes, notify_url: str, clock: Clock) -> None:
        self._caller, self._secret, self._notify_url, self._clock = caller, secret, notify_url, clock

    def create(self, trade: Trade) -> str:
        asked = CreateTrade(
            trade.request_id, trade.amount, trade.currency, trade.what, trade.until.timestamp(), self._notify_url
        )
        return self._asked("POST", "/trades", asked, TradeTold).code

    def query(self, request_id: str) -> Status:
        try:
            return _status(self._asked("GET", f"/trades/{request_id}", None, TradeTold))
        except ProviderRefused as refused:
            if refused.code == "unknown":
                return Status("unknown")
            raise

    def close(self, request_id: str) -> None:
        try:
            self._call("POST", f"/trades/{request_id}/close", None)
        except ProviderRefused as refused:
            if refused.code not in ("paid", "unknown"):
                raise

    def refund(self, refund: Refund) -> RefundStatus:
        asked = CreateRefund(refund.refund_id, refund.request_id, refund.amount)
        return _refunded(self._asked("POST", "/refunds", asked, RefundTold))

    def query_refund(self, refund_id: str) -> RefundStatus:
        try:
            return _refunded(self._asked("GET", f"/refunds/{refund_id}", None, RefundTold))
        except ProviderRefused as refused:
            if refused.code == "unknown":
                return RefundStatus("unknown")
            raise

    def event(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        signing.check(self._secret, "POST", NOTICE_PATH, headers, body, now.timestamp())
        try:
            told = msgspec.json.decode(body, type=NoticeTold)
        except msgspec.MsgspecError as problem:
            raise NotGenuine("form") from problem
        if told.refund is not None:
            return Event(told.trade.name, refund_id=told.refund.name, refund=_refunded(told.refund))
        return Event(told.trade.name, _status(told.trade))

    def thanks(self) -> bytes:
        return b"{}"

    def _asked(self, method: str, path: str, asked: Any, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(self._call(method, path, asked).body, type=kind)
        except msgspec.MsgspecError as problem:
            raise ProviderDown("provider_down", "an answer that cannot be read") from problem

    def _call(self, method: str, path: str, asked: Any) -> Answer:
        body = msgspec.json.encode(asked) if asked is not None else b""
        headers = signing.headers(self._secret, method, path, body, self._clock.now().timestamp())
        answer = self._caller.call(method, path, body, headers)
        if answer.status == 200:
            return answer
        try:
            code = msgspec.json.decode(answer.body, type=Problem).code
        except msgspec.MsgspecError:
            code = ""
        if answer.status >= 500 or not code:
            raise ProviderDown("provider_down", f"HTTP {answer.status}")
        raise ProviderRefused(code)


def _status(trade: TradeTold) -> Status:
    paid = (trade.number, trade.amount, trade.currency) if trade.state == "paid" else ()
    return Status(trade.state, *paid)


def _refunded(refund: RefundTold) -> RefundStatus:
    return RefundStatus(refund.state, refund.number, refund.amount)
