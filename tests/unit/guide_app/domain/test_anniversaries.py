"""Days that come again every year."""

from __future__ import annotations

from datetime import date

import pytest

from guide_app.domain.anniversaries import months_since, next_time


@pytest.mark.parametrize(
    ("day", "today", "comes"),
    [
        ("11-22", date(2026, 11, 22), date(2026, 11, 22)),
        ("2018-11-21", date(2026, 11, 22), date(2027, 11, 21)),
        ("01-01", date(2026, 12, 31), date(2027, 1, 1)),
        ("02-29", date(2026, 1, 1), date(2026, 3, 1)),
        ("02-29", date(2028, 1, 1), date(2028, 2, 29)),
        ("02-30", date(2026, 3, 2), date(2027, 3, 1)),
    ],
)
def test_a_day_comes_again(day: str, today: date, comes: date) -> None:
    assert next_time(day, today) == comes


@pytest.mark.parametrize(
    ("day", "months"),
    [
        ("2026-06-15", 5),
        ("2026-06-23", 4),
        ("2024-11-22", 24),
        ("2027-01-01", None),
        ("05-20", None),
        ("2026-02-30", None),
    ],
)
def test_months_are_whole(day: str, months: int | None) -> None:
    assert months_since(day, date(2026, 11, 22)) == months
