"""Days of the shop: a shop's day is not UTC's, and every figure of "today" is by the shop's clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guide_app.domain.clock import Clock, from_text, to_text


def day_bounds(day: date, zone: ZoneInfo) -> tuple[str, str]:
    """A day's first instant in a zone and the next day's, as RFC 3339 UTC."""
    first, next_day = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    return to_text(first), to_text(next_day)


class ShopDay:
    """The calendar of one shop. `time_zone` is an IANA name; raises zoneinfo.ZoneInfoNotFoundError for another."""

    def __init__(self, clock: Clock, time_zone: str) -> None:
        self._clock = clock
        self._zone = ZoneInfo(time_zone)

    def today(self) -> date:
        """The shop's day now."""
        return self._clock.now().astimezone(self._zone).date()

    def bounds(self, day: date) -> tuple[str, str]:
        """The day's first instant and the next day's, as RFC 3339 UTC."""
        return day_bounds(day, self._zone)

    def local(self, instant: str) -> datetime:
        """The shop's wall clock at an RFC 3339 instant."""
        return from_text(instant).astimezone(self._zone)
