"""`frames`: the member list is scrolled, a step a frame, while the tablet fetches 100,000 members from the first on.

Figure: the time between frames, p99 of the first 300. Baseline, in turn: the same scroll on the same tablet in step
with HQ. Both draw offscreen in software as fast as they can; the fetch runs in the same process into the encrypted
store, and has not ended when the last frame is drawn. Goal: p99 ≤ 1.5×.

    python -m benchmarks.frames [ROUNDS]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from itertools import count
from pathlib import Path

from benchmarks import harness, hq_server, watched
from benchmarks.watched import Shop
from hq.database import embedded

MEMBERS, PRODUCTS, FRAMES = 100_000, 20_000, 300
GOAL = 1.5


def main(rounds: int) -> None:
    """Measures, prints and writes the report."""
    report = harness.report("frames")
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        hq, numbers = Path(folder) / "hq", count()
        hq_server.filled(hq, MEMBERS, PRODUCTS)
        with embedded.running(hq), hq_server.serving(hq) as url:
            shop = asyncio.run(watched.shop(hq, url, Path(folder) / "tablet"))
            pairs = [
                [_scrolled(shop.copy(Path(folder) / f"copy-{next(numbers)}"), fetching=it) for it in (True, False)]
                for _ in range(rounds)
            ]
    for share in (0.5, 0.99):
        name = f"p{share * 100:.0f} between frames"
        ours, calm = ([harness.percentile(run, share) for run in runs] for runs in zip(*pairs, strict=True))
        report.figures[f"{name}, while {MEMBERS:,} members come"] = harness.figure(ours, "ms")
        report.baselines[f"{name}, no sync"] = harness.figure(calm, "ms")
        ratio = harness.figure(ours, "ms").median / harness.figure(calm, "ms").median
        report.ratios[name] = harness.Ratio(value=ratio, goal=GOAL if share == 0.99 else None)
    report.finish()


def _scrolled(shop: Shop, *, fetching: bool) -> list[float]:
    """Milliseconds between frames."""
    if fetching:
        asyncio.run(watched.fetch_anew(shop))
    said = watched.started(f"scroll({str(shop.folder)!r}, {shop.staff_id!r}, {shop.pin!r}, {FRAMES})")
    if fetching and (said["rested"] or asyncio.run(watched.is_whole(shop))):
        raise RuntimeError("the fetch ended before the scroll")
    found: list[float] = said["frames"]
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
