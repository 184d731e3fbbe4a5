"""Days of the shop: a shop's day is not UTC's, and every figure of "today" is by the shop's clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guide_app.domain.clock import Clock, from_text, to_text


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
        return self._start(day), self._start(day + timedelta(days=1))

    def local(self, instant: str) -> datetime:
        """The shop's wall clock at an RFC 3339 instant."""
        return from_text(instant).astimezone(self._zone)

    def _start(self, day: date) -> str:
        return to_text(datetime.combine(day, time(), self._zone))
