"""A model's table by statements of our own: made once from what the model declares, planned once a connection.

Django's managers build each statement anew, value by value, and the server plans it anew; for a batch of rows that was
half of HQ's work. Here the rows travel as one JSON value, whatever their number. What is written and read is the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault

from hq.database import statements

M = TypeVar("M", bound=Model)


class Table(Generic[M]):
    """The rows of one model."""

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._fields = cast("list[Field[Any, Any]]", model._meta.concrete_fields)
        self._names = [field.attname for field in self._fields]
        self._key = [field.attname for field in model._meta.pk_fields]
        self._upserts: dict[tuple[str, ...], str] = {}

    def upsert(self, items: Sequence[M]) -> None:
        """Inserts the models, or updates those whose key is there, in one statement; rows that are so are left alone.

        What the first model leaves to the database stays as the database has it. Raises Django's DataError for a value
        that a column cannot keep, its IntegrityError where a constraint is hurt.
        """
        if not items:
            return
        told = vars(items[0])
        names = tuple(name for name in self._names if not isinstance(told[name], DatabaseDefault))
        rows = [{name: values[name] for name in names} for values in map(vars, items)]
        if names not in self._upserts:
            self._upserts[names] = self._upsert(names)
        statements.run(self._upserts[names], (statements.packed(rows),))

    def select(self, where: str, values: Sequence[Any]) -> list[M]:
        """The models of the rows that a condition of ours (with what follows it: an order, a lock) names."""
        found = statements.rows(f"{self._select} WHERE {where}", values)
        loaded = [self._read(row) for row in found] if self._readers else found
        return [self._model.from_db(connection.alias, self._names, row) for row in loaded]

    def any_of(self, name: str, values: Collection[str]) -> tuple[str, list[str]]:
        """The condition that the column holds one of the values, and its one parameter."""
        return f'"{name}" = ANY(%s::{self._type(self._field(name))}[])', list(values)

    @property
    def name(self) -> str:
        """As SQL names it."""
        return f'"{self._model._meta.db_table}"'

    @cached_property
    def _select(self) -> str:
        return f"SELECT {_listed(self._names)} FROM {self.name}"

    @cached_property
    def _readers(self) -> list[tuple[int, Any]]:
        """Columns that the driver leaves as text (JSON), and how their field reads them."""
        return [(n, field.from_db_value) for n, field in enumerate(self._fields) if hasattr(field, "from_db_value")]

    def _read(self, row: tuple[Any, ...]) -> list[Any]:
        values = list(row)
        for n, reader in self._readers:
            values[n] = reader(values[n], None, connection)
        return values

    def _upsert(self, names: tuple[str, ...]) -> str:
        types = ", ".join(f'"{name}" {self._type(self._field(name))}' for name in names)
        rest = [name for name in names if name not in self._key]
        ours, theirs = (", ".join(f'{source}."{name}"' for name in rest) for source in ("t", "excluded"))
        taken_over = ", ".join(f'"{name}" = excluded."{name}"' for name in rest)
        return (
            f"INSERT INTO {self.name} AS t ({_listed(names)})"
            f" SELECT {_listed(names)} FROM json_to_recordset(%s::json) AS k({types})"
            f" ON CONFLICT ({_listed(self._key)}) DO UPDATE SET {taken_over}"
            f" WHERE ({ours}) IS DISTINCT FROM ({theirs})"
        )

    def _field(self, name: str) -> Field[Any, Any]:
        return self._fields[self._names.index(name)]

    def _type(self, field: Field[Any, Any]) -> str:
        return str(field.db_type(connection))


def _listed(names: Collection[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
