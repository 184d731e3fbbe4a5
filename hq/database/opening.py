"""Opens HQ's database for this process: the one of DATABASE_URL, else the embedded one of the data folder."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from psycopg import sql

from guide_app.domain.errors import Defect, EnvironmentProblem
from hq import environment
from hq.database import embedded, upkeep


class _Pooled(Protocol):
    """What Django's PostgreSQL connection can do and its type stubs do not tell."""

    def close_pool(self) -> None:
        """Ends the pool's threads and connections."""


@contextlib.contextmanager
def opened(data: Path) -> Iterator[None]:
    """Django with its database, for as long as the context lasts. One data folder per process.

    Raises EnvironmentProblem: "database_…" when the database cannot be started or reached, BadInput for a setting.
    """
    if settings.configured:
        raise Defect("Django is set up already; a process opens one database")
    with contextlib.ExitStack() as stack:
        os.environ["GUIDE_HQ_DATA"] = str(data)
        if not os.environ.get("DATABASE_URL"):
            cluster = stack.enter_context(embedded.running(data))
            _ensure_database(cluster)
            os.environ["DATABASE_URL"] = cluster.url()
            stack.enter_context(upkeep.of(cluster))
            stack.callback(os.environ.pop, "DATABASE_URL", None)
        _check(os.environ["DATABASE_URL"])
        stack.enter_context(connected())
        yield


@contextlib.contextmanager
def connected() -> Iterator[None]:
    """Django with the database of DATABASE_URL, which another process of HQ has opened; whether it can be reached
    shows with the first query."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "hq.settings"
    django.setup()
    try:
        yield
    finally:
        _close()


def connections() -> int:
    """How many connections the database allows to all its users."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
        )
        return int(cursor.fetchone()[0])


def migrate() -> None:
    """Brings the tables up to this version; does nothing when they are."""
    call_command("migrate", verbosity=0, interactive=False)


def _ensure_database(cluster: embedded.Cluster) -> None:
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [embedded.DATABASE]).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(embedded.DATABASE)))


def _check(url: str) -> None:
    environment.database(url)  # an address of another kind is told here
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as error:
        raise EnvironmentProblem("database_unreachable", str(error).splitlines()[0]) from error
    if version < 150_000:
        raise EnvironmentProblem("database_old", f"PostgreSQL {version // 10_000}")


def _close() -> None:
    from django.db import connection

    connection.close()
    cast("_Pooled", connection).close_pool()
