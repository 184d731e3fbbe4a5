"""`catalogue`: keystroke to cards in hand, over 90,000 products of which half are variants; and a shelf of a category.

Goal: p99 of a search ≤ 20 ms, in processor time, the store's own threads among it. The baseline is what none can do
without: the same cards by their ids.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from benchmarks import harness
from benchmarks.products import KINDS, category_id, rows
from benchmarks.search import SCOPE, load
from guide_app.domain.clock import SystemClock
from guide_app.domain.ids import Ids
from local_store import Store

SIZE = 90_000
RUNS = 3
DRAWN = 6
SHELVES = 24
GOAL_MS = 20.0
SOLD = 20_000
"""Products that this shop has sold, with how often."""


def main() -> None:
    """Measures and reports."""
    report = harness.report("catalogue")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder) / "tablet.db", report))
    report.finish()


async def _measure(path: Path, report: harness.Report) -> None:
    clock = SystemClock()
    store = Store.open(path, secrets.token_bytes(32), clock, Ids(clock, secrets.token_bytes))
    try:
        await load(store, 0, rows(SIZE, SCOPE))
        await _sold(store)
        typed = await _typed(store)
        took = [[(kind, *await _pair(store, text)) for kind, text in typed] for _ in range(RUNS)]
        shelves = [[await _timed(store.cards.cards(category_id=each)) for each in _shelves()] for _ in range(RUNS)]
        trees = [await _timed(store.cards.tree()) for _ in range(RUNS)]
    finally:
        store.close()
    for share in (0.5, 0.99):
        name = f"p{share * 100:.0f}"
        report.figures[f"{name}, keystroke to cards"] = _figure([[ms for _, ms, _ in run] for run in took], share)
        report.baselines[f"{name}, the same cards by id"] = _figure([[ms for *_, ms in run] for run in took], share)
    for kind in dict.fromkeys(kind for kind, _ in typed):
        of_kind = [[ms for this, ms, _ in run if this == kind] for run in took]
        report.figures[f"p99 by {kind}"] = _figure(of_kind, 0.99)
    report.figures["p99, a shelf or the whole catalogue"] = _figure(shelves, 0.99)
    report.figures["the tree with its counts"] = harness.figure(trees, "ms")
    found = report.figures["p99, keystroke to cards"].median
    report.ratios["p99 against 20 ms"] = harness.Ratio(value=found / GOAL_MS, goal=1)
    bare = report.baselines["p99, the same cards by id"].median
    report.ratios["p99 / the same cards by id"] = harness.Ratio(value=found / bare)


def _figure(runs: list[list[float]], share: float) -> harness.Figure:
    return harness.figure([harness.percentile(run, share) for run in runs], "ms")


def _shelves() -> list[str]:
    """The whole catalogue, and of each kind the shelf and one below it."""
    return ["", *(category_id(kind, added) for kind in range(len(KINDS)) for added in (-1, kind % 12))][:SHELVES]


async def _sold(store: Store) -> None:
    """What sells: some products often, most never. Written as `local_store.rank` writes it."""
    chosen = random.Random(23)

    def job(connection: Any) -> None:
        numbers = chosen.sample(range(1, SIZE + 1), SOLD)
        ranked = [(n, int(400 / (place + 1)) + 1) for place, n in enumerate(numbers)]
        connection.executemany("INSERT OR REPLACE INTO product_rank (n, sold) VALUES (?, ?)", ranked)

    await store._base.workers.write(job)


async def _typed(store: Store) -> list[tuple[str, str]]:
    """(kind, text): every keystroke of names, pinyin, initials, codes and barcodes of products drawn."""
    chosen = random.Random(11)
    typed: list[tuple[str, str]] = []
    for _ in range(DRAWN):
        (row,) = await store.catalogue.search("", limit=1, offset=chosen.randrange(1000))
        found = row.product
        start = chosen.randrange(len(found.names.zh) - 1)
        whole = {
            "name": found.names.zh, "name in English": found.names.en, "pinyin": found.pinyin.replace(" ", ""),
            "initials": found.initials, "code": found.sku, "barcode": found.barcodes[0],
            "two words": f"{found.names.zh[-2:]} {found.size}",
        }  # fmt: skip
        typed.append(("two characters", found.names.zh[start : start + 2]))
        typed += [(kind, text[:end]) for kind, text in whole.items() for end in range(1, len(text) + 1)]
    return typed


async def _pair(store: Store, text: str) -> tuple[float, float]:
    """Milliseconds of a search, and of reading what it found by id."""
    began = time.process_time()
    found = await store.cards.cards(text)
    took = (time.process_time() - began) * 1000
    return took, await _timed(store.cards.of([card.row.id for card in found]))


async def _timed(work: Awaitable[object]) -> float:
    began = time.process_time()
    await work
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    main()
