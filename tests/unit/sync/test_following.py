"""Following HQ's events in virtual time: when a stream is opened, what a round comes of, when it is let alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from guide_app.domain.errors import NoNetwork
from sync.following import AGAIN_CAP_S, AGAIN_S, POLL_ONLY_S, SPREAD_S, STOOD_S, Follower
from sync.protocol.signature import SigningKey
from sync.remote import ClockRefused, HqBusy, HqRefused, HqRevoked, NoEvents, PollOnly, Sender
from tests.virtual_time import START, VirtualTime, until

pytestmark = pytest.mark.asyncio
SENDER = Sender("http://127.0.0.1:1", SigningKey(bytes(range(32))), "d1", int(START.timestamp()))
END = "(end)"


class Script:
    """An EventSource that says what it is told to; an exception ends a stream badly, END well."""

    def __init__(self) -> None:
        self.opened = 0
        self.under_way = 0
        self.closed = 0
        self.said: asyncio.Queue[str | Exception] = asyncio.Queue()

    async def follow(self, sender: Sender) -> AsyncGenerator[str, None]:
        assert sender == SENDER
        self.opened += 1
        self.under_way += 1
        try:
            while (said := await self.said.get()) != END:
                if isinstance(said, Exception):
                    raise said
                yield said
        finally:
            self.under_way -= 1

    async def aclose(self) -> None:
        self.closed += 1


class Rig:
    """A follower; half of chance is always drawn."""

    def __init__(self) -> None:
        self.time, self.source, self.nudges = VirtualTime(), Script(), 0
        self.who: Sender | None = SENDER
        self.follower = Follower(
            self.source, lambda: self.who, self.time, self.time.sleep, chance=lambda: 0.5, nudge=self.nudge
        )

    def nudge(self) -> None:
        self.nudges += 1

    async def nudged(self, times: int) -> None:
        await until(lambda: self.nudges == times, f"{times} rounds")

    async def hears(self, *said: str | Exception, opened: bool = True) -> None:
        """A stream is opened and these come of it."""
        before = self.source.opened
        self.follower.begin()
        for one in said:
            self.source.said.put_nowait(one)
        await until(lambda: self.source.said.empty() and self.source.opened == before + opened, f"opened {opened}")
        await asyncio.sleep(0.005)


@pytest.fixture
def rig() -> Rig:
    return Rig()


async def test_a_round_follows_the_opening_and_each_move_but_no_heartbeat(rig: Rig) -> None:
    await rig.hears("")
    assert rig.nudges == 1
    await rig.hears("", "", opened=False)
    assert rig.nudges == 1
    await rig.hears("s1", "", "s2", opened=False)
    assert rig.nudges == 3
    await rig.follower.aclose()
    assert (rig.source.under_way, rig.source.closed) == (0, 1)


async def test_there_is_never_more_than_one_stream(rig: Rig) -> None:
    await rig.hears("")
    for _ in range(5):
        rig.follower.begin()
    await asyncio.sleep(0.005)
    assert (rig.source.opened, rig.source.under_way) == (1, 1)
    await rig.follower.aclose()


@pytest.mark.parametrize("end", [END, NoNetwork("no_network"), ClockRefused("x")])
async def test_a_stream_that_is_cut_is_opened_again_later_each_time_and_a_round_fills_the_gap(
    rig: Rig, end: str | Exception
) -> None:
    waits = []
    for _ in range(10):
        nudges = rig.nudges
        await rig.hears("", end)
        assert rig.nudges == nudges + 1
        assert rig.time.wake_next() == SPREAD_S / 2, "tablets do not all come at once"
        await rig.nudged(nudges + 2)
        waited = SPREAD_S / 2
        while rig.source.under_way == 0:
            step = 1 + waited / 50
            rig.time.advance(step)
            waited += step
            rig.follower.begin()
            await asyncio.sleep(0.001)
        waits.append(waited)
        rig.source.said.put_nowait("")
        rig.source.said.put_nowait(END)
        await until(lambda: rig.source.under_way == 0, "an end")
        rig.time.wake_next()
        await asyncio.sleep(0.001)
        rig.time.advance(2 * AGAIN_CAP_S)
    assert waits[0] == pytest.approx(0.75 * 2 * AGAIN_S, abs=1.5)
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(0.75 * AGAIN_CAP_S, rel=0.05)


async def test_a_stream_that_stood_for_a_while_was_a_good_one(rig: Rig) -> None:
    for _ in range(5):
        await rig.hears("")
        rig.time.advance(STOOD_S)
        await rig.hears(END, opened=False)
        rig.time.wake_next()
        await asyncio.sleep(0.005)
        rig.time.advance(AGAIN_S)
    assert rig.source.opened == 5


@pytest.mark.parametrize(
    ("problem", "wait_s"),
    [
        (PollOnly("204"), 1.5 * POLL_ONLY_S),
        (HqRevoked("revoked"), 1.5 * POLL_ONLY_S),
        (HqRefused(404, "not_found"), 1.5 * POLL_ONLY_S),
        (HqBusy(40), 60),
        pytest.param(ZeroDivisionError("a bug"), POLL_ONLY_S, marks=pytest.mark.expects_log),
    ],
)
async def test_where_there_are_no_events_it_only_polls_for_a_while(rig: Rig, problem: Exception, wait_s: float) -> None:
    await rig.hears(problem)
    assert (rig.nudges, rig.time.next_in) == (0, None)
    rig.time.advance(wait_s - 1)
    await rig.hears(opened=False)
    rig.time.advance(1)
    await rig.hears("")
    await rig.follower.aclose()


async def test_let_go_it_closes_and_may_open_again_at_once(rig: Rig) -> None:
    await rig.hears(PollOnly("204"))
    rig.follower.let_go()
    await rig.hears("")
    rig.follower.let_go()
    await until(lambda: rig.source.under_way == 0, "a close")
    await rig.hears("s1")
    await rig.follower.aclose()
    assert (rig.nudges, rig.time.next_in) == (2, None)


async def test_nobody_asks_while_it_is_not_known_who(rig: Rig) -> None:
    rig.who = None
    await rig.hears(opened=False)
    rig.who = SENDER
    await rig.hears("")
    await rig.follower.aclose()


async def test_without_a_source_it_polls() -> None:
    with pytest.raises(PollOnly):
        await anext(NoEvents().follow(SENDER))
