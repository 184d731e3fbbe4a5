"""A counter on its own store for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.unit.guide_app.services.kit import Counter, staffed
from tests.unit.local_store.kit import Bench


@pytest_asyncio.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    bench = Bench(tmp_path / "store.db")
    await bench.enrol()
    yield await staffed(bench)
    bench.store.close()
