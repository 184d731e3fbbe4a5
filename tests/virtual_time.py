"""Time that passes when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from guide_app.domain.clock import ManualClock

START = datetime(2026, 11, 22, 10, tzinfo=UTC)


class VirtualTime(ManualClock):
    """A clock and a `sleep` that wake sleepers in order of their time."""

    def __init__(self, start: datetime = START) -> None:
        super().__init__(start)
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (self.monotonic() + seconds, future)
        self._sleepers.append(entry)
        try:
            await future
        finally:
            self._sleepers.remove(entry)

    @property
    def next_in(self) -> float | None:
        """Seconds to the next sleeper's time; None when nobody sleeps."""
        times = [at for at, future in self._sleepers if not future.done()]
        return min(times) - self.monotonic() if times else None

    def wake_next(self) -> float:
        """Lets the time of the next sleeper come; returns how long that was."""
        at, future = min((s for s in self._sleepers if not s[1].done()), key=lambda s: s[0])
        waited = max(at - self.monotonic(), 0)
        self.advance(waited)
        future.set_result(None)
        return waited


async def until(condition: Callable[[], bool], what: str = "") -> None:
    """Waits (in real time, for at most ten seconds) for what tasks and threads do."""
    for _ in range(10_000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError(f"it never came: {what}")
