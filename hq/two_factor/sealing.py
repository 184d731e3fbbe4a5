"""How secrets are kept: sealed, or as a keyed hash, by a key that is not in the database."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from guide_app.domain.errors import EnvironmentProblem
from hq.environment import kept_secret

_NONCE = 12


def seal(content: bytes, whose: int) -> str:
    """Sealed for this user: nobody can move it to another one's row."""
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + AESGCM(_key("seal")).encrypt(nonce, content, _bound(whose))).decode("ascii")


def opened(sealed: str, whose: int) -> bytes:
    """What was sealed for the user. Raises EnvironmentProblem("two_factor_key") where it was with another key."""
    raw = base64.b64decode(sealed)
    try:
        return AESGCM(_key("seal")).decrypt(raw[:_NONCE], raw[_NONCE:], _bound(whose))
    except InvalidTag as problem:
        raise EnvironmentProblem("two_factor_key") from problem


def digest(code: str, whose: int) -> str:
    """A recovery code as it is kept: a keyed hash that says nothing without the key."""
    return hmac.new(_key("digest"), _bound(whose) + b":" + code.encode("ascii"), hashlib.sha256).hexdigest()


def _bound(whose: int) -> bytes:
    return f"user {whose}".encode("ascii")


def _key(purpose: str) -> bytes:
    return _derived(settings.ENVIRONMENT.two_factor_key, purpose)


@cache
def _derived(path: Path, purpose: str) -> bytes:
    return hashlib.sha256(f"guide-hq two-factor {purpose} {kept_secret(path)}".encode()).digest()
