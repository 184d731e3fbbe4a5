"""The first page: my figures of the day, and the people to contact."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from datetime import date, timedelta

from guide_app.domain.clock import Clock
from guide_app.domain.shopday import ShopDay
from guide_app.services.ports import (
    DayFigures,
    FollowupRow,
    MemberReader,
    MemberRow,
    ShopReader,
    TodayReader,
    View,
)
from guide_app.services.session import Session

BIRTHDAYS_AHEAD = 3


class BirthdayRow(View, frozen=True):
    """A member whose birthday is near; `day` is the shop's day, `in_days` from today."""

    member: MemberRow
    day: str
    in_days: int


class TodayView(View, frozen=True):
    """What the page shows; `shop` are the whole shop's figures."""

    day: str
    mine: DayFigures
    shop: DayFigures
    followups: Sequence[FollowupRow]
    birthdays: Sequence[BirthdayRow]


class Today:
    """Made on the tablet from local data, without HQ."""

    def __init__(
        self, today: TodayReader, members: MemberReader, shop: ShopReader, session: Session, clock: Clock
    ) -> None:
        self._today, self._members, self._shop = today, members, shop
        self._session, self._clock = session, clock

    async def calendar(self) -> ShopDay:
        """The shop's calendar (UTC before enrolment)."""
        tablet = await self._shop.tablet()
        return ShopDay(self._clock, tablet.time_zone if tablet else "UTC")

    async def view(self) -> TodayView:
        """Figures of the day so far, follow-ups due by today, birthdays of the next days."""
        guide_id = self._session.guide_id
        calendar = await self.calendar()
        day = calendar.today()
        since, until = calendar.bounds(day)
        near = _days_ahead(day)
        return TodayView(
            day=day.isoformat(),
            mine=await self._today.figures(guide_id=guide_id, since=since, until=until),
            shop=await self._today.figures(guide_id="", since=since, until=until),
            followups=await self._today.followups(guide_id=guide_id, until_day=day.isoformat()),
            birthdays=[
                BirthdayRow(member=row, day=near[row.birthday[-5:]][0], in_days=near[row.birthday[-5:]][1])
                for row in await self._members.birthdays(list(near))
            ],
        )


def _days_ahead(day: date) -> dict[str, tuple[str, int]]:
    """``MM-DD`` of today and the next days → the day and how far off; 29 February is kept on the 28th in most years."""
    near: dict[str, tuple[str, int]] = {}
    for n in range(BIRTHDAYS_AHEAD + 1):
        ahead = day + timedelta(days=n)
        near[f"{ahead:%m-%d}"] = (ahead.isoformat(), n)
        if (ahead.month, ahead.day) == (2, 28) and not isleap(ahead.year):
            near["02-29"] = (ahead.isoformat(), n)
    return near
