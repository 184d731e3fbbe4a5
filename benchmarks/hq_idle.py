"""`hq-idle`: how many tablets with nothing to say HQ answers in a second: signature, device, heads, an empty answer.

32 tablets ask over 32 kept connections as fast as they are answered; what they send was signed beforehand (a round may
be repeated freely), so that the machine's time is HQ's. Baseline, in turn: pgbench's single-row select on the same
PostgreSQL with as many clients. Goal: ≥ 0.05× its rate.

    python -m benchmarks.hq_idle [ROUNDS]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import fleet, harness, hq_server, pgbench
from benchmarks.fleet import Fleet, Line
from hq.database import embedded

SHOPS, TABLETS = 4, 8
SECONDS = 5
GOAL = 0.05


def main(rounds: int) -> None:
    """Measures, prints and writes the report."""
    pgbench.required()
    report = harness.report("hq-idle")
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        hq = Path(folder) / "hq"
        tablets = fleet.enlisted(hq, SHOPS, TABLETS)
        clients = len(tablets.tablets)
        with embedded.running(hq), hq_server.serving(hq) as url:
            pgbench.filled(hq, "bare", scale=5)
            asyncio.run(_rate(url, tablets))  # warming: plans, caches, devices that were never seen
            ours, bare = harness.in_turn(
                rounds,
                lambda: asyncio.run(_rate(url, tablets)),
                lambda: pgbench.selects_s(hq, "bare", clients, SECONDS),
            )
    report.figures[f"idle rounds of {clients} tablets"] = harness.figure(ours, "/s")
    report.baselines[f"pgbench, single-row select, {clients} clients"] = harness.figure(bare, "/s")
    ratio = report.figures[f"idle rounds of {clients} tablets"].median / harness.figure(bare, "/s").median
    report.ratios["idle rounds / selects"] = harness.Ratio(value=ratio, goal=GOAL, least=True)
    report.finish()


async def _rate(url: str, tablets: Fleet) -> float:
    """Answers a second."""
    lines = [await Line.to(url) for _ in tablets.tablets]
    until = time.perf_counter() + SECONDS
    pairs = zip(lines, tablets.tablets, strict=True)
    counts = await asyncio.gather(*(_ask_on(line, tablet.request(), until) for line, tablet in pairs))
    for line in lines:
        line.close()
    return sum(counts) / SECONDS


async def _ask_on(line: Line, request: bytes, until: float) -> int:
    count = 0
    while time.perf_counter() < until:
        answer = await line.ask(request)
        if answer.status != 200 or b'"scopes"' in answer.body:
            raise RuntimeError(f"no idle round: {answer}")
        count += 1
    return count


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
