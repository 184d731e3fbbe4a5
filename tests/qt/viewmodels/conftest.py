"""A counter in memory for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.qt.viewmodels.fakes import Counter


@pytest.fixture
def counter(qapp: object) -> Iterator[Counter]:
    counter = Counter()
    yield counter
    counter.work.close()
