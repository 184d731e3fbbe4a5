"""HQ on a real PostgreSQL for tests: one embedded cluster a run, a fresh copy of a migrated database for each test.

Use it with `from tests.hq_fixtures import hq_cluster, hq_database, hq_template` in a conftest.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from hq.database.embedded import Cluster, running

TEMPLATE = "guide_template"
_numbers = count(1)


@pytest.fixture(scope="session")
def hq_cluster() -> Iterator[Cluster]:
    """A running embedded cluster in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="guide-hq-") as folder:
        Path(folder).chmod(0o711)  # the server's own account passes through it
        with running(Path(folder) / "data") as cluster:
            yield cluster


@pytest.fixture(scope="session")
def hq_template(hq_cluster: Cluster) -> str:
    """The name of a migrated, empty database that each test gets a copy of; Django is set up with it."""
    _admin(hq_cluster, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    os.environ["GUIDE_HQ_DATA"] = str(hq_cluster.data)
    os.environ["DATABASE_URL"] = hq_cluster.url(TEMPLATE)
    os.environ["DJANGO_SETTINGS_MODULE"] = "hq.settings"
    import django

    django.setup()
    from hq.database.opening import migrate

    migrate()
    _leave()
    return TEMPLATE


@pytest.fixture
def hq_database(hq_cluster: Cluster, hq_template: str) -> Iterator[str]:
    """As `fresh_database`, for each test."""
    with fresh_database(hq_cluster) as url:
        yield url


@contextmanager
def fresh_database(hq_cluster: Cluster) -> Iterator[str]:
    """A copy of the template, Django connected to it; its address for queries that share no code with the product."""
    name = f"guide_test_{next(_numbers)}"
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE))
    _admin(hq_cluster, copy)
    _connection().settings_dict["NAME"] = name
    _keep_apart(hq_cluster.data / f"{name}.jsonl")
    yield hq_cluster.url(name)
    _leave()
    _admin(hq_cluster, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _keep_apart(journal: Path) -> None:
    """A database's journal of erasures is its own."""
    from django.conf import settings

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, erasures=journal)


def _connection() -> Any:
    """Django's connection; its settings are shared by all threads."""
    from django.db import connections

    return connections["default"]


def _leave() -> None:
    _connection().close()
    _connection().close_pool()


def _admin(cluster: Cluster, statement: sql.Composed) -> None:
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(statement)
