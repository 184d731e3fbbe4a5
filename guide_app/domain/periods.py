"""Months of the calendar: a day so many months on, and until when something counts."""

from __future__ import annotations

import calendar
from datetime import MAXYEAR, MINYEAR, date

from guide_app.domain.records.points import Expiry


def months_on(day: date, months: int) -> date:
    """The same day so many months later (or, negative, earlier); the last of the month where it has no such day. No
    day is before the calendar's first year or after its last."""
    at = day.year * 12 + day.month - 1 + months
    year, month = min(max(at // 12, MINYEAR), MAXYEAR), at % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_day(kind: Expiry, months: int, day: date) -> str:
    """The last day on which what began on `day` counts, "" where it does not end."""
    if kind == "never":
        return ""
    end = months_on(day, months)
    return (date(end.year, 12, 31) if kind == "year_end" else end).isoformat()
