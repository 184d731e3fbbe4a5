"""HTTP calls to a provider: short, bounded, over TLS that is verified; plain HTTP on this machine only."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from guide_app.domain.errors import BadInput
from hq.payments.port import ProviderDown

TIMEOUT_S = 5.0
LARGEST = 64 << 10
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Answer(NamedTuple):
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Caller:
    """Calls one provider, a connection for each call: they are few, and a broken one is never met again."""

    def __init__(self, base_url: str, timeout_s: float = TIMEOUT_S) -> None:
        """Raises BadInput for an address that is none, or is not safe."""
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
            raise BadInput("setting_payments", "the provider's address is one such as https://pay.example.com")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise BadInput("setting_payments", "a provider on another machine is called over https")
        self._https, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        self._timeout = timeout_s

    def call(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Raises ProviderDown when no whole answer came in time."""
        connection = self._connection()
        try:
            connection.request(method, target, body or None, dict(headers))
            answer = connection.getresponse()
            content = answer.read(LARGEST + 1)
            if len(content) > LARGEST:
                raise ProviderDown("provider_down", "its answer is too long")
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)
        except (OSError, http.client.HTTPException) as problem:
            raise ProviderDown("provider_down", type(problem).__name__) from problem
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self._https:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
