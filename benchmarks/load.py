"""How long HQ takes to load the real year, against a bare COPY of the same rows into tables without indexes.

Figure: `hq.load` into an empty, migrated database, in a process of its own, from reading the source to ANALYZE; and
the whole command with the start of Python and Django. Baseline: every row that it made, written to files beforehand, by
COPY into tables with the same columns and nothing else. In turn, same server.

    python -m benchmarks.load [ROUNDS]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.harness import Ratio, figure, in_turn, report, timed
from hq.database.embedded import Cluster, running

TABLES = (
    "product", "price", "stock", "category", "price_list", "policy", "scope_settings", "staff", "member",
    "member_consent", "shop_order", "order_line", "talk", "followup", "scope_head", "feed",
)  # fmt: skip
GOAL = 4.0
TEMPLATE, LOADED, BARE = "bench_template", "bench_loaded", "bench_bare"


def main(rounds: int) -> None:
    """Measures, prints and writes the report."""
    with tempfile.TemporaryDirectory(prefix="guide-bench-load-") as folder:
        Path(folder).chmod(0o711)  # the server's own account passes through it
        with running(Path(folder) / "data") as cluster:
            _measure(cluster, Path(folder) / "rows", rounds)


def _measure(cluster: Cluster, files: Path, rounds: int) -> None:
    files.mkdir()
    _again(cluster, TEMPLATE, "template1")
    _command(cluster, TEMPLATE, "migrate")
    rows, commands = 0, list[float]()

    def load() -> float:
        nonlocal rows
        _again(cluster, LOADED, TEMPLATE)
        commands.append(timed(lambda: _command(cluster, LOADED, "load")))
        rows = rows or _dump(cluster, files)
        return float(_seconds(cluster).read_text())

    def bare() -> float:
        _again(cluster, BARE, TEMPLATE)
        return timed(lambda: _copy(cluster, files))

    loads, bares = in_turn(rounds, load, bare)
    told = report("load")
    told.figures = {
        "load the year": figure(loads, "s"), "the whole command": figure(commands, "s"), "rows": figure([rows], "rows"),
    }  # fmt: skip
    told.baselines = {"bare COPY of the same rows": figure(bares, "s")}
    ratio = told.figures["load the year"].median / told.baselines["bare COPY of the same rows"].median
    told.ratios = {"load / bare COPY": Ratio(value=ratio, goal=GOAL)}
    told.finish()


def _again(cluster: Cluster, database: str, template: str) -> None:
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        name = sql.Identifier(database)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(template)))
        connection.execute("CHECKPOINT")


def _command(cluster: Cluster, database: str, what: str) -> None:
    environment = {**os.environ, "DATABASE_URL": cluster.url(database)}
    command = [sys.executable, "-m", "benchmarks.load", what, str(cluster.data)]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def _seconds(cluster: Cluster) -> Path:
    return cluster.data / "load.seconds"


def _child(what: str, cluster: Cluster) -> None:
    """What the process of its own does: migrates, or loads and tells how long the load itself took."""
    from hq.database.opening import migrate, opened

    with opened(cluster.data):
        migrate()
        if what == "load":
            from rich.console import Console

            from hq.load.complete_journey import load
            from hq.load.plan import Plan, today

            _seconds(cluster).write_text(str(load(Plan(as_of=today()), Console()).seconds))


def _dump(cluster: Cluster, files: Path) -> int:
    """Writes all rows to files; returns how many."""
    rows = 0
    with psycopg.connect(cluster.url(LOADED)) as connection, connection.cursor() as cursor:
        for table in TABLES:
            with (files / table).open("wb") as file, cursor.copy(_statement(table, "TO STDOUT")) as stream:
                for chunk in stream:
                    file.write(chunk)
            rows += cursor.rowcount
    return rows


def _copy(cluster: Cluster, files: Path) -> None:
    """One transaction, as the load has: tables without indexes, and the rows."""
    with psycopg.connect(cluster.url(BARE)) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA bare")
        for table in TABLES:
            name = sql.Identifier(table)
            cursor.execute(sql.SQL("CREATE TABLE bare.{} (LIKE public.{})").format(name, name))
        cursor.execute("SET search_path = bare")
        for table in TABLES:
            with (files / table).open("rb") as file, cursor.copy(_statement(table, "FROM STDIN")) as stream:
                while chunk := file.read(1 << 20):
                    stream.write(chunk)


def _statement(table: str, way: str) -> sql.Composed:
    return sql.SQL("COPY {} {}").format(sql.Identifier(table), sql.SQL(way))


if __name__ == "__main__":
    if sys.argv[1:2] in (["migrate"], ["load"]):
        _child(sys.argv[1], Cluster(Path(sys.argv[2])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
