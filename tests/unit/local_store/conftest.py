"""A store for each test, closed at its end."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.unit.local_store.kit import Bench


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A tablet that is enrolled and has loaded its shop."""
    made = Bench(tmp_path / "store.db")
    await made.enrol()
    yield made
    made.store.close()
