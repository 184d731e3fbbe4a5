"""A store for each test that wants one, closed at its end."""

from tests.unit.local_store.conftest import bench

__all__ = ["bench"]
