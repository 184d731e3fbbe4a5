"""Months of the calendar, at its ends too."""

from __future__ import annotations

from datetime import date

import pytest

from guide_app.domain.periods import last_day, months_on


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2026-11-22", 3, "2027-02-22"), ("2026-11-30", 3, "2027-02-28"), ("2026-01-31", -2, "2025-11-30"),
        ("2026-11-22", 12 * 9999, "9999-11-22"), ("2026-11-22", -12 * 9999, "0001-11-22"),
    ],
)  # fmt: skip
def test_a_day_so_many_months_on(day: str, months: int, then: str) -> None:
    assert months_on(date.fromisoformat(day), months).isoformat() == then


def test_nothing_ends_after_the_last_year() -> None:
    assert last_day("year_end", 12 * 9999, date(2026, 11, 22)) == "9999-12-31"
