"""HQ's own key: what it signs for tablets, which learn the public half when they enrol."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

from hq.environment import kept_secret
from sync.protocol.signature import SigningKey


def key() -> SigningKey:
    """The key of this HQ, made with its secret at first use."""
    return _key(settings.ENVIRONMENT.signing_key)


def public_keys() -> tuple[str, ...]:
    """What tablets accept: the key that signs now, and those beside it, of before or of soon (GUIDE_HQ_OTHER_KEYS)."""
    return tuple(dict.fromkeys((key().public_text, *settings.ENVIRONMENT.other_keys)))


@cache
def _key(path: Path) -> SigningKey:
    return SigningKey(hashlib.sha256(f"guide-hq files {kept_secret(path)}".encode()).digest())
