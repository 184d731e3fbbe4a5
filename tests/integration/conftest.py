"""Fixtures of the integration tests."""

from __future__ import annotations

import gc
import warnings

from tests.hq_fixtures import hq_cluster, hq_database, hq_template

__all__ = ["hq_cluster", "hq_database", "hq_template"]


def pytest_sessionfinish() -> None:
    """Lets a connection go that a stopped tablet left to the collector: by now its test is not known any more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
