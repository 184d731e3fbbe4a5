"""The one time of a simulated world, and the clocks in it: each tablet's is wrong in its own way."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

BEGAN = datetime(2026, 11, 22, 10, tzinfo=UTC)


class Timeline:
    """Seconds since the world began; it only goes on when the world says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return BEGAN + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


class TabletTime:
    """A tablet's clock, `skew` seconds off and set by anybody, and the sleepers that wait for its time."""

    def __init__(self, timeline: Timeline, skew: float) -> None:
        self.timeline, self.skew = timeline, skew
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self.timeline.now() + timedelta(seconds=self.skew)

    def monotonic(self) -> float:
        return self.timeline.seconds

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (self.timeline.seconds + seconds, future)
        self._sleepers.append(entry)
        try:
            await future
        finally:
            if entry in self._sleepers:
                self._sleepers.remove(entry)

    @property
    def next_at(self) -> float | None:
        """When the next sleeper wakes; None while nobody sleeps."""
        return min((at for at, future in self._sleepers if not future.done()), default=None)

    def ring(self) -> None:
        """Wakes whoever's time has come."""
        for at, future in sorted(self._sleepers, key=lambda sleeper: sleeper[0]):
            if at <= self.timeline.seconds and not future.done():
                future.set_result(None)

    def forget(self) -> None:
        """The process is gone, and who slept in it."""
        self._sleepers.clear()
