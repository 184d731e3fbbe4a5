from datetime import UTC, datetime, timedelta, timezone

import pytest

from guide_app.domain.clock import Clock, ManualClock, SystemClock, from_text, to_text
from guide_app.domain.errors import BadInput

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_text_has_milliseconds_and_z() -> None:
    assert (
        to_text(datetime(2026, 11, 21, 18, 0, 0, 1_999, tzinfo=timezone(timedelta(hours=8))))
        == "2026-11-21T10:00:00.001Z"
    )
    assert to_text(datetime(999, 1, 1, tzinfo=UTC)) == "0999-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    "text", ["2026-11-21T12:00:00Z", "2026-11-21T12:00:00.000Z", "2026-11-21T20:00:00.000000+08:00"]
)
def test_any_offset_reads_as_utc(text: str) -> None:
    assert from_text(text) == NOON
    assert from_text(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-21",
        "2026-11-21T12:00:00",
        "2026-13-21T12:00:00Z",
        "2026-11-21 12:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "２026-11-21T12:00:00Z",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="time_invalid"):
        from_text(text)


def test_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock(NOON, monotonic=5)
    clock.advance(1.5)
    assert (clock.now(), clock.monotonic()) == (NOON + timedelta(seconds=1.5), 6.5)
    clock.set(NOON - timedelta(days=400))
    assert (clock.now(), clock.monotonic()) == (NOON - timedelta(days=400), 6.5)
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_text(NOON.replace(tzinfo=None))


def test_system_clock_is_aware_and_monotonic() -> None:
    clock: Clock = SystemClock()
    before = clock.monotonic()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic() >= before
