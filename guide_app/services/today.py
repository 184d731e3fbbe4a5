"""The first page: my figures of the day beside the shop's. The people to contact: `guide_app.services.morning`."""

from __future__ import annotations

from guide_app.domain.clock import Clock
from guide_app.domain.shopday import ShopDay
from guide_app.services.ports.base import View
from guide_app.services.ports.shop import ShopReader
from guide_app.services.ports.today import DayFigures, TodayReader
from guide_app.services.session import Session


class TodayView(View, frozen=True):
    """What the page shows; `shop` are the whole shop's figures."""

    day: str
    mine: DayFigures
    shop: DayFigures


class Today:
    """Made on the tablet from local data, without HQ."""

    def __init__(self, today: TodayReader, shop: ShopReader, session: Session, clock: Clock) -> None:
        self._today, self._shop, self._session, self._clock = today, shop, session, clock

    async def calendar(self) -> ShopDay:
        """The shop's calendar (UTC before enrolment)."""
        tablet = await self._shop.tablet()
        return ShopDay(self._clock, tablet.time_zone if tablet else "UTC")

    async def view(self) -> TodayView:
        """Figures of the day so far."""
        guide_id = self._session.guide_id
        calendar = await self.calendar()
        day = calendar.today()
        since, until = calendar.bounds(day)
        return TodayView(
            day=day.isoformat(),
            mine=await self._today.figures(guide_id=guide_id, since=since, until=until),
            shop=await self._today.figures(guide_id="", since=since, until=until),
        )
