"""What a body may be before anything keeps it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hq.asgi import A_FORM, A_PAGE, largest
from hq.shared.bodies import LONGEST_S, SLOWEST, bounded, due


class Caller:
    """Sends pieces of a body, one after each pause; `taken` is what the application got."""

    def __init__(self, *pieces: bytes, pause_s: float = 0, length: bytes = b"", path: str = "/x") -> None:
        headers = [(b"content-length", length)] if length else []
        self.scope: dict[str, Any] = {"type": "http", "path": path, "headers": headers}
        self._pieces, self._pause_s = list(pieces), pause_s
        self.taken, self.asked, self.sent = b"", 0, list[Any]()

    async def receive(self) -> dict[str, Any]:
        self.asked += 1
        await asyncio.sleep(self._pause_s)
        piece = self._pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(self._pieces)}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    async def _pages(self, scope: Any, receive: Any, send: Any) -> None:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            self.taken += message["body"]
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})

    def to(self, most: int, first_s: float = 5) -> int:
        asyncio.run(bounded(self._pages, lambda _path: most, first_s)(self.scope, self.receive, self.send))
        return int(self.sent[0]["status"])


def test_a_body_within_bounds_comes_through_as_it_is() -> None:
    caller = Caller(b"ab", b"cd", length=b"4")
    assert (caller.to(4), caller.taken) == (200, b"abcd")


@pytest.mark.parametrize("length", [b"5", b"-1", b"9" * 30])
def test_what_says_it_is_too_large_is_not_read(length: bytes) -> None:
    caller = Caller(b"abcde", length=length)
    assert (caller.to(4), caller.asked) == (413, 0)
    assert (b"connection", b"close") in caller.sent[0]["headers"]


def test_what_grows_too_large_is_refused_on_the_way() -> None:
    caller = Caller(*[b"ab"] * 1000)
    assert (caller.to(4), caller.taken, caller.asked) == (413, b"abab", 3)


def test_what_trickles_is_refused() -> None:
    caller = Caller(*[b"a"] * 1000, pause_s=0.02)
    assert caller.to(5000, first_s=0.1) == 408
    assert caller.asked < 10


def test_a_slow_line_has_time_but_not_without_end() -> None:
    assert due(100, 0) == 110
    assert due(100, 4 * SLOWEST) == 114
    assert due(100, 1 << 30) == 100 + LONGEST_S


def test_each_page_has_its_size() -> None:
    assert [largest(path) for path in ("/static/a.css", "/join/x", "/admin/", "/")] == [0, A_FORM, A_PAGE, A_PAGE]
