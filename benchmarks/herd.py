"""`herd`: 2,000 virtual tablets return after an outage of ten minutes, each with 30 operations made meanwhile.

All of them call within the first second, and wait as a tablet waits when HQ has no room: what `Retry-After` says and up
to half of it more. HQ is a real process. Told: how long until the last one was taken (goal: 5 minutes), the most that
were inside at once against the limit, operations that are not in HQ's log exactly once (0), refusals without
`Retry-After` (0), and the statements that 500 refusals cost while callers who say nothing keep the house full (0).

    python -m benchmarks.herd [ROUNDS]
"""

from __future__ import annotations

import asyncio
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import msgspec

from benchmarks import fleet, harness, herd_hq
from benchmarks.fleet import Fleet, Line, Tablet
from hq.database import embedded
from sync.machine import NEXT_MAX_S, NEXT_MIN_S
from sync.protocol import codec
from sync.protocol.messages import SyncResponse, WireOp
from tests.ops import new_id

SHOPS, EACH, OPS = 20, 100, 30
PATIENCE_S, INSIDE, REFUSED = 300.0, 64, 500
"""`INSIDE`: HQ's limit as it is served (`hq.sync_api.app.Limits`)."""


class Round(msgspec.Struct):
    """What one return of the herd came to."""

    drained_s: float = 0.0
    refused: int = 0
    silent: int = 0
    broken: int = 0
    lost: int = 0


def main(rounds: int) -> None:
    """Measures, prints and writes the report."""
    _many_files()
    report = harness.report("herd")
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        hq, counters = Path(folder) / "hq", Path(folder) / "counters"
        tablets = fleet.enlisted(hq, SHOPS, EACH)
        with embedded.running(hq) as cluster, herd_hq.counting(hq, counters) as url:
            cost = asyncio.run(_cost_of_refusals(url, tablets, counters))
            runs = [_round(url, cluster.url(), tablets) for _ in range(rounds)]
        peak = herd_hq.read(counters).peak
    herd = f"{SHOPS * EACH:,} tablets × {OPS} operations"
    report.figures[f"{herd}, drained"] = harness.figure([run.drained_s for run in runs], "s")
    report.figures["refusals"] = harness.figure([run.refused for run in runs], "")
    report.figures["connections that broke"] = harness.figure([run.broken for run in runs], "")
    report.figures["the most inside at once"] = harness.figure([peak], "")
    drained = report.figures[f"{herd}, drained"].median
    report.ratios["drained / 5 minutes"] = harness.Ratio(value=drained / PATIENCE_S, goal=1)
    report.ratios[f"the most inside / limit of {INSIDE}"] = harness.Ratio(value=peak / INSIDE, goal=1)
    report.ratios["operations lost or doubled"] = harness.Ratio(value=max(run.lost for run in runs), goal=0)
    report.ratios["refusals without Retry-After"] = harness.Ratio(value=max(run.silent for run in runs), goal=0)
    report.ratios[f"statements of {REFUSED} refusals"] = harness.Ratio(value=cost, goal=0)
    report.finish()


def _round(url: str, database_url: str, tablets: Fleet) -> Round:
    """One outage, after which every tablet has a new file: its operations count from 1."""
    for tablet in tablets.tablets:
        tablet.incarnation = new_id()
    made = [(tablet, _operations(tablet, tablets)) for tablet in tablets.tablets]
    found = asyncio.run(_return(url, made))
    found.lost = _lost(database_url, [op.op_id for _, ops in made for op in ops])
    return found


async def _return(url: str, made: list[tuple[Tablet, list[WireOp]]]) -> Round:
    found, began = Round(), time.perf_counter()
    async with asyncio.timeout(2 * PATIENCE_S), asyncio.TaskGroup() as all_of_them:
        for tablet, ops in made:
            all_of_them.create_task(_deliver(url, tablet, ops, found))
    found.drained_s = time.perf_counter() - began
    return found


async def _deliver(url: str, tablet: Tablet, ops: list[WireOp], found: Round) -> None:
    """One tablet: asks until its operations are taken."""
    pause = random.random()
    while True:
        await asyncio.sleep(pause)
        try:
            line = await Line.to(url)
            answer = await line.ask(tablet.request(ops, next_seq=len(ops) + 1, want=0))
            line.close()
        except (OSError, EOFError):
            found.broken += 1
            pause = 1 + random.random()
            continue
        if answer.status == 200:
            _taken(answer, len(ops))
            return
        if answer.status != 503:
            raise RuntimeError(f"HQ says {answer}")
        found.refused += 1
        found.silent += not answer.headers.get("retry-after", "").isdecimal()
        told = min(max(float(answer.headers.get("retry-after", "1")), NEXT_MIN_S), NEXT_MAX_S)
        pause = told * (1 + random.random() / 2)


def _taken(answer: fleet.Answer, count: int) -> None:
    plain = codec.unpack(answer.body, codec.parse_encoding(answer.headers.get("content-encoding", "")))
    states = Counter(result.status for result in codec.decode(plain, SyncResponse).results)
    if states["applied"] != count:
        raise RuntimeError(f"not all was applied: {states}")


def _operations(tablet: Tablet, tablets: Fleet) -> list[WireOp]:
    """Two sign-ups, eight orders of three lines, twenty talks."""
    maker = tablet.maker()
    joined = [maker.sign_up() for _ in range(2)]
    members = [msgspec.json.decode(op.body or "")["member_id"] for op in joined]
    lines = [(product, 1 + n, price) for n, (product, price) in enumerate(tablets.prices)]
    orders = [maker.order(lines, tablets.list_id, member_id=members[n % 2]) for n in range(8)]
    talks = [maker.talk(members[n % 2]) for n in range(OPS - len(joined) - len(orders))]
    return [*joined, *orders, *talks]


def _lost(database_url: str, op_ids: list[str]) -> int:
    """How many of the operations are not in HQ's log exactly once, applied."""
    import psycopg

    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "SELECT op_id::text, count(*) FROM op_log WHERE op_id = ANY(%s::uuid[]) AND status = 'applied' GROUP BY 1",
            (op_ids,),
        ).fetchall()
    return len(op_ids) - len([1 for _, count in found if count == 1])


async def _cost_of_refusals(url: str, tablets: Fleet, counters: Path) -> int:
    """The statements that HQ sent to its database while it refused so many signed requests."""
    silent = [await Line.to(url) for _ in range(INSIDE)]
    for line in silent:
        line.promise(b"POST /v1/sync HTTP/1.1\r\nhost: hq\r\ncontent-length: 1000\r\n\r\n")
    await asyncio.sleep(1)
    before = herd_hq.read(counters)
    if before.admitted != INSIDE:
        raise RuntimeError("the house is not full")
    asking = await Line.to(url)
    for tablet in (tablets.tablets * REFUSED)[:REFUSED]:
        answer = await asking.ask(tablet.request())
        if answer.status != 503 or not answer.headers.get("retry-after", "").isdecimal():
            raise RuntimeError(f"not refused: {answer}")
    after = herd_hq.read(counters)
    for line in (*silent, asking):
        line.close()
    if after.refused - before.refused != REFUSED:
        raise RuntimeError("HQ counts other refusals than were met")
    return after.statements - before.statements


def _many_files() -> None:
    """Two thousand connections need as many files, here and at HQ."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
