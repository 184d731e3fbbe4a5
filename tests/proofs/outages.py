"""kill -9 of HQ's process and of PostgreSQL with all its backends, at random moments, under load from several tablets.

`python -m tests.proofs.outages --kills 20 --seed 7`. A killed HQ is started again, as a service manager does; a killed
database, and one of the processes that answer, have to come back by themselves. In the end the outboxes drain, and
HQ's tables must equal what was saved.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from tests.proofs.audit import WRONG, audit, scopes_of
from tests.proofs.house import SERVE, House, Shop, opened
from tests.proofs.machines import Machine, machine
from tests.proofs.summary import Summary
from tests.proofs.telling import finish, told

TABLETS = 3
PATIENCE_S = 120.0
KINDS = ("HQ", "PostgreSQL", "HQ and PostgreSQL", "one backend", "one process of HQ")


class Load:
    """Tablets that keep working until they are told to rest."""

    def __init__(self, tablets: list[Machine], seed: int, pause_s: float = 0.05) -> None:
        """`pause_s`: the longest pause between two batches."""
        self._tablets, self._random, self._over, self._pause = tablets, Random(f"{seed} load"), False, pause_s

    async def run(self) -> None:
        """Ends when `rest` was called and what was under way is saved."""
        await asyncio.gather(*(self._keep_busy(one) for one in self._tablets))

    def rest(self) -> None:
        self._over = True

    async def _keep_busy(self, tablet: Machine) -> None:
        while not self._over:
            await tablet.work(f"{self._random.random()}", 4, [], self._pause)


async def settle(house: House, shop: Shop, tablets: list[Machine], erased: Collection[str] = ()) -> Counter[str]:
    """Lets everything drain, and compares; violations by kind."""
    drained: list[dict[str, Any]] = []
    for _ in range(2):
        drained = await asyncio.gather(*(one.ask("drain", patience=PATIENCE_S) for one in tablets))
    scopes = await asyncio.to_thread(scopes_of, house, shop)
    reports = await asyncio.gather(*(one.ask("report", scopes=scopes) for one in tablets))
    saved = [entry for one in tablets for entry in one.saved]
    return await asyncio.to_thread(audit, house, shop, saved, reports, drained, erased)


async def enrolled(stack: AsyncExitStack, house: House, folder: Path, count: int) -> tuple[Shop, list[Machine]]:
    """A shop with so many tablets that speak to HQ directly."""
    shop = await asyncio.to_thread(house.shop, count)
    await asyncio.to_thread(house.close_office)
    tablets = [await stack.enter_async_context(machine(folder / f"{n}", shop)) for n in range(count)]
    await asyncio.gather(
        *(one.ask("enrol", url=house.url, code=code) for one, code in zip(tablets, shop.codes, strict=True))
    )
    return shop, tablets


async def _kill(house: House, kind: str) -> int:
    """Kills, and starts again what a service manager starts again; gives how many processes were killed."""
    killed = 0
    if "PostgreSQL" in kind:
        killed = house.kill_database()
    if kind == "one backend":
        killed = house.kill_database(one_backend=True)
    if kind == "one process of HQ":
        killed = house.kill_worker()
    elif "HQ" in kind:
        house.kill()
        await asyncio.to_thread(house.start)
        killed += 1
    return killed


async def _comes_back(house: House) -> bool:
    """Whether the database answers again in time."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            await asyncio.to_thread(house.sql, "SELECT 1")
        except Exception as error:
            if not isinstance(error, psycopg.OperationalError) and "does not run" not in str(error):
                raise
            await asyncio.sleep(0.1)
        else:
            return True
    return False


async def _run(house: House, kills: int, seed: int) -> tuple[Counter[str], Counter[str]]:
    random = Random(f"{seed} outages")
    figures, wrong = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory(prefix="guide-tablets-") as name:
        async with AsyncExitStack() as stack:
            shop, tablets = await enrolled(stack, house, Path(name), TABLETS)
            load = Load(tablets, seed)
            working = asyncio.ensure_future(load.run())
            for number in range(kills):
                await asyncio.sleep(random.uniform(0.1, 1.5))
                kind = KINDS[number % len(KINDS)]
                figures["processes killed"] += await _kill(house, kind)
                figures[f"kill -9 of {kind}"] += 1
                wrong["did not come back"] += not await _comes_back(house)
            load.rest()
            await working
            wrong += await settle(house, shop, tablets)
            figures["operations saved"] = sum(len(one.saved) for one in tablets)
            wrong["tablet defects"] = sum(len(one.defects()) for one in tablets)
    return figures, wrong


def run(kills: int, seed: int) -> Summary:
    """So many kills, in turn of HQ, of PostgreSQL, of both, of one backend and of one of HQ's processes."""
    began = time.monotonic()
    with opened((*SERVE, "--processes", "2")) as house:
        figures, found = asyncio.run(_run(house, kills, seed))
        errors = house.errors()
    wrong = dict.fromkeys((*WRONG, "did not come back", "tablet defects"), 0) | dict(found)
    wrong["HQ's own errors"] = len(errors)
    return told("kill -9 of HQ and of PostgreSQL", dict(figures), wrong, time.monotonic() - began, notes=errors[:5])


def main(arguments: list[str] | None = None) -> int:
    """0 when everything came back, and nothing was lost, doubled or different."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    return finish(run(given.kills, given.seed))


if __name__ == "__main__":
    sys.exit(main())
