"""A store for each test, closed at its end."""

from tests.unit.local_store.conftest import bench

__all__ = ["bench"]
