"""What may stand between a tablet and HQ: a proxy on loopback that does something wrong with some requests, by chance.

All chance comes from one seeded source a schedule. Every connection carries one request after the other, as a tablet's
do; each request meets HQ over a connection of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import ClassVar

from tests.proofs.ports import lasting_port
from tests.proxy import LOGIN_PAGE, read_message

Answer = bytes | None
"""What goes back to the tablet; None: the connection is reset."""
_BROKEN = (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, ValueError)
_LIMIT = 8 << 20


class Line:
    """The way of one tablet to HQ. `faulty` begins a schedule, `calm` ends it and delivers what was held back."""

    def __init__(self, hq_port: int) -> None:
        self._hq_port = hq_port
        self._server: asyncio.Server | None = None
        self._port = lasting_port()
        self._opening = asyncio.Lock()
        self._random, self._share = Random(0), 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[tuple[int, bytes]] = []
        self.requests = 0
        self.played: Counter[str] = Counter()

    @property
    def url(self) -> str:
        """HQ's address as the tablet sees it; stays the same."""
        return f"http://127.0.0.1:{self._port}"

    async def open(self) -> None:
        """Listens, at the same port as before; nothing happens when it does already."""
        async with self._opening:
            if self._server is None or not self._server.is_serving():
                self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._port, limit=_LIMIT)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def faulty(self, random: Random, share: float) -> None:
        """From now on this share of the requests goes wrong."""
        self._random, self._share = random, share

    async def calm(self) -> None:
        """What begins from now on goes well; copies that were held back arrive at HQ now, late."""
        self._share = 0.0
        await self.open()
        for _, request in self._held:
            await self._deliver_late(request)
        self._held.clear()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._start(self._serve(reader, writer))

    def _start(self, work: Awaitable[None]) -> None:
        async def quietly() -> None:
            with contextlib.suppress(*_BROKEN):
                await work

        task = asyncio.get_running_loop().create_task(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while first := await reader.read(1):
                fault = self._fault()
                play = self.KINDS[fault] if fault else Line._ask
                if play is None:
                    break
                request = first + await read_message(reader)
                self.requests += 1
                await self._deliver_overtaken()
                answer = await play(self, request)
                if answer is None:
                    break
                await _write(writer, answer, self._random if fault == "trickled answer" else None)
                if fault == "half answer":
                    break
            else:
                return
            _reset(writer)
        finally:
            writer.close()

    def _fault(self) -> str | None:
        if self._random.random() >= self._share:
            return None
        kind = self._random.choice([*self.KINDS])
        self.played[kind] += 1
        return kind

    # ------------------------------------------------------------------ what can go wrong

    async def _ask(self, request: bytes) -> Answer:
        """HQ's answer; None where HQ cannot be reached."""
        try:
            async with self._to_hq() as (reader, writer):
                writer.write(request)
                await writer.drain()
                return await read_message(reader)
        except _BROKEN:
            return None

    async def _reset(self, _request: bytes) -> Answer:
        return None

    async def _refuse(self, _request: bytes) -> Answer:
        """Nobody listens for a while: a restart of whatever stands in between."""
        if self._server is not None and self._server.is_serving():
            self._server.close()

            async def again() -> None:
                await asyncio.sleep(self._random.uniform(0.02, 0.2))
                await self.open()  # also after the calm: a request that was under way then may begin this

            self._start(again())
        return None

    async def _lose(self, request: bytes) -> Answer:
        await self._ask(request)
        return None

    async def _half_answer(self, request: bytes) -> Answer:
        answer = await self._ask(request)
        return answer and answer[: self._random.randrange(1, len(answer))]

    async def _cut_body(self, request: bytes) -> Answer:
        """A whole HTTP message, whose body (mostly zstd) ends too early."""
        return _with_body(await self._ask(request), lambda body: body[: self._random.randrange(len(body))])

    async def _spoil(self, request: bytes) -> Answer:
        return _with_body(await self._ask(request), lambda body: self._random.randbytes(len(body)))

    async def _trickle_up(self, request: bytes) -> Answer:
        """The request reaches HQ in small pieces with pauses, and is then answered."""
        async with self._to_hq() as (reader, writer):
            await _write(writer, request, self._random)
            return await read_message(reader)

    async def _half_up(self, request: bytes) -> Answer:
        """HQ gets the beginning of a request that never ends well."""
        async with self._to_hq() as (_, writer):
            await _write(writer, request[: self._random.randrange(1, len(request))], self._random)
        return None

    async def _twice(self, request: bytes) -> Answer:
        """Two copies at the same time; either one's answer goes back."""
        return self._random.choice(await asyncio.gather(self._ask(request), self._ask(request)))

    async def _hold(self, request: bytes) -> Answer:
        """The tablet hears nothing; its request reaches HQ after later ones."""
        self._held.append((self.requests + self._random.randint(1, 4), request))
        return None

    async def _slow(self, request: bytes) -> Answer:
        answer = await self._ask(request)
        await asyncio.sleep(self._random.uniform(0.01, 0.15))
        return answer

    async def _silence(self, _request: bytes) -> Answer:
        await asyncio.sleep(self._random.uniform(0.1, 0.3))
        return None

    async def _login_page(self, _request: bytes) -> Answer:
        return _page("200 OK", LOGIN_PAGE)

    async def _login_redirect(self, _request: bytes) -> Answer:
        return _page("302 Found", b"", "location: http://127.0.0.1:9/login\r\n")

    async def _bad_gateway(self, _request: bytes) -> Answer:
        return _page("502 Bad Gateway", b"<html>502</html>")

    async def _gateway_timeout(self, request: bytes) -> Answer:
        """HQ did it, but what stands in between did not wait."""
        await self._ask(request)
        return _page("504 Gateway Timeout", b"<html>504</html>")

    KINDS: ClassVar[dict[str, Callable[[Line, bytes], Awaitable[Answer]] | None]] = {
        "reset before the request": None,
        "reset after the request": _reset,
        "refused for a while": _refuse,
        "lost answer": _lose,
        "half answer": _half_answer,
        "cut body": _cut_body,
        "spoiled body": _spoil,
        "trickled answer": _ask,
        "trickled request": _trickle_up,
        "half request to HQ": _half_up,
        "sent twice": _twice,
        "late copy": _hold,
        "slow answer": _slow,
        "silence": _silence,
        "login page": _login_page,
        "login redirect": _login_redirect,
        "bad gateway": _bad_gateway,
        "gateway timeout": _gateway_timeout,
    }
    """Name → what becomes of a request. Each is as likely as the others."""

    # ------------------------------------------------------------------ small things

    async def _deliver_overtaken(self) -> None:
        due = [request for at, request in self._held if at <= self.requests]
        self._held = [(at, request) for at, request in self._held if at > self.requests]
        for request in due:
            self._start(self._deliver_late(request))

    async def _deliver_late(self, request: bytes) -> None:
        await self._ask(request)

    @asynccontextmanager
    async def _to_hq(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._hq_port, limit=_LIMIT)
        with contextlib.closing(writer):
            yield reader, writer


async def _write(writer: asyncio.StreamWriter, data: bytes, trickle: Random | None) -> None:
    if trickle is not None:
        for _ in range(trickle.randint(2, 12)):
            piece = trickle.randint(1, 200)
            writer.write(data[:piece])
            await writer.drain()
            await asyncio.sleep(trickle.uniform(0.001, 0.02))
            data = data[piece:]
    writer.write(data)
    await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Closes with RST, as a crash or a firewall does; what was written before still goes out or not, as it happens."""
    plug: socket.socket | None = writer.get_extra_info("socket")
    if plug is not None:
        with contextlib.suppress(OSError):
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _with_body(answer: Answer, change: Callable[[bytes], bytes]) -> Answer:
    """The answer with another body of which its head tells the right length."""
    if answer is None:
        return None
    head, _, body = answer.partition(b"\r\n\r\n")
    if not body:
        return None
    changed = change(body)
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    return b"\r\n".join([*kept, b"content-length: %d" % len(changed), b"", changed])


def _page(status: str, body: bytes, more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-type: text/html\r\n{more}content-length: {len(body)}\r\n\r\n"
    return head.encode() + body
