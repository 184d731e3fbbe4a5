"""HQ's server-sent events over HTTP, read line by line.

What is not such a stream in every respect means that the tablet polls: a portal's page, another type, a line that is
too long. A stream without a sign of life for as long as two heartbeats is cut, whatever a proxy keeps open in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING

from sync.net.address import hq_address
from sync.net.connections import Connections
from sync.net.transport import judge, signed
from sync.remote import PollOnly, Sender

if TYPE_CHECKING:
    import httpx

_TARGET = "/v1/events"
_LONGEST_LINE = 1024
_LONGEST_REFUSAL = 64 << 10
SILENCE_S = 50.0
"""Two heartbeats of HQ's."""


class HttpEvents:
    """The EventSource port; one instance for the life of the app, one stream at a time."""

    def __init__(
        self, *, app_version: str, nonce: Callable[[], str], connect_s: float = 10.0, silence_s: float = SILENCE_S
    ) -> None:
        """`nonce` gives a fresh unguessable text each time."""
        self._app_version, self._nonce = app_version, nonce
        self._silence_s = silence_s
        self._connections = Connections(connect_s=connect_s, silence_s=silence_s)

    async def follow(self, sender: Sender) -> AsyncGenerator[str, None]:
        url = hq_address(sender.hq_url)
        headers = {"accept": "text/event-stream", "accept-encoding": "identity", "cache-control": "no-store"}
        headers = signed("GET", _TARGET, headers, b"", sender, self._app_version, self._nonce())
        async with self._connections.request("GET", url, _TARGET, headers) as response:
            pieces = response.aiter_raw()
            await self._check(response, pieces)
            async for said in self._said(pieces):
                yield said

    async def aclose(self) -> None:
        await self._connections.aclose()

    async def _check(self, response: httpx.Response, pieces: AsyncIterator[bytes]) -> None:
        """Raises what an answer that is no stream means."""
        if response.status_code == 204:
            raise PollOnly("HQ has no stream for this tablet")
        if response.status_code == 200:
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != "text/event-stream" or response.headers.get("content-encoding", "identity") != "identity":
                raise PollOnly(f"no stream of events: {kind[:40]}")
            return
        body = bytearray()
        async with asyncio.timeout(self._silence_s):
            async for piece in pieces:
                body += piece
                if len(body) > _LONGEST_REFUSAL:
                    raise PollOnly("an answer without end")
        await judge(response.status_code, response.headers, bytes(body))

    async def _said(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[str]:
        reader = Reader()
        heard_at = asyncio.get_running_loop().time()
        while True:
            async with asyncio.timeout_at(heard_at + self._silence_s):
                piece = await anext(pieces, None)
            if piece is None:
                return
            for said in reader.feed(piece):
                heard_at = asyncio.get_running_loop().time()
                yield said


class Reader:
    """Takes a stream of events apart (WHATWG HTML, 9.2); of what can stand in one, HQ uses comments and one event."""

    def __init__(self) -> None:
        self._rest = b""
        self._event, self._data = "", ""

    def feed(self, piece: bytes) -> Iterator[str]:
        """The scopes that moved, "" for each comment. Raises PollOnly for what is no stream of HQ's."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            raise PollOnly("a line without end")
        for line in lines:
            yield from self._line(line.removesuffix(b"\r"))

    def _line(self, line: bytes) -> Iterator[str]:
        if len(line) > _LONGEST_LINE:
            raise PollOnly("a line that is too long")
        try:
            name, _, value = line.decode().partition(":")
        except UnicodeDecodeError:
            raise PollOnly("a line that is not text") from None
        value = value.removeprefix(" ")
        if not line:
            if self._event == "moved" and self._data:
                yield self._data
            self._event = self._data = ""
        elif not name:
            yield ""
        elif name == "event":
            self._event = value
        elif name == "data":
            self._data = value
