"""Every cell of the machine's table: what it does, and what it leaves alone."""

from __future__ import annotations

from typing import get_args

import pytest

from guide_app.services.ports import Phase
from sync import machine
from sync.machine import (
    EVENTS,
    TABLE,
    Answered,
    AppOld,
    Busy,
    Command,
    DiskFull,
    Enrolled,
    EpochChanged,
    Event,
    Exchange,
    Failed,
    Forked,
    Gap,
    Hurry,
    NoNetwork,
    Nudge,
    Open,
    Opened,
    Refetch,
    RefusedClock,
    Revoked,
    State,
    Stop,
    Timer,
    Wait,
    step,
)

SAMPLES: dict[type[Event], Event] = {
    Opened: Opened(ready=True),
    Answered: Answered(more=False, ready=True, next_s=30),
    Busy: Busy(retry_s=7),
    AppOld: AppOld(next_s=600),
}
PHASES: tuple[Phase, ...] = get_args(Phase)
RUNNING: tuple[Phase, ...] = ("loading", "syncing")
RESTING: tuple[Phase, ...] = ("idle", "offline")
OF_A_ROUND = (
    Answered,
    NoNetwork,
    RefusedClock,
    Busy,
    Revoked,
    Forked,
    EpochChanged,
    Gap,
    Refetch,
    AppOld,
    DiskFull,
    Failed,
)


def sample(event: type[Event]) -> Event:
    return SAMPLES.get(event) or event()


def at(phase: Phase, **more: object) -> State:
    facts = {"opened": True, "ready": phase != "loading"} | more
    return State(phase=phase, **facts)  # type: ignore[arg-type]  # the fields of State, given by name


def kinds(commands: tuple[Command, ...]) -> list[type[Command]]:
    return [type(command) for command in commands]


def test_every_cell_is_written() -> None:
    assert set(TABLE) == set(PHASES)
    assert all(set(cells) == set(EVENTS) for cells in TABLE.values())
    assert set(EVENTS) == set(Event.__subclasses__())


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("event", EVENTS)
def test_no_cell_breaks_and_at_most_one_request_comes_of_it(phase: Phase, event: type[Event]) -> None:
    after, commands = step(at(phase), sample(event))
    assert after.phase in PHASES
    assert sum(isinstance(c, Exchange | Open) for c in commands) <= 1
    if after.phase in RUNNING and phase not in RUNNING:
        assert Exchange in kinds(commands)
    if after.phase in ("idle", "offline") and phase not in ("idle", "offline"):
        assert Wait in kinds(commands), "a resting machine must have a time to wake"


IGNORED: list[tuple[Phase, type[Event]]] = [
    *(("stopped", event) for event in EVENTS),
    *(("not_enrolled", event) for event in EVENTS if event not in (Enrolled, Stop)),
    *(("starting", event) for event in EVENTS if event not in (Enrolled, Opened, Revoked, DiskFull, Failed, Stop)),
    *((phase, event) for phase in RESTING for event in (Opened, *OF_A_ROUND)),
    ("syncing", Timer),
    *((phase, Opened) for phase in RUNNING),
]


@pytest.mark.parametrize(("phase", "event"), IGNORED)
def test_what_does_not_matter_changes_nothing(phase: Phase, event: type[Event]) -> None:
    state = at(phase)
    assert step(state, sample(event)) == (state, ())


ONE_STEP: list[tuple[State, Event, Phase, list[type[Command]]]] = [
    (State(), Enrolled(), "starting", [Open]),
    (State(phase="starting"), Opened(ready=False), "loading", [Exchange]),
    (State(phase="starting"), Opened(ready=True), "syncing", [Exchange]),
    (State(phase="starting"), Enrolled(), "starting", [Open]),
    (State(phase="starting"), Failed(), "offline", [Wait]),
    (State(phase="starting"), Revoked(), "offline", [Wait]),
    (State(phase="starting"), DiskFull(), "loading", [Wait]),
    (State(phase="offline"), Timer(), "starting", [Open]),
    (at("loading"), Answered(more=True, ready=False, next_s=1), "loading", [Exchange]),
    (at("loading"), Answered(more=False, ready=True, next_s=1), "idle", [Wait]),
    (at("loading"), Answered(more=True, ready=True, next_s=1), "syncing", [Exchange]),
    (at("loading"), NoNetwork(), "offline", [Wait]),
    (at("offline", ready=False), Timer(), "loading", [Exchange]),
    (at("loading"), Busy(9), "loading", [Wait]),
    (at("loading", held=True), Timer(), "loading", [Exchange]),
    (at("loading"), DiskFull(), "loading", [Wait]),
    (at("loading"), Enrolled(), "starting", [Open]),
    (at("loading"), Nudge(), "loading", []),
    (at("loading"), RefusedClock(), "loading", [Exchange]),
    (at("loading"), Revoked(), "offline", [Wait]),
    (at("loading"), Failed(), "offline", [Wait]),
    (at("loading"), AppOld(600), "idle", [Wait]),
    (at("loading"), Forked(), "loading", [Exchange]),
    (at("loading"), EpochChanged(), "loading", [Exchange]),
    (at("loading"), Gap(), "loading", [Exchange]),
    (at("loading"), Refetch(), "loading", [Exchange]),
    (at("idle"), Timer(), "syncing", [Exchange]),
    (at("idle"), Nudge(), "idle", [Hurry]),
    (at("idle", held=True), Nudge(), "idle", []),
    (at("idle"), Enrolled(), "starting", [Open]),
    (at("syncing"), Enrolled(), "starting", [Open]),
    (at("syncing"), Answered(more=True, ready=True, next_s=1), "syncing", [Exchange]),
    (at("syncing"), Answered(more=False, ready=True, next_s=1), "idle", [Wait]),
    (at("syncing", nudged=True), Answered(more=False, ready=True, next_s=1), "idle", [Wait, Hurry]),
    (at("syncing"), Nudge(), "syncing", []),
    (at("syncing"), NoNetwork(), "offline", [Wait]),
    (at("syncing"), RefusedClock(), "syncing", [Exchange]),
    (at("syncing", clock_told=True), RefusedClock(), "offline", [Wait]),
    (at("syncing"), Busy(9), "idle", [Wait]),
    (at("syncing"), Revoked(), "offline", [Wait]),
    (at("syncing"), Forked(), "syncing", [Exchange]),
    (at("syncing"), EpochChanged(), "syncing", [Exchange]),
    (at("syncing"), Gap(), "syncing", [Exchange]),
    (at("syncing"), Refetch(), "syncing", [Exchange]),
    (at("syncing", at_once=machine.AT_ONCE_LIMIT), Gap(), "offline", [Wait]),
    (at("syncing"), AppOld(600), "idle", [Wait]),
    (at("syncing"), DiskFull(), "idle", [Wait]),
    (at("syncing"), Failed(), "offline", [Wait]),
    (at("offline"), Timer(), "syncing", [Exchange]),
    (at("offline"), Nudge(), "offline", [Hurry]),
    (at("offline", held=True), Nudge(), "offline", []),
    (at("offline"), Enrolled(), "starting", [Open]),
    *((at(phase), Stop(), "stopped", []) for phase in PHASES),
]


@pytest.mark.parametrize(("state", "event", "phase", "commands"), ONE_STEP)
def test_one_step(state: State, event: Event, phase: Phase, commands: list[type[Command]]) -> None:
    after, told = step(state, event)
    assert (after.phase, kinds(told)) == (phase, commands)


def test_every_cell_is_either_left_alone_or_has_its_step_here() -> None:
    stepped = {(state.phase, type(event)) for state, event, _phase, _commands in ONE_STEP}
    assert {*IGNORED, *stepped} == {(phase, event) for phase in PHASES for event in EVENTS}


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        (NoNetwork(), "no_network"),
        (Revoked(), "revoked"),
        (AppOld(1), "app_old"),
        (DiskFull(), "disk_full"),
        (Failed(), "defect"),
    ],
)
def test_a_problem_is_shown_until_an_answer_comes(event: Event, problem: str) -> None:
    troubled, _ = step(at("syncing"), event)
    assert troubled.problem == problem
    trying, _ = step(troubled, Timer())
    assert trying.problem == problem
    well, _ = step(trying, Answered(more=False, ready=True, next_s=1))
    assert well.problem == ""


def test_the_wait_offline_doubles_up_to_its_cap_and_half_of_it_is_chance() -> None:
    state, waits = at("syncing"), []
    for _ in range(9):
        state, (wait,) = step(state, NoNetwork())
        assert isinstance(wait, Wait)
        assert wait.seconds == wait.spread
        waits.append(wait.seconds + wait.spread)
        state, _ = step(state, Timer())
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60, 60]
    back, _ = step(state, Answered(more=False, ready=True, next_s=1))
    assert back.failures == 0


def test_hq_can_neither_rush_nor_silence_a_tablet() -> None:
    for told in (-5.0, 0.0, 1e12):
        _, (wait,) = step(at("syncing"), Answered(more=False, ready=True, next_s=told))
        _, (held,) = step(at("syncing"), Busy(retry_s=told))
        for command in (wait, held):
            assert isinstance(command, Wait)
            assert machine.NEXT_MIN_S <= command.seconds <= machine.NEXT_MAX_S


def test_after_hq_was_busy_the_next_round_can_be_hurried_again() -> None:
    held, _ = step(at("syncing"), Busy(5))
    running, _ = step(held, Timer())
    idle, _ = step(running, Answered(more=False, ready=True, next_s=60))
    _, commands = step(idle, Nudge())
    assert kinds(commands) == [Hurry]


def test_a_clock_is_corrected_once_in_each_round() -> None:
    told, _ = step(at("syncing"), RefusedClock())
    off, _ = step(told, RefusedClock())
    assert off.problem == "clock"
    anew, _ = step(off, Timer())
    again, commands = step(anew, RefusedClock())
    assert (again.phase, kinds(commands)) == ("syncing", [Exchange])


def test_progress_forgives_earlier_answers_without_any() -> None:
    state = at("syncing")
    for _ in range(20):
        state, commands = step(state, Refetch())
        assert kinds(commands) == [Exchange]
        state, _ = step(state, Answered(more=True, ready=True, next_s=1))
    assert state.phase == "syncing"
