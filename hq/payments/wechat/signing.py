"""The cryptography of WeChat Pay API v3: signed requests, signed answers, sealed notifications.

Texts that are signed are lines that each end with a line feed, the last one too: five of a request (method, path with
query, time, nonce, body), three of what the provider sends (time, nonce, body). RSA PKCS #1 v1.5 with SHA-256.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from hq.payments.port import NotGenuine

SCHEME = "WECHATPAY2-SHA256-RSA2048"
TOLERANCE_S = 300
"""Seconds that a signature's time may differ from HQ's clock."""


class Merchant(NamedTuple):
    """Who signs: the merchant's number, the serial of its certificate, and its key."""

    merchant_id: str
    serial: str
    key: RSAPrivateKey


def message(*lines: str | bytes) -> bytes:
    """What is signed."""
    return b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)


def authorization(merchant: Merchant, method: str, target: str, body: bytes, time: int, nonce: str) -> str:
    """The header `Authorization` of a request."""
    signed = merchant.key.sign(message(method, target, str(time), nonce, body), PKCS1v15(), SHA256())
    fields = {
        "mchid": merchant.merchant_id, "nonce_str": nonce, "signature": base64.b64encode(signed).decode(),
        "timestamp": str(time), "serial_no": merchant.serial,
    }  # fmt: skip
    return f"{SCHEME} " + ",".join(f'{name}="{value}"' for name, value in fields.items())


def check(keys: Mapping[str, RSAPublicKey], headers: Mapping[str, str], body: bytes, now: float) -> None:
    """Whether the provider said this, lately; `keys`: its public keys by their serial or id.

    Raises NotGenuine, with the reason as its code.
    """
    serial, time = headers.get("wechatpay-serial", ""), headers.get("wechatpay-timestamp", "")
    if serial not in keys:
        raise NotGenuine("key_unknown")
    if not (time.isascii() and time.isdecimal() and len(time) < 12) or abs(int(time) - now) > TOLERANCE_S:
        raise NotGenuine("clock")
    try:
        signature = base64.b64decode(headers.get("wechatpay-signature", ""), validate=True)
        signed = message(time, headers.get("wechatpay-nonce", ""), body)
        keys[serial].verify(signature, signed, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error) as problem:
        raise NotGenuine("signature") from problem


def opened(api_key: bytes, ciphertext: str, nonce: str, associated: str) -> bytes:
    """What is sealed in a notification: AES-256-GCM, the tag at the end. Raises NotGenuine."""
    try:
        sealed = base64.b64decode(ciphertext, validate=True)
        return AESGCM(api_key).decrypt(nonce.encode(), sealed, associated.encode() or None)
    except (InvalidTag, binascii.Error, ValueError) as problem:
        raise NotGenuine("sealed") from problem
