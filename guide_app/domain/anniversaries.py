"""Days that come again every year: ``MM-DD``, or ``YYYY-MM-DD`` where the first is known."""

from __future__ import annotations

import re
from datetime import date

from guide_app.domain.errors import BadInput

_TOLD = re.compile(r"(\d{4}-)?\d\d-\d\d", re.ASCII)


def next_time(day: str, today: date) -> date:
    """When the day comes next, today included; one that a year lacks (29 February) comes on 1 March."""
    this_year = _in_year(day, today.year)
    return this_year if this_year >= today else _in_year(day, today.year + 1)


def months_since(day: str, today: date) -> int | None:
    """Whole months since the first day; None where its year is not known, it is no day, or it is still to come."""
    try:
        first = date.fromisoformat(day)
    except ValueError:
        return None
    months = (today.year - first.year) * 12 + today.month - first.month - (today.day < first.day)
    return months if months >= 0 else None


def check_birthday(text: str) -> None:
    """Raises BadInput("birthday_invalid") for what is neither empty nor a real ``MM-DD`` or ``YYYY-MM-DD``."""
    if not text:
        return
    told = _TOLD.fullmatch(text)
    if told is None:
        raise BadInput("birthday_invalid")
    try:
        date.fromisoformat(text if told[1] else f"2000-{text}")  # 2000 is a leap year
    except ValueError as error:
        raise BadInput("birthday_invalid") from error


def _in_year(day: str, year: int) -> date:
    month, of_month = int(day[-5:-3]), int(day[-2:])
    try:
        return date(year, month, of_month)
    except ValueError:
        return date(year + month // 12, month % 12 + 1, 1)
