"""`search`: keystroke to rows in hand, over 100,000 and 1,000,000 members; each keystroke of what is typed searches.

Goals: p99 ≤ 10 ms at 100,000; at 1,000,000 at most twice that of 100,000.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from benchmarks import harness
from benchmarks.members import rows
from guide_app.domain.clock import SystemClock
from guide_app.domain.ids import Ids
from local_store import Store
from sync.protocol.messages import Batch, EnrolResponse, Grant, Row, ScopeState, SyncResponse

SIZES = (100_000, 1_000_000)
RUNS = 5
TYPED = 60
PAGE = 4_000
GOAL_MS = 10.0
SEVERAL = ("syllables", "name and tail")
"""Several words at once, told apart: the goals are for a name, given name, pinyin, initials, phone or number."""
SCOPE = "s1"
NOW = "2026-11-21T10:00:00.000Z"


def main() -> None:
    """Measures all sizes (or those given as arguments) and reports."""
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    report = harness.report("search")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            asyncio.run(_measure(Path(folder) / f"{size}.db", size, report))
    small = report.figures[f"p99, {sizes[0]:,} members"].median
    report.ratios["p99 against 10 ms"] = harness.Ratio(value=small / GOAL_MS, goal=1)
    if len(sizes) > 1:
        large = report.figures[f"p99, {sizes[-1]:,} members"].median
        report.ratios[f"p99 {sizes[-1]:,} / {sizes[0]:,}"] = harness.Ratio(value=large / small, goal=2)
    report.finish()


async def _measure(path: Path, size: int, report: harness.Report) -> None:
    clock = SystemClock()
    store = Store.open(path, secrets.token_bytes(32), clock, Ids(clock, secrets.token_bytes))
    try:
        loading, indexing = await load(store, size)
        typed = await _typed(store)
        took = [[await _search(store, text) for _, text in typed] for _ in range(RUNS)]
    finally:
        store.close()
    one_word = [[ms for (kind, _), ms in zip(typed, run, strict=True) if kind not in SEVERAL] for run in took]
    for share in (0.5, 0.99):
        values = [harness.percentile(run, share) for run in one_word]
        report.figures[f"p{share * 100:.0f}, {size:,} members"] = harness.figure(values, "ms")
    for kind in dict.fromkeys(kind for kind, _ in typed):
        values = [
            harness.percentile([ms for (of, _), ms in zip(typed, run, strict=True) if of == kind], 0.99) for run in took
        ]
        report.figures[f"p99 by {kind}, {size:,} members"] = harness.figure(values, "ms")
    report.figures[f"load, {size:,} members"] = harness.figure([size / loading], "rows/s")
    report.figures[f"indexes and keys, {size:,} members"] = harness.figure([indexing], "s")


async def load(
    store: Store, size: int, source: Iterator[Row] | None = None, *, keys: Sequence[str] = ()
) -> tuple[float, float]:
    """Loads members (or these rows) page by page as from an HQ with these keys; seconds for pages, and for indexes."""
    grant = Grant(scope=SCOPE, kind="store", name="Shop")
    await store.sync.enrolled("https://hq.example", "bench", EnrolResponse(
        device_id="00000000-0000-7000-8000-0000000000d1", store_id="00000000-0000-7000-8000-0000000000a1",
        store_code="101", device_letters="AB", region="CN", time_zone="Asia/Shanghai", currency="CNY",
        languages=["zh_CN"], epoch="e1", grants=[grant], authorised_until=NOW, server_time=NOW, hq_public_keys=[*keys],
    ))  # fmt: skip
    source = source or rows(size, SCOPE)
    loading = 0.0
    page, following = list(islice(source, PAGE)), list(islice(source, PAGE))
    while page:
        sent = await store.sync.outgoing()
        state = ScopeState(head=(following or page)[-1].q, floor=0, digest="", more=bool(following))
        answer = SyncResponse(
            batch=Batch(status="ok", last_seq=0), server_time=NOW, next_sync_after_ms=1000, authorised_until=NOW,
            rows=page, scopes={SCOPE: state},
        )  # fmt: skip
        began = time.perf_counter()
        await store.sync.take(sent, answer)
        loading += time.perf_counter() - began
        page, following = following, list(islice(source, PAGE))
    began = time.perf_counter()
    await store.sync.finish_loading()
    return loading, time.perf_counter() - began


async def _typed(store: Store) -> list[tuple[str, str]]:
    """(kind, text): every keystroke of phone tails, names, given names, pinyin, initials, numbers of members drawn."""
    chosen = random.Random(11)
    typed: list[tuple[str, str]] = []
    for _ in range(TYPED):
        (row,) = await store.members.search("", limit=1, offset=chosen.randrange(1000))
        whole = {
            "name": row.name, "given name": row.name[1:], "pinyin": row.pinyin.replace(" ", ""),
            "given pinyin": "".join(row.pinyin.split()[1:]), "initials": row.initials, "phone tail": row.phone[-4:],
            "phone": row.phone[3:], "number": row.member_no, "syllables": row.pinyin,
            "name and tail": f"{row.pinyin.split()[0]} {row.phone[-4:]}",
        }  # fmt: skip
        typed += [(kind, text[:end]) for kind, text in whole.items() for end in range(1, len(text) + 1)]
    return typed


async def _search(store: Store, text: str) -> float:
    began = time.perf_counter()
    await store.members.search(text)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
