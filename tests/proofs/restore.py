"""HQ restored from an older base backup while its tablets went on: they send again what it lost.

`python -m tests.proofs.restore --rounds 5 --seed 7`. Under load a base backup is taken (`pg_basebackup`), the load goes
on, HQ is killed and its database replaced by the backup; HQ is started again and has to notice by itself that its
database went back. After each backup a person is erased and a tablet enrolled: the restored HQ knows of neither. It
has to erase the person again before it answers anybody, and the tablet, enrolled once more, brings all its work.
In the end everything that any tablet saved is at HQ, once, and nothing of an erased person is anywhere.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

from tests.proofs.audit import WRONG
from tests.proofs.erased import Erased
from tests.proofs.house import House, Shop, opened
from tests.proofs.machines import Machine, machine
from tests.proofs.outages import PATIENCE_S, Load, enrolled, settle
from tests.proofs.summary import Summary
from tests.proofs.telling import finish, told

TABLETS = 3
_WRONG = (
    "traces of the erased in a restored HQ", "traces of the erased at HQ", "traces of the erased on tablets",
    "restores that HQ did not notice", "tablet defects",
)  # fmt: skip
WITNESS_S = 12.0
"""HQ writes down how far it is every ten seconds: a backup older than that it knows for one by itself."""


def back_up(house: House, into: Path) -> None:
    """A base backup of the running database, by PostgreSQL's own tool."""
    pid, _, _, port = (house.cluster.folder / "postmaster.pid").read_text(encoding="ascii").splitlines()[:4]
    program = Path(f"/proc/{pid}/exe").resolve().with_name("pg_basebackup")
    command = [
        str(program), f"--pgdata={into}", "--host=127.0.0.1", f"--port={port}", "--username=guide_hq",
        "--wal-method=stream", "--checkpoint=fast", "--no-sync",
    ]  # fmt: skip
    password = house.cluster.password_file.read_text(encoding="ascii")
    done = subprocess.run(
        command, env={**os.environ, "PGPASSWORD": password}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"pg_basebackup: {done.stderr[-1000:]}")


def put_back(house: House, backup: Path) -> None:
    """The backup in the place of the database, which must not run; with the rights that it had."""
    folder = house.cluster.folder
    owner = folder.stat()
    shutil.rmtree(folder)
    shutil.copytree(backup, folder, symlinks=True)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
    folder.chmod(0o700)


class Rounds:
    """What happens to one HQ and its shop, again and again."""

    def __init__(self, house: House, shop: Shop, folder: Path, seed: int, tablets: list[Machine]) -> None:
        self._house, self._shop, self._folder, self._seed = house, shop, folder, seed
        self._random = Random(f"{seed} restore")
        self.tablets = tablets
        self.figures, self.wrong = Counter[str](), Counter[str]()
        self.erased = Erased(house, shop)

    async def one(self, number: int, stack: AsyncExitStack, working: Machine) -> None:
        """A backup under load, work that it lacks, a tablet and an erasure that it knows nothing of, the disaster."""
        house, backup = self._house, self._folder / f"backup-{number}"
        await self.erased.lives(working, f"PLANTED-{self._seed}-{number}")
        await self._grows(self._random.randint(20, 60))
        await asyncio.to_thread(back_up, house, backup)
        await asyncio.sleep(WITNESS_S)
        late = await self._late(stack, number)
        await asyncio.to_thread(self.erased.erase)
        await self._grows(self._random.randint(20, 60))
        had = await asyncio.to_thread(self._operations)
        house.kill()
        await asyncio.to_thread(house.await_database_gone)
        await asyncio.to_thread(put_back, house, backup)
        await asyncio.to_thread(house.start)
        self.wrong["traces of the erased in a restored HQ"] += len(await asyncio.to_thread(self.erased.at_hq))
        here = await asyncio.to_thread(self._operations)
        self.figures["restores"] += 1
        self.figures["people erased after the backup"] += 1
        self.figures["operations that the backups had"] += len(had & here)
        self.figures["operations that HQ had lost"] += len(had - here)
        await self._unknown(late)
        shutil.rmtree(backup)

    async def _late(self, stack: AsyncExitStack, number: int) -> Machine:
        """A tablet that is enrolled after the backup, and has brought some work to HQ."""
        tablet = await stack.enter_async_context(machine(self._folder / f"late-{number}", self._shop))
        await tablet.ask("enrol", url=self._house.url, code=await self._code())
        await tablet.work(f"{self._seed} late {number}", 8, [], 0.05)
        told = await tablet.ask("drain", patience=PATIENCE_S)
        self.wrong["not drained"] += told["left"]
        self.tablets.append(tablet)
        return tablet

    async def _unknown(self, late: Machine) -> None:
        """The restored HQ does not know the tablet, which works on; enrolled again it brings all it ever saved."""
        await late.work(f"{self._random.random()}", 4, [], 0.0)
        told = await late.ask("drain", patience=2.0)
        self.figures["tablets that the backups lacked"] += told["left"] > 0 and told["view"] == "revoked"
        await late.ask("enrol", url=self._house.url, code=await self._code())

    async def _code(self) -> str:
        return (await asyncio.to_thread(self._house.command, "enrol-code", "--store", self._shop.code)).split()[0]

    async def _grows(self, by: int) -> None:
        """Waits until HQ has so many operations more. Raises RuntimeError when they do not come."""
        aim = len(await asyncio.to_thread(self._operations)) + by
        for _ in range(600):
            if len(await asyncio.to_thread(self._operations)) >= aim:
                return
            await asyncio.sleep(0.1)
        raise RuntimeError("the tablets do not come through to HQ")

    def _operations(self) -> set[str]:
        rows = self._house.sql("SELECT op_id::text FROM op_log WHERE store_id = %s", self._shop.store_id)
        return {op_id for (op_id,) in rows}


async def _run(house: House, rounds: int, seed: int) -> tuple[Counter[str], Counter[str]]:
    with tempfile.TemporaryDirectory(prefix="guide-tablets-") as name:
        async with AsyncExitStack() as stack:
            shop, tablets = await enrolled(stack, house, Path(name), TABLETS)
            diarist = tablets.pop()  # it makes the people who are erased, and has nothing else to do meanwhile
            load = Load(tablets, seed, 0.5)
            working = asyncio.ensure_future(load.run())
            done = Rounds(house, shop, Path(name), seed, [diarist])
            for number in range(rounds):
                await done.one(number, stack, diarist)
            load.rest()
            await working
            everybody = [*tablets, *done.tablets]
            wrong = await settle(house, shop, everybody, done.erased.ids) + done.wrong
            wrong["traces of the erased at HQ"] = len(await asyncio.to_thread(done.erased.at_hq))
            wrong["traces of the erased on tablets"] = await done.erased.on(everybody)
            epochs = house.sql("SELECT count(DISTINCT epoch) FROM epoch")[0][0]
            wrong["restores that HQ did not notice"] = rounds + 1 - epochs
            done.figures["traces before the erasures"] = done.erased.before
            done.figures["operations saved"] = sum(len(one.saved) for one in everybody)
            wrong["tablet defects"] = sum(len(one.defects()) for one in everybody)
            return done.figures, wrong


def run(rounds: int, seed: int) -> Summary:
    """So many backups and restores of one HQ."""
    began = time.monotonic()
    with opened() as house:
        figures, found = asyncio.run(_run(house, rounds, seed))
        errors = house.errors()
    wrong = dict.fromkeys((*WRONG, *_WRONG), 0) | dict(found) | {"HQ's own errors": len(errors)}
    lacked = {
        "operations that the backups lacked": figures["operations that HQ had lost"],
        "tablets that the backups lacked": figures["tablets that the backups lacked"],
        "traces before the erasures": figures["traces before the erasures"],
    }
    seconds = time.monotonic() - began
    return told("HQ restored from an older backup", dict(figures), wrong, seconds, lacked, errors[:5])


def main(arguments: list[str] | None = None) -> int:
    """0 when HQ had lost something each time, and in the end nothing was lost, doubled or different."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    return finish(run(given.rounds, given.seed))


if __name__ == "__main__":
    sys.exit(main())
