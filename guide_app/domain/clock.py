"""Time as it is passed around: aware UTC datetimes, RFC 3339 text with milliseconds on the wire and in the stores.

Nothing reads the machine's clock but ``SystemClock``, so that tests and the simulation can replay any run.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from guide_app.domain.errors import BadInput

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)


class Clock(Protocol):
    """What every part that needs the time is given."""

    def now(self) -> datetime:
        """The time of day: aware, UTC. It may jump, also backwards."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes backwards."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime, monotonic: float = 0.0) -> None:
        self._now = _utc(now)
        self._monotonic = monotonic

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Time passes: both readings move on by ``seconds`` (≥ 0)."""
        if seconds < 0:
            raise ValueError("time does not pass backwards; use set() for a clock that is put back")
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def set(self, now: datetime) -> None:
        """Somebody sets the time of day, forwards or backwards; the monotonic reading stays."""
        self._now = _utc(now)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC)


def to_text(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds (cut, not rounded) and Z: ``2026-11-21T10:00:00.000Z``."""
    utc = _utc(moment)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z".rjust(24, "0")


def from_text(text: str) -> datetime:
    """The aware UTC moment that an RFC 3339 text of any offset names; else ``BadInput("time_invalid")``."""
    if not _RFC3339.fullmatch(text):
        raise BadInput("time_invalid")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput("time_invalid") from None
