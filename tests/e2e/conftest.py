"""Fixtures of the tests with real windows."""

from tests.e2e.street import street, world
from tests.hq_fixtures import hq_cluster, hq_database, hq_template

__all__ = ["hq_cluster", "hq_database", "hq_template", "street", "world"]
