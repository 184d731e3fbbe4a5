"""A counter in memory for each test."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.qt.viewmodels.fakes import Counter


@pytest.fixture(autouse=True)
def _timers_end_in_their_own_thread() -> Iterator[None]:
    """A view-model and its signals form a cycle: it must go here, not when a store's thread happens to collect it."""
    yield
    gc.collect()


@pytest.fixture
def counter(qapp: object) -> Iterator[Counter]:
    counter = Counter()
    yield counter
    counter.work.close()
