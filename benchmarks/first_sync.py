"""`first-sync`: an empty tablet takes 100,000 members and 20,000 products with prices, and stands ready to search.

Figure: from the call that enrols to the moment that the lock may be shown: through the real engine, HTTP, HQ and
PostgreSQL into the encrypted store. Baseline, in turn: the same rows as one zstd body over loopback, decoded, by one
executemany a table into the same schema in one transaction, indexes and search keys last, 64 MB of cache, plain.
Goals: ≤ 1.5×; at most 11 times what a tenth of all rows takes.

    python -m benchmarks.first_sync [ROUNDS]
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import zstandard
from sqlcipher3 import dbapi2 as sqlite

from benchmarks import harness, hq_server
from benchmarks.spent import Spent, watched
from guide_app.bootstrap import Parts, tablet
from guide_app.settings import Settings
from local_store import migrations
from local_store.indexes import build_late
from local_store.search import COUNTED
from local_store.tables import TABLES, Table
from sync.protocol import codec
from sync.protocol.messages import Row

MEMBERS, PRODUCTS = 100_000, 20_000
GOAL, SCALING_GOAL = 1.5, 11.0
PATIENCE_S = 300.0
_rows_of = msgspec.json.Decoder(list[Row])


def main(rounds: int) -> None:
    """Measures, prints and writes the report."""
    report = harness.report("first-sync")
    spent = Spent()
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        whole, tenth = Path(folder) / "whole", Path(folder) / "tenth"
        hq_server.filled(whole, MEMBERS, PRODUCTS)
        hq_server.filled(tenth, MEMBERS // 10, PRODUCTS // 10)
        with (
            hq_server.serving(whole) as url,
            hq_server.serving(tenth) as tenth_url,
            _one_body(Path(folder), hq_server.dumped(whole)) as body,
        ):
            ours_s, bare_s, tenth_s = harness.in_turn(
                rounds,
                lambda: _first_sync(url, hq_server.code(whole), spent),
                lambda: _bare(body),
                lambda: _first_sync(tenth_url, hq_server.code(tenth), Spent()),
            )
    ours, bare, less = (harness.figure(values, "s") for values in (ours_s, bare_s, tenth_s))
    report.figures[f"{MEMBERS:,} members, {PRODUCTS:,} products"] = ours
    report.figures |= {f"of it: {part}": harness.figure(values, "s") for part, values in spent.by_round().items()}
    report.figures[f"{MEMBERS // 10:,} members, {PRODUCTS // 10:,} products"] = less
    report.baselines["one body, one transaction"] = bare
    report.ratios["first sync / bare copy"] = harness.Ratio(value=ours.median / bare.median, goal=GOAL)
    report.ratios["ten times the rows"] = harness.Ratio(value=ours.median / less.median, goal=SCALING_GOAL)
    report.finish()


# ------------------------------------------------------------------ ours


def _first_sync(url: str, code: str, spent: Spent) -> float:
    with tempfile.TemporaryDirectory(prefix="guide-bench-tablet-") as folder:
        return asyncio.run(_load(Path(folder), url, code, spent))


async def _load(folder: Path, url: str, code: str, spent: Spent) -> float:
    """Seconds until the store is ready; what comes after (comparing digests with HQ's) is told apart."""
    settings = Settings(data=folder, key_source="file")
    with watched(spent):
        async with tablet(settings, parts=Parts()) as container:
            ready = asyncio.Event()
            container.sync.subscribe(lambda view: ready.set() if view.phase == "idle" else None)
            began = time.perf_counter()
            await container.sync.enrol(url, code, "bench")
            await asyncio.wait_for(ready.wait(), PATIENCE_S)
            took = time.perf_counter() - began
            if await container.read.members.count() < COUNTED:
                raise RuntimeError("members are missing")
    spent.end_round(took)
    return took


# ------------------------------------------------------------------ the baseline


@contextmanager
def _one_body(folder: Path, rows: bytes) -> Iterator[str]:
    """The address of the rows as one zstd body on loopback."""
    served = folder / "served"
    served.mkdir()
    (served / "rows").write_bytes(codec.pack(rows, "zstd"))
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(served)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            if server.stdout is None:
                raise RuntimeError("no server")
            port = server.stdout.readline().split("port ")[1].split()[0]
            yield f"http://127.0.0.1:{port}/rows"
        finally:
            server.terminate()


def _bare(url: str) -> float:
    with tempfile.TemporaryDirectory(prefix="guide-bench-bare-") as folder:
        connection = sqlite.connect(str(Path(folder) / "bare.db"), isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 0", "cache_size = -65536"):
            connection.execute(f"PRAGMA {pragma}")
        migrations.apply(connection)
        try:
            return harness.timed(lambda: _copy(connection, url))
        finally:
            connection.close()


def _copy(connection: sqlite.Connection, url: str) -> None:
    with urllib.request.urlopen(url) as answer:
        body = answer.read()
    by_entity: defaultdict[str, list[tuple[str | int, ...]]] = defaultdict(list)
    for row in _rows_of.decode(zstandard.ZstdDecompressor().decompress(body)):
        if row.e in TABLES:
            d = bytes(row.d)
            by_entity[row.e].append((row.id, row.s, row.q, row.v, 1, *TABLES[row.e].read(d), d.decode()))
    connection.execute("BEGIN")
    for entity, rows in by_entity.items():
        connection.executemany(_insert(TABLES[entity]), rows)
    build_late(connection)
    connection.execute("COMMIT")


def _insert(table: Table) -> str:
    columns = ("id", "scope", "q", "ver", "g", *table.columns, "d")
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
