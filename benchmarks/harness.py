"""How every benchmark is run and told: medians with their extremes, baselines taken in turn in the same run.

A benchmark prints a table and writes ``build/bench/<name>.json``:
``{"name", "when", "machine", "figures": {…}, "baselines": {…}, "ratios": {…}}``. Each figure is
``{"median", "min", "max", "unit", "runs"}``; a ratio is ``{"value", "goal", "least"}``, met when
value ≤ goal, of a rate when value ≥ goal.
"""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path("build/bench")


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measured quantity over several runs."""

    median: float
    min: float
    max: float
    unit: str
    runs: int


class Ratio(msgspec.Struct, frozen=True, kw_only=True):
    """A figure against its baseline; no goal where the design sets none. `least`: a rate, to be that or more."""

    value: float
    goal: float | None = None
    least: bool = False

    @property
    def wanted(self) -> str:
        """The goal as it is printed, "" for none."""
        return "" if self.goal is None else f"goal {'≥' if self.least else '≤'} {self.goal:g}"


class Report(msgspec.Struct, kw_only=True):
    """What one benchmark found."""

    name: str
    when: str
    machine: dict[str, Any]
    figures: dict[str, Figure] = {}
    baselines: dict[str, Figure] = {}
    ratios: dict[str, Ratio] = {}

    def finish(self) -> None:
        """Prints the table and writes the file."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / f"{self.name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=2))
        machine = self.machine
        print(f"\n{self.name}  {self.when}  {machine['system']}, {machine['cores']} cores, Python {machine['python']}")
        for title, figures in (("", self.figures), ("baseline: ", self.baselines)):
            for name, f in figures.items():
                spread = f"({f.min:,.3f} … {f.max:,.3f})"
                print(f"  {title + name:<44} {f.median:>12,.3f} {f.unit:<6} {spread}, {f.runs} runs")
        for name, ratio in self.ratios.items():
            goal = f"{ratio.wanted}: {'met' if met(ratio) else 'MISSED'}" if ratio.wanted else ""
            print(f"  {'ratio: ' + name:<44} {ratio.value:>12,.3f} ×      {goal}")


def met(ratio: Ratio) -> bool:
    """Whether the ratio is within its goal."""
    if ratio.goal is None:
        return True
    return ratio.value >= ratio.goal if ratio.least else ratio.value <= ratio.goal


def report(name: str) -> Report:
    """An empty report of this machine, now."""
    import os

    machine = {"system": platform.platform(), "cores": os.cpu_count(), "python": platform.python_version()}
    return Report(name=name, when=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", machine=machine)


def figure(values: Sequence[float], unit: str) -> Figure:
    """The median of the runs with its extremes."""
    return Figure(median=statistics.median(values), min=min(values), max=max(values), unit=unit, runs=len(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0…1) of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered), round(share * len(ordered) + 0.5)) - 1)]


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turn(runs: int, *works: Callable[[], float]) -> list[list[float]]:
    """Calls each work once a round, A B A B, so that the machine's moods meet all; their results, work by work."""
    rounds = [[work() for work in works] for _ in range(runs)]
    return [list(column) for column in zip(*rounds, strict=True)]
