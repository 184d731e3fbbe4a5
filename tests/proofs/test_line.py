"""The line between a tablet and HQ does what it says: what it did wrong ends when its schedule ends."""

from __future__ import annotations

import asyncio
import contextlib
from random import Random

import pytest

from tests.proofs.line import Line

REQUEST = b"POST /v1/sync HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}"
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
SOON_S = 10.0


@pytest.mark.asyncio
async def test_a_refusal_that_began_before_the_calm_ends_like_any_other() -> None:
    """A request whose first byte came during the faults and the rest after them closed the line for good."""
    async with await asyncio.start_server(_hq, "127.0.0.1", 0) as hq:
        line = Line(hq.sockets[0].getsockname()[1])
        await line.open()
        line.faulty(_chance_of("refused for a while"), 1.0)
        host, port = line.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        with contextlib.closing(writer):
            writer.write(REQUEST[:1])
            for _ in range(1000):
                if line.played:
                    break
                await asyncio.sleep(0.01)
            await line.calm()
            writer.write(REQUEST[1:])
            with contextlib.suppress(ConnectionResetError):
                assert await reader.read() == b"", "the refusal itself"
        assert await _answered(host, int(port)) == ANSWER
        await line.close()


def _chance_of(kind: str) -> Random:
    """A source whose first fault is this one."""
    for seed in range(10_000):
        random = Random(seed)
        random.random()
        if random.choice([*Line.KINDS]) == kind:
            return Random(seed)
    raise AssertionError(f"no seed plays {kind}")


async def _answered(host: str, port: int) -> bytes:
    """What a request gets, tried again as a tablet does."""
    async with asyncio.timeout(SOON_S):
        while True:
            with contextlib.suppress(ConnectionError):
                reader, writer = await asyncio.open_connection(host, port)
                with contextlib.closing(writer):
                    writer.write(REQUEST)
                    return await reader.readexactly(len(ANSWER))
            await asyncio.sleep(0.01)


async def _hq(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.closing(writer):
        await reader.readexactly(len(REQUEST))
        writer.write(ANSWER)
        await writer.drain()
