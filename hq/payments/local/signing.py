"""How the local provider and its merchant know each other: HMAC-SHA-256 with a secret that both have.

Signed are lines that each end with a line feed: method, path, time in Unix seconds, nonce, body.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from hq.payments.port import NotGenuine

TOLERANCE_S = 300


def headers(secret: bytes, method: str, path: str, body: bytes, now: float) -> dict[str, str]:
    """The headers of a signed request."""
    time, nonce = str(int(now)), secrets.token_hex(16)
    signature = _signature(secret, method, path, time, nonce, body)
    return {"Pay-Time": time, "Pay-Nonce": nonce, "Pay-Signature": signature, "Content-Type": "application/json"}


def check(secret: bytes, method: str, path: str, told: Mapping[str, str], body: bytes, now: float) -> None:
    """Whether who has the secret sent this, lately; header names in lower case. Raises NotGenuine."""
    time, nonce, signature = (told.get(f"pay-{name}", "") for name in ("time", "nonce", "signature"))
    if not (time.isascii() and time.isdecimal() and len(time) < 12) or abs(int(time) - now) > TOLERANCE_S:
        raise NotGenuine("clock")
    if not hmac.compare_digest(signature.encode(), _signature(secret, method, path, time, nonce, body).encode()):
        raise NotGenuine("signature")


def _signature(secret: bytes, method: str, path: str, time: str, nonce: str, body: bytes) -> str:
    lines = b"\n".join((method.encode(), path.encode(), time.encode(), nonce.encode(), body, b""))
    return hmac.new(secret, lines, hashlib.sha256).hexdigest()
