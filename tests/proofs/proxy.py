"""Seeded schedules of network faults between real tablet processes and a real HQ process on PostgreSQL.

`python -m tests.proofs.proxy --schedules 1000 --seed 7`. In each schedule two tablets work behind a line each while the
lines do what a shop's network does; then the faults stop, the outboxes drain, and HQ's tables, read by SQL, must equal
what the tablets said was saved, and the tablets' rows HQ's feed. Every `BATCH` schedules a new shop with new tablets,
which enrol through the faults. The control lets HQ forget what it knows: the same measuring must find doubled work.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any

from tests.proofs.audit import WRONG, audit, scopes_of
from tests.proofs.house import SERVE, House, Shop, opened
from tests.proofs.line import Line
from tests.proofs.machines import Machine, machine
from tests.proofs.summary import Summary
from tests.proofs.telling import finish, told

BATCH = 25
TABLETS = 2
PATIENCE_S = 60.0
FORGETFUL = ("-m", "tests.proofs.forgetful_hq", "serve")
Say = Callable[[str], None]


class Run:
    """Counts of one run over one HQ."""

    def __init__(self, house: House, seed: int, say: Say) -> None:
        self._house, self._seed, self._say = house, seed, say
        self.wrong: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.schedules = self.requests = self.saved = self.shops = 0
        self.notes: list[str] = []

    async def batch(self, numbers: range, folder: Path) -> None:
        """A new shop, two new tablets, and a schedule after the other. The first one has the enrolment in it."""
        shop = await asyncio.to_thread(self._house.shop, TABLETS)
        self.shops += 1
        async with AsyncExitStack() as stack:
            lines = [Line(self._house.port) for _ in range(TABLETS)]
            tablets = [
                await stack.enter_async_context(machine(folder / f"{numbers.start}-{n}", shop)) for n in range(TABLETS)
            ]
            for line in lines:
                await line.open()
                stack.push_async_callback(line.close)
            for number in numbers:
                await self._schedule(number, shop, tablets, lines, enrol=number == numbers.start)
            for line in lines:
                self.faults += line.played
                self.requests += line.requests
            self.saved += sum(len(tablet.saved) for tablet in tablets)
            self.wrong["tablet defects"] += sum(len(tablet.defects()) for tablet in tablets)

    async def _schedule(
        self, number: int, shop: Shop, tablets: Sequence[Machine], lines: Sequence[Line], *, enrol: bool
    ) -> None:
        random = Random(f"{self._seed} {number}")
        for line in lines:
            line.faulty(Random(random.random()), random.uniform(0.3, 0.95))
        if enrol:
            asked = zip(tablets, lines, shop.codes, strict=True)
            await asyncio.gather(*(one.ask("enrol", url=line.url, code=code) for one, line, code in asked))
        phones = [f"+86139{random.randrange(10**8):08d}" for _ in range(2)]
        await asyncio.gather(
            *(one.work(f"{random.random()}", random.randint(2, 6), phones, random.uniform(0, 0.1)) for one in tablets)
        )
        await asyncio.sleep(random.uniform(0.05, 0.6))
        await asyncio.gather(*(line.calm() for line in lines))
        await self._judge(number, shop, tablets)

    async def _judge(self, number: int, shop: Shop, tablets: Sequence[Machine]) -> None:
        drained: list[dict[str, Any]] = []
        for _ in range(2):  # the first to be in step may lack what the last one sent
            drained = await asyncio.gather(*(one.ask("drain", patience=PATIENCE_S) for one in tablets))
        scopes = await asyncio.to_thread(scopes_of, self._house, shop)
        reports = await asyncio.gather(*(one.ask("report", scopes=scopes) for one in tablets))
        saved = [entry for one in tablets for entry in one.saved]
        found = +await asyncio.to_thread(audit, self._house, shop, saved, reports, drained)
        self.wrong += found
        self.schedules += 1
        if found:
            self.notes.append(f"schedule {number} of seed {self._seed}: {dict(found)} {drained}")
            self._say(self.notes[-1])
        if self.schedules % BATCH == 0:
            self._say(f"{self.schedules} schedules")


async def _run(numbers: range, seed: int, house: House, say: Say) -> Run:
    run = Run(house, seed, say)
    with tempfile.TemporaryDirectory(prefix="guide-tablets-") as name:
        for start in range(0, len(numbers), BATCH):
            await run.batch(numbers[start : start + BATCH], Path(name))
    run.wrong["HQ's own errors"] = len(house.errors())
    run.notes += house.errors()[:3]
    return run


def run(schedules: int, seed: int, *, first: int = 0, control: int = 5, say: Say = lambda _: None) -> Summary:
    """So many schedules from the `first` on, and a few with HQ's memory switched off as control (0: none)."""
    began = time.monotonic()
    with opened(SERVE) as house:
        done = asyncio.run(_run(range(first, first + schedules), seed, house, say))
    found: dict[str, int] = {}
    if control:
        with opened(FORGETFUL) as house:
            forgetful = asyncio.run(_run(range(control), seed, house, lambda _: None))
        found["doubled without idempotence"] = forgetful.wrong["doubled"]
    wrong = dict.fromkeys((*WRONG, "tablet defects", "HQ's own errors"), 0) | dict(done.wrong)
    faults = {f"fault: {kind}": count for kind, count in sorted(done.faults.items())}
    figures = {
        "schedules": done.schedules, "shops": done.shops, "operations saved": done.saved, "requests": done.requests,
        "faults": done.faults.total(), **faults,
    }  # fmt: skip
    return told("fault proxy", figures, wrong, time.monotonic() - began, found, done.notes[:10])


def main(arguments: list[str] | None = None) -> int:
    """0 when nothing was lost, doubled or different, and the control found doubled work."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schedules", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--first", type=int, default=0, help="begin with this one: --first 142 --schedules 1 plays it")
    parser.add_argument("--control", type=int, default=5)
    given = parser.parse_args(arguments)
    found = run(
        given.schedules, given.seed, first=given.first, control=given.control,
        say=lambda text: print(text, flush=True),
    )  # fmt: skip
    return finish(found)


if __name__ == "__main__":
    sys.exit(main())
