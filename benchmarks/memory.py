"""`memory`: resident memory on Today with 100,000 members, after a fetch of all rows and 1,000 changes of page.

The tablet fetches every row anew in the same process, then opens its pages one after another. Baseline, in turn: an
empty Qt Quick window of the same Qt. Both draw offscreen in software. Goals: ≤ 2.5×, and no growth over the last 500
changes (told as the end against the half, ≤ 1.01×: an allocator's pages come and go).

    python -m benchmarks.memory [ROUNDS]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from itertools import count
from pathlib import Path

from benchmarks import harness, hq_server, watched
from hq.database import embedded

MEMBERS, PRODUCTS, CHANGES = 100_000, 20_000, 1_000
GOAL, GROWTH = 2.5, 1.01


def main(rounds: int) -> None:
    """Measures, prints and writes the report."""
    report = harness.report("memory")
    ours: list[float] = []
    half: list[float] = []
    bare: list[float] = []
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        hq, numbers = Path(folder) / "hq", count()
        hq_server.filled(hq, MEMBERS, PRODUCTS)
        with embedded.running(hq), hq_server.serving(hq) as url:
            shop = asyncio.run(watched.shop(hq, url, Path(folder) / "tablet"))
            for _ in range(rounds):
                one = shop.copy(Path(folder) / f"copy-{next(numbers)}")
                asyncio.run(watched.fetch_anew(one))
                said = watched.started(f"leaf({str(one.folder)!r}, {one.staff_id!r}, {one.pin!r}, {CHANGES})")
                half.append(said["half"] / 2**20)
                ours.append(said["end"] / 2**20)
                bare.append(watched.started("empty()")["end"] / 2**20)
    report.figures[f"on Today after {CHANGES:,} pages"] = harness.figure(ours, "MiB")
    report.figures[f"on Today after {CHANGES // 2:,} pages"] = harness.figure(half, "MiB")
    report.baselines["an empty window"] = harness.figure(bare, "MiB")
    ratio = harness.figure(ours, "MiB").median / harness.figure(bare, "MiB").median
    growth = harness.figure([end / middle for end, middle in zip(ours, half, strict=True)], "").median
    report.ratios["memory / empty window"] = harness.Ratio(value=ratio, goal=GOAL)
    report.ratios["growth over the last half"] = harness.Ratio(value=growth, goal=GROWTH)
    report.finish()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
