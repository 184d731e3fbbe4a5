"""Many worlds: `run(seeds)` plays each seed once, over all processors, and sums up what happened."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.pool import Pool
from pathlib import Path

from tests.simulation.disk import memory_folder
from tests.simulation.hq_data import HqData, MemoryData
from tests.simulation.invariants import Violation
from tests.simulation.world import World

_LINES = 6
"""Of a trace, shown with a violation."""


@dataclass(frozen=True)
class Played:
    """One schedule: the hash of its trace, what it exercised, and how it was hurt ("" where it was not)."""

    seed: int
    digest: str
    faults: Counter[str]
    kinds: Counter[str]
    entities: Counter[str]
    deeds: Counter[str]
    steps: int
    violation: str = ""
    number: int | None = None
    """Of the invariant that was hurt, 0: a rule of section 6 that has none; None: nothing was, or it was a crash."""
    trace: tuple[str, ...] = ()


@dataclass
class Summary:
    """What many schedules came to."""

    schedules: int = 0
    steps: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    """Fault → how often it happened."""
    faulted: Counter[str] = field(default_factory=Counter)
    """Fault → in how many schedules."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Kind of operation → how many were saved."""
    entities: Counter[str] = field(default_factory=Counter)
    """Entity → in how many schedules HQ published a row of it."""
    deeds: Counter[str] = field(default_factory=Counter)
    """What no kind of operation tells → how much of it."""
    violations: list[Played] = field(default_factory=list)
    digests: dict[int, str] = field(default_factory=dict)

    def add(self, played: Played) -> None:
        self.schedules += 1
        self.steps += played.steps
        self.faults += played.faults
        self.faulted.update(played.faults.keys())
        self.kinds += played.kinds
        self.entities.update(played.entities.keys())
        self.deeds += played.deeds
        self.digests[played.seed] = played.digest
        if played.violation:
            self.violations.append(played)

    def join(self, other: Summary) -> None:
        """Takes in what others came to."""
        self.schedules += other.schedules
        self.steps += other.steps
        self.seconds += other.seconds
        self.faults += other.faults
        self.faulted += other.faulted
        self.kinds += other.kinds
        self.entities += other.entities
        self.deeds += other.deeds
        self.violations += other.violations
        self.digests |= other.digests

    def text(self) -> str:
        """For people: everything that was exercised, and what was hurt."""
        lines = [f"schedules: {self.schedules} ({self.steps} steps, {self.seconds:.0f} s)"]
        lines.append("faults (times, in schedules):")
        lines += [f"  {name:24} {times:7} {self.faulted[name]:7}" for name, times in sorted(self.faults.items())]
        lines.append("operations saved:")
        lines += [f"  {kind:24} {times:7}" for kind, times in sorted(self.kinds.items())]
        lines.append("of these, and by HQ:")
        lines += [f"  {deed:24} {times:7}" for deed, times in sorted(self.deeds.items())]
        lines.append("rows that HQ published (in schedules):")
        lines += [f"  {entity:24} {times:7}" for entity, times in sorted(self.entities.items())]
        lines.append(f"violations: {len(self.violations)}")
        for played in sorted(self.violations, key=lambda each: each.seed)[:20]:
            lines.append(f"  seed {played.seed}: {played.violation}")
            lines += [f"      {line}" for line in played.trace]
        return "\n".join(lines)


def play(seed: int, data: HqData | None = None, *, whole: bool = False) -> Played:
    """One schedule, from its first step to the last check; `whole`: with its whole trace."""
    with tempfile.TemporaryDirectory(prefix="guide-sim-", dir=memory_folder()) as folder:
        world = World(seed, data or MemoryData(), Path(folder))
        violation = ""
        number: int | None = None
        try:
            world.run()
        except Violation as hurt:
            violation, number = str(hurt), hurt.number
        except Exception as broken:
            violation = f"{type(broken).__name__}: {broken}"
        with contextlib.suppress(Exception):  # what went wrong is known already
            world.stop()
        broken_loops = [said for tablet in world.tablets for said in tablet.loop.broken]
        violation = violation or "; ".join(broken_loops)
        return Played(
            seed, world.digest, +world.faults, world.kinds, world.entities, world.deeds, len(world.trace), violation,
            number, tuple(world.trace if whole else world.trace[-_LINES:] if violation else ()),
        )  # fmt: skip


def run(seeds: Sequence[int], *, postgres: bool = False, players: Pool | None = None) -> Summary:
    """Plays every seed, over all processors (or those players); with `postgres` on a real one, in this process."""
    began = time.monotonic()
    summary = Summary()
    with contextlib.ExitStack() as held:
        if postgres:
            held.enter_context(quiet())
            every = _over_postgres(seeds)
        else:
            every = (players or held.enter_context(pool())).imap(play, seeds, chunksize=2)
        for played in every:
            summary.add(played)
    summary.seconds = time.monotonic() - began
    return summary


@contextlib.contextmanager
def pool() -> Iterator[Pool]:
    """A process for each processor, that plays."""
    with multiprocessing.get_context("spawn").Pool(initializer=logging.disable) as players:
        yield players


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """What the product tells its log of all that goes wrong here is not wanted."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _over_postgres(seeds: Sequence[int]) -> Iterator[Played]:
    from tests.simulation.postgres import worlds

    with worlds() as fresh:
        play_on: Callable[[], HqData] = fresh
        for seed in seeds:
            yield play(seed, play_on())
