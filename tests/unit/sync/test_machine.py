"""Every cell of the machine's table: what it does, and what it leaves alone."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from guide_app.services.ports import engine
from sync import machine
from sync.machine import (
    PHASES,
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
    Phase,
    Refetch,
    RefusedClock,
    Revoked,
    State,
    Stop,
    Timer,
    Wait,
    shown,
    step,
)
from tests.unit.sync.machine_table import BEGIN, DOCUMENT, END, table

EVENTS: tuple[type[Event], ...] = tuple(Event.__subclasses__())
SAMPLES: dict[type[Event], Event] = {
    Opened: Opened(ready=True),
    Answered: Answered(more=False, ready=True, next_s=30),
    Busy: Busy(retry_s=7),
    AppOld: AppOld(next_s=600),
}
OF_A_ROUND: tuple[type[Event], ...] = (
    Answered, NoNetwork, RefusedClock, Busy, Revoked, Forked, EpochChanged, Gap, Refetch, AppOld, DiskFull, Failed,
)  # fmt: skip
RUNNING: tuple[Phase, ...] = ("loading", "syncing")
"""A round trip is under way."""
RESTING: tuple[Phase, ...] = ("waiting", "idle", "offline")
"""A timer runs."""

# Each pair of event and phase: the phase after it and the commands' first letters (Open, Exchange,
# Wait, Hurry), "-" where nothing changes. Usual facts: what `at`
# says; where other facts lead elsewhere it stands below.
EXPECTED = """
event        not_enrolled starting   waiting    loading    idle       syncing    offline    stopped
Enrolled     starting+O   starting+O starting+O starting+O starting+O starting+O starting+O -
Opened       -            syncing+E  -          -          -          -          -          -
Nudge        -            -          -          -          idle+H     -          offline+H  -
Timer        -            -          loading+E  -          syncing+E  -          syncing+E  -
Answered     -            offline+W  -          idle+W     -          idle+W     -          -
NoNetwork    -            offline+W  -          offline+W  -          offline+W  -          -
RefusedClock -            offline+W  -          loading+E  -          syncing+E  -          -
Busy         -            offline+W  -          waiting+W  idle+W     idle+W     -          -
Revoked      -            offline+W  -          offline+W  -          offline+W  -          -
Forked       -            offline+W  -          loading+E  -          syncing+E  -          -
EpochChanged -            offline+W  -          loading+E  -          syncing+E  -          -
Gap          -            offline+W  -          loading+E  -          syncing+E  -          -
Refetch      -            offline+W  -          loading+E  -          syncing+E  -          -
AppOld       -            offline+W  -          idle+W     -          idle+W     -          -
DiskFull     -            waiting+W  -          waiting+W  -          idle+W     -          -
Failed       -            offline+W  -          offline+W  -          offline+W  -          -
Stop         stopped      stopped    stopped    stopped    stopped    stopped    stopped    -
"""


def sample(event: type[Event]) -> Event:
    return SAMPLES.get(event) or event()


def at(phase: Phase, **more: object) -> State:
    facts = {
        "opened": phase not in ("not_enrolled", "starting"),
        "ready": phase in ("idle", "syncing", "offline"),
    } | more
    return State(phase=phase, **facts)  # type: ignore[arg-type]  # the fields of State, given by name


def kinds(commands: tuple[Command, ...]) -> list[type[Command]]:
    return [type(command) for command in commands]


def expected() -> dict[tuple[str, str], str]:
    """(event, phase) → what the grid above says."""
    first, *lines = EXPECTED.strip().splitlines()
    phases = first.split()[1:]
    return {
        (line.split()[0], phase): cell
        for line in lines
        for phase, cell in zip(phases, line.split()[1:], strict=True)
    }  # fmt: skip


def test_the_grid_names_every_pair_and_no_other() -> None:
    assert set(expected()) == {(event.__name__, phase) for event in EVENTS for phase in PHASES}
    assert {(event.__name__, phase) for phase, cells in TABLE.items() for event in cells} == set(expected())


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("event", EVENTS)
def test_each_pair_leads_where_the_grid_says(phase: Phase, event: type[Event]) -> None:
    state = at(phase)
    after, commands = step(state, sample(event))
    told = f"{after.phase}{''.join(f'+{kind.__name__[0]}' for kind in kinds(commands))}"
    cell = expected()[event.__name__, phase]
    assert told == (phase if cell == "-" else cell)
    if cell == "-":
        assert replace(after, nudged=False) == replace(state, nudged=False)
    assert after.nudged == ((event, phase) in {(Nudge, "loading"), (Nudge, "syncing")})


def test_people_see_a_phase_that_there_are_words_for() -> None:
    assert {shown(phase) for phase in PHASES} == set(get_args(engine.Phase))


def test_the_document_shows_the_table() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    written = text.partition(BEGIN)[2].partition(END)[0].strip()
    assert written == table().strip(), "python -m tests.unit.sync.machine_table writes it anew"


# ------------------------------------------------------------------ random histories

WORK = ("starting", "loading", "syncing")
SECONDS = st.floats(min_value=-10, max_value=1e6)
OUTCOMES: dict[str, st.SearchStrategy[Event]] = {
    "starting": st.one_of(
        st.builds(Opened, ready=st.booleans()),
        st.sampled_from([Revoked(), DiskFull(), Failed(), NoNetwork(), Gap(), RefusedClock()]),
    ),
    "round": st.one_of(
        st.builds(Answered, more=st.booleans(), ready=st.booleans(), next_s=SECONDS),
        st.builds(Busy, retry_s=SECONDS),
        st.builds(AppOld, next_s=SECONDS),
        st.sampled_from([event() for event in EVENTS if event in OF_A_ROUND and event not in SAMPLES]),
    ),
}
OUTSIDE: st.SearchStrategy[Event] = st.sampled_from([Enrolled(), Nudge(), Nudge(), Nudge()])


@given(st.data())
def test_whatever_happens_there_is_one_piece_of_work_or_a_timer(data: st.DataObject) -> None:
    """What can happen at a moment: an enrolment or a nudge, the end of the work under way, the timer that is set."""
    state, timer = State(), False
    for _ in range(data.draw(st.integers(1, 40))):
        possible = [OUTSIDE]
        if state.phase in WORK:
            possible.append(OUTCOMES["starting" if state.phase == "starting" else "round"])
        if timer:
            possible.append(st.just(Timer()))
        event = data.draw(st.one_of(possible))
        before = state.phase
        state, commands = step(state, event)
        work = [command for command in commands if isinstance(command, Open | Exchange)]
        assert len(work) <= 1
        assert not work or before not in WORK or isinstance(event, Enrolled) or event_of_work(event)
        armed = any(isinstance(command, Wait | Hurry) for command in commands)
        timer = not work and (armed or (timer and not isinstance(event, Timer)))
        assert (state.phase in WORK) == bool(work or (before in WORK and not commands))
        assert timer == (state.phase in RESTING)
        assert state.phase == "not_enrolled" or timer or state.phase in WORK


def event_of_work(event: Event) -> bool:
    return isinstance(event, Opened | Answered) or type(event) in OF_A_ROUND


ANY = st.one_of(OUTSIDE, *OUTCOMES.values(), st.just(Timer()), st.just(Stop()))


@given(st.lists(ANY, max_size=40))
def test_what_comes_late_or_twice_never_starts_anything(events: list[Event]) -> None:
    """Any event at any time, possible or not: work begins only where none is, or where the event ended it."""
    state = State()
    for event in events:
        before = state
        state, commands = step(state, event)
        if any(isinstance(command, Exchange) for command in commands):
            ended = before.phase in WORK and event_of_work(event)
            assert ended or (before.phase in RESTING and isinstance(event, Timer))
        if before.phase == "stopped":
            assert (state, commands) == (before, ())


ONE_STEP: list[tuple[State, Event, Phase, list[type[Command]]]] = [
    (State(), Enrolled(), "starting", [Open]),
    (State(phase="starting"), Opened(ready=False), "loading", [Exchange]),
    (State(phase="starting"), Opened(ready=True), "syncing", [Exchange]),
    (State(phase="starting"), Enrolled(), "starting", [Open]),
    (State(phase="starting"), Failed(), "offline", [Wait]),
    (State(phase="starting"), Revoked(), "offline", [Wait]),
    (State(phase="starting"), DiskFull(), "waiting", [Wait]),
    (State(phase="offline"), Timer(), "starting", [Open]),
    (State(phase="waiting"), Timer(), "starting", [Open]),
    (at("loading"), Answered(more=True, ready=False, next_s=1), "loading", [Exchange]),
    (at("loading"), Answered(more=False, ready=True, next_s=1), "idle", [Wait]),
    (at("loading"), Answered(more=True, ready=True, next_s=1), "syncing", [Exchange]),
    (at("loading"), NoNetwork(), "offline", [Wait]),
    (at("offline", ready=False), Timer(), "loading", [Exchange]),
    (at("loading"), Busy(9), "waiting", [Wait]),
    (at("waiting", held=True), Timer(), "loading", [Exchange]),
    (at("loading"), DiskFull(), "waiting", [Wait]),
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
    (at("idle"), Busy(9), "idle", [Wait]),
    (at("syncing"), Revoked(), "offline", [Wait]),
    (at("syncing"), Forked(), "syncing", [Exchange]),
    (at("syncing"), EpochChanged(), "syncing", [Exchange]),
    (at("syncing"), Gap(), "syncing", [Exchange]),
    (at("syncing"), Refetch(), "syncing", [Exchange]),
    (at("syncing", at_once=machine.AT_ONCE_LIMIT), Gap(), "offline", [Wait]),
    (at("syncing", trips=machine.ROUND_LIMIT), Answered(more=True, ready=True, next_s=1), "offline", [Wait]),
    (at("loading", trips=machine.ROUND_LIMIT), Gap(), "offline", [Wait]),
    (at("idle", trips=machine.ROUND_LIMIT), Timer(), "syncing", [Exchange]),
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


@pytest.mark.parametrize("retry_s", [2.0, 40.0, 60.0])
def test_hqs_retry_after_gets_a_random_part_on_top_and_none_off(retry_s: float) -> None:
    for phase in RUNNING:
        _, commands = step(at(phase), Busy(retry_s))
        assert commands == (Wait(seconds=retry_s, spread=retry_s / 2),)


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
