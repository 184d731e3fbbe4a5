"""`GET /v1/events`: a tablet hears that one of its scopes moved, soon after HQ committed it.

No thread and no database connection stands behind a stream. ONE task of the process asks, twice a second, where all
the scopes are that somebody follows; a stream begins only after such a look at its own scopes, so that the round of
sync that the tablet makes after opening misses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, MutableMapping
from typing import Any, NamedTuple

from hq.ledger.port import ScopeKey, Transient
from hq.shared.seats import Seats
from hq.sync_api.session import Session

ADDRESS = "/v1/events"
_HEARTBEAT = b":\n\n"
_HEADERS = (
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # a proxy in front of HQ passes each line on at once
)
_FOR_ALL = ("region", "chain")

_log = logging.getLogger(__name__)


class Seen(NamedTuple):
    """What a look brought: where scopes are (those without rows are absent), and whose rights were taken away."""

    heads: Mapping[ScopeKey, int]
    revoked: Collection[str]


Look = Callable[[Collection[ScopeKey], Collection[str]], Awaitable[Seen]]
"""Asks for scopes and devices; raises Transient."""
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Pace(NamedTuple):
    """Seconds. `spread`: what concerns a region or the chain is told to its tablets one after another within so long;
    `lifetime`: of the longest stream, the shortest has half of it; `first`: in which the first look must succeed."""

    look: float = 0.5
    heartbeat: float = 25
    spread: float = 4
    lifetime: float = 3600
    first: float = 10


class Stream:
    """One tablet's stream; ends by itself when it has lived long enough."""

    def __init__(self, session: Session, pace: Pace) -> None:
        self.device_id = session.device_id
        self.keys = {granted.key: granted.grant.kind in _FOR_ALL for granted in session.granted}
        """Each scope that is followed, and whether many follow it."""
        self.seen = asyncio.Event()
        self._pace = pace
        self._share = int.from_bytes(hashlib.sha256(b"events" + self.device_id.encode()).digest()[:4], "big") / 2**32
        self._due: dict[str, float] = {}
        self._wake = asyncio.Event()
        self._ended = False

    def moved(self, key: ScopeKey) -> None:
        """The scope moved; told once, however often it moves until then."""
        after = self._share * self._pace.spread if self.keys[key] else 0.0
        self._due.setdefault(key.scope, asyncio.get_running_loop().time() + after)
        self._wake.set()

    def end(self) -> None:
        """Ends it soon, from outside."""
        self._ended = True
        self.seen.set()
        self._wake.set()

    async def said(self) -> AsyncIterator[bytes]:
        """What goes out, piece by piece, until the end."""
        clock = asyncio.get_running_loop().time
        ends = clock() + self._pace.lifetime * (0.5 + self._share / 2)
        beat = clock()
        while not self._ended and (now := clock()) < ends:
            self._wake.clear()
            due = sorted(scope for scope, at in self._due.items() if at <= now)
            for scope in due:
                del self._due[scope]
                yield f"event: moved\ndata: {scope}\n\n".encode()
            if beat <= now:
                beat = now + self._pace.heartbeat
                yield _HEARTBEAT
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(min(ends, beat, *self._due.values())):
                    await self._wake.wait()


class Streams:
    """All streams of the process, with those of the others as many as there are seats. For the event loop's thread."""

    def __init__(self, look: Look, seats: Seats, pace: Pace | None = None) -> None:
        self._look, self._seats, self._pace = look, seats, pace or Pace()
        self._open: dict[str, Stream] = {}
        self._heads: Mapping[ScopeKey, int] = {}
        self._watch: asyncio.Task[None] | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._open)

    def follows(self, device_id: str) -> bool:
        """Whether the device has a stream, in whatever process; may be asked from any thread."""
        return self._seats.taken(device_id)

    async def open(self, session: Session) -> Stream | None:
        """The device's new stream in place of an older one; None where it has to poll. `leave` must follow."""
        older = self._open.get(session.device_id)
        if self._closed or not self._seats.take(session.device_id):
            return None
        if older is not None:
            older.end()
        stream = self._open[session.device_id] = Stream(session, self._pace)
        if self._watch is None:
            self._watch = asyncio.get_running_loop().create_task(self._keep_looking())
        try:
            async with asyncio.timeout(self._pace.first):
                await stream.seen.wait()
        except BaseException as problem:
            self.leave(stream)
            if isinstance(problem, TimeoutError):
                return None
            raise
        return stream

    def leave(self, stream: Stream) -> None:
        """The stream is over."""
        if self._open.get(stream.device_id) is stream:
            del self._open[stream.device_id]
            self._seats.leave(stream.device_id)

    async def serve(self, stream: Stream, receive: Receive, send: Send) -> None:
        """The answer 200, for as long as the stream and the caller last."""
        gone = asyncio.get_running_loop().create_task(_end_with_the_caller(stream, receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
            async for piece in stream.said():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()
            self.leave(stream)

    def close(self) -> None:
        """Ends all streams; there will be no others."""
        self._closed = True
        for stream in self._open.values():
            stream.end()

    async def aclose(self) -> None:
        """As `close`; returns once nothing looks any more."""
        self.close()
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)

    async def _keep_looking(self) -> None:
        """Until nobody follows anything. A slow database is asked less often: for a tenth of the time at most."""
        clock = asyncio.get_running_loop().time
        while self._open:
            began, pause = clock(), self._pace.look
            try:
                await self._look_once()
            except Exception as problem:
                pause *= 10
                if isinstance(problem, Transient):
                    _log.warning("nobody hears what moved: %s", problem)
                else:
                    _log.exception("a defect while heads were looked at")
            await asyncio.sleep(max(pause, 9 * (clock() - began)))
        self._heads, self._watch = {}, None

    async def _look_once(self) -> None:
        asked = tuple(self._open.values())
        keys = {key for stream in asked for key in stream.keys}
        found, revoked = await self._look(keys, [stream.device_id for stream in asked])
        heads = {key: found.get(key, 0) for key in keys}
        moved = {key for key, head in heads.items() if self._heads.get(key, head) != head}
        for stream in asked:
            if stream.device_id in revoked or not self._seats.mine(stream.device_id):
                stream.end()  # its rights are gone, or it has a newer one in another process
            for key in moved & stream.keys.keys():
                stream.moved(key)
            stream.seen.set()
        self._heads = heads


async def _end_with_the_caller(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()
