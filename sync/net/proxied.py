"""HTTP to HQ through the proxy that the system names: by httpx, which knows their kinds and their passwords."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

import httpx

from sync.net.wire import Answered, NotHttp


class ProxiedWire:
    """One connection pool."""

    def __init__(self, url: str, tls: ssl.SSLContext, connect_s: float, whole_s: float, largest: int) -> None:
        """`largest`: bytes of body that are taken."""
        self._url, self._largest = url, largest
        self._client = httpx.AsyncClient(
            verify=tls,
            follow_redirects=False,
            timeout=httpx.Timeout(whole_s, connect=connect_s),
            limits=httpx.Limits(max_connections=4, keepalive_expiry=60.0),
        )

    async def post(self, target: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """Raises NotHttp for all that httpx says."""
        packed = bytearray()
        try:
            async with self._client.stream("POST", self._url + target, headers=dict(headers), content=body) as response:
                async for piece in response.aiter_raw():
                    packed += piece
                    if len(packed) > self._largest:
                        raise NotHttp("an answer without end")
                return Answered(response.status_code, response.headers, bytes(packed))
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            raise NotHttp(type(error).__name__) from error

    async def aclose(self) -> None:
        """Hangs up."""
        await self._client.aclose()
