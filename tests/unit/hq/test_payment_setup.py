"""Which provider takes payments: read from a file, refused where it cannot be; and the provider for trials."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from guide_app.domain.clock import SystemClock
from guide_app.domain.errors import BadInput
from hq.payments import setup
from hq.payments.calling import Caller
from hq.payments.local.__main__ import prepare

HQ = "https://hq.example.com"
RSA = generate_private_key(65537, 2048)


def private(key: object) -> bytes:
    assert hasattr(key, "private_bytes")
    made: bytes = key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    return made


def public(key: object) -> bytes:
    assert hasattr(key, "public_key")
    made: bytes = key.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
    return made


def wechat(folder: Path, **more: object) -> Path:
    (folder / "key.pem").write_bytes(private(RSA))
    (folder / "public.pem").write_bytes(public(RSA))
    (folder / "api.key").write_bytes(b"k" * 32 + b"\n")
    told = {
        "provider": "wechat", "app_id": "wx1", "merchant_id": "19", "serial": "4A", "private_key_file": "key.pem",
        "api_key_file": "api.key", "public_keys": {"PUB": "public.pem"}, **more,
    }  # fmt: skip
    path = folder / "payments.json"
    path.write_bytes(msgspec.json.encode(told))
    return path


def test_without_a_file_there_is_none() -> None:
    assert setup.provider(None, HQ, SystemClock()) is None


def test_the_file_of_a_trial_names_the_local_provider(tmp_path: Path) -> None:
    secret = prepare(tmp_path / "trial", 8790)
    assert prepare(tmp_path / "trial", 8790) == secret
    assert (tmp_path / "trial" / "local.secret").stat().st_mode & 0o777 == 0o600
    found = setup.provider(tmp_path / "trial" / "payments.json", HQ, SystemClock())
    assert found is not None
    assert found.name == "local"


def test_the_file_of_a_merchant_names_wechat_pay(tmp_path: Path) -> None:
    found = setup.provider(wechat(tmp_path), HQ, SystemClock())
    assert found is not None
    assert found.name == "wechat"


def test_what_cannot_be_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "short.key").write_bytes(b"short")
    (tmp_path / "odd.pem").write_bytes(private(Ed25519PrivateKey.generate()))
    (tmp_path / "odd-public.pem").write_bytes(public(Ed25519PrivateKey.generate()))
    for more in (
        {"provider": "nobody"}, {"api_key_file": "short.key"}, {"private_key_file": "odd.pem"},
        {"private_key_file": "missing.pem"}, {"public_keys": {"PUB": "odd-public.pem"}}, {"app_id": 7},
        {"public_keys": {"PUB": "api.key"}}, {"url": "ftp://x"},
    ):  # fmt: skip
        with pytest.raises(BadInput, match="setting_payments"):
            setup.provider(wechat(tmp_path, **more), HQ, SystemClock())


@pytest.mark.parametrize("url", ["http://pay.example.com", "https://", "pay.example.com", "https://x.example.com/path"])
def test_a_provider_is_called_safely_or_not_at_all(url: str) -> None:
    with pytest.raises(BadInput, match="setting_payments"):
        Caller(url)
