"""Readers that follow the feed while twelve writers commit miss nothing; with the naive cursor, the control, they do.

`python -m tests.proofs.feed_race --commits 30000 --seed 7`, on a real PostgreSQL. Each commit is one transaction
through `hq.protocol.feed.publish`: new rows, and old ones that change and so move to the end; it is held
open for a moment. Two readers go by the contract's cursor, one through HQ's own pages, one by SQL written
here. The control is a table with a `bigserial` number, read by "greater than the last one I saw", under such writers.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple
from uuid import UUID

import psycopg

from tests.proofs.summary import Summary
from tests.proofs.telling import finish, told

PROCESSES, THREADS = 4, 3
"""Together twelve writers."""
SCOPES = 4
HELD_S = 0.002
Versions = dict[str, int]
"""Row id → the highest version written or seen."""


class Task(NamedTuple):
    """What one writer does. `scopes`: (store id, scope); none: into the naive table."""

    scopes: tuple[tuple[str, str], ...]
    commits: int
    seed: str


def _write(tasks: list[Task]) -> list[Versions]:
    """A writer a thread, in a process of its own."""
    import django

    django.setup()
    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(_one_writer, tasks))


def _one_writer(task: Task) -> Versions:
    """Its rows are its own, so that it knows the version that each must end with."""
    random = Random(task.seed)
    written: Versions = {}
    write = _into_the_feed if task.scopes else _naively()
    for _ in range(task.commits):
        old = random.choice([*written]) if written and random.random() < 0.3 else ""
        row_id = old or str(UUID(int=random.getrandbits(128), version=4))
        written[row_id] = written.get(row_id, 0) + 1
        write(task, random, row_id, written[row_id])
        time.sleep(random.random() * HELD_S)
    return written


def _into_the_feed(task: Task, random: Random, row_id: str, version: int) -> None:
    from django.db import transaction

    from hq.protocol import feed

    store_id, scope = task.scopes[UUID(row_id).int % len(task.scopes)]
    with transaction.atomic():
        feed.publish([feed.Change(store_id, scope, "talk", row_id, version, "put", "{}")])
        time.sleep(random.random() * HELD_S)


def _naively() -> Callable[[Task, Random, str, int], None]:
    connection = psycopg.connect(os.environ["DATABASE_URL"])

    def write(_task: Task, random: Random, row_id: str, version: int) -> None:
        connection.execute("INSERT INTO naive (entity_id, ver) VALUES (%s, %s)", [row_id, version])
        time.sleep(random.random() * HELD_S)
        connection.commit()

    return write


# ---------------------------------------------------------------------- readers


class Reader(NamedTuple):
    """What a reader saw, and how often it looked."""

    seen: Versions
    counts: Counter[str]


def _see(reader: Reader, row_id: str, version: int) -> None:
    reader.seen[row_id] = max(reader.seen.get(row_id, 0), version)
    reader.counts["rows read"] += 1


def _by_pages(scopes: tuple[tuple[str, str], ...], reader: Reader) -> Callable[[], None]:
    """HQ's own pages, small ones; the cursor moves as a tablet's does."""
    from hq.ledger.port import ScopeKey
    from hq.ledger.postgres import PostgresLedger

    keys, at = [ScopeKey(*scope) for scope in scopes], dict.fromkeys((scope for _, scope in scopes), 0)
    ledger = PostgresLedger()

    def look() -> None:
        page = ledger.page(keys, at, 4_000)
        for scope, part in page.slices.items():
            rows = [json.loads(row) for row in part.rows]
            for row in rows:
                _see(reader, row["id"], row["v"])
            at[scope] = (rows[-1]["q"] if rows else at[scope]) if part.more else page.heads[scope].head

    return look


def _by_sql(url: str, scopes: tuple[tuple[str, str], ...], reader: Reader) -> Callable[[], None]:
    """Section 2 of the contract in SQL: head and rows of one snapshot; the cursor moves to head."""
    connection = psycopg.connect(url)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    at = dict.fromkeys(scopes, 0)

    def look() -> None:
        for key in scopes:
            with connection.transaction():
                (head,) = connection.execute(
                    "SELECT head FROM scope_head WHERE store_id = %s AND scope = %s", key
                ).fetchone() or (0,)
                rows = connection.execute(
                    "SELECT entity_id::text, ver FROM feed WHERE store_id = %s AND scope = %s AND seq > %s"
                    " ORDER BY seq", [*key, at[key]],
                ).fetchall()  # fmt: skip
            at[key] = head
            for row_id, version in rows:
                _see(reader, row_id, version)

    return look


def _by_number(url: str, reader: Reader) -> Callable[[], None]:
    """The control: whatever has a higher number than the last one seen."""
    connection = psycopg.connect(url, autocommit=True)
    last = [0]

    def look() -> None:
        query = "SELECT seq, entity_id, ver FROM naive WHERE seq > %s ORDER BY seq"
        for seq, row_id, version in connection.execute(query, last).fetchall():
            _see(reader, row_id, version)
            last[0] = seq

    return look


@contextmanager
def _following(*looks: tuple[Reader, Callable[[], Callable[[], None]]]) -> Iterator[None]:
    """Readers in threads, each of which looks all the while and once more when the writers are done."""
    over = threading.Event()

    def follow(reader: Reader, make: Callable[[], Callable[[], None]]) -> None:
        look = make()
        while not over.is_set():
            look()
            reader.counts["looks"] += 1
            time.sleep(0.003)
        for _ in range(10_000):  # small pages: until nothing comes any more
            before = reader.counts["rows read"]
            look()
            if reader.counts["rows read"] == before:
                return

    with ThreadPoolExecutor(len(looks)) as threads:
        jobs = [threads.submit(follow, reader, make) for reader, make in looks]
        try:
            yield
        finally:
            over.set()
        for job in jobs:
            job.result()


def _missed(written: list[Versions], reader: Reader) -> int:
    return sum(reader.seen.get(row_id) != version for part in written for row_id, version in part.items())


def _race(scopes: tuple[tuple[str, str], ...], commits: int, seed: int) -> list[Versions]:
    """Twelve writers at once; what each wrote."""
    each = [Task(scopes, commits // (PROCESSES * THREADS), f"{seed} {n}") for n in range(PROCESSES * THREADS)]
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        parts = pool.map(_write, [each[n * THREADS : (n + 1) * THREADS] for n in range(PROCESSES)])
        return [written for part in parts for written in part]


def run(commits: int, seed: int) -> Summary:
    """So many commits to the feed, and a fifth of them to the naive table. Sets Django up: once a process."""
    from hq.database.opening import migrate, opened

    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="guide-proof-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        with opened(Path(name) / "data"):
            migrate()
            return _told(commits, seed, began)


def _told(commits: int, seed: int, began: float) -> Summary:
    from tests.integration.feed_check import position_differences
    from tests.integration.hq_data import make_store

    url = os.environ["DATABASE_URL"]
    stores = [make_store(f"{101 + n}")[1] for n in range(SCOPES)]
    scopes = tuple((str(store.id), store.scope) for store in stores)
    pages, sql, naive = (Reader({}, Counter()) for _ in range(3))
    with _following((pages, lambda: _by_pages(scopes, pages)), (sql, lambda: _by_sql(url, scopes, sql))):
        written = _race(scopes, commits, seed)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE naive (seq bigserial PRIMARY KEY, entity_id text, ver integer)")
    with _following((naive, lambda: _by_number(url, naive))):
        control = _race((), max(commits // 5, 600), seed)
    figures = {
        "commits": sum(sum(part.values()) for part in written), "writers": PROCESSES * THREADS, "scopes": SCOPES,
        "rows": sum(len(part) for part in written), "looks by pages": pages.counts["looks"],
        "looks by SQL": sql.counts["looks"], "commits of the control": sum(sum(part.values()) for part in control),
    }  # fmt: skip
    wrong = {
        "missed by HQ's pages": _missed(written, pages), "missed by SQL": _missed(written, sql),
        "positions or digests wrong": len(position_differences()),
    }  # fmt: skip
    lost = {"missed by the naive cursor": _missed(control, naive)}
    return told("feed race", figures, wrong, time.monotonic() - began, lost)


def main(arguments: list[str] | None = None) -> int:
    """0 when no reader by the contract missed a commit, and the naive one did."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commits", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    return finish(run(given.commits, given.seed))


if __name__ == "__main__":
    sys.exit(main())
