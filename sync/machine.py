"""When the tablet talks to HQ: states × events → the next state and what to do, as one table. Pure and immutable.

The engine feeds every event through `step` and carries the commands out; it decides nothing itself. Each cell of the
table is written, also where nothing is to be done (`_ignore`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from guide_app.services.ports import Phase

DEBOUNCE_S = 0.3
"""From the first local write to the round trip that carries it and its neighbours."""
OFFLINE_NUDGE_S = 3.0
"""How soon a nudge tries again while there is no network."""
BACKOFF_CAP_S = 60.0
NEXT_MIN_S, NEXT_MAX_S = 1.0, 900.0
"""Bounds on what HQ may ask for as the time to the next round: a lying one can neither rush nor silence a tablet."""
SLOW_S = 600.0
"""Between tries that only a person at HQ or an update can make succeed."""
DISK_FULL_S = 30.0
AT_ONCE_LIMIT = 3
"""How often in a row an answer without progress is followed by the next request at once."""


class State(msgspec.Struct, frozen=True):
    """`ready`: the first load is done. `held`: HQ said when to come again, so no nudge may hurry it.

    `failures` and `at_once` count in a row; `clock_told`: HQ's time was taken over for this round already.
    """

    phase: Phase = "not_enrolled"
    opened: bool = False
    ready: bool = False
    problem: str = ""
    failures: int = 0
    at_once: int = 0
    held: bool = False
    nudged: bool = False
    clock_told: bool = False


# ------------------------------------------------------------------ events


class Event(msgspec.Struct, frozen=True):
    """Something happened."""


class Enrolled(Event, frozen=True):
    """This tablet belongs to a shop: found at the start, or just now."""


class Opened(Event, frozen=True):
    """Store and transport are set up for the shop."""

    ready: bool


class Nudge(Event, frozen=True):
    """Something was written, or a person asked."""


class Timer(Event, frozen=True):
    """The time that a Wait or Hurry named has come."""


class Answered(Event, frozen=True):
    """An answer was taken in. `more`: there is more to send or to fetch; `next_s`: what HQ asked for."""

    more: bool
    ready: bool
    next_s: float


class NoNetwork(Event, frozen=True):
    """HQ was not reached, or what answered was not HQ."""


class RefusedClock(Event, frozen=True):
    """HQ refused the time of the signature, and told its own."""


class Busy(Event, frozen=True):
    """HQ asked to come again later."""

    retry_s: float


class Revoked(Event, frozen=True):
    """HQ does not take anything from this tablet any more."""


class Forked(Event, frozen=True):
    """The database file is a copy of another; it got a new incarnation."""


class EpochChanged(Event, frozen=True):
    """HQ has a new history; the store starts over from it."""


class Gap(Event, frozen=True):
    """HQ lacks ops before those that were sent; the store goes back to them."""


class Refetch(Event, frozen=True):
    """A scope is to be fetched again from the start."""


class AppOld(Event, frozen=True):
    """HQ takes this app's ops but gives it no rows (or speaks another protocol)."""

    next_s: float


class DiskFull(Event, frozen=True):
    """The answer could not be written; nothing of it was."""


class Failed(Event, frozen=True):
    """A defect of ours or of HQ's: logged loudly, tried again later."""


class Stop(Event, frozen=True):
    """The app ends."""


EVENTS: tuple[type[Event], ...] = (
    Enrolled, Opened, Nudge, Timer, Answered, NoNetwork, RefusedClock, Busy, Revoked, Forked, EpochChanged, Gap,
    Refetch, AppOld, DiskFull, Failed, Stop,
)  # fmt: skip


# ------------------------------------------------------------------ commands


class Command(msgspec.Struct, frozen=True):
    """Something to do."""


class Open(Command, frozen=True):
    """Set store and transport up; then tell Opened."""


class Exchange(Command, frozen=True):
    """One round trip; then tell what came of it."""


class Wait(Command, frozen=True):
    """Tell Timer after `seconds` plus a random part of `spread`; replaces an earlier Wait."""

    seconds: float
    spread: float


class Hurry(Command, frozen=True):
    """Tell Timer within `seconds`: sooner than the Wait in force, never later."""

    seconds: float


Next: TypeAlias = tuple[State, tuple[Command, ...]]
Cell: TypeAlias = Callable[[State, Any], Next]

change = msgspec.structs.replace


# ------------------------------------------------------------------ cells


def _ignore(state: State, _event: Event) -> Next:
    return state, ()


def _stop(_state: State, _event: Stop) -> Next:
    return State(phase="stopped"), ()


def _enrolled(_state: State, _event: Enrolled) -> Next:
    return State(phase="starting"), (Open(),)


def _opened(state: State, event: Opened) -> Next:
    return _exchange(change(state, opened=True, ready=event.ready))


def _exchange(state: State) -> Next:
    """The next round trip of a running round."""
    return change(state, phase="syncing" if state.ready else "loading"), (Exchange(),)


def _begin(state: State, _event: Timer) -> Next:
    """A new round."""
    if not state.opened:
        return change(state, phase="starting"), (Open(),)
    return _exchange(change(state, held=False, nudged=False, clock_told=False, at_once=0))


def _remember(state: State, _event: Nudge) -> Next:
    return change(state, nudged=True), ()


def _hurry(state: State, _event: Nudge) -> Next:
    return (state, ()) if state.held else (state, (Hurry(DEBOUNCE_S),))


def _hurry_offline(state: State, _event: Nudge) -> Next:
    return (state, ()) if state.held else (state, (Hurry(OFFLINE_NUDGE_S),))


def _answered(state: State, event: Answered) -> Next:
    well = change(state, ready=event.ready, problem="", failures=0, at_once=0, clock_told=False)
    if event.more or not event.ready:
        return _exchange(well)
    return _rest(well, event.next_s)


def _rest(state: State, next_s: float) -> Next:
    """Nothing to do until HQ's next time, but for what was written meanwhile."""
    pause = min(max(next_s, NEXT_MIN_S), NEXT_MAX_S)
    hurry = (Hurry(DEBOUNCE_S),) if state.nudged else ()
    return change(state, phase="idle", nudged=False), (Wait(pause, pause / 10), *hurry)


def _later(state: State, problem: str) -> Next:
    """Offline: tries again after a time that doubles, half of it by chance so that a chain's tablets spread out."""
    half = min(BACKOFF_CAP_S, 2.0 ** min(state.failures + 1, 10)) / 2
    after = change(state, phase="offline", problem=problem, failures=state.failures + 1, nudged=False)
    return after, (Wait(half, half),)


def _no_network(state: State, _event: NoNetwork) -> Next:
    return _later(state, "no_network")


def _failed(state: State, _event: Failed) -> Next:
    return _later(state, "defect")


def _refused_clock(state: State, _event: RefusedClock) -> Next:
    """HQ's time is taken over once; refused again, something else is wrong."""
    if state.clock_told:
        return _later(state, "clock")
    return _exchange(change(state, clock_told=True))


def _busy(state: State, event: Busy) -> Next:
    """HQ's word holds; a random part on top spreads tablets that were all sent away together."""
    pause = min(max(event.retry_s, NEXT_MIN_S), NEXT_MAX_S)
    phase: Phase = "idle" if state.ready else "loading"
    return change(state, phase=phase, held=True, problem="", failures=0), (Wait(pause, pause / 2),)


def _revoked(state: State, _event: Revoked) -> Next:
    """Nothing is thrown away: HQ may take the tablet back, or it is enrolled again."""
    return change(state, phase="offline", problem="revoked", held=True), (Wait(SLOW_S, SLOW_S / 10),)


def _again(state: State, _event: Event) -> Next:
    """The store has taken the answer in and the next request differs, unless HQ keeps saying the same."""
    if state.at_once >= AT_ONCE_LIMIT:
        return _later(state, "defect")
    return _exchange(change(state, at_once=state.at_once + 1))


def _app_old(state: State, event: AppOld) -> Next:
    after, commands = _rest(change(state, failures=0, clock_told=False), max(event.next_s, NEXT_MIN_S))
    return change(after, problem="app_old"), commands


def _disk_full(state: State, _event: DiskFull) -> Next:
    phase: Phase = "idle" if state.ready else "loading"
    return change(state, phase=phase, problem="disk_full", nudged=False), (Wait(DISK_FULL_S, DISK_FULL_S),)


# ------------------------------------------------------------------ the table

_RUNNING: dict[type[Event], Cell] = {
    Enrolled: _enrolled,
    Opened: _ignore,  # of an earlier enrolment
    Nudge: _remember,
    Timer: _ignore,  # armed before this round began
    Answered: _answered,
    NoNetwork: _no_network,
    RefusedClock: _refused_clock,
    Busy: _busy,
    Revoked: _revoked,
    Forked: _again,
    EpochChanged: _again,
    Gap: _again,
    Refetch: _again,
    AppOld: _app_old,
    DiskFull: _disk_full,
    Failed: _failed,
    Stop: _stop,
}
"""A round trip is under way."""

_RESTING: dict[type[Event], Cell] = {
    Enrolled: _enrolled,
    Opened: _ignore,
    Nudge: _hurry,
    Timer: _begin,
    Answered: _ignore,  # from here on: answers to a request of before, whose round is over
    NoNetwork: _ignore,
    RefusedClock: _ignore,
    Busy: _ignore,
    Revoked: _ignore,
    Forked: _ignore,
    EpochChanged: _ignore,
    Gap: _ignore,
    Refetch: _ignore,
    AppOld: _ignore,
    DiskFull: _ignore,
    Failed: _ignore,
    Stop: _stop,
}
"""No round trip is under way."""

TABLE: dict[Phase, dict[type[Event], Cell]] = {
    "not_enrolled": {
        **dict.fromkeys(EVENTS, _ignore),  # without a shop there is nobody to talk to
        Enrolled: _enrolled,
        Stop: _stop,
    },
    "starting": {
        **dict.fromkeys(EVENTS, _ignore),  # the first round carries all there is; late answers are of another enrolment
        Enrolled: _enrolled,
        Opened: _opened,
        Revoked: _revoked,  # its key is gone from the key store
        DiskFull: _disk_full,  # building what a first load put off
        Failed: _failed,
        Stop: _stop,
    },
    "loading": {**_RUNNING, Timer: _begin},  # HQ may have sent a loading tablet away for a while
    "idle": _RESTING,
    "syncing": _RUNNING,
    "offline": {**_RESTING, Nudge: _hurry_offline},
    "stopped": dict.fromkeys(EVENTS, _ignore),
}


def step(state: State, event: Event) -> Next:
    """What the event makes of the state, and the commands to carry out, in order."""
    return TABLE[state.phase][type(event)](state, event)
