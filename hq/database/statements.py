"""SQL of our own on the calling thread's Django connection: the server binds the values and plans a statement once.

Django's cursors write the values into the text, so that each call is parsed and planned anew; here it is half the time
of a small query. Errors are Django's, transactions are Django's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import psycopg
from django.db import connection


def rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What the query finds."""
    with _cursor() as cursor:
        return cursor.execute(sql, values, prepare=True).fetchall()


def run(sql: str, values: Sequence[Any]) -> None:
    """Runs a statement."""
    with _cursor() as cursor:
        cursor.execute(sql, values, prepare=True)


def packed(records: Sequence[dict[str, Any]]) -> str:
    """Many rows as one value, for `json_to_recordset(%s::json)`; bytes are base64 in it.

    The driver writes lists for `unnest` element by element: for some hundred rows that is most of a statement's time.
    """
    return msgspec.json.encode(records).decode()


@contextlib.contextmanager
def _cursor() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, psycopg.Cursor[tuple[Any, ...]](_raw()) as cursor:
        yield cursor


def _raw() -> psycopg.Connection[tuple[Any, ...]]:
    raw: psycopg.Connection[tuple[Any, ...]] = connection.connection
    return raw
