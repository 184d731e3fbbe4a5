"""`idle`: a round with nothing to say: what to send is read, HQ is asked and answers, the answer is taken in.

Baseline, in turn: one bare round trip to the same server by the same client (httpx, one kept connection), to an address
that it does not know. Goals: ≤ 2×; bodies ≤ 300 bytes each way.

    python -m benchmarks.idle [ROUNDS]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks import harness, hq_server, loaded
from benchmarks.loaded import Tablet

MEMBERS, PRODUCTS = 1_000, 200
TIMES = 300
GOAL, BYTES = 2.0, 300


def main(rounds: int) -> None:
    """Measures, prints and writes the report."""
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        hq = Path(folder) / "hq"
        hq_server.filled(hq, MEMBERS, PRODUCTS)
        with hq_server.serving(hq) as url:
            asyncio.run(_measure(Path(folder) / "tablet", url, hq_server.code(hq), rounds))


async def _measure(folder: Path, url: str, code: str, rounds: int) -> None:
    report = harness.report("idle")
    async with (
        loaded.loaded(folder, url, code, patience_s=60) as tablet,
        httpx.AsyncClient(base_url=url, trust_env=False) as bare,
    ):
        await tablet.catch_up()
        sizes = await _round(tablet)
        pairs = [[(await _ours(tablet), await _bare(bare)) for _ in range(TIMES)] for _ in range(rounds)]
    report.figures["an idle round"] = harness.figure([_median([a for a, _ in run]) for run in pairs], "ms")
    report.figures["body up"], report.figures["body down"] = (harness.figure([size], "bytes") for size in sizes)
    report.baselines["a bare httpx round trip"] = harness.figure([_median([b for _, b in run]) for run in pairs], "ms")
    ratio = report.figures["an idle round"].median / report.baselines["a bare httpx round trip"].median
    report.ratios["idle / bare round trip"] = harness.Ratio(value=ratio, goal=GOAL)
    report.ratios[f"the larger body / {BYTES} bytes"] = harness.Ratio(value=max(sizes) / BYTES, goal=1)
    report.finish()


async def _round(tablet: Tablet) -> tuple[int, int]:
    """One round as the engine does it; the bytes of both bodies."""
    up, received, more = await tablet.round()
    if received.answer.rows or more:
        raise RuntimeError("there was something to say")
    return up, received.size


async def _ours(tablet: Tablet) -> float:
    began = time.perf_counter()
    await _round(tablet)
    return (time.perf_counter() - began) * 1000


async def _bare(client: httpx.AsyncClient) -> float:
    began = time.perf_counter()
    (await client.get("/v1/nothing")).read()
    return (time.perf_counter() - began) * 1000


def _median(values: list[float]) -> float:
    return harness.percentile(values, 0.5)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
