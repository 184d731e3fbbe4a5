"""Bringing rows into PostgreSQL fast: COPY without indexes in the way, which come back in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import sql

CHUNK = 1 << 20


@dataclass(frozen=True)
class _Part:
    """A constraint or index of a table, with the statement that makes it again."""

    table: str
    name: str
    constraint: bool
    foreign: bool
    definition: str

    def drop(self) -> sql.Composed:
        if self.constraint:
            form = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
            return form.format(sql.Identifier(self.table), sql.Identifier(self.name))
        return sql.SQL("DROP INDEX {}").format(sql.Identifier(self.name))

    def make(self) -> sql.Composed:
        definition = sql.SQL(self.definition)  # PostgreSQL's own words
        if self.constraint:
            form = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}")
            return form.format(sql.Identifier(self.table), sql.Identifier(self.name), definition)
        return sql.Composed([definition])


@contextmanager
def without_indexes(tables: Sequence[str], rebuilding: Callable[[], None]) -> Iterator[None]:
    """The tables without indexes and keys; they are made again at the end, `rebuilding` is called before that.

    All in the caller's transaction: if it fails, everything is as before.
    """
    parts = _parts(tables)
    with connection.cursor() as cursor:
        for part in sorted(parts, key=lambda p: not p.foreign):
            cursor.execute(part.drop())
        yield
        rebuilding()
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for part in sorted(parts, key=lambda p: p.foreign):
            cursor.execute(part.make())


def _parts(tables: Sequence[str]) -> list[_Part]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, true, contype = 'f', pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype IN ('p', 'u', 'f')"
            " AND (conrelid = ANY(%(t)s::regclass[]) OR confrelid = ANY(%(t)s::regclass[]))"
            " UNION ALL"
            " SELECT i.indrelid::regclass::text, c.relname, false, false, pg_get_indexdef(i.indexrelid)"
            " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = ANY(%(t)s::regclass[])"
            " AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))",
            {"t": list(tables)},
        )
        return [_Part(*row) for row in cursor.fetchall()]


def copy(table: str, columns: Sequence[str], path: Path, done: Callable[[int], None]) -> None:
    """Copies a file in chunks; `done` is told the bytes of each."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    cursor: Any
    with connection.cursor() as cursor, path.open("rb") as file, cursor.copy(statement) as stream:
        while chunk := file.read(CHUNK):
            stream.write(chunk)
            done(len(chunk))


def analyse(tables: Sequence[str]) -> None:
    """Lets the planner know the tables as they are now."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
