"""Whole tablets in a test's own process: everything but the screen, with real files and real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from guide_app.adapters.pins import Argon2PinHasher
from guide_app.bootstrap import Parts, tablet
from guide_app.domain.clock import Clock, SystemClock
from guide_app.services.container import Container
from guide_app.services.ports.engine import SyncView
from guide_app.services.ports.writing import Draft
from guide_app.settings import Settings
from sync.remote import EventSource, NoEvents
from tests.proxy import Proxy
from tests.tablet_rows import Key, held

PATIENCE_S = 30.0


class Tablet:
    """A running tablet, the guide who works on it, and what stands between it and HQ."""

    def __init__(self, container: Container, settings: Settings, guide_id: str, proxy: Proxy) -> None:
        self.container, self.settings, self.guide_id, self.proxy = container, settings, guide_id, proxy
        self.views: list[SyncView] = []
        container.sync.subscribe(self.views.append)

    async def enrol(self, code: str) -> None:
        """Enrols and waits for the first load."""
        await self.container.sync.enrol(self.proxy.url, code, self.settings.data.name)
        await self.until(self._rests, "the first load")

    async def commit(self, *drafts: Draft) -> None:
        await self.container.journal.commit(self.guide_id, *drafts)

    async def in_step(self) -> None:
        """Waits until nothing waits and a round that began after now has ended well."""
        seen = len(self.views)
        self.container.sync.nudge()

        async def done() -> bool:
            waiting = await self.container.read.outbox.waiting()
            return waiting.total == waiting.parked and any(
                v.phase == "idle" and not v.problem for v in self.views[seen:]
            )

        await self.until(done, "being in step")

    async def problem(self, code: str) -> None:
        """Waits until sync shows this problem."""

        async def shown() -> bool:
            return self.container.sync.view().problem == code

        await self.until(shown, f"the problem {code}")

    async def until(self, condition: Callable[[], Awaitable[bool]], what: str) -> None:
        for _ in range(int(PATIENCE_S / 0.02)):
            if await condition():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{self.settings.data.name}: {what} never came; {self.views[-3:]}")

    async def waiting(self) -> int:
        return (await self.container.read.outbox.waiting()).total

    def rows(self, scopes: set[str]) -> dict[Key, tuple[int, Any]]:
        """Every row of the scopes, as its file holds it now."""
        return held(self.settings, scopes)

    async def _rests(self) -> bool:
        return self.container.sync.view().phase == "idle"


@asynccontextmanager
async def running(
    folder: Path, guide_id: str, proxy: Proxy, *, clock: Clock | None = None, events: EventSource | None = None
) -> AsyncIterator[Tablet]:
    """A tablet with its data in the folder, that enrols through the proxy; opened again it is the same one.

    It hears of what moves at HQ only where a test gives it `events`.
    """
    settings = Settings(data=folder, key_source="file")
    parts = Parts(
        clock=clock or SystemClock(), hasher=Argon2PinHasher(memory_kib=1024, passes=1), events=events or NoEvents()
    )
    async with tablet(settings, parts=parts) as container:
        yield Tablet(container, settings, guide_id, proxy)
