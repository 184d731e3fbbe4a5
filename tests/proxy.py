"""What may stand between a tablet and HQ: a proxy on this machine that does to the next requests what a test says."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal
from urllib.parse import urlsplit

Trick = Literal["lose answer", "cut answer", "send twice", "login page", "hang up"]
LOGIN_PAGE = b"<html><title>Guest WiFi</title>Please sign in</html>"


class Proxy:
    """Passes requests on, one connection each. `tricks` are played one a request, in order; `down` hangs up on all."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._host, self._port = parts.hostname or "", parts.port or 0
        self.url = ""
        self.tricks: deque[Trick] = deque()
        self.played: list[Trick] = []
        self.down = False
        self.portal = False
        self.requests = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            request = await read_message(reader)
            self.requests += 1
            trick = self._next_trick()
            if trick is not None:
                self.played.append(trick)
            writer.write(await self._answer(request, trick))
            await writer.drain()

    def _next_trick(self) -> Trick | None:
        if self.down:
            return "hang up"
        if self.portal:
            return "login page"
        return self.tricks.popleft() if self.tricks else None

    async def _answer(self, request: bytes, trick: Trick | None) -> bytes:
        if trick == "hang up":
            return b""
        if trick == "login page":
            head = f"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {len(LOGIN_PAGE)}\r\n\r\n"
            return head.encode() + LOGIN_PAGE
        answer = await self._pass_on(request)
        if trick == "send twice":
            answer = await self._pass_on(request)
        if trick == "lose answer":
            return b""
        return answer[: len(answer) // 2] if trick == "cut answer" else answer

    async def _pass_on(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        with contextlib.closing(writer):
            writer.write(request)
            await writer.drain()
            return await read_message(reader)


async def read_message(reader: asyncio.StreamReader) -> bytes:
    """One whole HTTP message, whose length its head tells."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    length = next((int(line.partition(":")[2]) for line in lines if line.startswith("content-length:")), None)
    if length is not None:
        return head + await reader.readexactly(length)
    return head + (await _read_chunks(reader) if any("chunked" in line for line in lines) else b"")


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while True:
        size = await reader.readuntil(b"\r\n")
        body += size + await reader.readexactly(int(size, 16) + 2)
        if int(size, 16) == 0:
            return body


@asynccontextmanager
async def between(target: str) -> AsyncIterator[Proxy]:
    """A proxy to the target's address, as long as the context lasts."""
    proxy = Proxy(target)
    server = await asyncio.start_server(proxy.connected, "127.0.0.1", 0, limit=8 << 20)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield proxy
    await proxy.close()
