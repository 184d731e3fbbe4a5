"""What is to be loaded: the options, and the days and ids that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guide_app.domain.ids import derived_id

TIME_ZONE = "Asia/Shanghai"
SOURCE_LAST_DAY = date(2017, 12, 31)
"""The last day of the source by the clock of its shops, a Sunday."""
SOURCE_BEHIND = timedelta(hours=5)
"""The source's stamps look like UTC of shops at UTC-5."""
GUIDES = 6
"""People of each store: a manager and five guides; all of them serve."""
MAX_STORES = 12
SEED = 20261122


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A load as it was asked for. `households`: only the first of them (None: all), for tests."""

    as_of: date
    stores: int = 4
    seed: int = SEED
    households: int | None = None

    @property
    def now(self) -> datetime:
        """The first instant of the day `as_of` in the shops: nothing that was done is later."""
        return datetime.combine(self.as_of, time(), ZoneInfo(TIME_ZONE)).astimezone(UTC)

    @property
    def offset(self) -> timedelta:
        """What the shops' clock is ahead of UTC (it has no summer time)."""
        return self.now.astimezone(ZoneInfo(TIME_ZONE)).utcoffset() or timedelta()

    @property
    def last_day(self) -> date:
        """The last Sunday before `as_of`: the last day of the loaded year."""
        return self.as_of - timedelta(days=self.as_of.isoweekday())

    @property
    def shift(self) -> timedelta:
        """What is added to a stamp of the source to get UTC of our shops: whole weeks, so that weekdays stay."""
        return self.last_day - SOURCE_LAST_DAY - SOURCE_BEHIND - self.offset

    def made_id(self, key: str) -> str:
        """The id of what the key names; the macro `made_id` of sql/macros.sql gives the same."""
        return derived_id("load", str(self.seed), key)

    @property
    def id_stem(self) -> str:
        """What `derived_id` hashes before the key."""
        return f"4:load{len(str(self.seed))}:{self.seed}"


def today() -> date:
    """The shops' day now."""
    return datetime.now(ZoneInfo(TIME_ZONE)).date()


def millis(value: timedelta) -> int:
    """Whole milliseconds."""
    return value // timedelta(milliseconds=1)


def epoch_millis(value: datetime) -> int:
    """Milliseconds since 1970."""
    return millis(value - datetime(1970, 1, 1, tzinfo=UTC))
