"""Connections against a server on this machine that answers well: whatever was cut short before, HQ is reached."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import aclosing
from typing import Any

import pytest
import pytest_asyncio

from sync.net.events import HttpEvents
from sync.net.transport import HttpRemote
from sync.protocol import codec
from sync.protocol.messages import Batch, SyncRequest, SyncResponse
from sync.protocol.signature import SigningKey
from sync.remote import Sender

pytestmark = pytest.mark.asyncio

NOW = "2026-11-22T10:00:00.000Z"
REQUEST = SyncRequest(
    incarnation="00000000-0000-4000-8000-000000000001", epoch="e1", next_seq=1, after={"s1": 0}, want=1
)
ANSWER = SyncResponse(
    batch=Batch(status="ok", last_seq=0), server_time=NOW, next_sync_after_ms=30_000, authorised_until=NOW
)  # fmt: skip
STEPS = 60
"""Turns of the event loop: more than a request over loopback takes from its beginning to its end."""


@pytest_asyncio.fixture
async def sender() -> AsyncIterator[Sender]:
    """Who asks a server that keeps its connections open."""
    async with await asyncio.start_server(_serve, "127.0.0.1", 0) as listening:
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        yield Sender(url, SigningKey(bytes(range(32))), "00000000-0000-4000-8000-0000000000d1", int(time.time()))


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    gone = (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError)
    with contextlib.closing(writer), contextlib.suppress(*gone):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = next((line for line in head.split("\r\n") if line.startswith("content-length:")), ":0")
            await reader.readexactly(int(length.partition(":")[2]))
            if head.startswith("get "):
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 3\r\n\r\n:\n\n")
            else:
                body = codec.encode(ANSWER)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
                writer.write(b"content-length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()


async def _cut_short(work: Coroutine[Any, Any, object], after: int) -> None:
    """Lets it go on for so many turns of the loop."""
    task = asyncio.ensure_future(work)
    for _ in range(after):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("kept_open", [False, True], ids=["a new connection", "an open one"])
async def test_requests_cancelled_at_any_moment_leave_room_for_the_next(sender: Sender, kept_open: bool) -> None:
    for after in range(STEPS):
        remote = HttpRemote(app_version="1.2.3", nonce=lambda: "n1", connect_s=2, whole_s=2)
        for _ in range(5):  # one more than the pool has places
            if kept_open:
                await remote.sync(sender, REQUEST)
            await _cut_short(remote.sync(sender, REQUEST), after)
        assert (await remote.sync(sender, REQUEST)).answer == ANSWER, f"cancelled after {after} turns"
        await remote.aclose()


async def test_streams_cancelled_at_any_moment_leave_room_for_the_next(sender: Sender) -> None:
    async def heard() -> list[str]:
        async with aclosing(events.follow(sender)) as scopes:
            return [scope async for scope in scopes]

    for after in range(STEPS):
        events = HttpEvents(app_version="1.2.3", nonce=lambda: "n1", connect_s=2, silence_s=2)
        for _ in range(5):
            await _cut_short(heard(), after)
        assert await heard() == [""], f"cancelled after {after} turns"
        await events.aclose()


async def test_what_is_under_way_beside_a_request_that_is_cut_short_is_answered(sender: Sender) -> None:
    remote = HttpRemote(app_version="1.2.3", nonce=lambda: "n1", connect_s=2, whole_s=5)
    await remote.sync(sender, REQUEST)
    for after in range(STEPS):
        others = [asyncio.ensure_future(remote.sync(sender, REQUEST)) for _ in range(3)]
        await _cut_short(remote.sync(sender, REQUEST), after)
        assert [one.answer for one in await asyncio.gather(*others)] == [ANSWER] * 3
    await remote.aclose()
