"""`hq-push`: how many batches of 10 operations HQ takes in a second, from many tablets of several shops.

A batch: 2 sign-ups, 6 orders of 3 lines for members of the shop, 2 talks; 32 tablets of 8 shops, each on a kept
connection. Requests are made and signed beforehand. Baseline, in turn: exactly the statements that HQ ran for such
batches, recorded once with their values and given to pgbench, a copy of the database as it was before, as many
connections, each transaction for itself: PostgreSQL's part of the work with nobody around it. fsync and
synchronous_commit are on for both. Goal: ≥ 0.5× its rate.

    python -m benchmarks.hq_push [ROUNDS]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import fleet, harness, hq_server, pgbench
from benchmarks.fleet import Fleet, Line, Tablet
from hq.database import embedded
from sync.protocol.messages import WireOp

SHOPS, TABLETS = 8, 4
BATCHES, OPS = 12, 10
GOAL = 0.5


def main(rounds: int) -> None:
    """Measures, prints and writes the report."""
    pgbench.required()
    report = harness.report("hq-push")
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        hq = Path(folder) / "hq"
        tablets = fleet.enlisted(hq, SHOPS, TABLETS)
        with embedded.running(hq):
            pgbench.copied(hq, "before", embedded.DATABASE)
            scripts = _recorded(hq, tablets, Path(folder))
            with hq_server.serving(hq) as url:
                made = [0]

                def ours() -> float:
                    made[0] += 1
                    return asyncio.run(_rate(url, tablets, made[0]))

                ours()  # warming: plans and caches
                took, bare = harness.in_turn(rounds, ours, lambda: _replayed(hq, scripts))
    name = f"batches of {OPS} operations from {len(tablets.tablets)} tablets"
    report.figures[name] = harness.figure(took, "/s")
    report.baselines["the same statements by pgbench"] = harness.figure(bare, "/s")
    ratio = report.figures[name].median / harness.figure(bare, "/s").median
    report.ratios["batches / pgbench"] = harness.Ratio(value=ratio, goal=GOAL, least=True)
    report.finish()


# ------------------------------------------------------------------ ours


async def _rate(url: str, tablets: Fleet, round_: int) -> float:
    """Batches a second."""
    lines = [await Line.to(url) for _ in tablets.tablets]
    made = [requests(tablet, tablets, round_) for tablet in tablets.tablets]
    began = time.perf_counter()
    await asyncio.gather(*(_push(line, each) for line, each in zip(lines, made, strict=True)))
    took = time.perf_counter() - began
    for line in lines:
        line.close()
    return len(made) * BATCHES / took


async def _push(line: Line, made: Sequence[bytes]) -> None:
    for request in made:
        answer = await line.ask(request)
        if answer.status != 200:
            raise RuntimeError(f"a batch was not taken: {answer}")


def requests(tablet: Tablet, tablets: Fleet, round_: int) -> list[bytes]:
    """The batches of one tablet; each round goes on where the one before ended (round 0: recorded, then forgotten)."""
    maker = tablet.maker(1 + max(0, round_ - 1) * BATCHES * OPS)
    made = []
    for _ in range(BATCHES):
        ops = batch(maker, tablets)
        made.append(tablet.request(ops, next_seq=maker.next_seq, want=0))
    return made


def batch(maker: Any, tablets: Fleet) -> list[WireOp]:
    """The operations of one batch."""
    import msgspec

    joined = [maker.sign_up() for _ in range(2)]
    members = [msgspec.json.decode(op.body)["member_id"] for op in joined]
    lines = [(product, 1 + n, price) for n, (product, price) in enumerate(tablets.prices)]
    orders = [maker.order(lines, tablets.list_id, member_id=members[n % 2]) for n in range(6)]
    return [*joined, *orders, *(maker.talk(member) for member in members)]


# ------------------------------------------------------------------ the baseline


def _recorded(hq: Path, tablets: Fleet, folder: Path) -> list[Path]:
    """One script for each tablet with the statements of all its batches; HQ's database stays as it was."""
    found = hq_server.apart(_record, hq, tablets)
    pgbench.copied(hq, embedded.DATABASE, "before")
    paths = []
    for n, script in enumerate(found):
        paths.append(folder / f"tablet-{n}.sql")
        paths[-1].write_text(script, encoding="utf-8")
    return paths


def _record(hq: Path, tablets: Fleet) -> list[str]:
    from benchmarks.recorded import recorded
    from hq.database.opening import opened

    with opened(hq):
        return [recorded(requests(tablet, tablets, 0)) for tablet in tablets.tablets]


def _replayed(hq: Path, scripts: Sequence[Path]) -> float:
    """Batches a second."""
    pgbench.copied(hq, "replay", "before")
    took = harness.timed(lambda: pgbench.replayed(hq, "replay", scripts))
    return len(scripts) * BATCHES / took


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
