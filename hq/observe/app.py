"""/metrics as a plain ASGI callable: for this machine, and for whoever knows the token."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.db import close_old_connections

from hq.observe.metrics import CONTENT_TYPE, Metrics

PATH = "/metrics"
_LOCAL = frozenset({"127.0.0.1", "::1"})
_PASSED_ON = frozenset({b"x-forwarded-proto", b"x-forwarded-for", b"forwarded"})
"""What a web server before HQ adds: then it is on this machine, and who asks need not be."""
_log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class MetricsApp:
    """Answers GET /metrics. Without a token only this machine is answered."""

    def __init__(self, metrics: Metrics, token: str) -> None:
        self._metrics, self._token = metrics, token.encode()

    async def __call__(self, scope: Scope, _receive: Any, send: Send) -> None:
        if not self._may(scope):
            await _answer(send, 403, b"Only this machine, or with GUIDE_HQ_METRICS_TOKEN.\n")
            return
        try:
            text = await asyncio.to_thread(self._text)
        except Exception:
            _log.exception("the metrics cannot be read")
            await _answer(send, 503, b"The database cannot be asked now.\n")
            return
        await _answer(send, 200, text)

    def _may(self, scope: Scope) -> bool:
        headers = dict(scope["headers"])
        if self._token:
            return hmac.compare_digest(headers.get(b"authorization", b""), b"Bearer " + self._token)
        return (scope.get("client") or ("",))[0] in _LOCAL and _PASSED_ON.isdisjoint(headers)

    def _text(self) -> bytes:
        close_old_connections()
        try:
            return self._metrics.text()
        finally:
            close_old_connections()


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", CONTENT_TYPE.encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
