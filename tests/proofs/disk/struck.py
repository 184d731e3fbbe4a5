"""The process whose disk is struck: `python -m tests.proofs.disk.struck FOLDER SEED < strikes`, under the recorder.

Each line of its input is a strike, each line of its output what came of it. A strike runs in a fork of this process, in
a copy of a tablet that was enrolled and loaded before ("day"), from nothing ("first"), or in a copy of the stored
tablet of the first schema, which is brought up to date and two steps further ("update").
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Literal

import msgspec

from guide_app.domain.errors import NotSaved, StoreUnusable
from local_store.transaction import BALLAST_BYTES
from tests.proofs.disk import updating
from tests.proofs.disk.looking import Looked, look
from tests.proofs.disk.recorder import KILL, Calls, Recorder
from tests.proofs.disk.workload import Days, Step

_TURNS = 12


Scene = Literal["first", "day", "update"]


class Strike(msgspec.Struct, frozen=True):
    """The `at`-th call (0: none, they are counted) of some kinds fails with an errno, or the process is killed.

    `reserve`: giving the reserve back ends it, as room on a full disk would.
    """

    scene: Scene
    at: int = 0
    error: int = KILL
    kinds: int = int(Calls.ALL)
    lasting: bool = False
    reserve: bool = False


class Came(msgspec.Struct):
    """What came of a strike. `violations`: what must not be; the rest are counts."""

    strike: Strike
    calls: int = 0
    killed: bool = False
    hits: int = 0
    saved: int = 0
    refused: int = 0
    refused_by_hand: int = 0
    reserve_given: bool = False
    violations: list[str] = []


class _Witness(msgspec.Struct):
    """A line of the file that a killed process leaves: what was begun (`done` False), then what was called saved."""

    done: bool
    makes: list[tuple[str, str]]
    numbers: int


class Run:
    """One strike, in its own process and folder."""

    def __init__(self, days: Days, folder: Path, strike: Strike, recorder: Recorder) -> None:
        self._days, self._folder, self._strike, self._recorder = days, folder, strike, recorder
        self.came = Came(strike)
        self._data = folder / "data"
        self._base: Counter[tuple[str, str]] = Counter()

    def work(self) -> None:
        """Works under the strike, and judges what can be judged from inside."""
        if self._data.exists():
            self._base = look(self._data).ops
        self._days.bench.path = self._data / "store.db"
        strike = self._strike
        cure = ".ballast" if strike.reserve else ""
        self._recorder.fault(
            self._data, strike.at, strike.error, lasting=strike.lasting, kinds=Calls(strike.kinds), cured_by=cure
        )
        asyncio.run(self._work())

    async def _work(self) -> None:
        done: Counter[tuple[str, str]] = Counter()
        with (self._folder / "witness").open("wb", buffering=0) as witness:
            for step in self._steps():
                self._tell(witness.fileno(), step, done=False)
                await self._until_saved(step, self._base + done)
                done.update(step.makes)
                self.came.saved += len(step.makes)
                self._tell(witness.fileno(), step, done=True)
        self._mend()
        self._judge(look(self._data), self._base + done, "at the end")
        self._days.bench.store.close()
        self._days.bench.store = self._days.bench.opened()
        self._judge(look(self._data), self._base + done, "opened again")
        if self._strike.scene != "update":
            await self._send_all()
        self._days.bench.store.close()

    async def _send_all(self) -> None:
        await self._days.bench.drain()
        waiting = await self._days.bench.store.outbox.waiting()
        if waiting.total:
            self.came.violations.append(f"{waiting} still wait after all was sent")

    def _steps(self) -> Iterator[Step]:
        async def start() -> None:
            self._days.bench.store = self._days.bench.opened()

        days, works = self._days, [Step("open", start)]
        match self._strike.scene:
            case "first":
                return chain(works, days.begin(), days.work(2), [Step("reopen", days.reopen)], days.work(2))
            case "day":
                return chain(works, days.work(_TURNS), days.sync(), [Step("reopen", days.reopen)], days.work(2))
            case "update":
                return chain(works, days.work(1))

    def _tell(self, handle: int, step: Step, *, done: bool) -> None:
        line = _Witness(done, list(step.makes), len(self._days.numbers))
        os.write(handle, msgspec.json.encode(line) + b"\n")

    async def _until_saved(self, step: Step, before: Counter[tuple[str, str]]) -> None:
        """Tries again as a person would; what lasts ends after the second try."""
        told: list[str] = []
        for _ in range(3):
            try:
                await step.act()
            except NotSaved as problem:
                self._refused(step, problem)
                told.append(repr(problem))
                if self.came.refused > 1 or not self._strike.lasting:
                    self._mend()
                    if step.name not in ("open", "reopen"):
                        self._judge(look(self._data), before, f"after {step.name} was refused")
            except StoreUnusable as problem:
                self.came.violations.append(f"{step.name}: {problem!r}")
                self._mend()
            else:
                return
        raise AssertionError(f"{step.name} is refused though the disk works again: {told}")

    def _refused(self, step: Step, problem: NotSaved) -> None:
        self.came.refused += 1
        self.came.refused_by_hand += step.name in ("commit", "number", "draft")
        if problem.code not in ("disk_full", "disk_failed", "key_file"):
            self.came.violations.append(f"{step.name}: {problem!r}")

    def _mend(self) -> None:
        came, disk = self.came, self._recorder
        came.calls, came.hits = max(came.calls, disk.calls), max(came.hits, disk.hits)
        came.reserve_given |= bool(disk.cured)
        disk.watch(self._data)

    def _judge(self, found: Looked, wanted: Counter[tuple[str, str]], when: str) -> None:
        if found.ops != wanted:
            self.came.violations.append(f"{when}: {(wanted - found.ops)} lost, {found.ops - wanted} too many")
        self.came.violations += [f"{when}: {half}" for half in found.half]


def after_kill(folder: Path, base: Counter[tuple[str, str]], came: Came) -> None:
    """What the dead process left: all it was told is saved, the rest whole or not at all."""
    lines = [msgspec.json.decode(line, type=_Witness) for line in (folder / "witness").read_bytes().splitlines()]
    saved = [line for line in lines if line.done]
    came.saved = sum(len(line.makes) for line in saved)
    under_way = Counter(make for line in lines[-1:] if not line.done for make in line.makes)
    wanted = base + Counter(make for line in saved for make in line.makes)
    if came.strike.scene == "update":
        came.violations += [f"as it was left: {half}" for half in updating.wrong(folder / "data", base, done=False)]
    days = Days(folder / "data", 1)
    try:
        found = look(folder / "data")
        if came.strike.scene == "update":
            came.violations += updating.wrong(folder / "data", base, done=True)
        asyncio.run(days.bench.store.drafts.put("proof", b"written after the kill"))
    finally:
        days.bench.store.close()
    if found.ops not in (wanted, wanted + under_way):
        came.violations.append(f"{wanted - found.ops} lost, {found.ops - wanted} too many")
    if saved and found.next_number < saved[-1].numbers:
        came.violations.append(f"{saved[-1].numbers} numbers were given out, {found.next_number} are known")
    came.violations += found.half


def one(days: Days, template: Path, folder: Path, strike: Strike) -> Came:
    """Runs a strike in a fork, and judges what it left."""
    folder.mkdir()
    if strike.scene != "first":
        shutil.copytree(template, folder / "data", ignore=shutil.ignore_patterns("*.ballast"))
        with (folder / "data" / "store.db.ballast").open("wb") as file:
            file.truncate(BALLAST_BYTES)
        base = look(folder / "data").ops
    else:
        base = Counter()
    _wait_for_threads()
    child = os.fork()
    if not child:
        _in_fork(Run(days, folder, strike, Recorder()), folder)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL and strike.error == KILL:
        came = Came(strike, killed=True)
        after_kill(folder, base, came)
        return came
    if status or not (folder / "came").exists():
        return Came(strike, violations=[f"ended with {status}: {(folder / 'error').read_text()[-300:]}"])
    return msgspec.json.decode((folder / "came").read_bytes(), type=Came)


def _wait_for_threads() -> None:
    """Threads that Python has joined may still be on their way out, with a lock that a fork would never see opened."""
    while len(list(Path("/proc/self/task").iterdir())) > 1:
        time.sleep(0.001)


def _in_fork(run: Run, folder: Path) -> None:
    try:
        run.work()
        (folder / "came").write_bytes(msgspec.json.encode(run.came))
    except BaseException:
        (folder / "error").write_text(traceback.format_exc())
        os._exit(1)
    os._exit(0)


def _day(folder: Path, seed: int) -> Days:
    """A tablet that is enrolled and loaded and has worked, closed again."""
    day = Days(folder, seed)

    async def prepare() -> None:
        for step in chain(day.begin(), day.work(6)):
            await step.act()

    asyncio.run(prepare())
    day.bench.store.close()
    return day


def _nothing(folder: Path, seed: int) -> Days:
    """A tablet that was never enrolled; its folder is left alone."""
    nothing = Days(folder, seed)
    nothing.bench.store.close()
    return nothing


def main(folder: Path, seed: int) -> None:
    """Makes the tablet of the scene, then strikes as told; all strikes of one run are of one scene."""
    strikes = [msgspec.json.decode(line, type=Strike) for line in sys.stdin.buffer]
    template = folder / "template"
    match strikes[0].scene:
        case "day":
            days = _day(template, seed)
        case "first":
            days = _nothing(folder / "nothing", seed)
        case "update":
            updating.stored_tablet(template)
            days = _nothing(folder / "nothing", seed)
            updating.go_on()
    for n, strike in enumerate(strikes):
        came = one(days, template, folder / str(n), strike)
        shutil.rmtree(folder / str(n))
        sys.stdout.buffer.write(msgspec.json.encode(came) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
