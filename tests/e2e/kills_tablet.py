"""One life of a tablet for `kills`: the whole tablet but its screen, driven by a seeded script until it is killed.

What `commit` said was saved goes, with fsync, into a journal file outside the database.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from random import Random
from typing import Any

from guide_app.bootstrap import key_source, open_store, tablet
from guide_app.domain.clock import SystemClock
from guide_app.domain.ids import Ids
from guide_app.services.container import Container
from guide_app.services.ports.writing import Change
from guide_app.settings import Settings
from tests.work import Made, Work

PATIENCE_S = 120.0


class Life:
    """From one start to its kill. `number` makes the script of each life another one."""

    def __init__(self, folder: Path, hq: dict[str, Any], seed: int, number: int) -> None:
        self._folder, self._hq = folder, hq
        self._settings = Settings(data=folder / "tablet", key_source="file")
        self._random = Random(f"{seed} {number}")
        self._work = Work(self._random, tuple(hq["products"]), hq["list"], tuple(hq["prices"]))
        self._guide: str = hq["shop"]["guide_id"]
        self._members: list[str] = []

    def enrol(self) -> None:
        """The first life: enrols, takes the first load, ends well."""
        asyncio.run(self._enrol())

    def work_until_killed(self, *, renumber: bool) -> None:
        """Never returns of itself. `renumber` is the control's: the outbox is told anew under new numbers."""
        if renumber:
            asyncio.run(self._renumber())
        asyncio.run(self._work_on())

    def drain(self) -> int:
        """The last life: sends what waits; returns how many operations still wait when patience ends (0: none)."""
        return asyncio.run(self._drain())

    def _open(self) -> AbstractAsyncContextManager[Container]:
        return tablet(self._settings)

    async def _enrol(self) -> None:
        async with self._open() as container:
            await container.sync.enrol(self._hq["url"], self._hq["code"], "Kills")
            await _until(container, "idle")

    async def _renumber(self) -> None:
        """What waits for an answer is told under new numbers; what has one is forgotten, so that nothing else is."""
        clock = SystemClock()
        store = open_store(self._settings, key_source(self._settings), clock, Ids(clock, os.urandom))
        await store.sync._base.write(_forget_answered)
        await store.sync.fork()
        store.close()

    async def _work_on(self) -> None:
        async with self._open() as container:
            with (self._folder / "journal").open("ab", buffering=0) as journal:
                while True:
                    made = await self._batch(container)
                    await container.journal.commit(self._guide, *(one.draft for one in made))
                    journal.write("".join(f"{one.draft.kind} {one.id}\n" for one in made).encode())
                    os.fsync(journal.fileno())
                    await asyncio.sleep(self._random.uniform(0, 0.06))

    async def _batch(self, container: Container) -> list[Made]:
        """What is saved together: a sign-up, an order with its talk, a talk with its follow-up."""
        choice = self._random.random()
        if choice < 0.3 or not self._members:
            made = self._work.sign_up(await container.numbers.next())
            self._members.append(made.id)
            return [made]
        member = self._random.choice(self._members)
        if choice < 0.7:
            order = self._work.order(await container.numbers.next(), member, self._random.randint(1, 4))
            return [order, self._work.talk(member)] if choice < 0.5 else [order]
        return [self._work.talk(member), self._work.followup(member)]

    async def _drain(self) -> int:
        async with self._open() as container:
            for _ in range(int(PATIENCE_S / 0.05)):
                waiting = await container.read.outbox.waiting()
                left = waiting.total - waiting.parked
                if not left and container.sync.view().phase == "idle":
                    return 0
                await asyncio.sleep(0.05)
            return left


def _forget_answered(connection: Any) -> tuple[None, Change]:
    connection.execute("DELETE FROM op_touch WHERE n IN (SELECT n FROM outbox WHERE answered = 1)")
    connection.execute("DELETE FROM outbox WHERE answered = 1")
    return None, Change()


async def _until(container: Container, phase: str) -> None:
    there = asyncio.Event()
    forget = container.sync.subscribe(lambda view: there.set() if view.phase == phase else None)
    async with asyncio.timeout(PATIENCE_S):
        await there.wait()
    forget()
