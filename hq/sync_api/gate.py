"""Admission, before any database work: how much HQ takes on at once, and how often an address may try a code."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Iterator
from threading import Lock

from guide_app.domain.clock import Clock
from hq.sync_api.problems import Problem


class Gate:
    """At most `limit` requests at once; whoever comes above that is told when to come again."""

    def __init__(self, limit: int, retry_after_s: int = 2) -> None:
        self._limit, self._retry_after = limit, retry_after_s
        self._inside = 0

    @contextlib.contextmanager
    def admitted(self) -> Iterator[None]:
        """Raises Problem 503 when HQ is full."""
        if self._inside >= self._limit:
            raise Problem(503, "busy", self._retry_after)
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1


class Attempts:
    """Counts what somebody (an address, a device) may do at most `limit` times in `window_s`."""

    _KEPT = 10_000

    def __init__(self, clock: Clock, limit: int = 10, window_s: float = 60) -> None:
        self._clock, self._limit, self._window = clock, limit, window_s
        self._made: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = Lock()

    def check(self, address: str) -> None:
        """Raises Problem 429 when it was too often."""
        recent = self._recent(address)
        if len(recent) >= self._limit:
            raise Problem(429, "too_often", max(1, int(recent[0] + self._window - self._clock.monotonic()) + 1))

    def count(self, address: str) -> None:
        """Counts one."""
        with self._lock:
            self._made[address] = [*self._recent(address), self._clock.monotonic()]
            self._made.move_to_end(address)
            if len(self._made) > self._KEPT:
                self._made.popitem(last=False)

    def _recent(self, address: str) -> list[float]:
        since = self._clock.monotonic() - self._window
        return [moment for moment in self._made.get(address, ()) if moment > since]
