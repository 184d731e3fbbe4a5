"""`pgbench` beside HQ, on the very PostgreSQL that HQ uses: the baselines of `hq-idle` and `hq-push`."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from hq.database.embedded import Cluster

_RATE = re.compile(r"^tps = ([0-9.]+) \(without initial connection time\)", re.M)


def required() -> str:
    """Where the program is; says which Debian package brings it when it is missing."""
    found = shutil.which("pgbench")
    if found is None:
        raise SystemExit("pgbench is missing: Debian's package postgresql-contrib (or postgresql-15) brings it.")
    return found


def filled(data: Path, database: str, scale: int) -> None:
    """Makes a database of its own with pgbench's tables: 100,000 accounts for each unit of scale."""
    _sql(data, "postgres", f"CREATE DATABASE {database}")
    _run(data, database, ["--initialize", "--quiet", f"--scale={scale}"])


def selects_s(data: Path, database: str, clients: int, seconds: int) -> float:
    """Single-row selects a second: pgbench's own `--select-only` as it comes."""
    args = ["--select-only", "--no-vacuum", f"--client={clients}", "--jobs=2"]
    said = _run(data, database, [*args, f"--time={seconds}"])
    found = _RATE.search(said)
    if found is None:
        raise RuntimeError(f"pgbench said no rate: {said}")
    return float(found[1])


def replayed(data: Path, database: str, scripts: Sequence[Path]) -> None:
    """Runs each script once, all of them at the same time, each on a connection of its own."""
    started = [_start(data, database, ["--no-vacuum", "--transactions=1", f"--file={path}"]) for path in scripts]
    for child in started:
        _, errors = child.communicate()
        if child.returncode:
            raise RuntimeError(f"pgbench ended {child.returncode}: {errors[-2000:]}")


def copied(data: Path, database: str, template: str) -> None:
    """The database anew as a copy of a template that nobody uses now."""
    _sql(data, "postgres", f"DROP DATABASE IF EXISTS {database}", f"CREATE DATABASE {database} TEMPLATE {template}")


def _sql(data: Path, database: str, *statements: str) -> None:
    import psycopg

    with psycopg.connect(Cluster(data.resolve()).url(database), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _run(data: Path, database: str, args: Sequence[str]) -> str:
    child = _start(data, database, args)
    said, errors = child.communicate()
    if child.returncode:
        raise RuntimeError(f"pgbench ended {child.returncode}: {errors[-2000:]}")
    return said


def _start(data: Path, database: str, args: Sequence[str]) -> subprocess.Popen[str]:
    command = [required(), *args, Cluster(data.resolve()).url(database)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
