"""How large a request's body may be, and how slowly it may come, before an application that would take any body."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from http import HTTPStatus
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Served = Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]

FIRST_S, SLOWEST, LONGEST_S = 10, 1 << 10, 60
"""A body has these first seconds, a further one for so many bytes that came, and never more than the last seconds:
whoever is slower keeps a place from others, and loses it. A full batch of sales is about 40 KiB on the line, so the
slowest honest line has sent it well within these."""


def due(began: float, came: int, first_s: float = FIRST_S, longest_s: float = LONGEST_S) -> float:
    """By when more of a body has to come that began at `began` and of which `came` bytes are here."""
    return began + min(first_s + came / SLOWEST, longest_s)


def bounded(inner: Application, most: Callable[[str], int], first_s: float = FIRST_S) -> Served:
    """`inner`, asked only with bodies of at most `most(path)` bytes that come in time.

    Django keeps a body whole, on the disk if need be, before a view or a setting of its own can refuse it. The answer
    is 413 or 408 and the connection ends, so that nobody has to swallow the rest.
    """

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return
        largest = most(scope["path"])
        if _declared(scope) > largest:
            await _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, send)
            return
        body = _Body(receive, largest, first_s)
        await inner(scope, body.receive, send)
        if body.refused:  # said to have gone away, the caller was not answered
            await _refuse(body.refused, send)

    return application


class _Body:
    """What comes of a request; the caller is said to be gone once it is too much, or too slow."""

    def __init__(self, receive: Receive, most: int, first_s: float) -> None:
        self.refused: HTTPStatus | None = None
        self._receive, self._most, self._first_s = receive, most, first_s
        self._began, self._came, self._more = asyncio.get_running_loop().time(), 0, True

    async def receive(self) -> Message:
        if not self._more:  # whether the caller is still there: that may take as long as the answer
            return await self._receive()
        try:
            async with asyncio.timeout_at(due(self._began, self._came, self._first_s)):
                message = await self._receive()
        except TimeoutError:
            return self._gone(HTTPStatus.REQUEST_TIMEOUT)
        self._came += len(message.get("body", b""))
        self._more = message.get("more_body", False)
        return message if self._came <= self._most else self._gone(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    def _gone(self, status: HTTPStatus) -> Message:
        self.refused = status
        return {"type": "http.disconnect"}


def _declared(scope: Scope) -> float:
    """What the request says of its body's size, in bytes."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() and len(length) < 20 else float("inf")


async def _refuse(status: HTTPStatus, send: Send) -> None:
    body = status.phrase.encode()
    headers = [("content-type", "text/plain"), ("content-length", str(len(body))), ("connection", "close")]
    raw = [(name.encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": status.value, "headers": raw})
    await send({"type": "http.response.body", "body": body})
