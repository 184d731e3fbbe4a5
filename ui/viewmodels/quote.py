"""The sheet by which the open basket becomes a quotation: what it comes to, until when, and one button."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.duedays import coming_day
from guide_app.domain.errors import Refused
from guide_app.domain.pricing import Priced
from guide_app.services.baskets import Basket
from guide_app.services.quotations import LONGEST_DAYS, QuotationDesk
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr, trn
from ui.viewmodels.order import OrderViewModel
from ui.viewmodels.words import number_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

SPANS = (7, 30, 90)
"""Days to choose from beside HQ's usual ones."""


class LastDay(Row, frozen=True):
    """A last day to choose; the key is the day."""

    label: str
    selected: bool


@QmlElement
class QuoteViewModel(ViewModel):
    """HQ's usual time is chosen already: a quotation takes two taps."""

    changed = Signal()
    _basket: Basket | None
    _priced: Priced | None
    _today: date | None
    _spans: list[int]
    _until: str
    _problem: str
    _busy: bool

    def __init__(self, desk: Desk, quotations: QuotationDesk, order: OrderViewModel, session: Session) -> None:
        super().__init__(desk)
        self._quotations, self._order, self._session = quotations, order, session
        self._days = KeyedListModel(LastDay)
        self._asked = Latest()
        self._put_away()
        session.subscribe(lambda _: self._put_away())

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """The sheet was opened over the order page."""
        self._put_away()
        self.run(self._load())

    @Property(QObject, constant=True)
    def days(self) -> KeyedListModel:
        """Until when its prices may hold."""
        return self._days

    @Property(str, notify=changed)
    def total(self) -> str:
        """What is promised."""
        return self.desk.figures.money(self._priced.total, self._order.currency) if self._priced else ""

    @Property(str, notify=changed)
    def untilWords(self) -> str:
        """The last day, in words."""
        return tr("The price holds until %1", self.desk.figures.weekday(self._until)) if self._until else ""

    @Property(str, notify=changed)
    def without(self) -> str:
        """What of the basket cannot be promised; empty where all can."""
        basket = self._basket
        left_out = basket is not None and (basket.coupons or basket.points)
        return tr("Without coupons and points: they are taken off when it is bought.") if left_out else ""

    @Property(str, notify=changed)
    def problem(self) -> str:
        """What is wrong with the day that was typed; empty: nothing."""
        return self._problem

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether it can be made."""
        return bool(self._priced and self._until and not self._busy and not self._problem)

    @Slot(str)
    def chooseDay(self, day: str) -> None:
        """Until this day."""
        self._until, self._problem = day, ""
        self._show()

    @Slot(str)
    def typeDay(self, text: str) -> None:
        """Until the day that is typed: "24", "12-24"."""
        if self._today is None:
            return
        day = coming_day(text, self._today)
        latest = self._today + timedelta(days=LONGEST_DAYS)
        self._problem = ""
        if day is not None and day <= latest:
            self._until = day.isoformat()
        elif text.strip():
            self._problem = tr("A day of the coming year, for instance 24 or 12-24")
        self._show()

    @Slot()
    def save(self) -> None:
        """Makes it."""
        if self.ready and self._basket is not None and self._priced is not None:
            self._busy = True
            self.changed.emit()
            self.run(self._make(self._basket, self._priced))

    @Slot()
    def close(self) -> None:
        """Back to the basket."""
        self.desk.go.closeSheet()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    async def _load(self) -> None:
        newest, basket = self._asked.ask(), self._order.basket_now()
        if basket is None or not basket.lines:
            return
        priced = await self._quotations.worth(basket)
        usual, today = await self._quotations.usual_days(), await self._quotations.today()
        if newest():
            self._basket, self._priced, self._today = basket, priced, date.fromisoformat(today)
            self._spans = sorted({usual, *SPANS})
            self._until = (self._today + timedelta(days=usual)).isoformat()
            self._show()

    async def _make(self, basket: Basket, priced: Priced) -> None:
        guide = self._session.guide
        try:
            made = await self._quotations.make(basket, self._until, priced)
        except Refused as refused:
            if refused.code == "price_changed":
                await self._load()
            raise
        finally:
            self._busy = False
            self.changed.emit()
        if self._session.guide is not guide:
            return
        self._order.let_go(basket)
        amount = self.desk.figures.money(made.total, self._order.currency)
        self.desk.tell.say(tr("Quotation %1 is saved: %2", number_words(made.number), amount))
        self.desk.go.open("Quotations", {"quotationId": made.quotation_id})

    def _put_away(self) -> None:
        self._asked.ask()
        self._basket, self._priced, self._today = None, None, None
        self._spans = []
        self._until = self._problem = ""
        self._busy = False
        self._show()

    def _show(self) -> None:
        days = [(n, (self._today + timedelta(days=n)).isoformat()) for n in self._spans] if self._today else []
        self._days.update([LastDay(key=day, label=_span(n), selected=day == self._until) for n, day in days])
        self.changed.emit()


def _span(days: int) -> str:
    return trn("%n day(s)", days) if days else tr("Today only")
