"""Fixtures of the integration tests."""

from tests.hq_fixtures import hq_cluster, hq_database, hq_template

__all__ = ["hq_cluster", "hq_database", "hq_template"]
