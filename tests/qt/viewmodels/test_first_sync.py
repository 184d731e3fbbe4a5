"""The first sync in words: what, how much, how long."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.services.ports.engine import Progress
from tests.qt.viewmodels.fakes import Counter
from ui.viewmodels.first_sync import FirstSyncViewModel


@pytest.fixture
def first(counter: Counter) -> Any:
    counter.link.set(phase="loading", last_in_step="")
    return FirstSyncViewModel(counter.desk, counter.link)


def load(seconds: float | None) -> Progress:
    return Progress(step="members", rows_done=68_400, rows_total=100_312, bytes_done=5_000_000, seconds_left=seconds)


def test_it_says_what_how_much_and_how_long(counter: Counter, first: Any) -> None:
    assert (first.title, first.fraction, first.percent) == ("Preparing this tablet", 0.0, "")
    counter.link.set(progress=load(200.0))
    assert first.title == "Preparing this tablet, about 4 minute(s) left"
    assert first.amount == "68,400 of 100,312 records · 5 MB"
    assert (first.percent, round(first.fraction, 2)) == ("68 %", 0.68)
    assert [row.key for row in first.steps.rows if row.now] == ["members"]
    counter.link.set(progress=load(20.0))
    assert first.title == "Preparing this tablet, less than a minute left"


def test_without_a_network_it_says_that_it_will_go_on(counter: Counter, first: Any) -> None:
    counter.link.set(phase="offline", problem="no_network", progress=load(None))
    assert (first.title, first.stuck) == ("Waiting for the network", True)
    assert "nothing begins anew" in first.detail
    assert not [row for row in first.steps.rows if row.now]
    first.tryNow()
    assert counter.link.nudges == 1


def test_a_full_disk_has_its_own_words(counter: Counter, first: Any) -> None:
    counter.link.set(problem="disk_full", progress=load(None))
    assert "full" in first.detail
