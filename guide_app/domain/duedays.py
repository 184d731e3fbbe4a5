"""A day as somebody types it in passing: "5", "12-5", "2026/12/5"."""

from __future__ import annotations

import re
from datetime import date, timedelta

_SEARCHED_DAYS = 366


def coming_day(text: str, today: date) -> date | None:
    """The next such day after today: a day of the month, month and day, or the whole day (year, month, day).

    None where there is none: no such day, or one that is past.
    """
    if not re.fullmatch(r"\s*\d{1,4}(\D+\d{1,2}){0,2}\D*", text):
        return None
    parts = [int(part) for part in re.findall(r"\d+", text)]
    if len(parts) == 3:
        try:
            day = date(*parts)
        except ValueError:
            return None
        return day if day > today else None
    days = (today + timedelta(days=n) for n in range(1, _SEARCHED_DAYS + 1))
    return next((day for day in days if [day.month, day.day][-len(parts) :] == parts), None)
