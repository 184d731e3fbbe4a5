"""HQ's streams of events over a look that a test makes up: who hears what, when, and how a stream ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from hq.ledger.port import ScopeKey, Transient
from hq.shared.seats import Seats
from hq.sync_api.events import Pace, Seen, Stream, Streams
from hq.sync_api.running import Shop
from hq.sync_api.session import Granted, Session
from sync.net.events import SILENCE_S
from sync.protocol.messages import Grant, ScopeKind

pytestmark = pytest.mark.asyncio
FAST = Pace(look=0.01, heartbeat=0.2, spread=0.4, lifetime=60, first=0.3)


def session(device: str, store: str = "one") -> Session:
    kinds: dict[ScopeKind, ScopeKey] = {
        "store": ScopeKey(store, f"s-{store}"), "device": ScopeKey(store, f"d-{device}"),
        "region": ScopeKey("", "r"), "chain": ScopeKey("", "c"),
    }  # fmt: skip
    granted = tuple(Granted(Grant(scope=key.scope, kind=kind, name=""), key) for kind, key in kinds.items())
    return Session(device, Shop(store, "CNY"), "e1", granted, "")


@dataclass
class Hq:
    """Where scopes are; `looks` counts the questions."""

    heads: dict[ScopeKey, int] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    looks: int = 0
    slow_s: float = 0
    down: Exception | None = None
    asked: Collection[ScopeKey] = ()

    async def look(self, keys: Collection[ScopeKey], devices: Collection[str]) -> Seen:
        self.looks += 1
        self.asked = keys
        seen = Seen({key: self.heads[key] for key in keys if key in self.heads}, self.revoked & set(devices))
        if self.slow_s:
            await asyncio.sleep(self.slow_s)
        if self.down is not None:
            raise self.down
        return seen

    def move(self, *scopes: str) -> None:
        for scope in scopes:
            key = ScopeKey("one" if scope[1:2] == "-" else "", scope)
            self.heads[key] = self.heads.get(key, 0) + 1


class Caller:
    """One tablet's end of a stream, as ASGI has it."""

    def __init__(self, streams: Streams, who: Session) -> None:
        self.streams, self.who = streams, who
        self.sent: list[dict[str, Any]] = []
        self.gone = asyncio.Event()
        self.times: list[float] = []
        self.task: asyncio.Task[None] | None = None

    async def opens(self) -> bool:
        stream = await self.streams.open(self.who)
        if stream is not None:
            self.task = asyncio.create_task(self.streams.serve(stream, self.receive, self.send))
        return stream is not None

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)
        self.times.append(asyncio.get_running_loop().time())

    @property
    def heard(self) -> list[str]:
        """The scopes that it was told of, in order."""
        text = b"".join(message.get("body", b"") for message in self.sent).decode()
        events = [block for block in text.split("\n\n") if block and not block.startswith(":")]
        assert all(block.startswith("event: moved\ndata: ") for block in events)
        return [block.rpartition(" ")[2] for block in events]

    async def hears(self, *scopes: str) -> None:
        for _ in range(500):
            if len(self.heard) >= len(scopes):
                break
            await asyncio.sleep(0.005)
        assert sorted(self.heard) == sorted(scopes)

    async def ended(self) -> bool:
        assert self.task is not None
        await asyncio.wait_for(asyncio.shield(self.task), 5)
        return self.sent[-1] == {"type": "http.response.body", "body": b""}


@pytest.fixture
def hq() -> Hq:
    return Hq()


@pytest_asyncio.fixture
async def streams(hq: Hq) -> AsyncIterator[Streams]:
    made = Streams(hq.look, Seats(3), FAST)
    yield made
    await made.aclose()


async def test_each_hears_of_its_own_scopes_and_all_of_theirs(hq: Hq, streams: Streams) -> None:
    a, b, other = (Caller(streams, who) for who in (session("a"), session("b"), session("z", "two")))
    hq.move("s-one")
    for caller in (a, b, other):
        assert await caller.opens()
    assert (len(streams), streams.follows("a"), streams.follows("x")) == (3, True, False)
    hq.move("s-one", "d-a", "r", "c")
    await a.hears("s-one", "d-a", "r", "c")
    await b.hears("s-one", "r", "c")
    await other.hears("r", "c")
    assert a.sent[0]["status"] == 200
    assert dict(a.sent[0]["headers"])[b"content-type"] == b"text/event-stream"


async def test_one_look_serves_all_and_nobody_is_looked_for_when_nobody_listens(hq: Hq, streams: Streams) -> None:
    callers = [Caller(streams, session(name)) for name in "abc"]
    for caller in callers:
        assert await caller.opens()
    assert {key.scope for key in hq.asked} == {"s-one", "d-a", "d-b", "d-c", "r", "c"}
    looks = hq.looks
    await asyncio.sleep(0.1)
    assert 2 <= hq.looks - looks <= 11, "one a tick, whatever the number of streams"
    for caller in callers:
        caller.gone.set()
        assert await caller.ended()
    await asyncio.sleep(0.05)
    looks = hq.looks
    await asyncio.sleep(0.05)
    assert (hq.looks, len(streams)) == (looks, 0)
    again = Caller(streams, session("a"))
    assert await again.opens()
    hq.move("s-one")
    await again.hears("s-one")


async def test_a_stream_begins_behind_a_look_that_asked_for_its_scopes(hq: Hq, streams: Streams) -> None:
    hq.slow_s = 0.02
    first, second = Caller(streams, session("a")), Caller(streams, session("b"))
    opening = asyncio.create_task(first.opens())
    await asyncio.sleep(0.005)
    assert hq.looks == 1
    later = asyncio.create_task(second.opens())  # the look that is under way did not ask for it
    assert await opening
    assert (hq.looks, later.done()) == (1, False)
    hq.slow_s = 0
    hq.move("d-b")
    assert await later
    assert second.heard == [], "it was before the stream began: the round after opening fetches it"
    hq.move("d-b")
    await second.hears("d-b")


async def test_a_scope_that_gets_its_first_row_has_moved(hq: Hq, streams: Streams) -> None:
    caller = Caller(streams, session("a"))
    assert await caller.opens()
    hq.move("d-a")
    await caller.hears("d-a")


async def test_what_concerns_all_is_told_one_after_another(hq: Hq) -> None:
    streams = Streams(hq.look, Seats(100), FAST)
    callers = [Caller(streams, session(f"device {number}")) for number in range(40)]
    for caller in callers:
        assert await caller.opens()
    began = asyncio.get_running_loop().time()
    hq.move("c")
    for caller in callers:
        await caller.hears("c")
    at = sorted(
        time - began
        for caller in callers
        for time, message in zip(caller.times, caller.sent, strict=True)
        if b"data" in message.get("body", b"")
    )
    assert at[0] < 0.15
    assert at[-1] > 0.25
    assert at[30] - at[10] > 0.08
    await streams.aclose()


async def test_heartbeats_come_whatever_else_does(hq: Hq, streams: Streams) -> None:
    caller = Caller(streams, session("a"))
    assert await caller.opens()
    for _ in range(50):
        hq.move("s-one")
        await asyncio.sleep(0.01)
    beats = [message for message in caller.sent if message.get("body", b"").startswith(b":")]
    assert caller.sent[1]["body"] == b":\n\n"
    assert 2 <= len(beats) <= 4


async def test_one_stream_a_device_and_no_more_than_the_limit(hq: Hq, streams: Streams) -> None:
    callers = [Caller(streams, session(name)) for name in ("a", "b", "c", "d", "a")]
    assert [await caller.opens() for caller in callers] == [True, True, True, False, True]
    assert await callers[0].ended()
    assert len(streams) == 3
    hq.move("d-a")
    await callers[4].hears("d-a")


async def test_a_newer_stream_in_another_process_ends_the_older(hq: Hq, tmp_path: Path) -> None:
    here, there = (Streams(hq.look, Seats(2, tmp_path / "streams", process), FAST) for process in (1, 2))
    older, newer, other = Caller(here, session("a")), Caller(there, session("a")), Caller(here, session("b"))
    assert await older.opens()
    assert there.follows("a"), "a round that comes to the other process knows of it"
    assert await newer.opens()
    assert await older.ended()
    assert (len(here), len(there)) == (0, 1)
    assert here.follows("a"), "the end of the older one took nothing from the newer"
    assert await other.opens()
    assert not await Caller(there, session("c")).opens(), "the limit is that of both"
    hq.move("d-a")
    await newer.hears("d-a")
    await asyncio.gather(here.aclose(), there.aclose())


async def test_it_ends_for_who_is_revoked_alone(hq: Hq, streams: Streams) -> None:
    a, b = Caller(streams, session("a")), Caller(streams, session("b"))
    assert await a.opens()
    assert await b.opens()
    hq.revoked.add("a")
    assert await a.ended()
    hq.move("s-one")
    await b.hears("s-one")
    assert not streams.follows("a")


async def test_it_ends_after_its_time(hq: Hq) -> None:
    streams = Streams(hq.look, Seats(3), FAST._replace(lifetime=0.2))
    caller = Caller(streams, session("a"))
    assert await caller.opens()
    assert await caller.ended()
    assert len(streams) == 0
    await streams.aclose()


async def test_all_end_with_hq_and_none_begins(hq: Hq, streams: Streams) -> None:
    caller = Caller(streams, session("a"))
    assert await caller.opens()
    streams.close()
    assert await caller.ended()
    assert not await Caller(streams, session("b")).opens()


@pytest.mark.expects_log
@pytest.mark.parametrize("problem", [Transient("gone"), ZeroDivisionError("a bug")])
async def test_a_database_that_cannot_answer_ends_nothing(hq: Hq, streams: Streams, problem: Exception) -> None:
    caller = Caller(streams, session("a"))
    assert await caller.opens()
    hq.down = problem
    hq.move("s-one")
    await asyncio.sleep(0.05)
    assert not await Caller(streams, session("b")).opens(), "nothing is known of its scopes"
    assert len(streams) == 1
    hq.down = None
    await caller.hears("s-one")


async def test_a_slow_database_is_asked_less_often(hq: Hq, streams: Streams) -> None:
    hq.slow_s = 0.02
    assert await Caller(streams, session("a")).opens()
    looks = hq.looks
    await asyncio.sleep(0.5)
    assert hq.looks - looks <= 3, "a tenth of the time at most"


async def test_who_goes_away_while_it_opens_leaves_nothing(hq: Hq, streams: Streams) -> None:
    hq.slow_s = 10
    opening = asyncio.create_task(streams.open(session("a")))
    await asyncio.sleep(0.02)
    opening.cancel()
    assert (await asyncio.gather(opening, return_exceptions=True))[0].__class__ is asyncio.CancelledError
    assert len(streams) == 0


async def test_lifetimes_and_delays_differ_from_device_to_device() -> None:
    shares = {Stream(session(f"device {number}"), FAST)._share for number in range(50)}
    assert len(shares) == 50
    assert all(0 <= share < 1 for share in shares)


async def test_the_contract_s_numbers() -> None:
    assert Pace() == (0.5, 25, 4, 3600, 10)
    assert SILENCE_S == 50
