"""Fetching the radar (contract §4) while nothing else is to do: once a day, part by part. Nothing rests on it.

The loop's own rounds drive it. A round that begins ends it, and it goes on behind that: what was fetched stays.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable

from guide_app.domain.clock import Clock
from guide_app.domain.errors import EnvironmentProblem
from sync.ports import RadarWanted, SyncStore
from sync.protocol.messages import RadarResponse
from sync.remote import HqBusy, HqRefused, RadarMaking

FIRST_S, FIRST_SPREAD_S = 60.0, 7200.0
"""After a start, and the longest that a device adds to it: shops open at the same hour."""
LOOK_EVERY_S = 3600.0
"""Between two looks at whether it is time."""
AGAIN_S, AGAIN_CAP_S = 300.0, 6 * 3600.0
"""Until the next try after one that did not go well: doubles each time, half of it by chance."""
MAKING_SPREAD_S = 300.0
"""The longest that chance adds to what HQ says while it makes the set: a chain's tablets wait for theirs together."""
MOST_PARTS = 200
_NOT_FOUND = 404

log = logging.getLogger(__name__)


class RadarFetcher:
    """`begin` when nothing else is to do, `pause` when something is. `turn` is held for each part."""

    def __init__(
        self,
        store: SyncStore,
        ask: Callable[[RadarWanted], Awaitable[RadarResponse | None]],
        turn: asyncio.Lock,
        clock: Clock,
        *,
        chance: Callable[[], float],
    ) -> None:
        """`ask`: the part that is wanted, None where the tablet has the newest; `chance`: evenly between 0 and 1."""
        self._store, self._ask, self._turn, self._clock, self._chance = store, ask, turn, clock, chance
        self._began, self._not_before = clock.monotonic(), 0.0
        self._failures = 0
        self._task: asyncio.Task[None] | None = None

    def begin(self, device_id: str) -> None:
        """Fetches what is due for this device; not before the moment after the start that is this device's own."""
        not_before = max(self._not_before, self._began + FIRST_S + FIRST_SPREAD_S * _share(device_id))
        if self._clock.monotonic() >= not_before and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._run())

    def pause(self) -> None:
        """What is under way ends soon; what came of it stays."""
        if self._task is not None:
            self._task.cancel()

    async def end(self) -> None:
        """As `pause`; returns once nothing of it is under way."""
        self.pause()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        least_s = 0.0
        try:
            await self._fetch()
            self._failures, wait_s = 0, LOOK_EVERY_S
        except RadarMaking as making:  # nothing went wrong: by then it is there
            wait_s = making.retry_s + MAKING_SPREAD_S * self._chance()
        except HqBusy as busy:
            least_s, wait_s = busy.retry_s, self._again_s()
        except EnvironmentProblem as problem:
            log.info("the radar is fetched later: %s: %s", type(problem).__name__, problem)
            wait_s = self._again_s()
        except Exception:
            log.exception("a defect while the radar was fetched")
            wait_s = AGAIN_CAP_S
        self._not_before = self._clock.monotonic() + max(wait_s, least_s)

    async def _fetch(self) -> None:
        """Every part that is due. Raises what asking and storing raise."""
        for _ in range(MOST_PARTS):
            async with self._turn:
                wanted = await self._store.radar_wanted()
                if wanted is None:
                    return
                try:
                    answer = await self._ask(wanted)
                except HqRefused as refused:
                    if refused.status != _NOT_FOUND:
                        raise
                    await self._store.forget_radar()  # this chain has none, or has none any more
                    return
                await self._store.take_radar(wanted, answer)
        log.error("HQ's radar has no end")

    def _again_s(self) -> float:
        half = min(AGAIN_CAP_S, AGAIN_S * 2.0 ** min(self._failures, 10)) / 2
        self._failures += 1
        return half + half * self._chance()


def _share(device_id: str) -> float:
    """Between 0 and 1, always the same for one device."""
    return hashlib.sha256(device_id.encode()).digest()[0] / 255
