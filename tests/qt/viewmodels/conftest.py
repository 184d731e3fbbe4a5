"""A counter for each test: in memory, or on a real store."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.qt.viewmodels.fakes import Counter
from tests.qt.viewmodels.on_store import OnStore, opened


@pytest.fixture(autouse=True)
def _timers_end_in_their_own_thread() -> Iterator[None]:
    """A view-model and its signals form a cycle: it must go here, not when a store's thread happens to collect it."""
    gc.collect()  # what pytest itself still held when the last test ended
    yield
    gc.collect()


@pytest.fixture
def counter(qapp: object) -> Iterator[Counter]:
    counter = Counter()
    yield counter
    counter.work.close()


@pytest_asyncio.fixture
async def shop(qapp: object, tmp_path: Path) -> AsyncIterator[OnStore]:
    async with opened(tmp_path / "store.db") as shop:
        yield shop
