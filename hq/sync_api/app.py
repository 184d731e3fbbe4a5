"""The sync API as a plain ASGI callable, mounted before Django for /v1/*.

A request is admitted, read, and answered: an idle tablet's on the event loop, with one query and no thread, as are
streams of events; every other in a thread, which keeps its Django connection from one request to the next.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from guide_app.domain.clock import Clock, SystemClock
from guide_app.domain.errors import BadInput
from hq.files import signing
from hq.ledger.port import Clash, Transient
from hq.observe.metrics import Metrics
from hq.shared.bodies import FIRST_S, LONGEST_S, Receive, Scope, Send, due
from hq.shared.seats import Seats
from hq.shared.share import Whole
from hq.sync_api import CLOSING, directory, events
from hq.sync_api.gate import Gate, comes_first
from hq.sync_api.problems import Answer, Problem
from hq.sync_api.routes import Common, Request, Routes
from hq.sync_api.sending import Sending
from hq.sync_api.service import Settings
from hq.sync_api.session import Session
from sync.protocol import codec
from sync.protocol.errors import ProtocolError
from sync.protocol.signature import combine

_log = logging.getLogger(__name__)
_RETRY_AFTER_S = 2
_LIGHT = 16 << 10
"""Bytes of a body up to which the event loop itself may read it."""
T = TypeVar("T")


class Limits(NamedTuple):
    """How many requests are answered at once (`threads`), how many may be in the house (`inside`), and for how many
    seconds one may hold its place there with a body that does not come, or comes too slowly (`read_s`), and
    with one that comes, however long it is and whoever sends it (`whole_s`); how many `streams` of events there may be,
    which hold no place, and neither do the `files` that are sent at once, each piece of which is taken within
    `piece_s`."""

    threads: int = Whole().threads
    inside: int = Whole().inside
    read_s: float = FIRST_S
    whole_s: float = LONGEST_S
    streams: int = 600
    files: int = 32
    piece_s: float = 30


class SyncApi:
    """The ASGI application. One per process; its threads end with `lifespan`."""

    def __init__(
        self,
        clock: Clock,
        settings: Settings,
        limits: Limits,
        metrics: Metrics,
        prepare: Callable[[], None],
        pace: events.Pace | None = None,
        common: Common | None = None,
    ) -> None:
        """`prepare` is done before anybody is answered; if it fails, nobody is."""
        common = common or Common()
        self._prepare = prepare
        self._clock, self._metrics = clock, metrics
        self._front = directory.Front()
        seats = Seats(limits.streams, common.file("streams"))
        self._streams = events.Streams(self._front.look, seats, pace)
        self._routes = Routes(clock, settings, metrics, self._streams.follows, common)
        self._gate = Gate(limits.inside, clock)
        self._threads, self._read_s, self._whole_s = limits.threads, limits.read_s, limits.whole_s
        self._sending = Sending(limits.files, limits.piece_s)
        self._pool: ThreadPoolExecutor | None = None
        self._kept: list[BaseDatabaseWrapper] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            scope.get("state", {})[CLOSING] = self._streams.close
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self._in_thread(self._prepare)
                except Exception as problem:
                    _log.exception("the sync API cannot start")
                    await send({"type": "lifespan.startup.failed", "message": type(problem).__name__})
                else:
                    await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = combine(scope["headers"])
        began = self._clock.monotonic()
        answer: Answer | Session
        self._metrics.inside(1)
        try:
            length = _length(headers)
            with self._gate.admitted(first=comes_first(scope["path"], length)):
                start = asyncio.get_running_loop().time()
                async with asyncio.timeout(self._read_s) as patience:
                    request = await _read(
                        scope, headers, receive,
                        lambda came: patience.reschedule(due(start, came, self._read_s, self._whole_s)),
                    )  # fmt: skip
                if request is None:
                    return
                if (request.method, request.path) == ("GET", events.ADDRESS):
                    answer = await self._answer(request, self._listener)
                else:
                    answer = await self._answer(request, self._answer_of)
        except Problem as problem:
            if problem.code == "busy":
                self._metrics.refused()
            answer = problem.answer(self._clock.now())
        except TimeoutError:
            answer = Problem(503, "busy", _RETRY_AFTER_S).answer(self._clock.now())
        finally:
            self._metrics.inside(-1)
        await self._give(answer, scope["path"], headers.get("accept-encoding", ""), began, receive, send)

    async def _give(
        self, answer: Answer | Session, path: str, accept: str, began: float, receive: Receive, send: Send
    ) -> None:
        """Sends the answer; to a session, its stream of events. Streams and files are behind the admission's places."""
        stream = None
        if isinstance(answer, Session):
            stream = await self._streams.open(answer)
            answer = Answer(200 if stream else 204, b"")
        elif answer.pieces is not None and self._sending.full:
            answer = Problem(503, "busy", _RETRY_AFTER_S).answer(self._clock.now())
        self._metrics.answered(self._routes.known(path), answer.status, self._clock.monotonic() - began)
        if stream:
            self._metrics.streams(1)
            try:
                await self._streams.serve(stream, receive, send)
            finally:
                self._metrics.streams(-1)
        elif answer.pieces is not None:
            await self._sending.serve(answer, send)
        else:
            await _send(answer, accept, send)

    async def _answer(self, request: Request, how: Callable[[Request], Awaitable[T]]) -> T | Answer:
        """The answer, whatever happens: an error of ours is reported and says nothing of itself outside."""
        try:
            return await how(request)
        except Problem as problem:
            return problem.answer(self._clock.now())
        except ProtocolError as error:
            return Problem.of(error).answer(self._clock.now())
        except (Transient, Clash) as problem:
            _log.warning("%s: the database could not: %s", request.path, problem)
            return Problem(503, "busy", _RETRY_AFTER_S).answer(self._clock.now())
        except BadInput:
            return Problem(422, "envelope_invalid").answer(self._clock.now())
        except Exception:
            _log.exception("%s failed", request.path)
            return Problem(500, "failed").answer(self._clock.now())

    async def _answer_of(self, request: Request) -> Answer:
        light = (request.method, request.path) == ("POST", "/v1/sync") and len(request.body) <= _LIGHT
        return await (self._sync(request) if light else self._in_thread(lambda: self._routes.answer(request)))

    async def _listener(self, request: Request) -> Session:
        """Who wants to hear what moves."""
        claim, app = self._routes.claim(request)
        known = await self._front.find(claim.keyid, app, self._clock.now(), directory.NO_STREAM)
        if known is not None and known.stale:
            return await self._in_thread(lambda: self._routes.admit(claim, app, known))
        return self._routes.admit(claim, app, known)

    async def _sync(self, request: Request) -> Answer:
        knock = self._routes.knock(request)
        known = await self._front.find(knock.claim.keyid, knock.app, self._clock.now(), knock.incarnation)
        if self._routes.is_quiet(knock, known):
            return Answer(200, self._routes.sync(knock, known))
        return Answer(200, await self._in_thread(lambda: self._routes.sync(knock, known)))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads, "sync-api", self._enlist)
        return await asyncio.get_running_loop().run_in_executor(self._pool, _with_connection, work)

    def _enlist(self) -> None:
        """A thread's connection is closed when the thread is gone, by another one."""
        mine = connections["default"]
        mine.inc_thread_sharing()
        self._kept.append(mine)

    async def _close(self) -> None:
        await self._streams.aclose()
        await asyncio.to_thread(self._end_threads)
        await self._front.close()

    def _end_threads(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
        while self._kept:
            self._kept.pop().close()


def _with_connection(work: Callable[[], T]) -> T:
    """Does the work; a connection that failed is given up, so that the thread's next work gets another."""
    mine = connections["default"]
    try:
        return work()
    finally:
        if mine.errors_occurred:
            mine.close()


def _length(headers: dict[str, str]) -> int:
    """What the request says of its body's size. Raises Problem 413."""
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdecimal() and len(length) < 20) or int(length) > codec.MAX_UNPACKED:
        raise Problem(413, "too_large")
    return int(length)


async def _read(scope: Scope, headers: dict[str, str], receive: Receive, came: Callable[[int], None]) -> Request | None:
    """The request with its body; None when the caller went away. Raises Problem 413 before it holds too much.

    `came`: told how many bytes are here, that the end of all patience be put off.
    """
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        came(len(body))
        if len(body) > codec.MAX_UNPACKED:
            raise Problem(413, "too_large")
        more = message.get("more_body", False)
    path = scope.get("raw_path", b"").decode("latin-1").partition("?")[0] or scope["path"]
    query = scope.get("query_string", b"").decode("latin-1")
    client = scope.get("client")
    return Request(scope["method"], path, query, headers, bytes(body), client[0] if client else "")


async def _send(answer: Answer, accept: str, send: Send) -> None:
    encoding = codec.choose_encoding(accept, len(answer.body))
    body = codec.pack(answer.body, encoding)
    headers = [("cache-control", "no-store")]
    if answer.status not in (204, 304):
        headers += [("content-type", "application/json"), ("content-length", str(len(body)))]
    if encoding != "identity":
        headers.append(("content-encoding", encoding))
    raw = [(name.encode(), value.encode()) for name, value in (*headers, *answer.headers)]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def build(metrics: Metrics, prepare: Callable[[], None]) -> SyncApi:
    """The application as HQ serves it."""
    given = settings.ENVIRONMENT
    limits = Limits(given.share.threads, given.share.inside, streams=given.streams)
    common = Common(given.shared, given.share.ready_bytes)
    return SyncApi(
        SystemClock(),
        Settings(min_app=given.min_app, keys=signing.public_keys),
        limits,
        metrics,
        prepare,
        common=common,
    )
