"""The simulation and its mutants as proofs, and the record of all schedules that were ever played for `make prove`.

Each run plays seeds that no run before it played: the record says which, so that each line can be played again by
`make simulate SEEDS=a..b`.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from tests.proofs.summary import Summary
from tests.simulation import mutants as hunting
from tests.simulation import run as playing

RECORD = Path(__file__).resolve().parents[2] / "docs" / "proofs" / "schedules.md"
_HEAD = """# Simulated schedules, one line a run of `make prove`

Each line can be played again: `make simulate SEEDS=a..b`, with `PG=1` for those over PostgreSQL. A release asks for
1,000,000 in sum.

| on | ledger | seeds | schedules | faults | violations |
| --- | --- | --- | --- | --- | --- |
"""
_LINE = re.compile(r"^\| \S+ \| (\w+) \| (\d+)\.\.(\d+) \|", re.M)


def run(seeds: int, postgres: bool) -> Summary:
    """So many schedules with seeds that were not played before."""
    ledger = "PostgreSQL" if postgres else "memory"
    first = _next(ledger)
    last = first + seeds - 1
    came = playing.run(range(first, last + 1), postgres=postgres)
    faults = came.faults.total()
    _note(f"| {datetime.datetime.now(datetime.UTC):%Y-%m-%d} | {ledger} | {first}..{last} | {came.schedules:,} | "
          f"{faults:,} | {len(came.violations)} |")  # fmt: skip
    counts = {
        "schedules": came.schedules, "steps": came.steps, "operations saved": came.kinds.total(), "faults": faults,
        "kinds of fault": len(came.faults), "schedules in sum": total(),
    }  # fmt: skip
    return Summary(
        f"simulated schedules ({ledger}), seeds {first}..{last}",
        counts,
        tuple(f"seed {played.seed}: {played.violation}" for played in came.violations),
        seconds=came.seconds,
        notes=tuple(
            f"{name}: {times:,} in {came.faulted[name]:,} schedules" for name, times in sorted(came.faults.items())
        ),
    )


def mutants() -> Summary:
    """Every rule switched off in turn; one that nobody noticed is a violation."""
    began = datetime.datetime.now(datetime.UTC)
    caught = list(hunting.hunt_all())
    hunting.TABLE.write_text(hunting.table(caught), encoding="utf-8")
    counts = {
        "mutants": len(caught), "caught": sum(bool(one.schedule) for one in caught),
        "caught at schedule, at the latest": max(one.schedule for one in caught),
    }  # fmt: skip
    return Summary(
        "mutants",
        counts,
        tuple(f"{one.name} was not caught" for one in caught if not one.schedule),
        seconds=(datetime.datetime.now(datetime.UTC) - began).total_seconds(),
    )


def total() -> int:
    """All schedules on record."""
    return sum(int(last) - int(first) + 1 for _, first, last in _lines())


def _next(ledger: str) -> int:
    return 1 + max((int(last) for kind, _, last in _lines() if kind == ledger), default=0)


def _lines() -> list[tuple[str, str, str]]:
    return _LINE.findall(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else []


def _note(line: str) -> None:
    before = RECORD.read_text(encoding="utf-8") if RECORD.exists() else _HEAD
    RECORD.parent.mkdir(parents=True, exist_ok=True)
    RECORD.write_text(f"{before}{line}\n", encoding="utf-8")
