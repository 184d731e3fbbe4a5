"""When the tablet talks to HQ: states × events → the next state and what to do, as one table. Pure and immutable.

The engine feeds every event through `step` and carries the commands out; it decides nothing itself. Each cell of the
table is written, also where nothing is to be done (`_ignore`); docs/architecture.md shows it, made from this file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias, get_args

import msgspec

from guide_app.services.ports import engine

Phase = Literal["not_enrolled", "starting", "waiting", "loading", "idle", "syncing", "offline", "stopped"]
"""Where the loop is. Work with HQ is under way in `starting`, `loading` and `syncing`, and only there; a timer runs in
`waiting` (a first load that was sent away for a while), `idle` and `offline`."""
PHASES: tuple[Phase, ...] = get_args(Phase)

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
ROUND_LIMIT = 2000
"""Round trips of one round: more than any shop's rows or operations need, so HQ has no end of them."""


class State(msgspec.Struct, frozen=True):
    """`ready`: the first load is done. `held`: HQ said when to come again, so no nudge may hurry it.

    `failures` and `at_once` count in a row, `trips` the round trips of this round; `clock_told`: HQ's time was taken
    over for this round already.
    """

    phase: Phase = "not_enrolled"
    opened: bool = False
    ready: bool = False
    problem: str = ""
    failures: int = 0
    at_once: int = 0
    trips: int = 0
    held: bool = False
    nudged: bool = False
    clock_told: bool = False


def shown(phase: Phase) -> engine.Phase:
    """What people see of it: a first load is one, also while it waits."""
    return "loading" if phase == "waiting" else phase


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
    """HQ asked to come again later; in `idle`: it said so to whoever compared rows meanwhile."""

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
    """A scope is to be fetched from the start, or what was asked for is no longer what is wanted."""


class AppOld(Event, frozen=True):
    """HQ takes this app's ops but gives it no rows (or speaks another protocol)."""

    next_s: float


class DiskFull(Event, frozen=True):
    """The answer could not be written; nothing of it was."""


class Failed(Event, frozen=True):
    """A defect of ours or of HQ's: logged loudly, tried again later."""


class Stop(Event, frozen=True):
    """The app ends."""


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
    """nothing is to be done"""
    return state, ()


def _stop(_state: State, _event: Stop) -> Next:
    """the end: `stopped`"""
    return State(phase="stopped"), ()


def _open(_state: State, _event: Enrolled) -> Next:
    """everything anew for this shop: `starting`, Open"""
    return State(phase="starting"), (Open(),)


def _opened(state: State, event: Opened) -> Next:
    """the first round: `loading` or, once a first load is done, `syncing`; Exchange"""
    return _exchange(change(state, opened=True, ready=event.ready))


def _exchange(state: State) -> Next:
    """The next round trip of a running round."""
    if state.trips >= ROUND_LIMIT:
        return change(state, phase="offline", problem="defect", trips=0), (Wait(BACKOFF_CAP_S / 2, BACKOFF_CAP_S / 2),)
    return change(state, phase="syncing" if state.ready else "loading", trips=state.trips + 1), (Exchange(),)


def _begin(state: State, _event: Timer) -> Next:
    """a new round: `loading` or `syncing`, Exchange; where opening failed `starting`, Open"""
    if not state.opened:
        return change(state, phase="starting"), (Open(),)
    return _exchange(change(state, held=False, nudged=False, clock_told=False, at_once=0, trips=0))


def _remember(state: State, _event: Nudge) -> Next:
    """the round that is under way may have passed it: another one follows soon"""
    return change(state, nudged=True), ()


def _hurry(state: State, _event: Nudge) -> Next:
    """Hurry, so that neighbours go along; not where HQ said when to come"""
    return (state, ()) if state.held else (state, (Hurry(DEBOUNCE_S),))


def _try_soon(state: State, _event: Nudge) -> Next:
    """Hurry, but less: there was no network; not where HQ said when to come"""
    return (state, ()) if state.held else (state, (Hurry(OFFLINE_NUDGE_S),))


def _answered(state: State, event: Answered) -> Next:
    """more to send or to fetch: Exchange; else `idle`, Wait as long as HQ says, and Hurry after a nudge"""
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
    """`offline`, Wait: twice as long each time, half of it by chance"""
    return _later(state, "no_network")


def _failed(state: State, _event: Event) -> Next:
    """`offline`, Wait as without network; said loudly"""
    return _later(state, "defect")


def _clock(state: State, _event: RefusedClock) -> Next:
    """HQ's time is taken over and Exchange, once in a round; refused again: `offline`, Wait"""
    if state.clock_told:
        return _later(state, "clock")
    return _exchange(change(state, clock_told=True))


def _busy(state: State, event: Busy) -> Next:
    """`idle` (a first load: `waiting`), Wait as HQ says and a random part of it; no nudge hurries"""
    pause = min(max(event.retry_s, NEXT_MIN_S), NEXT_MAX_S)
    phase: Phase = "idle" if state.ready else "waiting"
    return change(state, phase=phase, held=True, problem="", failures=0), (Wait(pause, pause / 2),)


def _revoked(state: State, _event: Revoked) -> Next:
    """`offline`, Wait long; nothing is thrown away, no nudge hurries"""
    return change(state, phase="offline", problem="revoked", held=True), (Wait(SLOW_S, SLOW_S / 10),)


def _again(state: State, _event: Event) -> Next:
    """the next request differs: Exchange; HQ keeps saying the same: `offline`, Wait"""
    if state.at_once >= AT_ONCE_LIMIT:
        return _later(state, "defect")
    return _exchange(change(state, at_once=state.at_once + 1))


def _app_old(state: State, event: AppOld) -> Next:
    """`idle`, Wait as long as HQ says; operations still go"""
    after, commands = _rest(change(state, failures=0, clock_told=False), max(event.next_s, NEXT_MIN_S))
    return change(after, problem="app_old"), commands


def _disk_full(state: State, _event: DiskFull) -> Next:
    """`idle` (a first load: `waiting`), Wait"""
    phase: Phase = "idle" if state.ready else "waiting"
    return change(state, phase=phase, problem="disk_full", nudged=False), (Wait(DISK_FULL_S, DISK_FULL_S),)


# ------------------------------------------------------------------ the table

# A column for each phase, in the order of PHASES. What comes of work is ignored where none is under way; what opening
# cannot end with, and did, is a defect. In `starting` and `waiting` the round that follows carries all there is.
# fmt: off
_GRID: dict[type[Event], tuple[Cell, ...]] = {
    #             not_enrolled starting     waiting  loading      idle     syncing      offline    stopped
    Enrolled:     (_open,       _open,       _open,   _open,       _open,   _open,       _open,     _ignore),
    Opened:       (_ignore,     _opened,     _ignore, _ignore,     _ignore, _ignore,     _ignore,   _ignore),
    Nudge:        (_ignore,     _ignore,     _ignore, _remember,   _hurry,  _remember,   _try_soon, _ignore),
    Timer:        (_ignore,     _ignore,     _begin,  _ignore,     _begin,  _ignore,     _begin,    _ignore),
    Answered:     (_ignore,     _failed,     _ignore, _answered,   _ignore, _answered,   _ignore,   _ignore),
    NoNetwork:    (_ignore,     _no_network, _ignore, _no_network, _ignore, _no_network, _ignore,   _ignore),
    RefusedClock: (_ignore,     _failed,     _ignore, _clock,      _ignore, _clock,      _ignore,   _ignore),
    Busy:         (_ignore,     _failed,     _ignore, _busy,       _busy,   _busy,       _ignore,   _ignore),
    Revoked:      (_ignore,     _revoked,    _ignore, _revoked,    _ignore, _revoked,    _ignore,   _ignore),
    Forked:       (_ignore,     _failed,     _ignore, _again,      _ignore, _again,      _ignore,   _ignore),
    EpochChanged: (_ignore,     _failed,     _ignore, _again,      _ignore, _again,      _ignore,   _ignore),
    Gap:          (_ignore,     _failed,     _ignore, _again,      _ignore, _again,      _ignore,   _ignore),
    Refetch:      (_ignore,     _failed,     _ignore, _again,      _ignore, _again,      _ignore,   _ignore),
    AppOld:       (_ignore,     _failed,     _ignore, _app_old,    _ignore, _app_old,    _ignore,   _ignore),
    DiskFull:     (_ignore,     _disk_full,  _ignore, _disk_full,  _ignore, _disk_full,  _ignore,   _ignore),
    Failed:       (_ignore,     _failed,     _ignore, _failed,     _ignore, _failed,     _ignore,   _ignore),
    Stop:         (_stop,       _stop,       _stop,   _stop,       _stop,   _stop,       _stop,     _ignore),
}
# fmt: on

TABLE: dict[Phase, dict[type[Event], Cell]] = {
    phase: {event: cells[column] for event, cells in _GRID.items()} for column, phase in enumerate(PHASES)
}


def step(state: State, event: Event) -> Next:
    """What the event makes of the state, and the commands to carry out, in order."""
    return TABLE[state.phase][type(event)](state, event)
