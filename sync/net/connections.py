"""Connections to HQ that never run out; the only user of httpx.

httpx (0.28, httpcore 1.0.9) loses a place of its pool for ever when a request is cancelled while it waits for a lock of
the pool's: before it connects, and at the end of an answer. A pool has four places: a tablet of which four requests
were cut short in such a moment said "no network" until somebody started it anew. So a request that does not end well
takes its pool with it, and the next one gets a new pool.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guide_app.domain.errors import NoNetwork
from sync.net.address import is_loopback

if TYPE_CHECKING:
    import httpx

_PLACES = 4


@dataclass
class _Pool:
    """A client, how many requests are under way over it, and whether it is to be let go behind the last one."""

    client: httpx.AsyncClient
    address: str
    users: int = 0
    retired: bool = False


class Connections:
    """Keeps a connection open from one request to the next, to one address at a time."""

    def __init__(self, *, connect_s: float, silence_s: float) -> None:
        """`silence_s` bounds each wait for a piece of an answer."""
        self._connect_s, self._silence_s = connect_s, silence_s
        self._pool: _Pool | None = None
        self._making = asyncio.Lock()

    @asynccontextmanager
    async def request(
        self, method: str, address: str, target: str, headers: Mapping[str, str], body: bytes = b""
    ) -> AsyncIterator[httpx.Response]:
        """The answer, whose body is still to be read. Raises NoNetwork, also for a TimeoutError of the reader's."""
        import httpx

        pool = await self._pool_for(address)
        pool.users += 1
        try:
            async with pool.client.stream(method, address + target, headers=headers, content=body) as response:
                yield response
        except BaseException as error:
            self._retire(pool)
            if isinstance(error, httpx.HTTPError | httpx.StreamError | httpx.InvalidURL | OSError):
                raise NoNetwork("no_network", type(error).__name__) from error
            raise
        finally:
            pool.users -= 1
            await _let_go(pool)

    async def aclose(self) -> None:
        """Lets them go, behind what is under way; a later request opens new ones."""
        if self._pool is not None:
            await _let_go(self._retire(self._pool))

    async def _pool_for(self, address: str) -> _Pool:
        async with self._making:
            if self._pool is not None and self._pool.address != address:
                await self.aclose()
            if self._pool is None:
                client = await asyncio.to_thread(_make_client, address, self._connect_s, self._silence_s)
                self._pool = _Pool(client, address)
            return self._pool

    def _retire(self, pool: _Pool) -> _Pool:
        """What is under way over it goes on; nothing new begins."""
        pool.retired = True
        if self._pool is pool:
            self._pool = None
        return pool


async def _let_go(pool: _Pool) -> None:
    if pool.retired and not pool.users:
        await pool.client.aclose()


def _make_client(address: str, connect_s: float, silence_s: float) -> httpx.AsyncClient:
    """Off the event loop: httpx alone takes a tenth of a second to import."""
    import httpx
    import truststore

    on_this_machine = is_loopback(httpx.URL(address).host)
    return httpx.AsyncClient(
        verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if address.startswith("https:") else False,
        trust_env=not on_this_machine,
        follow_redirects=False,
        timeout=httpx.Timeout(silence_s, connect=connect_s),
        limits=httpx.Limits(max_connections=_PLACES, keepalive_expiry=60.0),
    )
