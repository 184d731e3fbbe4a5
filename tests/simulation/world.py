"""A shop in virtual time: tablets with real engines and real encrypted files, an HQ in memory, chance from one seed."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any

from guide_app.adapters.keys import FileKeySource
from guide_app.adapters.pins import Argon2PinHasher
from guide_app.bootstrap import Parts, tablet
from guide_app.services.container import Container
from guide_app.settings import Settings
from tests.memory_hq import PRICE
from tests.simulation.hq import Line, SimulatedHq, device_id
from tests.tablet_rows import Key, held
from tests.virtual_time import VirtualTime, until
from tests.work import Made, Work

DRAINED_WITHIN = 60
"""Rounds of each tablet, once faults stop."""
IDS = {"member.sign_up": "member_id", "order.place": "order_id", "talk.log": "talk_id", "followup.set": "followup_id"}


class SimulatedTablet:
    """One tablet with its own clock, which nobody sets; `made` is what its commits said was saved."""

    def __init__(self, hq: SimulatedHq, seed: int, name: str, folder: Path) -> None:
        self.name, self._folder = name, folder
        self._random = Random(f"{seed} {name}")
        self.time = VirtualTime()
        self.line = Line(hq, device_id(seed, name))
        self.work = Work(self._random, (hq.shop.product_id,), hq.shop.list_id, (PRICE,))
        self.guide_id = hq.shop.guide_id
        self.made: list[Made] = []
        self.members: list[str] = []
        self._settings = Settings(data=folder, key_source="file")

    async def start(self) -> None:
        parts = Parts(
            clock=self.time, random_bytes=self._random.randbytes, sleep=self.time.sleep, remote=self.line,
            hasher=Argon2PinHasher(memory_kib=1024, passes=1), keys=FileKeySource(self._folder / "keys"),
        )  # fmt: skip
        self._stack = AsyncExitStack()
        self.container: Container = await self._stack.enter_async_context(tablet(self._settings, parts=parts))
        if await self.container.read.shop.tablet() is None:
            await self.container.sync.enrol("http://127.0.0.1:1", "CODE", self.name)
        await self.settled()

    async def stop(self) -> None:
        """As a crash leaves it: what was under way is broken off."""
        await self._stack.aclose()

    async def settled(self) -> None:
        def rests() -> bool:
            resting = self.container.sync.view().phase in ("idle", "offline") and self.time.next_in is not None
            return resting or self.line.hanging

        await until(rests, f"{self.name} to rest: {self.container.sync.view()}")

    async def wake(self) -> float:
        """Lets its next timer ring, and the round end that follows; returns how long the timer was."""
        before = len(self.line.told)
        waited = self.time.wake_next()
        await until(lambda: len(self.line.told) > before, f"{self.name}'s round")
        await self.settled()
        return waited

    async def do_something(self) -> str:
        """One commit of one or two operations."""
        choice = self._random.random()
        if choice < 0.35 or not self.members:
            phone = f"+8613900000{self._random.randrange(20):03d}" if self._random.random() < 0.5 else ""
            made = [self.work.sign_up(await self.container.numbers.next(), phone)]
            self.members.append(made[0].id)
        elif choice < 0.7:
            member = self._random.choice(self.members)
            made = [self.work.order(await self.container.numbers.next(), member, 1), self.work.talk(member)]
        else:
            made = [self.work.followup(self._random.choice(self.members))]
        await self.container.journal.commit(self.guide_id, *(one.draft for one in made))
        self.made += made
        return ",".join(one.draft.kind for one in made)

    async def waiting(self) -> int:
        waiting = await self.container.read.outbox.waiting()
        return waiting.total - waiting.parked

    def rows(self, scopes: set[str]) -> dict[Key, tuple[int, Any]]:
        """(scope, entity, id) → version and data, as its file holds them now."""
        return held(self._settings, scopes)


class World:
    """Two tablets and their HQ. `trace` tells all that happened, without an id in it."""

    def __init__(self, seed: int, folder: Path) -> None:
        self._random = Random(seed)
        self.hq = SimulatedHq(Random(f"{seed} network"))
        self.tablets = [SimulatedTablet(self.hq, seed, name, folder / name) for name in ("one", "two")]
        self.trace: list[str] = []

    async def run(self, steps: int, trouble: float) -> None:
        """Works with faults, then without until all is quiet; the tablets still run afterwards."""
        for one in self.tablets:
            await one.start()
            one.line.trouble = trouble
        for number in range(steps):
            await self._step(number)
        for one in self.tablets:
            one.line.trouble = 0
        await self._drain()

    async def stop(self) -> None:
        for one in self.tablets:
            await one.stop()

    async def _step(self, number: int) -> None:
        one = self._random.choice(self.tablets)
        choice = self._random.random()
        if one.line.hanging or choice < 0.08:
            await one.stop()
            await one.start()
            told = "restart"
        elif choice < 0.6:
            told = await one.do_something()
        elif choice < 0.65:
            minutes = self._random.randrange(30)
            self.hq.clock.advance(60 * minutes)
            told = f"{minutes} minutes pass at HQ"
        else:
            told = f"wake after {await one.wake():.1f}: {one.line.told[-1]}"
        self.trace.append(f"{number} {one.name} {told}; {one.container.sync.view().phase} {await one.waiting()}")

    async def _drain(self) -> None:
        quiet = 0
        for _ in range(DRAINED_WITHIN):
            for one in self.tablets:
                if one.line.hanging:
                    await one.stop()
                    await one.start()
                await one.wake()
            left = [await one.waiting() for one in self.tablets]
            self.trace.append(f"drain {left}")
            quiet = quiet + 1 if not any(left) else 0
            if quiet == 2:
                return
        raise AssertionError(f"not drained within {DRAINED_WITHIN} rounds: {self.trace[-3:]}")

    # -------------------------------------------------------------- what must hold

    async def check(self) -> None:
        """The invariants of the contract (section 9) that this issue's operations can break."""
        made = [(one.draft.kind, one.id) for each in self.tablets for one in each.made]
        log = [(entry.kind, json.loads(entry.body or b"{}")) for _, entry in self.hq.shop.hq.state.ops.values()]
        count = Counter((kind, body[IDS[kind]]) for kind, body in log)
        assert set(made) <= set(count), "1: what was saved is at HQ"
        assert set(count.values()) == {1}, "2: each operation once"
        feed = {key: (ver, json.loads(data)) for key, (ver, data) in self.hq.feed().items()}
        scopes = {self.hq.shop.scope.scope, self.hq.chain.scope}
        for one in self.tablets:
            assert one.rows(scopes) == feed, f"4: {one.name}'s rows are HQ's"
        self._check_money(feed)

    def _check_money(self, feed: dict[Key, tuple[int, Any]]) -> None:
        orders = [data for (_, entity, _), (_, data) in feed.items() if entity == "order"]
        for order in orders:
            assert order["totals"]["total"] == sum(line["amount"] for line in order["lines"]), "5: lines make the order"
        members = [data for (_, entity, _), (_, data) in feed.items() if entity == "member"]
        spent = sum(member.get("spent", 0) for member in members)
        assert spent == sum(order["totals"]["total"] for order in orders), "5: members spent what the orders took"
