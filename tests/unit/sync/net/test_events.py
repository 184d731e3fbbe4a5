"""HttpEvents against a server on this machine that says whatever the test wants, piece by piece."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from guide_app.domain.errors import BadInput, NoNetwork
from sync.net.events import HttpEvents, Reader
from sync.protocol import codec
from sync.protocol.messages import ErrorBody
from sync.protocol.signature import SigningKey, verify
from sync.remote import AppTooOld, ClockRefused, HqBusy, HqRefused, HqRevoked, PollOnly, Sender

KEY = SigningKey(bytes(range(32)))
DEVICE = "00000000-0000-4000-8000-0000000000d1"
NOW = "2026-11-22T10:00:00.000Z"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


@dataclass
class Server:
    """Sends `pieces` to whoever asks, then keeps the line open while `hang`."""

    url: str = ""
    pieces: list[bytes] = field(default_factory=list)
    hang: bool = False
    heard: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(ConnectionError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ")
            fields = (line.partition(":") for line in head[1:] if line)
            self.heard.append((method, target, {name.lower(): value.strip() for name, _, value in fields}))
            for piece in self.pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.01)
            if self.hang:
                await reader.read()
            self.left.set()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    async with listening:
        yield made
        made.hang = False


@pytest_asyncio.fixture
async def events() -> AsyncIterator[HttpEvents]:
    made = HttpEvents(app_version="1.2.3", nonce=lambda: "n1", connect_s=2, silence_s=0.5)
    yield made
    await made.aclose()


async def all_of(events: HttpEvents, server: Server) -> list[str]:
    async with aclosing(events.follow(Sender(server.url, KEY, DEVICE, int(time.time())))) as heard:
        return [scope async for scope in heard]


@pytest.mark.asyncio
async def test_what_moved_is_told_and_the_request_is_signed(server: Server, events: HttpEvents) -> None:
    server.pieces = [HEAD, b":\n\nevent: mo", b"ved\ndata: s1\n", b"\nevent: moved\r\ndata: s2\r\n\r\n: still here\n\n"]
    assert await all_of(events, server) == ["", "s1", "s2", ""]
    ((method, target, headers),) = server.heard
    assert (method, target, headers["accept"]) == ("GET", "/v1/events", "text/event-stream")
    claim = verify("GET", target, headers, b"", key_of=lambda _id: KEY.public, now=time.time())
    assert claim.keyid == DEVICE


def refusal(status: int, code: str, more: str = "") -> bytes:
    body = codec.encode(ErrorBody(code=code, message="words", server_time=NOW))
    head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


def page(status: int, kind: str, more: str = "") -> bytes:
    return (
        f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\nconnection: close\r\n{more}\r\n<html>sign in</html>".encode()
    )


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", PollOnly, id="poll-only"),
        pytest.param(page(200, "text/html"), PollOnly, id="a-portal"),
        pytest.param(page(302, "text/html", "location: /login\r\n"), NoNetwork, id="sent-elsewhere"),
        pytest.param(page(200, "text/event-stream", "content-encoding: br\r\n"), PollOnly, id="packed"),
        pytest.param(HEAD + b"data: " + b"x" * 2000, PollOnly, id="a-line-without-end"),
        pytest.param(HEAD + b"x" * 2000 + b"\n\n", PollOnly, id="a-long-line"),
        pytest.param(HEAD + b"data: \xff\n\n", PollOnly, id="not-text"),
        pytest.param(HEAD[:-2], NoNetwork, id="half-a-head"),
        pytest.param(b"", NoNetwork, id="nothing"),
        pytest.param(refusal(401, "clock"), ClockRefused, id="the-clock"),
        pytest.param(refusal(403, "revoked"), HqRevoked, id="revoked"),
        pytest.param(refusal(404, "not_found"), HqRefused, id="an-older-hq"),
        pytest.param(refusal(426, "protocol_unknown"), AppTooOld, id="a-newer-hq"),
        pytest.param(refusal(503, "busy", "retry-after: 9\r\n"), HqBusy, id="busy"),
        pytest.param(refusal(500, "failed"), NoNetwork, id="failed"),
        pytest.param(b"HTTP/1.1 500 X\r\nconnection: close\r\n\r\n" + b"x" * 100_000, PollOnly, id="a-flood"),
    ],
)
async def test_what_is_no_stream_is_told_as_what_it_is(
    server: Server, events: HttpEvents, answer: bytes, problem: type[Exception]
) -> None:
    server.pieces = [answer]
    with pytest.raises(problem):
        await all_of(events, server)


@pytest.mark.asyncio
async def test_a_stream_that_breaks_in_the_middle_is_no_network(server: Server, events: HttpEvents) -> None:
    server.pieces = [HEAD.replace(b"connection: close", b"transfer-encoding: chunked"), b"3\r\n:\n\n\r\n"]
    scopes = events.follow(Sender(server.url, KEY, DEVICE, 0))
    assert await anext(scopes) == ""
    with pytest.raises(NoNetwork):
        await anext(scopes)


@pytest.mark.asyncio
@pytest.mark.parametrize("pieces", [[HEAD], [HEAD, b":\n\n"], [HEAD, *[b"x"] * 500]], ids=["mute", "dies", "drips"])
async def test_silence_cuts_it_whatever_keeps_the_line_open(
    server: Server, events: HttpEvents, pieces: list[bytes]
) -> None:
    server.pieces, server.hang = pieces, True
    began = time.monotonic()
    with pytest.raises(NoNetwork):
        await all_of(events, server)
    assert 0.4 < time.monotonic() - began < 5


@pytest.mark.asyncio
async def test_who_stops_listening_closes_the_connection(server: Server, events: HttpEvents) -> None:
    server.pieces, server.hang = [HEAD, b":\n\n"], True

    async def first() -> None:
        async with aclosing(events.follow(Sender(server.url, KEY, DEVICE, 0))) as scopes:
            async for scope in scopes:
                assert scope == ""
                return

    await first()
    await asyncio.wait_for(server.left.wait(), 5)


@pytest.mark.asyncio
async def test_nothing_is_asked_of_an_address_that_is_none(events: HttpEvents) -> None:
    with pytest.raises(BadInput):
        await all_of(events, Server("http://hq.example.com"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"data: s1\n\n", []),
        (b"event: other\ndata: s1\n\n", []),
        (b"event: moved\n\n", []),
        (b"event:moved\ndata:s1\n\n", ["s1"]),
        (b"id: 7\nretry: 10\nevent: moved\ndata: s1\n\ndata: s2\n\n", ["s1"]),
        (b":\n:\n", ["", ""]),
    ],
)
def test_of_the_form_only_what_hq_says_is_told(text: bytes, told: list[str]) -> None:
    reader = Reader()
    assert list(reader.feed(text)) == told
    assert [said for at in range(len(text)) for said in reader.feed(text[at : at + 1])] == told
