"""A day of the shop: its figures from what this tablet has, and closing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from guide_app.domain.clock import Clock, to_text
from guide_app.domain.dayclose import Sale, Since, Span, expected_cash, figures, since, waiting
from guide_app.domain.errors import Defect
from guide_app.domain.ids import Ids
from guide_app.domain.records import DayClose
from guide_app.domain.records.dayclose import Count, Counted, Figures, Reason
from guide_app.domain.shopday import ShopDay
from guide_app.operations.days import Close, CloseDay
from guide_app.services.ports.base import View
from guide_app.services.ports.orders import DayReader
from guide_app.services.ports.shop import ShopReader, TabletInfo
from guide_app.services.ports.writing import Draft, Journal
from guide_app.services.session import Session


class ClosedDay(View, frozen=True):
    """A close of the day, and what is different since."""

    close: DayClose
    since: Since


class DayView(View, frozen=True):
    """A day as it stands now. `mine`: of the guide alone; `waiting`: the orders in it that HQ does not have whole."""

    day: str
    mine: bool
    currency: str
    figures: Figures
    waiting: Count
    closes: tuple[ClosedDay, ...]

    @property
    def cash(self) -> int:
        """What the drawer should hold of the day, in minor units."""
        return expected_cash(self.figures)


class DayDesk:
    """The use cases of a day's close. A manager sees the shop and closes it; a guide sees their own."""

    def __init__(
        self, days: DayReader, shop: ShopReader, journal: Journal, session: Session, clock: Clock, ids: Ids
    ) -> None:
        self._days, self._shop, self._journal = days, shop, journal
        self._session, self._clock, self._ids = session, clock, ids

    @property
    def may_close(self) -> bool:
        """Whether who is signed in closes days."""
        return self._session.guide is not None and self._session.guide.staff.role == "manager"

    async def today(self) -> date:
        """The shop's day now."""
        tablet = await self._tablet()
        return ShopDay(self._clock, tablet.time_zone).today()

    async def view(self, day: str, *, mine: bool) -> DayView:
        """The day as it stands; for a guide always their own."""
        tablet, guide_id = await self._tablet(), self._session.guide_id
        mine = mine or not self.may_close
        span = Span.of(day, tablet.time_zone)
        rows = await self._days.sales(since=span.since, until=span.until)
        sales = [Sale(row.id, row.order) for row in rows]
        whose = guide_id if mine else ""
        late = [Sale(row.id, row.order) for row in rows if row.waiting and row.order.placed_at in span]
        return DayView(
            day=day,
            mine=mine,
            currency=tablet.currency,
            figures=figures(sales, span, whose),
            waiting=waiting(late, whose),
            closes=() if mine else tuple(await self._closes(day, sales, span)),
        )

    async def close(self, seen: DayView, counted: int | None = None, reason: Reason = "") -> None:
        """Closes the day with the figures as they were seen. `counted`: the cash, in minor units. Raises NotSaved."""
        if seen.mine:
            raise Defect("one guide's figures are no close of a shop's day")
        cash = None
        if counted is not None:
            cash = Counted(amount=counted, difference=counted - seen.cash, reason=reason)
        body = Close(
            close_id=self._ids.uuid7(), day=seen.day, currency=seen.currency, figures=seen.figures,
            waiting=seen.waiting, counted=cash,
        )  # fmt: skip
        await self._journal.commit(self._session.guide_id, Draft(kind=CloseDay.kind, body=body))

    def as_of(self, seen: DayView) -> DayClose:
        """The day as paper has it before anybody closed it."""
        return DayClose(
            day=seen.day, guide_id=self._session.guide_id, closed_at=to_text(self._clock.now()), currency=seen.currency,
            figures=seen.figures, waiting=seen.waiting,
        )  # fmt: skip

    async def _closes(self, day: str, sales: Sequence[Sale], span: Span) -> list[ClosedDay]:
        closes = await self._days.closes(day)
        return [ClosedDay(close=close, since=since(close, sales, span)) for close in closes]

    async def _tablet(self) -> TabletInfo:
        tablet = await self._shop.tablet()
        if tablet is None:
            raise Defect("a day's close before enrolment")
        return tablet
