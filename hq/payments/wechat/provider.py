"""`PaymentProvider` by WeChat Pay API v3, native payments."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeVar
from urllib.parse import quote

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from guide_app.domain.clock import Clock
from hq.payments.calling import Answer, Caller
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
from hq.payments.wechat import signing
from hq.payments.wechat.signing import Merchant

ADDRESS = "https://api.mch.weixin.qq.com"
_STATES: dict[str, Literal["waiting", "paid", "failed", "closed"]] = {
    "NOTPAY": "waiting", "USERPAYING": "waiting", "ACCEPT": "waiting", "SUCCESS": "paid", "REFUND": "paid",
    "CLOSED": "closed", "REVOKED": "closed", "PAYERROR": "failed",
}  # fmt: skip
_REFUNDS: dict[str, Literal["waiting", "done", "failed"]] = {
    "PROCESSING": "waiting", "SUCCESS": "done", "CLOSED": "failed", "ABNORMAL": "failed",
}  # fmt: skip


class Settings(NamedTuple):
    """What the provider gave the merchant. `keys`: the provider's public keys by serial or id; `api_key`: 32 bytes."""

    app_id: str
    merchant: Merchant
    keys: Mapping[str, RSAPublicKey]
    api_key: bytes
    notify_url: str


class _Amount(msgspec.Struct):
    total: int = 0
    refund: int = 0
    currency: str = "CNY"


class _Trade(msgspec.Struct):
    out_trade_no: str
    trade_state: str
    mchid: str = ""
    transaction_id: str = ""
    amount: _Amount = msgspec.field(default_factory=_Amount)


class _Refund(msgspec.Struct):
    out_refund_no: str
    out_trade_no: str = ""
    refund_id: str = ""
    status: str = ""
    refund_status: str = ""
    mchid: str = ""
    amount: _Amount = msgspec.field(default_factory=_Amount)

    @property
    def now(self) -> RefundStatus:
        """In the port's words."""
        state = _REFUNDS.get(self.status or self.refund_status, "waiting")
        return RefundStatus(state, self.refund_id, self.amount.refund)


class _Sealed(msgspec.Struct):
    ciphertext: str
    nonce: str
    associated_data: str = ""


class _Notice(msgspec.Struct):
    event_type: str
    resource: _Sealed


class _Code(msgspec.Struct):
    code_url: str


class _Problem(msgspec.Struct):
    code: str = ""


T = TypeVar("T")


class WeChatPay:
    """One merchant's account."""

    name = "wechat"

    def __init__(self, settings: Settings, caller: Caller, clock: Clock) -> None:
        self._settings, self._caller, self._clock = settings, caller, clock

    def create(self, trade: Trade) -> str:
        asked = {
            "appid": self._settings.app_id, "mchid": self._settings.merchant.merchant_id, "description": trade.what,
            "out_trade_no": _short(trade.request_id), "time_expire": trade.until.isoformat(timespec="seconds"),
            "notify_url": self._settings.notify_url, "amount": {"total": trade.amount, "currency": trade.currency},
        }  # fmt: skip
        return self._asked("POST", "/v3/pay/transactions/native", asked, _Code).code_url

    def query(self, request_id: str) -> Status:
        target = f"{_trade(request_id)}?mchid={quote(self._settings.merchant.merchant_id)}"
        try:
            return self._status(self._asked("GET", target, None, _Trade))
        except ProviderRefused as refused:
            if refused.code in ("ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"):
                return Status("unknown")
            raise

    def close(self, request_id: str) -> None:
        asked = {"mchid": self._settings.merchant.merchant_id}
        try:
            self._call("POST", f"{_trade(request_id)}/close", asked)
        except ProviderRefused as refused:
            if refused.code not in ("ORDER_PAID", "ORDERPAID", "ORDER_CLOSED", "ORDER_NOT_EXIST", "ORDERNOTEXIST"):
                raise

    def refund(self, refund: Refund) -> RefundStatus:
        asked = {
            "out_trade_no": _short(refund.request_id), "out_refund_no": _short(refund.refund_id),
            "reason": refund.reason, "notify_url": self._settings.notify_url,
            "amount": {"refund": refund.amount, "total": refund.total, "currency": refund.currency},
        }  # fmt: skip
        return self._asked("POST", "/v3/refund/domestic/refunds", asked, _Refund).now

    def query_refund(self, refund_id: str) -> RefundStatus:
        try:
            return self._asked("GET", f"/v3/refund/domestic/refunds/{_short(refund_id)}", None, _Refund).now
        except ProviderRefused as refused:
            if refused.code in ("RESOURCE_NOT_EXISTS", "REFUNDNOTEXIST"):
                return RefundStatus("unknown")
            raise

    def event(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        signing.check(self._settings.keys, headers, body, now.timestamp())
        notice = _read(body, _Notice)
        told = signing.opened(
            self._settings.api_key, notice.resource.ciphertext, notice.resource.nonce, notice.resource.associated_data
        )
        if notice.event_type.startswith("REFUND."):
            refund = self._mine(_read(told, _Refund))
            return Event(_long(refund.out_trade_no), refund_id=_long(refund.out_refund_no), refund=refund.now)
        trade = self._mine(_read(told, _Trade))
        return Event(_long(trade.out_trade_no), self._status(trade))

    def thanks(self) -> bytes:
        return b'{"code":"SUCCESS","message":""}'

    def _status(self, trade: _Trade) -> Status:
        state = _STATES.get(trade.trade_state, "waiting")
        paid = (trade.transaction_id, trade.amount.total, trade.amount.currency) if state == "paid" else ()
        return Status(state, *paid)

    def _mine(self, told: _Answered) -> _Answered:
        if told.mchid != self._settings.merchant.merchant_id:
            raise NotGenuine("merchant")
        return told

    def _asked(self, method: str, target: str, asked: Mapping[str, Any] | None, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(self._call(method, target, asked).body, type=kind)
        except msgspec.MsgspecError as problem:
            raise ProviderDown("provider_down", "an answer that cannot be read") from problem

    def _call(self, method: str, target: str, asked: Mapping[str, Any] | None) -> Answer:
        body = msgspec.json.encode(asked) if asked is not None else b""
        nonce, now = secrets.token_hex(16), self._clock.now().timestamp()
        signed = signing.authorization(self._settings.merchant, method, target, body, int(now), nonce)
        headers = {
            "Authorization": signed, "Accept": "application/json", "Content-Type": "application/json",
            "User-Agent": "store-guide-hq",
        }  # fmt: skip
        answer = self._caller.call(method, target, body, headers)
        try:
            signing.check(self._settings.keys, answer.headers, answer.body, self._clock.now().timestamp())
        except NotGenuine as problem:
            said = f"HTTP {answer.status}, not the provider's: {problem.code}"
            raise ProviderDown("provider_down", said) from problem
        if answer.status not in (200, 202, 204):
            raise _refusal(answer)
        return answer


_Answered = TypeVar("_Answered", _Trade, _Refund)


def _refusal(answer: Answer) -> ProviderDown | ProviderRefused:
    """A clear no is a refusal; what the provider could not do now is none."""
    try:
        code = msgspec.json.decode(answer.body, type=_Problem).code
    except msgspec.MsgspecError:
        code = ""
    if answer.status >= 500 or answer.status == 429 or not code:
        return ProviderDown("provider_down", f"HTTP {answer.status}")
    return ProviderRefused(code, f"HTTP {answer.status}")


def _read(told: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(told, type=kind)
    except msgspec.MsgspecError as problem:
        raise NotGenuine("form") from problem


def _trade(request_id: str) -> str:
    return f"/v3/pay/transactions/out-trade-no/{_short(request_id)}"


def _short(name: str) -> str:
    """A UUID as the provider takes it: 32 characters."""
    return name.replace("-", "")


def _long(name: str) -> str:
    """A UUID as HQ has it; what is none stays as it is, and is nobody's."""
    if len(name) != 32:
        return name
    return "-".join((name[:8], name[8:12], name[12:16], name[16:20], name[20:]))
