"""Admission, before any database work: how much HQ takes on at once, and how often an address may try a code."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from math import ceil
from pathlib import Path

from guide_app.domain.clock import Clock
from hq.shared.moments import Moments
from hq.sync_api.problems import Problem

IDLE_BYTES = 300
"""Of an idle tablet's request as sent, at most (contract §4); the smallest request with an operation has more."""
_SOMEBODY_WAITS = ("/v1/enrol", "/v1/lease", "/v1/lookup")


def comes_first(path: str, length: int) -> bool:
    """Whether a request carries operations or somebody waits for it, told from its address and its body's size."""
    return path in _SOMEBODY_WAITS or (path == "/v1/sync" and length > IDLE_BYTES)


class Gate:
    """At most `limit` requests at once; whoever comes above that is told when to come again.

    A quarter of the places is for what comes first: orders and sign-ups get in while those who only ask wait.

    Those who are sent away get places one after another, at the rate at which answers go out: when thousands come at
    once after an outage, they come back about as fast as they can be taken, and not all together again and again.
    """

    _LEAST_S, _MOST_S = 2.0, 60.0
    _SHARE = 0.05
    """Of one more answer in what is known of the rate."""

    def __init__(self, limit: int, clock: Clock) -> None:
        self._limit, self._clock = limit, clock
        self._kept = limit // 4
        self._inside = 0
        self._answered_at = clock.monotonic()
        self._between_s = self._LEAST_S / max(1, limit)
        self._next_place = 0.0

    @contextlib.contextmanager
    def admitted(self, *, first: bool) -> Iterator[None]:
        """Raises Problem 503 when HQ is full."""
        if self._inside >= self._limit - (0 if first else self._kept):
            raise Problem(503, "busy", self._away_s())
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
            self._learn()

    def _away_s(self) -> int:
        """Whole seconds until the next place that nobody was promised."""
        now = self._clock.monotonic()
        self._next_place = min(max(self._next_place, now) + self._between_s, now + self._MOST_S)
        return ceil(max(self._next_place - now, self._LEAST_S))

    def _learn(self) -> None:
        """Another answer went out; a pause in which nobody came says nothing of how fast HQ is."""
        now = self._clock.monotonic()
        between = min(now - self._answered_at, self._LEAST_S)
        self._answered_at = now
        self._between_s += (between - self._between_s) * self._SHARE


class Attempts:
    """Counts what somebody (an address, a device) may do at most `limit` times in `window_s`, in whatever process."""

    _KEPT = 10_000

    def __init__(self, clock: Clock, limit: int = 10, window_s: float = 60, path: Path | None = None) -> None:
        """`path`: where the processes of an HQ count together."""
        self._clock, self._limit, self._window = clock, limit, window_s
        self._made = Moments(self._KEPT, path)

    def check(self, address: str) -> None:
        """Raises Problem 429 when it was too often."""
        recent = self._recent(address)
        if len(recent) >= self._limit:
            raise Problem(429, "too_often", max(1, int(recent[0] + self._window - self._clock.monotonic()) + 1))

    def count(self, address: str) -> None:
        """Counts one."""
        self._made.note(address, self._clock.monotonic())

    def _recent(self, address: str) -> list[float]:
        return self._made.since(address, self._clock.monotonic() - self._window)
