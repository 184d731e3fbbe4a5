"""Requests to a service of objects, signed as AWS Signature Version 4 says. Pure: no clock, no network."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

NOTHING = hashlib.sha256(b"").hexdigest()
"""The hash of a request without a body."""
_ALGORITHM = "AWS4-HMAC-SHA256"


class Keys(NamedTuple):
    """Who asks: the key's id, its secret, and the region in which it counts."""

    id: str
    secret: str
    region: str


class Asked(NamedTuple):
    """A request: `path` and `query` not yet quoted, `headers` with the host, `body`: the SHA-256 of its body in hex."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: str = NOTHING


def quoted_path(path: str) -> str:
    """As it goes into the address and into what is signed."""
    return quote(path, safe="/-_.~")


def quoted_query(query: Mapping[str, str]) -> str:
    """Likewise, in the order that is signed."""
    return "&".join(f"{quote(name, safe='-_.~')}={quote(query[name], safe='-_.~')}" for name in sorted(query))


def signed(asked: Asked, at: datetime, keys: Keys) -> dict[str, str]:
    """The headers of the request with those that sign it. `at`: now, in UTC."""
    stamp = at.strftime("%Y%m%dT%H%M%SZ")
    headers = {**asked.headers, "x-amz-date": stamp, "x-amz-content-sha256": asked.body}
    told = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    names = ";".join(sorted(told))
    lines = "".join(f"{name}:{told[name]}\n" for name in sorted(told))
    request = "\n".join(
        (asked.method, quoted_path(asked.path), quoted_query(asked.query), lines, names, asked.body)
    )  # fmt: skip
    scope = f"{stamp[:8]}/{keys.region}/s3/aws4_request"
    to_sign = "\n".join((_ALGORITHM, stamp, scope, hashlib.sha256(request.encode()).hexdigest()))
    signature = _hmac(_key(keys, stamp[:8]), to_sign).hex()
    proof = f"{_ALGORITHM} Credential={keys.id}/{scope},SignedHeaders={names},Signature={signature}"
    return {**headers, "Authorization": proof}


def _key(keys: Keys, day: str) -> bytes:
    key = f"AWS4{keys.secret}".encode()
    for part in (day, keys.region, "s3", "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
