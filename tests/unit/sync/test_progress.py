from __future__ import annotations

from datetime import UTC, datetime

from guide_app.domain.clock import ManualClock
from sync.ports import LoadState
from sync.progress import LoadMeter


def load(done: int, total: int, **by_step: int) -> LoadState:
    return LoadState(bootstrap="loading", done=done, total=total, by_step=by_step)


def test_it_tells_what_how_much_and_how_long() -> None:
    clock = ManualClock(datetime(2026, 11, 22, tzinfo=UTC))
    meter = LoadMeter(clock)
    meter.see(load(100, 1000, members=100), 5_000)
    first = meter.progress
    assert first is not None
    assert (first.step, first.seconds_left) == ("members", None)
    clock.advance(10)
    meter.see(load(300, 1000, members=120, catalogue=180), 7_000)
    shown = meter.progress
    assert shown is not None
    assert (shown.step, shown.rows_done, shown.rows_total, shown.bytes_done) == ("catalogue", 300, 1000, 12_000)
    assert shown.seconds_left == 35.0


def test_rows_of_an_earlier_life_do_not_count_as_speed() -> None:
    clock = ManualClock(datetime(2026, 11, 22, tzinfo=UTC))
    meter = LoadMeter(clock)
    meter.see(load(900, 1000, members=900), 0)
    clock.advance(5)
    meter.see(load(950, 1000, members=950), 100)
    assert meter.progress is not None
    assert meter.progress.seconds_left == 5.0


def test_a_total_that_lags_behind_never_shows_more_than_all() -> None:
    meter = LoadMeter(ManualClock(datetime(2026, 11, 22, tzinfo=UTC)))
    meter.see(load(10, 5, odd=10), 0)
    assert meter.progress is not None
    assert (meter.progress.rows_done, meter.progress.rows_total) == (10, 10)


def test_indexing_is_a_step_of_its_own() -> None:
    meter = LoadMeter(ManualClock(datetime(2026, 11, 22, tzinfo=UTC)))
    meter.see(LoadState(bootstrap="indexing", done=10, total=10, by_step={"members": 10}), 0)
    assert meter.progress is not None
    assert meter.progress.step == "indexing"
