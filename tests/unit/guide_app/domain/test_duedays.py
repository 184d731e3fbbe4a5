"""Days as they are typed at a counter."""

from __future__ import annotations

from datetime import date

import pytest

from guide_app.domain.duedays import coming_day

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5", date(2026, 12, 5)), ("22", date(2026, 11, 22)), ("21", date(2026, 12, 21)), ("31", date(2026, 12, 31)),
        ("12-5", date(2026, 12, 5)), ("1/15", date(2027, 1, 15)), ("11.21", date(2027, 11, 21)),
        ("12月5日", date(2026, 12, 5)), (" 2027-02-28 ", date(2027, 2, 28)), ("2026/12/5", date(2026, 12, 5)),
    ],
)  # fmt: skip
def test_the_next_such_day(text: str, day: date) -> None:
    assert coming_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["", "soon", "0", "32", "13-1", "2-30", "2026-11-21", "2020-01-01", "2027-02-29", "1-2-3-4"]
)
def test_no_such_day(text: str) -> None:
    assert coming_day(text, TODAY) is None
