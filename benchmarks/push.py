"""`push`: 500 operations made offline (talks with 500 members) go to HQ; what it made of them comes back.

Figure: the rounds of sync until each operation is closed and HQ's rows are in the encrypted store. Baseline, in turn:
one POST of the same operations and rows as one zstd body over a kept loopback connection, one PostgreSQL transaction
that writes them (500 operations, 1,000 rows), one acknowledgement that brings the rows, one SQLite transaction that
closes the operations and upserts the rows. `synchronous=FULL`, `synchronous_commit=on`, `fsync=on` on both sides.
Goal: ≤ 2×.

    python -m benchmarks.push [ROUNDS]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from benchmarks import bare_hq, harness, hq_server, loaded
from benchmarks.loaded import Tablet
from guide_app.domain.ids import derived_id
from guide_app.operations.talks import LogTalk, TalkLog
from guide_app.services.ports.writing import Draft
from hq.database import embedded
from local_store import migrations
from local_store.indexes import build_late
from local_store.rows import Rows
from local_store.tables import Stored

MEMBERS, PRODUCTS, OPS = 10_000, 100, 500
GOAL = 2.0
_AT = "2026-11-21T10:00:00.000Z"


class _Work(NamedTuple):
    """What one run pushes, in the form of the bare server."""

    ops: list[tuple[str, str]]
    rows: list[tuple[str, str, str]]


def main(rounds: int) -> None:
    """Measures, prints and writes the report."""
    report = harness.report("push")
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        hq = Path(folder) / "hq"
        hq_server.filled(hq, MEMBERS, PRODUCTS)
        guide = hq_server.apart(_guide, hq)
        with embedded.running(hq) as cluster, hq_server.serving(hq) as url, bare_hq.serving(cluster.url()) as line:
            ours, bare = asyncio.run(_measure(Path(folder), url, hq_server.code(hq), guide, line, rounds))
    report.figures[f"{OPS} operations"] = harness.figure(ours, "ms")
    report.baselines["one POST, one transaction, one acknowledgement"] = harness.figure(bare, "ms")
    ratio = harness.figure(ours, "ms").median / harness.figure(bare, "ms").median
    report.ratios["push / bare push"] = harness.Ratio(value=ratio, goal=GOAL)
    report.finish()


def _guide(hq: Path) -> str:
    from hq.database.opening import opened

    with opened(hq):
        from hq.staff.models import Staff

        return str(Staff.objects.order_by("staff_no").values_list("id", flat=True)[0])


async def _measure(
    folder: Path, url: str, code: str, guide: str, line: HTTPConnection, rounds: int
) -> tuple[list[float], list[float]]:
    plain = _plain_store(folder / "bare.db")
    ours: list[float] = []
    bare: list[float] = []
    async with loaded.loaded(folder / "tablet", url, code) as tablet:
        await tablet.catch_up()
        members = [row.id for row in await tablet.store.members.search("", limit=OPS)]
        for n in range(rounds + 1):
            work = await _made(tablet, guide, members, n)
            began = time.perf_counter()
            await tablet.catch_up()
            ours.append((time.perf_counter() - began) * 1000)
            if (await tablet.store.sync.outgoing()).ops:
                raise RuntimeError("operations are left")
            _make(plain, work)
            bare.append(harness.timed(partial(_bare, plain, line, work)) * 1000)
    plain.close()
    return ours[1:], bare[1:]  # the first of each warms caches


async def _made(tablet: Tablet, guide: str, members: list[str], round_: int) -> _Work:
    """Logs a talk with each member, offline."""
    ops, rows = [], []
    for n, member in enumerate(members):
        body = LogTalk(
            talk_id=derived_id("bench", "talk", f"{round_}-{n}"), member_id=member, channel="in_store",
            outcome="interested", topic="general", at=_AT,
        )  # fmt: skip
        await tablet.store.journal.commit(guide, Draft(kind=TalkLog.kind, body=body))
        text = msgspec.json.encode(body).decode()
        ops.append((derived_id("bench", "op", f"{round_}-{n}"), text))
        rows += [("talk", body.talk_id, text), ("member", member, await _member(tablet, member))]
    return _Work(ops, rows)


async def _member(tablet: Tablet, member_id: str) -> str:
    view = await tablet.store.members.get(member_id)
    if view is None:
        raise RuntimeError("a member is missing")
    return msgspec.json.encode(view.member).decode()


# ------------------------------------------------------------------ the baseline


def _plain_store(path: Path) -> sqlite.Connection:
    connection = sqlite.connect(str(path), isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 0", "cache_size = -65536"):
        connection.execute(f"PRAGMA {pragma}")
    migrations.apply(connection)
    connection.execute("CREATE TABLE bare_op (id TEXT PRIMARY KEY, body TEXT NOT NULL, state TEXT NOT NULL)")
    build_late(connection)
    return connection


def _make(connection: sqlite.Connection, work: _Work) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO bare_op VALUES (?, ?, 'pending')", work.ops)
    connection.execute("COMMIT")


def _bare(connection: sqlite.Connection, line: HTTPConnection, work: _Work) -> None:
    found = connection.execute("SELECT id, body FROM bare_op WHERE state = 'pending'").fetchall()
    asked = msgspec.json.encode({"ops": found, "rows": work.rows})
    answer = msgspec.json.decode(bare_hq.said(line, "POST", "/ops", asked))
    connection.execute("BEGIN IMMEDIATE")
    closed = [(op_id,) for op_id in answer["results"]]
    connection.executemany("UPDATE bare_op SET state = 'applied' WHERE id = ?", closed)
    rows = Rows(connection)
    for entity in ("member", "talk"):
        rows.put(entity, [(row_id, Stored("s", 1, 1, 1, data)) for at, row_id, data in answer["rows"] if at == entity])
    connection.execute("COMMIT")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
