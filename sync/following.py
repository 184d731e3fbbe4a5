"""Hearing from HQ at once what moves (contract §4, events), where a stream for it stands. Nothing rests on it.

The loop's own rounds drive it: after a round that ended well a stream is begun where none stands and none is put off.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing

from guide_app.domain.clock import Clock
from guide_app.domain.errors import EnvironmentProblem, NoNetwork
from sync.remote import ClockRefused, EventSource, HqBusy, Sender

AGAIN_S, AGAIN_CAP_S = 5.0, 600.0
"""Until the next try after a stream that was cut: doubles each time, half of it by chance."""
STOOD_S = 60.0
"""A stream that stood for so long was a good one."""
POLL_ONLY_S = 1800.0
"""Until the next try where there are no events."""
SPREAD_S = 10.0
"""When HQ ends, all streams do: its tablets do not all come at once."""

log = logging.getLogger(__name__)


class Follower:
    """`begin` when all is well, `end` when this tablet is to be heard of no more."""

    def __init__(
        self,
        source: EventSource,
        sender: Callable[[], Sender | None],
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]],
        *,
        chance: Callable[[], float],
        nudge: Callable[[], None],
    ) -> None:
        """`sender`: who asks, None while nobody can; `chance`: evenly between 0 and 1; `nudge`: called for a round."""
        self._source, self._sender, self._clock, self._sleep = source, sender, clock, sleep
        self._chance, self._nudge = chance, nudge
        self._failures = 0
        self._not_before = 0.0
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Opens a stream, if none stands and it is time for one."""
        if self._clock.monotonic() >= self._not_before and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._run())

    def let_go(self) -> None:
        """The stream is closed soon; a later `begin` may open another at once."""
        if self._task is not None:
            self._task.cancel()
        self._failures, self._not_before = 0, 0.0

    async def aclose(self) -> None:
        """As `let_go`; returns once nothing of it is under way."""
        self.let_go()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        await self._source.aclose()

    async def _run(self) -> None:
        began, stood = self._clock.monotonic(), False
        try:
            sender = self._sender()
            if sender is None:
                return
            async with aclosing(self._source.follow(sender)) as heard:
                async for scope in heard:
                    if scope or not stood:  # the first one: what moved before it was not told
                        self._nudge()
                    stood = True
            wait_s = self._again_s(began)
        except (NoNetwork, ClockRefused) as problem:
            log.info("the stream of events was cut: %s", problem)
            wait_s = self._again_s(began)
        except HqBusy as busy:
            wait_s = busy.retry_s * (1 + self._chance())
        except EnvironmentProblem as problem:
            log.info("no events: %s: %s", type(problem).__name__, problem)
            wait_s = POLL_ONLY_S * (1 + self._chance())
        except Exception:
            log.exception("a defect in the stream of events")
            wait_s = POLL_ONLY_S
        self._not_before = self._clock.monotonic() + wait_s
        if stood:
            await self._sleep(SPREAD_S * self._chance())
            self._nudge()

    def _again_s(self, began: float) -> float:
        self._failures = 0 if self._clock.monotonic() - began >= STOOD_S else self._failures + 1
        half = min(AGAIN_CAP_S, AGAIN_S * 2.0 ** min(self._failures, 10)) / 2
        return half + half * self._chance()
