"""Members' quotations that end soon: who would rather hear of it today than after it."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.services.ports.orders import QuotationRow
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.quotations import SOON_DAYS, QuotationDesk
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel
from ui.viewmodels.quotation_words import QuotationLine, quotation_line
from ui.viewmodels.quotations import SHOWN_ENTITIES

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class EndingQuotationsViewModel(ViewModel):
    """Every guide of the shop sees all of them, whoever made them."""

    changed = Signal()

    def __init__(self, desk: Desk, quotations: QuotationDesk, session: Session, journal: Journal) -> None:
        super().__init__(desk)
        self._quotations, self._session = quotations, session
        self._list = KeyedListModel(QuotationLine)
        self._rows: list[QuotationRow] = []
        self._day = ""
        self._asked = Latest()
        journal.subscribe(self._on_change)
        session.subscribe(lambda _: self.clear())

    @Property(QObject, constant=True)
    def found(self) -> KeyedListModel:
        """What ends first comes first."""
        return self._list

    @Property(int, notify=changed)
    def count(self) -> int:
        """How many there are."""
        return len(self._rows)

    @Slot()
    def open(self) -> None:
        """The page was opened, or its day may be another."""
        self.run(self._load())

    @Slot(str)
    def show(self, quotation_id: str) -> None:
        """Opens one."""
        self.desk.go.open("Quotations", {"quotationId": quotation_id})

    @Slot()
    def clear(self) -> None:
        """Another guide."""
        self._asked.ask()
        self._rows = []
        self._show()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    async def _load(self) -> None:
        newest = self._asked.ask()
        if self._session.guide is None:
            return
        today = await self._quotations.today()
        until = (date.fromisoformat(today) + timedelta(days=SOON_DAYS)).isoformat()
        rows = [*await self._quotations.read.ending(since_day=today, until_day=until)]
        if newest():
            self._rows, self._day = rows, today
            self._show()

    def _show(self) -> None:
        self._list.update([quotation_line(row, self._day, self.desk) for row in self._rows])
        self.changed.emit()

    def _on_change(self, change: Change) -> None:
        if self._session.guide is not None and any(ref.entity in SHOWN_ENTITIES for ref in change.refs):
            self.run(self._load())
