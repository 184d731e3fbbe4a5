"""`delta-pull`: 500 of 100,000 members were changed at HQ; the tablet fetches them into its encrypted store.

Figure: the rounds of sync until there is no more, each change committed with `synchronous=FULL`. Baseline, in turn: the
same rows by one query by position, one zstd body over a kept loopback connection, decoded, one upsert transaction into
the same tables with the same indexes and search keys, unencrypted, `synchronous=FULL`. Goal: ≤ 1.5×.

    python -m benchmarks.delta_pull [ROUNDS]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from benchmarks import bare_hq, harness, hq_server, loaded
from benchmarks.members import rows as made_rows
from hq.database import embedded
from local_store import migrations
from local_store.indexes import build_late
from local_store.rows import Rows
from local_store.tables import Stored
from sync.protocol.messages import Row

MEMBERS, CHANGED = 100_000, 500
GOAL = 1.5
_rows_of = msgspec.json.Decoder(list[Row])


def main(rounds: int) -> None:
    """Measures, prints and writes the report."""
    report = harness.report("delta-pull")
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        hq = Path(folder) / "hq"
        hq_server.filled(hq, MEMBERS, 100)
        with (
            embedded.running(hq) as cluster,
            hq_server.serving(hq) as url,
            bare_hq.serving(cluster.url()) as line,
        ):
            ours, bare = asyncio.run(_measure(Path(folder), hq, url, line, rounds))
    report.figures[f"{CHANGED} of {MEMBERS:,} members"] = harness.figure(ours, "ms")
    report.baselines["one query, one body, one transaction"] = harness.figure(bare, "ms")
    ratio = harness.figure(ours, "ms").median / harness.figure(bare, "ms").median
    report.ratios["pull / bare pull"] = harness.Ratio(value=ratio, goal=GOAL)
    report.finish()


async def _measure(
    folder: Path, hq: Path, url: str, line: HTTPConnection, rounds: int
) -> tuple[list[float], list[float]]:
    plain = _plain_store(folder / "bare.db")
    ours: list[float] = []
    bare: list[float] = []
    async with loaded.loaded(folder / "tablet", url, hq_server.code(hq)) as tablet:
        await tablet.catch_up()
        for n in range(rounds + 1):
            at = hq_server.apart(_change, hq, n)
            began = time.perf_counter()
            if await tablet.catch_up() != CHANGED:
                raise RuntimeError("other rows came than were changed")
            ours.append((time.perf_counter() - began) * 1000)
            bare.append(harness.timed(partial(_bare, plain, line, at)) * 1000)
    plain.close()
    return ours[1:], bare[1:]  # the first of each warms caches


def _change(hq: Path, round_: int) -> tuple[str, str, int]:
    """Changes every 200th member; the store, its scope, and the position before."""
    from hq.database.opening import opened

    with opened(hq):
        return _changed(round_)


def _changed(round_: int) -> tuple[str, str, int]:
    from django.db import transaction

    from hq.members.mapping import MEMBER
    from hq.members.models import Member
    from hq.protocol import saving
    from hq.protocol.models import ScopeHead
    from hq.stores.models import Store

    store = Store.objects.get(code=hq_server.STORE)
    ids = [str(found) for found in Member.objects.order_by("member_no").values_list("id", flat=True)]
    before = ScopeHead.objects.get(scope=store.scope).head
    rows = MEMBER.load(str(store.id), ids[round_ :: MEMBERS // CHANGED][:CHANGED])
    with transaction.atomic():
        records = {row.ref.id: msgspec.structs.replace(row.record, note=f"{round_}") for row in rows.values()}
        saving.save(MEMBER, str(store.id), records)
    return str(store.id), store.scope, before


def _plain_store(path: Path) -> sqlite.Connection:
    """The same members in the same tables, unencrypted, all indexes and keys built."""
    connection = sqlite.connect(str(path), isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 0", "cache_size = -65536"):
        connection.execute(f"PRAGMA {pragma}")
    migrations.apply(connection)
    connection.execute("BEGIN")
    _put(Rows(connection, keyed=False), list(made_rows(MEMBERS, "s")))
    build_late(connection)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return connection


def _bare(connection: sqlite.Connection, line: HTTPConnection, at: tuple[str, str, int]) -> None:
    store, scope, after = at
    rows = _rows_of.decode(bare_hq.said(line, "GET", f"/rows?store={store}&scope={scope}&after={after}"))
    if len(rows) != CHANGED:
        raise RuntimeError("other rows came than were changed")
    connection.execute("BEGIN IMMEDIATE")
    _put(Rows(connection), rows)
    connection.execute("COMMIT")


def _put(into: Rows, rows: list[Row]) -> None:
    into.put("member", [(row.id, Stored(row.s, row.q, row.v, 1, bytes(row.d).decode())) for row in rows])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
