"""A wire between a tablet and HQ that passes every byte on at once, until a test cuts it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.proxy import Proxy


class Relay(Proxy):
    """A proxy without tricks, for streams."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self._ends: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Ends every connection that stands, in the middle of whatever it carries; new ones are passed on."""
        for end in self._ends:
            end.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward, back = await asyncio.open_connection(self._host, self._port)
        both = {writer, back}
        self._ends |= both
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_pass_on(reader, back))
                group.create_task(_pass_on(onward, writer))
        finally:
            self._ends -= both
            for one in both:
                one.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(1 << 16):
            writer.write(piece)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def wire(target: str) -> AsyncIterator[Relay]:
    """A wire to the target's address, as long as the context lasts."""
    relay = Relay(target)
    server = await asyncio.start_server(relay.connected, "127.0.0.1", 0)
    relay.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield relay
        relay.cut()
        await relay.close()
