"""A server that speaks as WeChat Pay API v3 does, over the books of the local provider. Keys are made for the test."""

from __future__ import annotations

import base64
import http.server
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from hq.payments.local.trades import Notice, Refund, Refused, Trade, Trades
from hq.payments.wechat.signing import SCHEME, message

MERCHANT, APP, SERIAL, KEY_ID = "1900007291", "wxd678efh567hg6787", "408B07E79B8269FEC3", "PUB_KEY_ID_0001"
API_KEY = b"0123456789abcdef0123456789abcdef"
_STATES = {"waiting": "NOTPAY", "paid": "SUCCESS", "failed": "PAYERROR", "closed": "CLOSED"}
_REFUNDS = {"waiting": "PROCESSING", "done": "SUCCESS", "failed": "ABNORMAL"}
_CODES = {"unknown": (404, "ORDER_NOT_EXIST"), "paid": (400, "ORDER_PAID"), "closed": (400, "ORDER_CLOSED")}


class Keys:
    """The merchant's key and the provider's."""

    def __init__(self) -> None:
        self.merchant, self.platform = (generate_private_key(65537, 2048) for _ in range(2))


def signed(key: RSAPrivateKey, body: bytes) -> dict[str, str]:
    """The headers by which the provider signs an answer or a notification."""
    at, nonce = str(int(time.time())), secrets.token_hex(16)
    signature = key.sign(message(at, nonce, body), PKCS1v15(), SHA256())
    return {
        "Wechatpay-Serial": KEY_ID, "Wechatpay-Timestamp": at, "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": base64.b64encode(signature).decode(),
    }  # fmt: skip


def notification(key: RSAPrivateKey, notice: Notice) -> tuple[dict[str, str], bytes]:
    """A notification with its headers, sealed and signed."""
    told = refund_told(notice.refund, "refund_status") if notice.refund else trade_told(notice.trade)
    nonce, kind = secrets.token_hex(6), "refund" if notice.refund else "transaction"
    sealed = AESGCM(API_KEY).encrypt(nonce.encode(), msgspec.json.encode(told), kind.encode())
    resource = {
        "algorithm": "AEAD_AES_256_GCM", "ciphertext": base64.b64encode(sealed).decode(), "nonce": nonce,
        "associated_data": kind, "original_type": kind,
    }  # fmt: skip
    event = "REFUND.SUCCESS" if notice.refund else "TRANSACTION.SUCCESS"
    body = msgspec.json.encode({
        "id": secrets.token_hex(8), "event_type": event, "resource_type": "encrypt-resource", "resource": resource,
    })  # fmt: skip
    return signed(key, body), body


def trade_told(trade: Trade) -> dict[str, Any]:
    told: dict[str, Any] = {"mchid": MERCHANT, "out_trade_no": trade.name, "trade_state": _STATES[trade.state]}
    if trade.state == "paid":
        told |= {"transaction_id": trade.number, "amount": {"total": trade.amount, "currency": trade.currency}}
    return told


def refund_told(refund: Refund, status: str = "status") -> dict[str, Any]:
    return {
        "mchid": MERCHANT, "out_refund_no": refund.name, "out_trade_no": refund.trade, "refund_id": refund.number,
        status: _REFUNDS[refund.state], "amount": {"refund": refund.amount, "total": refund.amount},
    }  # fmt: skip


class _Handler(http.server.BaseHTTPRequestHandler):
    trades: Trades
    keys: Keys
    timeout = 10

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Nothing."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("content-length", "0"))))

    def _answer(self, body: bytes) -> None:
        try:
            self._check(body)
            said = self._done(body)
            self._say(204 if said is None else 200, b"" if said is None else msgspec.json.encode(said))
        except Refused as refused:
            status, code = _CODES.get(refused.code, (400, "INVALID_REQUEST"))
            if "/refunds" in self.path and refused.code == "unknown":
                code = "RESOURCE_NOT_EXISTS"
            self._say(status, msgspec.json.encode({"code": code, "message": ""}))

    def _check(self, body: bytes) -> None:
        scheme, _, fields = self.headers["Authorization"].partition(" ")
        told = dict(part.split("=", 1) for part in fields.split(","))
        given = {name: value.strip('"') for name, value in told.items()}
        assert (scheme, given["mchid"], given["serial_no"]) == (SCHEME, MERCHANT, SERIAL)
        said = message(self.command, self.path, given["timestamp"], given["nonce_str"], body)
        signature = base64.b64decode(given["signature"])
        self.keys.merchant.public_key().verify(signature, said, PKCS1v15(), SHA256())

    def _done(self, body: bytes) -> Any:
        asked = msgspec.json.decode(body) if body else {}
        match self.command, urlsplit(self.path).path.strip("/").split("/"):
            case "POST", ["v3", "pay", "transactions", "native"]:
                assert (asked["appid"], asked["mchid"]) == (APP, MERCHANT)
                amount = asked["amount"]
                made = self.trades.create(
                    asked["out_trade_no"], amount["total"], amount["currency"], asked["description"], time.time() + 300
                )
                return {"code_url": f"weixin://wxpay/bizpayurl?pr={made.name}"}
            case "GET", ["v3", "pay", "transactions", "out-trade-no", name] if found := self.trades.find(name):
                return trade_told(found)
            case "POST", ["v3", "pay", "transactions", "out-trade-no", name, "close"]:
                return self.trades.close(name)
            case "POST", ["v3", "refund", "domestic", "refunds"]:
                made_ = self.trades.refund(asked["out_refund_no"], asked["out_trade_no"], asked["amount"]["refund"])
                return refund_told(made_)
            case "GET", ["v3", "refund", "domestic", "refunds", name] if given := self.trades.find_refund(name):
                return refund_told(given)
        raise Refused("unknown")

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        for name, value in signed(self.keys.platform, body).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(keys: Keys, trades: Trades) -> Iterator[str]:
    """Its address."""
    handler = type("Handler", (_Handler,), {"keys": keys, "trades": trades})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
