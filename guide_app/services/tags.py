"""Keeping the tags of HQ's rules up to date while the tablet runs, with or without a network."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from guide_app.domain.errors import EnvironmentProblem
from guide_app.services.ports.members import TagKeeper
from guide_app.services.ports.writing import Journal

LOOK_S = 60.0
"""So often somebody looks whether the shop's day has changed."""
_BREATH_S = 0.005
"""Between two steps: whoever waits for the store, or for the processor, goes first."""
log = logging.getLogger(__name__)


@asynccontextmanager
async def tagging(tags: TagKeeper, journal: Journal) -> AsyncIterator[None]:
    """Judges members, a step at a time, whenever something changed and once a minute, for as long as this lasts."""
    changed = asyncio.Event()
    unsubscribe = journal.subscribe(lambda _: changed.set())
    task = asyncio.get_running_loop().create_task(_keep(tags, changed))
    task.add_done_callback(_say_if_it_failed)
    try:
        yield
    finally:
        unsubscribe()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _keep(tags: TagKeeper, changed: asyncio.Event) -> None:
    while True:
        changed.clear()
        try:
            more = True
            while more:
                more = await tags.step()
                await asyncio.sleep(_BREATH_S)
        except EnvironmentProblem as problem:
            log.warning("tags are not up to date: %s", problem)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):  # `wait_for` forgets a cancellation that comes with a change
                await changed.wait()


def _say_if_it_failed(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        task.get_loop().call_exception_handler({"message": "tags are judged no more: a defect", "exception": error})
