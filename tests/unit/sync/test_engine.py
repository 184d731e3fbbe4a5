"""The engine against a store and an HQ in memory, in virtual time: what it asks for, when, and what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from guide_app.domain.clock import to_text
from guide_app.domain.errors import NoNetwork, NotSaved, Refused
from guide_app.domain.records import Instrument
from guide_app.services.ports.chain import Granted
from guide_app.services.ports.engine import SyncView
from sync import machine
from sync.engine import SyncEngine
from sync.ports import Device, Taken
from sync.protocol import invitation
from sync.protocol.messages import Batch, Health, LeaseResponse, Row, ScopeState
from sync.protocol.signature import SigningKey
from sync.remote import AppTooOld, ClockRefused, HqBusy, HqRefused, HqRevoked
from tests.unit.sync.fakes import (
    DEVICE_ID,
    INCARNATION,
    MemoryEvents,
    MemoryKeys,
    MemoryStore,
    ScriptedHq,
    answer,
    enrol_answer,
)
from tests.virtual_time import START, VirtualTime, until

pytestmark = pytest.mark.asyncio
URL = "http://127.0.0.1:1"


def rows(*places: int) -> list[Row]:
    return [Row(s="s", q=q, e="member", id=INCARNATION, v=1, o="put", d=msgspec.Raw(b"{}")) for q in places]


@dataclass
class Rig:
    """An engine with all its fakes; half of chance is always drawn."""

    time: VirtualTime = field(default_factory=VirtualTime)
    store: MemoryStore = field(default_factory=MemoryStore)
    keys: MemoryKeys = field(default_factory=MemoryKeys)
    views: list[SyncView] = field(default_factory=list)
    events: MemoryEvents | None = None

    def __post_init__(self) -> None:
        self.hq = ScriptedHq(self.time)
        self.engine = SyncEngine(
            store=self.store, remote=self.hq, events=self.events, keys=self.keys, clock=self.time,
            sleep=self.time.sleep, random_bytes=lambda n: b"\x80" + bytes(n - 1), app_version="1.2.3", platform="linux",
        )  # fmt: skip
        self.engine.subscribe(self.views.append)

    def enrolled(self) -> None:
        """As a tablet of an earlier life."""
        self.keys.kept[f"device-{DEVICE_ID}"] = bytes(range(32))
        self.store.known = Device(
            device_id=DEVICE_ID, store_id="s", hq_url=URL, epoch="e1", offset_ms=0, authorised_until="", last_in_step=""
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.engine.run())
        try:
            yield
        finally:
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    async def settled(self, phase: str) -> None:
        await until(
            lambda: self.engine.view().phase == phase and self.time.next_in is not None, f"{phase}, {self.views}"
        )

    async def next_round(self, phase: str = "idle") -> float:
        """Lets the next timer ring and the round that follows end; returns how long the timer was."""
        rounds = len(self.hq.requests)
        waited = self.time.wake_next()
        await until(lambda: len(self.hq.requests) > rounds, "a round")
        await self.settled(phase)
        return waited


@pytest.fixture
def rig() -> Rig:
    made = Rig()
    made.enrolled()
    return made


@pytest.mark.expects_log
async def test_a_disk_that_is_full_at_the_start_is_told_as_such(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full() -> None:
        raise NotSaved("disk_full")

    rig.store.bootstrap = "indexing"
    async with rig.running():
        with monkeypatch.context() as patch:
            patch.setattr(rig.store, "finish_loading", full)
            await rig.settled("loading")
            assert rig.engine.view().problem == "disk_full"
        rig.time.wake_next()
        await rig.settled("idle")
        assert rig.engine.view().problem == ""


async def test_without_a_shop_it_waits(rig: Rig) -> None:
    rig.store.known = None
    async with rig.running():
        rig.engine.nudge()
        await asyncio.sleep(0.01)
        assert rig.engine.view().phase == "not_enrolled"
        assert rig.hq.requests == []
    assert rig.engine.view().phase == "stopped"
    assert rig.hq.closed == 1


async def test_a_round_sends_what_waits_and_comes_to_rest(rig: Rig) -> None:
    rig.store.pending = ["a", "b", "c", "d", "e"]
    async with rig.running():
        await rig.settled("idle")
        assert [len(request.ops) for _, request in rig.hq.requests] == [2, 2, 1]
        assert rig.store.pending == []
        assert rig.engine.view().last_in_step == to_text(START)
        assert rig.time.next_in == 31.5, "HQ's 30 s and half of a tenth"
        sender, request = rig.hq.requests[0]
        assert (sender.hq_url, sender.keyid, sender.created) == (URL, DEVICE_ID, int(START.timestamp()))
        assert sender.key.public == SigningKey(bytes(range(32))).public
        assert (request.incarnation, request.after) == (INCARNATION, {"s": 0})
        assert request.want > 0
    assert [view.phase for view in rig.views] == ["starting", "syncing", "idle"]


async def test_a_write_is_sent_soon_and_its_neighbours_with_it(rig: Rig) -> None:
    async with rig.running():
        await rig.settled("idle")
        rig.store.pending = ["a"]
        rig.engine.nudge()
        rig.engine.nudge()
        await until(lambda: rig.time.next_in == machine.DEBOUNCE_S, "a hurry")
        rig.time.advance(0.2)
        rig.store.pending.append("b")
        rig.engine.nudge()
        await asyncio.sleep(0.01)
        assert await rig.next_round() == pytest.approx(0.1), "a second write does not put the first one off"
        assert len(rig.hq.requests[-1][1].ops) == 2


async def test_a_write_during_a_round_is_sent_after_it(rig: Rig) -> None:
    rig.hq.held = asyncio.Event()
    async with rig.running():
        await until(lambda: len(rig.hq.requests) == 1, "a request")
        rig.store.pending = []
        rig.engine.nudge()
        await asyncio.sleep(0.01)
        rig.hq.held.set()
        await rig.settled("idle")
        assert rig.time.next_in == machine.DEBOUNCE_S


async def test_pages_are_pulled_until_there_are_no_more(rig: Rig) -> None:
    more, last = ({"s": ScopeState(head=9, floor=0, digest="", more=more)} for more in (True, False))
    rig.hq.script = [
        answer(rows=rows(1), scopes=more), answer(rows=rows(2), scopes=more), answer(rows=rows(9), scopes=last),
    ]  # fmt: skip
    async with rig.running():
        await rig.settled("idle")
    assert (len(rig.store.taken), rig.store.rows) == (3, 3)


async def test_a_first_load_shows_how_far_it_is_and_builds_its_indexes(rig: Rig) -> None:
    rig.store.bootstrap = "loading"
    more, last = ({"s": ScopeState(head=10, floor=0, digest="", more=more)} for more in (True, False))
    rig.hq.script = [answer(rows=rows(1, 2, 3, 4), scopes=more), answer(rows=rows(5, 6, 7, 8, 9, 10), scopes=last)]
    async with rig.running():
        await rig.settled("idle")
    shown = [(v.progress.step, v.progress.rows_done, v.progress.bytes_done) for v in rig.views if v.progress]
    assert shown == [("members", 0, 0), ("members", 4, 100), ("indexing", 10, 200)]
    assert "finish_loading" in rig.store.calls
    assert rig.engine.view().progress is None


async def test_a_load_that_was_killed_while_indexing_goes_on_there(rig: Rig) -> None:
    rig.store.bootstrap = "indexing"
    async with rig.running():
        await rig.settled("idle")
    assert rig.store.calls[0] == "finish_loading"


async def test_offline_it_tries_less_and_less_often_and_comes_back(rig: Rig) -> None:
    rig.hq.script = [NoNetwork("no_network")] * 4
    async with rig.running():
        await rig.settled("offline")
        assert rig.engine.view().problem == "no_network"
        waits = [await rig.next_round("offline") for _ in range(3)]
        assert waits == [1.5, 3.0, 6.0]
        assert await rig.next_round("idle") == 12.0
        assert rig.engine.view().problem == ""


async def test_offline_a_write_tries_at_once_but_does_not_hammer(rig: Rig) -> None:
    rig.hq.script = [NoNetwork("no_network")] * 6
    async with rig.running():
        await rig.settled("offline")
        for _ in range(3):
            await rig.next_round("offline")
        assert rig.time.next_in == 12.0
        rig.engine.nudge()
        await until(lambda: rig.time.next_in == machine.OFFLINE_NUDGE_S, "a hurry")


async def test_hqs_retry_after_holds_also_against_writes(rig: Rig) -> None:
    rig.hq.script = [HqBusy(40)]
    async with rig.running():
        await rig.settled("idle")
        rig.engine.nudge()
        await asyncio.sleep(0.01)
        assert rig.time.next_in == 50.0, "40 s and half of a random half of it"
        await rig.next_round("idle")


async def test_a_wrong_clock_is_corrected_and_the_request_repeated(rig: Rig) -> None:
    hq_time = START + timedelta(days=400, minutes=3)
    rig.hq.script = [ClockRefused(to_text(hq_time))]
    async with rig.running():
        await rig.settled("idle")
    assert [sender.created for sender, _ in rig.hq.requests] == [int(START.timestamp()), int(hq_time.timestamp())]
    assert f"offset {(hq_time - START) // timedelta(milliseconds=1)}" in rig.store.calls


async def test_a_link_lives_half_an_hour_though_the_clock_was_set_back_while_offline(rig: Rig) -> None:
    assert rig.store.known is not None
    rig.store.known = replace(rig.store.known, store_id=INCARNATION)
    async with rig.running():
        await rig.settled("idle")
        reached = rig.time.now() + timedelta(seconds=60)
        rig.time.advance(60)
        for wrong in (timedelta(days=-1), timedelta()):
            rig.time.set(reached + wrong)
            token = rig.engine.invite(guide_id=INCARNATION, form_id=INCARNATION)
            until_s = invitation.read(token.text).invitation.until
            assert until_s == int(reached.timestamp()) + invitation.LIFE_S


async def test_a_clock_that_hq_never_likes_is_a_problem_shown(rig: Rig) -> None:
    rig.hq.script = [ClockRefused(to_text(START)), ClockRefused(to_text(START))]
    async with rig.running():
        await rig.settled("offline")
        assert rig.engine.view().problem == "clock"
        assert len(rig.hq.requests) == 2


@pytest.mark.expects_log
@pytest.mark.parametrize(
    ("trouble", "phase", "problem"),
    [
        (HqRevoked("revoked"), "offline", "revoked"),
        (AppTooOld(), "idle", "app_old"),
        (HqRefused(422, "envelope_invalid"), "offline", "defect"),
        (RuntimeError("a bug"), "offline", "defect"),
        (answer(min_app="9.0.0"), "idle", "app_old"),
        (answer(server_time="yesterday"), "offline", "no_network"),
    ],
)
async def test_what_stands_in_the_way_is_shown_and_tried_again(
    rig: Rig, trouble: Exception, phase: str, problem: str
) -> None:
    rig.hq.script = [trouble]
    async with rig.running():
        await rig.settled(phase)
        assert rig.engine.view().problem == problem
        await rig.next_round("idle")
        assert rig.engine.view().problem == ""


@pytest.mark.expects_log
async def test_a_full_disk_is_shown_and_nothing_is_lost(rig: Rig) -> None:
    rig.store.pending = ["a"]
    rig.store.fails = [NotSaved("disk_full")]
    async with rig.running():
        await rig.settled("idle")
        assert rig.engine.view().problem == "disk_full"
        assert rig.store.pending == ["a"]
        await rig.next_round()
        assert (rig.engine.view().problem, rig.store.pending) == ("", [])


@pytest.mark.expects_log
async def test_what_hq_says_of_the_whole_batch_is_carried_out(rig: Rig) -> None:
    head = {"s": ScopeState(head=3, floor=0, digest="")}
    rig.hq.script = [
        answer(batch=Batch(status="fork", last_seq=4)),
        answer(batch=Batch(status="epoch_changed", last_seq=2), epoch="e2", scopes=head),
        answer(batch=Batch(status="gap", last_seq=1)),
        answer(scopes={"s": ScopeState(head=3, floor=2, digest="", refetch=True)}),
    ]
    async with rig.running():
        await until(lambda: len(rig.hq.requests) == 4, "four requests")
        await rig.settled("offline")
    assert rig.store.calls[:3] == ["fork", "new_epoch e2", "resend_after 1"]
    assert len(rig.store.taken) == 2, "nothing is taken of a fork or a changed epoch"


@pytest.mark.expects_log
@pytest.mark.parametrize(
    ("places", "head", "more"),
    [
        pytest.param((1, 1), 9, True, id="one-place-twice"),
        pytest.param((2, 1), 9, True, id="backwards"),
        pytest.param((0,), 9, True, id="what-is-here-already"),
        pytest.param((10,), 9, True, id="behind-the-head"),
        pytest.param((), 0, True, id="a-head-that-is-reached"),
        pytest.param((), 0, False, id="a-move-to-nowhere"),
    ],
)
async def test_rows_in_impossible_places_are_not_taken(
    rig: Rig, places: tuple[int, ...], head: int, more: bool
) -> None:
    scopes = {"s": ScopeState(head=head, floor=0, digest="", more=more)}
    rig.hq.script = [answer(rows=rows(*places), scopes=scopes)]
    async with rig.running():
        await rig.settled("offline")
        assert (rig.engine.view().problem, rig.store.taken, len(rig.hq.requests)) == ("defect", [], 1)
        await rig.next_round()
        assert rig.engine.view().problem == ""


@pytest.mark.expects_log
async def test_an_hq_whose_rows_never_end_gets_pauses(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "ROUND_LIMIT", 20)
    scopes = {"s": ScopeState(head=1 << 60, floor=0, digest="", more=True)}
    rig.hq.script = [answer(rows=rows(place), scopes=scopes) for place in range(1, 100)]
    async with rig.running():
        await rig.settled("offline")
        assert len(rig.hq.requests) == 20
        assert rig.time.next_in == 45, "half a minute and half of another"
        await rig.next_round("offline")
        assert len(rig.hq.requests) == 40


@pytest.mark.expects_log
async def test_an_hq_that_grants_without_end_does_not_keep_it_running(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def take(_sent: object, _answer: object) -> Taken:
        return Taken(granted=True)

    monkeypatch.setattr(rig.store, "take", take)
    async with rig.running():
        await rig.settled("offline")
        assert len(rig.hq.requests) == machine.AT_ONCE_LIMIT + 1


async def test_who_is_enrolled_anew_sends_nothing_more_in_the_old_name(rig: Rig) -> None:
    new_id = "00000000-0000-4000-8000-0000000000d2"
    rig.hq.enrol_script = [enrol_answer(new_id)]
    rig.hq.held = asyncio.Event()
    more = {"s": ScopeState(head=9, floor=0, digest="", more=True)}
    async with rig.running():
        await until(lambda: len(rig.hq.requests) == 1, "a request that hangs")
        enrolling = asyncio.create_task(rig.engine.enrol(URL, "ABCD-2345", "Two"))
        await asyncio.sleep(0.01)
        rig.hq.script = [answer(rows=rows(1), scopes=more), answer(scopes={"s": replace(more["s"], more=False)})]
        rig.hq.held.set()
        await enrolling
        await rig.settled("idle")
    senders = [(sender.keyid, sender.key.public) for sender, _ in rig.hq.requests]
    assert senders[0] == (DEVICE_ID, SigningKey(bytes(range(32))).public)
    assert {keyid for keyid, _ in senders[1:]} == {new_id}
    assert senders[0][1] not in {public for _, public in senders[1:]}


@pytest.mark.expects_log
async def test_an_hq_that_lost_what_it_answered_is_told_it_again_though_nothing_waits(rig: Rig) -> None:
    rig.store.next_seq = 5
    rig.hq.script = [answer(batch=Batch(status="ok", last_seq=last)) for last in (3, 4)]
    async with rig.running():
        await until(lambda: len(rig.hq.requests) == 2, "two requests")
        await rig.settled("idle")
    assert [call for call in rig.store.calls if "resend" in call] == ["resend_after 3"]


@pytest.mark.expects_log
async def test_an_hq_that_promises_and_never_sends_does_not_keep_it_running(rig: Rig) -> None:
    rig.hq.script = [answer(scopes={"s": ScopeState(head=9, floor=0, digest="", more=True)})] * 50
    async with rig.running():
        await rig.settled("offline")
        assert len(rig.hq.requests) == 1


@pytest.mark.expects_log
async def test_an_hq_that_only_ever_says_fork_does_not_keep_it_running(rig: Rig) -> None:
    rig.hq.script = [answer(batch=Batch(status="fork", last_seq=4))] * 50
    async with rig.running():
        await rig.settled("offline")
        assert len(rig.hq.requests) == machine.AT_ONCE_LIMIT + 1


@pytest.mark.expects_log
async def test_without_its_signing_key_it_must_be_enrolled_again(rig: Rig) -> None:
    rig.keys.kept.clear()
    async with rig.running():
        await rig.settled("offline")
        assert (rig.engine.view().problem, rig.hq.requests) == ("revoked", [])


async def test_a_listener_may_leave(rig: Rig) -> None:
    heard: list[SyncView] = []
    leave = rig.engine.subscribe(heard.append)
    leave()
    async with rig.running():
        await rig.settled("idle")
    leave()
    assert heard == []


async def test_after_the_end_nobody_is_told(rig: Rig) -> None:
    """The screens are closed first: a listener called then would ask a store that is closing."""
    async with rig.running():
        await rig.settled("idle")
        told = list(rig.views)
    assert rig.views == told
    assert rig.engine.view().phase == "stopped"


@pytest.mark.expects_log
async def test_a_listener_that_fails_does_not_stop_sync(rig: Rig) -> None:
    def broken(view: SyncView) -> None:
        raise RuntimeError(view.phase)

    rig.engine.subscribe(broken)
    async with rig.running():
        await rig.settled("idle")


# ------------------------------------------------------------------ enrolling


async def test_enrolling_keeps_the_key_first_and_begins_the_first_load(rig: Rig) -> None:
    rig.store.known = None
    rig.keys.kept.clear()
    rig.hq.enrol_script = [enrol_answer()]
    async with rig.running():
        await rig.engine.enrol(URL, " CODE ", " Till 1 ")
        await rig.settled("idle")
    (sender, request) = rig.hq.enrolments[0]
    assert (request.code, request.device_name, request.platform) == ("CODE", "Till 1", "linux")
    assert request.device_public_key == sender.keyid == sender.key.public_text
    assert SigningKey(rig.keys.kept[f"device-{DEVICE_ID}"]).public == sender.key.public
    assert rig.store.calls[:2] == ["enrolled Till 1", "finish_loading"]
    assert [view.phase for view in rig.views] == ["starting", "loading", "loading", "idle"]


async def test_a_lost_answer_is_asked_for_again_with_the_same_key(rig: Rig) -> None:
    rig.hq.enrol_script = [NoNetwork("no_network"), enrol_answer()]
    with pytest.raises(NoNetwork):
        await rig.engine.enrol(URL, "CODE", "Till 1")
    await rig.engine.enrol(URL, "CODE", "Till 1")
    first, second = rig.hq.enrolments
    assert first[0].key.public == second[0].key.public


async def test_another_code_is_asked_for_with_another_key(rig: Rig) -> None:
    draws = iter(bytes([n]) * 32 for n in range(9))
    rig.engine._random_bytes = lambda n: next(draws)
    rig.hq.enrol_script = [Refused("enrol_code"), enrol_answer()]
    with pytest.raises(Refused):
        await rig.engine.enrol(URL, "CODE1", "Till 1")
    await rig.engine.enrol(URL, "CODE2", "Till 1")
    first, second = rig.hq.enrolments
    assert first[0].key.public != second[0].key.public


async def test_a_refused_code_leaves_an_earlier_enrolment_alone(rig: Rig) -> None:
    rig.hq.enrol_script = [Refused("enrol_code")]
    known, key = rig.store.known, rig.keys.kept[f"device-{DEVICE_ID}"]
    with pytest.raises(Refused):
        await rig.engine.enrol(URL, "WRONG", "Till 1")
    assert (rig.store.known, rig.keys.kept[f"device-{DEVICE_ID}"]) == (known, key)


@pytest.mark.parametrize("code", ["", "   ", "x" * 201])
async def test_what_can_be_no_code_is_not_asked_for(rig: Rig, code: str) -> None:
    with pytest.raises(Refused, match="enrol_code"):
        await rig.engine.enrol(URL, code, "Till 1")
    assert rig.hq.enrolments == []


async def test_a_wrong_clock_does_not_stop_enrolling(rig: Rig) -> None:
    hq_time = START - timedelta(days=3000)
    rig.hq.enrol_script = [ClockRefused(to_text(hq_time)), enrol_answer()]
    await rig.engine.enrol(URL, "CODE", "Till 1")
    assert rig.hq.enrolments[1][0].created == int(hq_time.timestamp())


@pytest.mark.parametrize(
    ("trouble", "told", "code"),
    [
        (HqBusy(3), NoNetwork, "hq_busy"),
        (AppTooOld(), Refused, "app_old"),
        (HqRefused(422, "envelope_invalid"), NoNetwork, "hq_refused"),
    ],
)
async def test_enrolling_only_ever_raises_what_its_port_says(
    rig: Rig, trouble: Exception, told: type[Exception], code: str
) -> None:
    rig.hq.enrol_script = [trouble]
    with pytest.raises(told, match=code):
        await rig.engine.enrol(URL, "CODE", "Till 1")


async def test_cancelled_in_the_middle_it_leaves_nothing_behind(rig: Rig) -> None:
    rig.hq.held = asyncio.Event()
    rig.store.pending = ["a"]
    async with rig.running():
        await until(lambda: len(rig.hq.requests) == 1, "a request")
    assert (rig.engine.view().phase, rig.store.pending, rig.store.taken) == ("stopped", ["a"], [])
    assert len(asyncio.all_tasks()) == 1


async def test_how_the_tablet_stands_is_told_when_it_changed_and_not_again(rig: Rig) -> None:
    async with rig.running():
        await rig.settled("idle")
        for waiting in (0, 3, 3):
            rig.store.health = Health(waiting=waiting)
            await rig.next_round()
    assert [request.health for _, request in rig.hq.requests] == [Health(), None, Health(waiting=3), None]


async def test_how_the_tablet_stands_is_told_again_where_the_request_was_lost(rig: Rig) -> None:
    rig.hq.script = [NoNetwork("no_network")]
    async with rig.running():
        await rig.settled("offline")
        await rig.next_round()
    assert [request.health for _, request in rig.hq.requests] == [Health(), Health()]


@pytest.mark.expects_log
@pytest.mark.parametrize(("code", "barred"), [("revoked", True), ("key_unknown", False)])
async def test_only_rights_that_were_taken_away_lock_the_tablet(rig: Rig, code: str, barred: bool) -> None:
    rig.hq.script = [HqRevoked(code)]
    async with rig.running():
        await rig.settled("offline")
    assert ("lock_out" in rig.store.calls) is barred


POINTS = Instrument(kind="points", id=INCARNATION)


async def test_a_lease_is_asked_for_and_taken_in_after_hq_s_time_was_learnt() -> None:
    rig = Rig()
    rig.enrolled()
    async with rig.running():
        await until(lambda: rig.engine.view().phase == "idle")
        wrong = to_text(START + timedelta(hours=2))
        rig.hq.lease_script = [ClockRefused(wrong), LeaseResponse(server_time=wrong, granted=7, code="part")]
        assert await rig.engine.lease(POINTS, 9, DEVICE_ID, INCARNATION) == Granted(amount=7, code="part")
    assert "lease 7" in rig.store.calls
    first, second = rig.hq.leases
    assert first[1] == second[1]
    assert (first[1].request_id, first[1].amount, first[1].lease_id) == (DEVICE_ID, 9, INCARNATION)
    assert second[0].created - first[0].created == 7200


@pytest.mark.parametrize(
    ("problem", "raised", "code"),
    [
        (NoNetwork("no_network"), NoNetwork, "no_network"),
        (HqBusy(5), NoNetwork, "hq_busy"),
        (AppTooOld(), Refused, "app_old"),
        (HqRevoked("revoked"), NoNetwork, "hq_refused"),
    ],
)
async def test_why_there_is_no_lease_is_said_to_who_waits(
    problem: Exception, raised: type[Exception], code: str
) -> None:
    rig = Rig()
    rig.enrolled()
    async with rig.running():
        await until(lambda: rig.engine.view().phase == "idle")
        rig.hq.lease_script = [problem]
        with pytest.raises(raised, match=code):
            await rig.engine.lease(POINTS, 9, DEVICE_ID)
    assert not [call for call in rig.store.calls if call.startswith("lease")]


async def test_a_lease_that_waits_for_the_feed_is_fetched_at_once_and_the_person_tries_again() -> None:
    rig = Rig()
    rig.enrolled()
    async with rig.running():
        await until(lambda: rig.engine.view().phase == "idle")
        rig.store.in_doubt = True
        rig.hq.lease_script = [LeaseResponse(server_time=to_text(START), granted=7)]
        with pytest.raises(NoNetwork):
            await rig.engine.lease(POINTS, 9, DEVICE_ID)
        await until(lambda: rig.time.next_in == machine.DEBOUNCE_S, "a hurry")


async def test_a_tablet_that_is_not_in_step_asks_for_no_lease() -> None:
    rig = Rig()
    with pytest.raises(NoNetwork):
        await rig.engine.lease(POINTS, 9, DEVICE_ID)
    assert not rig.hq.leases


# ------------------------------------------------------------------ events


@pytest.fixture
def listening() -> Rig:
    made = Rig(events=MemoryEvents())
    made.enrolled()
    return made


async def test_once_in_step_it_listens_and_a_round_follows_each_word(listening: Rig) -> None:
    rig, events = listening, listening.events
    assert events is not None
    async with rig.running():
        await until(lambda: events.standing == 1, "a stream")
        assert events.senders[0].keyid == DEVICE_ID
        for rounds in (2, 3):  # the opening, then a move
            events.said.put_nowait("s" if rounds == 3 else "")
            await until(lambda: rig.time.next_in == machine.DEBOUNCE_S, "a hurry")
            await rig.next_round()
            assert len(rig.hq.requests) == rounds
        assert len(events.senders) == 1
    assert (events.standing, events.closed) == (0, 1)


async def test_it_does_not_listen_before_its_first_load_is_done(listening: Rig) -> None:
    rig, events = listening, listening.events
    assert events is not None
    rig.store.bootstrap = "loading"
    rig.hq.script = [HqBusy(9)]
    async with rig.running():
        await rig.settled("loading")
        assert events.senders == []
        await rig.next_round()
        await until(lambda: events.standing == 1, "a stream")


@pytest.mark.expects_log
async def test_without_rights_nobody_listens(listening: Rig) -> None:
    rig, events = listening, listening.events
    assert events is not None
    async with rig.running():
        await until(lambda: events.standing == 1, "a stream")
        rig.hq.script = [HqRevoked("revoked")]
        await rig.next_round("offline")
        await until(lambda: events.standing == 0, "a close")


async def test_enrolled_anew_it_listens_under_its_new_name(listening: Rig) -> None:
    rig, events = listening, listening.events
    assert events is not None
    new_id = "00000000-0000-4000-8000-0000000000d2"
    rig.hq.enrol_script = [enrol_answer(new_id)]
    async with rig.running():
        await until(lambda: events.standing == 1, "a stream")
        await rig.engine.enrol(URL, "ABCD-2345", "Two")
        await rig.settled("idle")
        await until(lambda: events.standing == 1 and len(events.senders) == 2, "another stream")
        assert [sender.keyid for sender in events.senders] == [DEVICE_ID, new_id]
