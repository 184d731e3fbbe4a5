"""Fetching the radar in virtual time: when, part by part, and what becomes of it when something goes wrong."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from guide_app.domain.errors import BadInput, NoNetwork, NotSaved
from guide_app.domain.radar import made, names
from sync import radar
from sync.ports import RadarWanted
from sync.protocol.messages import RadarResponse
from sync.remote import HqBusy, HqRefused, HqRevoked, RadarMaking
from tests.unit.sync.fakes import DEVICE_ID, MemoryStore
from tests.virtual_time import VirtualTime

pytestmark = pytest.mark.asyncio
SET = made(names(["+8613800000000"], bytes(32)), bytes(32), bytes(32), 7)
PART = RadarResponse(
    version=SET.version, made_at="2026-11-22T03:00:00.000Z", terms=SET.terms, of=1, first=0, buckets=[*SET.buckets]
)
FIRST = RadarWanted(device_id=DEVICE_ID, version="", coming="", first=0)
REST = RadarWanted(device_id=DEVICE_ID, version="", coming=SET.version, first=1)
SHARE = hashlib.sha256(DEVICE_ID.encode()).digest()[0] / 255
OWN_S = radar.FIRST_S + radar.FIRST_SPREAD_S * SHARE


class Rig:
    """A fetcher whose HQ says what is in `script`; half of chance is always drawn."""

    def __init__(self, *wanted: RadarWanted) -> None:
        self.time, self.store = VirtualTime(), MemoryStore(wanted=[*wanted])
        self.script: list[RadarResponse | Exception | None] = []
        self.asked: list[RadarWanted] = []
        self.fetcher = radar.RadarFetcher(self.store, self.ask, asyncio.Lock(), self.time, chance=lambda: 0.5)

    async def ask(self, wanted: RadarWanted) -> RadarResponse | None:
        self.asked.append(wanted)
        reply = self.script.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def goes_on(self, seconds: float) -> None:
        """So much later a round ends well."""
        self.time.advance(seconds)
        self.fetcher.begin(DEVICE_ID)
        for _ in range(20):
            await asyncio.sleep(0)


async def test_each_device_has_its_own_moment_after_the_start_and_asks_for_what_is_due() -> None:
    rig = Rig(FIRST, REST)
    rig.script = [PART, PART]
    await rig.goes_on(OWN_S - 1)
    assert rig.asked == []
    await rig.goes_on(2)
    assert rig.asked == [FIRST, REST]
    assert rig.store.calls == ["radar 0: 1", "radar 1: 1"]
    shares = {hashlib.sha256(f"{n}".encode()).digest()[0] for n in range(50)}
    assert len(shares) > 30


async def test_when_nothing_is_due_it_looks_again_in_an_hour() -> None:
    rig = Rig()
    await rig.goes_on(OWN_S)
    rig.store.wanted, rig.script = [FIRST], [PART]
    await rig.goes_on(radar.LOOK_EVERY_S - 1)
    assert rig.asked == []
    await rig.goes_on(1)
    assert rig.asked == [FIRST]


async def test_the_newest_is_noted_as_such() -> None:
    rig = Rig(FIRST)
    rig.script = [None]
    await rig.goes_on(OWN_S)
    assert rig.store.calls == ["radar 0: newest"]


@pytest.mark.parametrize(
    "problem", [NoNetwork("no_network", "cut short"), HqRevoked("revoked"), HqRefused(422, "envelope_invalid")]
)
async def test_what_goes_wrong_is_tried_again_less_and_less_often(problem: Exception) -> None:
    rig = Rig(*[FIRST] * 12)
    rig.script = [problem] * 12
    await rig.goes_on(OWN_S)
    for tries, wait in enumerate((225, 450, 900), 2):
        await rig.goes_on(wait - 1)
        assert len(rig.asked) == tries - 1
        await rig.goes_on(1)
        assert len(rig.asked) == tries
    for _ in range(8):
        await rig.goes_on(radar.AGAIN_CAP_S)
    assert len(rig.asked) == 12
    assert rig.store.calls == []


async def test_a_busy_hq_is_asked_no_sooner_than_it_says() -> None:
    rig = Rig(FIRST, FIRST)
    rig.script = [HqBusy(4000), PART]
    await rig.goes_on(OWN_S)
    await rig.goes_on(3999)
    assert len(rig.asked) == 1
    await rig.goes_on(1)
    assert rig.store.calls == ["radar 0: 1"]


async def test_a_set_that_is_being_made_is_asked_for_again_as_soon_as_hq_says_however_often() -> None:
    rig = Rig(*[FIRST] * 12)
    rig.script = [*[RadarMaking(60)] * 10, NoNetwork("no_network", "cut short"), PART]
    await rig.goes_on(OWN_S)
    soon = 60 + radar.MAKING_SPREAD_S / 2
    for tries in range(1, 11):
        await rig.goes_on(soon - 1)
        assert len(rig.asked) == tries
        await rig.goes_on(1)
        assert len(rig.asked) == tries + 1
    await rig.goes_on(radar.AGAIN_S)  # the first that went wrong: it waits as little as a first one does
    assert rig.store.calls == ["radar 0: 1"]


async def test_a_chain_without_a_radar_takes_the_old_one_away() -> None:
    rig = Rig(FIRST)
    rig.script = [HqRefused(404, "not_found")]
    await rig.goes_on(OWN_S)
    assert rig.store.calls == ["forget_radar"]


@pytest.mark.parametrize("problem", [NotSaved("disk_full"), BadInput("radar_invalid")])
async def test_what_cannot_be_kept_stops_nothing_else(problem: Exception) -> None:
    rig = Rig(FIRST, FIRST)
    rig.script, rig.store.fails = [PART, PART], [problem]
    await rig.goes_on(OWN_S)
    assert rig.store.calls == []
    await rig.goes_on(radar.AGAIN_CAP_S)
    assert rig.store.calls == ["radar 0: 1"]


async def test_a_defect_is_told_and_stops_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig(FIRST, FIRST)
    rig.script, rig.store.fails = [PART, PART], [RuntimeError("a defect")]
    await rig.goes_on(OWN_S)
    assert "a defect while the radar was fetched" in caplog.text
    await rig.goes_on(radar.AGAIN_CAP_S)
    assert rig.store.calls == ["radar 0: 1"]


async def test_a_radar_without_end_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig(*[FIRST] * 300)
    rig.script = [PART] * 300
    await rig.goes_on(OWN_S)
    for _ in range(3000):
        await asyncio.sleep(0)
    assert len(rig.asked) == radar.MOST_PARTS
    assert "no end" in caplog.text


async def test_a_round_ends_it_and_it_goes_on_behind_that() -> None:
    rig = Rig(FIRST, FIRST)
    hangs = asyncio.Event()

    async def ask(_wanted: RadarWanted) -> RadarResponse | None:
        await hangs.wait()
        return PART

    turn = asyncio.Lock()
    fetcher = radar.RadarFetcher(rig.store, ask, turn, rig.time, chance=lambda: 0.5)
    rig.time.advance(OWN_S)
    fetcher.begin(DEVICE_ID)
    await asyncio.sleep(0)
    assert turn.locked()
    fetcher.pause()
    async with turn:
        assert rig.store.calls == []
    hangs.set()
    fetcher.begin(DEVICE_ID)
    for _ in range(20):
        await asyncio.sleep(0)
    assert rig.store.calls == ["radar 0: 1"]


async def test_it_ends_with_the_engine() -> None:
    rig = Rig(FIRST)
    hangs = asyncio.Event()

    async def ask(_wanted: RadarWanted) -> RadarResponse | None:
        await hangs.wait()
        return None

    fetcher = radar.RadarFetcher(rig.store, ask, asyncio.Lock(), rig.time, chance=lambda: 0.5)
    rig.time.advance(OWN_S)
    fetcher.begin(DEVICE_ID)
    await asyncio.sleep(0)
    await fetcher.end()
    assert rig.store.calls == []
