"""Which provider takes payments, by a file beside HQ that holds the keys, or names the files that do.

    {"provider": "local", "url": "http://127.0.0.1:8790", "secret_file": "local.secret"}
    {"provider": "wechat", "app_id": …, "merchant_id": …, "serial": …, "private_key_file": …, "api_key_file": …,
     "public_keys": {"PUB_KEY_ID_…": "wechatpay.pem"}}

Files are found beside it. Nothing of them is ever logged. The provider tells HQ at `<public address>/payments/notify`.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from guide_app.domain.clock import Clock
from guide_app.domain.errors import BadInput
from hq.payments.calling import Caller
from hq.payments.local.provider import LocalPay
from hq.payments.port import PaymentProvider
from hq.payments.wechat import provider as wechat
from hq.payments.wechat.provider import WeChatPay
from hq.payments.wechat.signing import Merchant

NOTIFY = "/payments/notify"


class Local(msgspec.Struct, tag_field="provider", tag="local"):
    """The local provider: its server and the secret that both have."""

    url: str
    secret_file: str


class WeChat(msgspec.Struct, tag_field="provider", tag="wechat"):
    """A merchant's account of WeChat Pay. `api_key_file`: the 32 characters of the APIv3 key; `public_keys`: id of a
    public key, or serial of a platform certificate, to its PEM file."""

    app_id: str
    merchant_id: str
    serial: str
    private_key_file: str
    api_key_file: str
    public_keys: dict[str, str]
    url: str = wechat.ADDRESS


def provider(path: Path | None, public_url: str, clock: Clock) -> PaymentProvider | None:
    """The provider that the file names; None without one. Raises BadInput("setting_payments")."""
    if path is None:
        return None
    try:
        told = msgspec.json.decode(path.read_bytes(), type=Local | WeChat)
        if isinstance(told, WeChat):
            return WeChatPay(_wechat(path, told, public_url + NOTIFY), Caller(told.url), clock)
        return LocalPay(Caller(told.url), _read(path, told.secret_file).strip(), public_url + NOTIFY, clock)
    except (OSError, ValueError, msgspec.MsgspecError) as problem:
        raise BadInput("setting_payments", f"{path.name}: {type(problem).__name__}") from problem


def _wechat(path: Path, told: WeChat, notify_url: str) -> wechat.Settings:
    key = load_pem_private_key(_read(path, told.private_key_file), password=None)
    api_key = _read(path, told.api_key_file).strip()
    if not isinstance(key, RSAPrivateKey) or len(api_key) != 32:
        raise BadInput("setting_payments", "WeChat Pay takes an RSA key, and an APIv3 key of 32 characters")
    keys = {name: _public(_read(path, file)) for name, file in told.public_keys.items()}
    return wechat.Settings(told.app_id, Merchant(told.merchant_id, told.serial, key), keys, api_key, notify_url)


def _public(pem: bytes) -> RSAPublicKey:
    """Of a public key, or of a certificate."""
    certificate = b"BEGIN CERTIFICATE" in pem
    key = x509.load_pem_x509_certificate(pem).public_key() if certificate else load_pem_public_key(pem)
    if not isinstance(key, RSAPublicKey):
        raise BadInput("setting_payments", "WeChat Pay's public keys are RSA keys")
    return key


def _read(path: Path, name: str) -> bytes:
    return (path.parent / name).read_bytes()
