"""A day's close: the shop's figures for a manager, one's own for a guide; closed with or without the cash counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.errors import BadInput
from guide_app.domain.money import typed
from guide_app.domain.receipt import Document
from guide_app.domain.receipt.closing import Told, closing
from guide_app.domain.receipt.sale import ShopFront
from guide_app.domain.records.dayclose import REASONS, Reason
from guide_app.services.days import ClosedDay, DayDesk, DayView
from guide_app.services.ports.shop import ShopReader
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.receipts import ReceiptDesk
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr, trn
from ui.viewmodels.paper import PaperRow, paper_rows
from ui.viewmodels.printing import Printing

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

LONGEST_BACK = timedelta(days=60)
"""How far back from today days can be looked at."""


class CloseRow(Row, frozen=True):
    """What can be shown of a day: as it stands now (key empty), or a close."""

    label: str
    selected: bool
    changed: bool


class ReasonRow(Row, frozen=True):
    """Why the drawer holds something else."""

    label: str
    selected: bool


@QmlElement
class DayCloseViewModel(ViewModel):
    """The sheet of a day."""

    changed = Signal()

    def __init__(
        self, desk: Desk, days: DayDesk, receipts: ReceiptDesk, shop: ShopReader, session: Session, journal: Journal
    ) -> None:
        super().__init__(desk)
        self._days, self._receipts, self._shop, self._session = days, receipts, shop, session
        self._paper, self._closes = KeyedListModel(PaperRow), KeyedListModel(CloseRow)
        self._reasons = KeyedListModel(ReasonRow)
        self._printing = Printing(desk)
        self._printing.setParent(self)
        self._asked = Latest()
        self._view: DayView | None = None
        self._front: ShopFront | None = None
        self._people: dict[str, str] = {}
        self._day: date | None = None
        self._today: date | None = None
        self._mine, self._chosen = False, ""
        self._cash, self._reason = "", ""
        self._closing = False
        session.subscribe(lambda _: self.clear())
        journal.subscribe(self._on_change)

    _reason: Reason

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self.clear()
        self._printing.forget()
        self.run(self._load())

    # ------------------------------------------------------------------ what is shown

    @Property(QObject, constant=True)
    def paper(self) -> KeyedListModel:
        """The figures, as they are printed."""
        return self._paper

    @Property(QObject, constant=True)
    def closes(self) -> KeyedListModel:
        """Now, and each close of the day."""
        return self._closes

    @Property(QObject, constant=True)
    def reasons(self) -> KeyedListModel:
        """Why cash may differ."""
        return self._reasons

    @Property(QObject, constant=True)
    def printing(self) -> Printing:
        """How printing goes."""
        return self._printing

    @Property(str, notify=changed)
    def dayWords(self) -> str:
        """Which day."""
        return self.desk.figures.weekday(self._view.day) if self._view else ""

    @Property(bool, notify=changed)
    def later(self) -> bool:
        """Whether there is a day after this one."""
        return self._day is not None and self._day != self._today

    @Property(bool, notify=changed)
    def earlier(self) -> bool:
        """Whether an earlier day can be looked at."""
        return self._day is None or self._today is None or self._today - self._day < LONGEST_BACK

    @Property(bool, notify=changed)
    def manager(self) -> bool:
        """Whether the shop's figures are shown to this person."""
        return self._days.may_close

    @Property(bool, notify=changed)
    def mine(self) -> bool:
        """Whether these are one's own figures alone."""
        return self._view is not None and self._view.mine

    @Property(str, notify=changed)
    def waiting(self) -> str:
        """What of the day as it stands HQ does not have yet; empty where it has all."""
        if self._view is None or not self._view.waiting.count or self._close is not None:
            return ""
        amount = self.desk.figures.money(self._view.waiting.amount, self._view.currency)
        return trn("%n order(s) of %1 are not at HQ yet. They are in these figures.", self._view.waiting.count, amount)

    @Property(str, notify=changed)
    def after(self) -> str:
        """What came after the close that is shown; empty where nothing did."""
        close = self._close
        return tr("The day has changed since this close: see below.") if close and close.since else ""

    @Property(bool, notify=changed)
    def closable(self) -> bool:
        """Whether the day as it stands is shown to somebody who closes days."""
        return self._days.may_close and self._close is None and self._view is not None and not self._view.mine

    # ------------------------------------------------------------------ the cash

    @Property(bool, notify=changed)
    def closing(self) -> bool:
        """Whether the cash is being asked for."""
        return self._closing

    @Property(str, notify=changed)
    def cash(self) -> str:
        """The cash as typed."""
        return self._cash

    @Property(str, notify=changed)
    def difference(self) -> str:
        """What the typed cash is more or less than the figures say, in words; empty for none typed."""
        counted = self._counted()
        if counted is None or self._view is None:
            return ""
        more = counted - self._view.cash
        due = self.desk.figures.money(self._view.cash, self._view.currency)
        if more == 0:
            return tr("Exactly what the figures say: %1", due)
        shown = self.desk.figures.money(abs(more), self._view.currency)
        return (
            tr("%1 too much; the figures say %2", shown, due)
            if more > 0
            else tr("%1 missing; the figures say %2", shown, due)
        )

    @Property(str, notify=changed)
    def cashProblem(self) -> str:
        """Why the typed cash cannot be read, in words."""
        unread = self._cash.strip() and self._view is not None and self._counted() is None
        return tr("This is no amount of money.") if unread else ""

    @Property(bool, notify=changed)
    def differs(self) -> bool:
        """Whether a reason is asked for."""
        counted = self._counted()
        return counted is not None and self._view is not None and counted != self._view.cash

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether the day can be closed as it is filled in."""
        return not self._cash.strip() or (self._counted() is not None and (not self.differs or bool(self._reason)))

    @Slot(str)
    def setCash(self, text: str) -> None:
        """The cash counted, as typed."""
        self._cash = text
        self._show()

    @Slot(str)
    def chooseReason(self, reason: str) -> None:
        """Why it differs."""
        self._reason = next((one for one in REASONS if one == reason), "")
        self._show()

    # ------------------------------------------------------------------ what is done

    @Slot(int)
    def step(self, days: int) -> None:
        """So many days earlier (positive) or later."""
        if self._day is not None and self._today is not None:
            wanted = self._day - timedelta(days=days)
            self._day = max(self._today - LONGEST_BACK, min(self._today, wanted))
            self._forget()
            self.run(self._load())

    @Slot(str)
    def setWhose(self, whose: str) -> None:
        """ "shop" or "mine"."""
        self._mine = whose == "mine"
        self._forget()
        self.run(self._load())

    @Slot(str)
    def choose(self, key: str) -> None:
        """Shows the day as it stands, or one of its closes."""
        self._chosen, self._closing = key, False
        self._show()

    @Slot()
    def ask(self) -> None:
        """Asks for the cash before the day is closed."""
        self._closing = True
        self._asked.ask()  # what is being read would change what is counted against
        self._show()

    @Slot()
    def cancel(self) -> None:
        """The day stays open."""
        self._closing, self._cash, self._reason = False, "", ""
        self._show()
        self.run(self._load())  # what changed while the cash was counted was not looked at

    @Slot()
    def save(self) -> None:
        """Closes the day with the figures as they are shown."""
        if self._view is not None and self._closing and self.ready:
            self._closing = False
            self._show()
            self.run(self._save(self._view, self._counted(), self._reason))

    @Slot()
    def print(self) -> None:
        """Prints what is shown, in the paper's language."""
        document = self._document(self._front)
        if document is not None:
            self._printing.start(lambda: self._receipts.print_document(document), tr("The close is printed"))

    @Slot()
    def choosePrinter(self) -> None:
        """Leads to the printer's settings."""
        self.desk.go.sheet("Printer")

    @Slot()
    def close(self) -> None:
        """Back to the page."""
        self.desk.go.closeSheet()

    @Slot()
    def clear(self) -> None:
        """Nothing of the last guide's stays."""
        self._day, self._today, self._mine = None, None, False
        self._forget()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._printing.retranslate()
        self._show()

    # ------------------------------------------------------------------ work

    def _forget(self) -> None:
        self._asked.ask()
        self._view, self._chosen, self._closing = None, "", False
        self._cash, self._reason = "", ""
        self._show()

    async def _load(self) -> None:
        newest = self._asked.ask()
        if self._session.guide is None:
            return
        today = await self._days.today()
        day = self._day or today  # the day that was opened stays, also past midnight
        view = await self._days.view(day.isoformat(), mine=self._mine)
        front = await self._receipts.front()
        people = {row.id: row.staff.name for row in await self._shop.staff()}
        if newest():
            self._view, self._front, self._people = view, front, people
            self._day, self._today = day, today
            self._show()

    async def _save(self, view: DayView, counted: int | None, reason: Reason) -> None:
        differs = counted is not None and counted != view.cash
        await self._days.close(view, counted, reason if differs else "")
        self.desk.tell.say(tr("The day is closed"))
        self._cash, self._reason = "", ""
        await self._load()

    def _on_change(self, change: Change) -> None:
        shown = self._view is not None and not self._closing
        if shown and (change.state or any(ref.entity in ("order", "day_close") for ref in change.refs)):
            self.run(self._load())

    @property
    def _close(self) -> ClosedDay | None:
        closes = self._view.closes if self._view else ()
        return next((one for n, one in enumerate(closes) if f"{n}" == self._chosen), None)

    def _counted(self) -> int | None:
        text = self._cash.strip()
        if not text or self._view is None:
            return None
        try:
            return typed(text, self._view.currency)
        except BadInput:
            return None

    def _document(self, front: ShopFront | None) -> Document | None:
        if self._view is None or front is None:
            return None
        close = self._close
        if close is not None:
            by = self._people.get(close.close.guide_id, "")
            return closing(Told(close=close.close, people=self._people, by=by), front, close.since)
        guide = self._session.guide
        whose = guide.staff.name if self._view.mine and guide is not None else ""
        return closing(Told(close=self._days.as_of(self._view), people=self._people, whose=whose), front)

    def _show(self) -> None:
        language: Literal["en", "zh"] = "zh" if self.desk.figures.language == "zh_CN" else "en"
        front = msgspec.structs.replace(self._front, language=language) if self._front else None
        document = self._document(front)
        self._paper.update(paper_rows(document) if document else [])
        self._closes.update(self._close_rows())
        self._reasons.update([
            ReasonRow(key=one, label=_reason_words(one), selected=one == self._reason) for one in REASONS
        ])  # fmt: skip
        self.changed.emit()

    def _close_rows(self) -> list[CloseRow]:
        closes = self._view.closes if self._view else ()
        if not closes:
            return []
        now = CloseRow(key="", label=tr("Now"), selected=self._close is None, changed=False)
        told = [
            CloseRow(
                key=f"{n}", label=tr("Closed %1", self.desk.figures.time(one.close.closed_at)),
                selected=self._chosen == f"{n}", changed=bool(one.since),
            )
            for n, one in enumerate(closes)
        ]  # fmt: skip
        return [now, *told]


def _reason_words(reason: str) -> str:
    words = {
        "miscounted": tr("Perhaps miscounted"),
        "wrong_change": tr("Wrong change was given"),
        "petty_cash": tr("Taken for a small expense"),
        "not_booked": tr("A payment was not booked"),
        "unknown": tr("Nobody knows why"),
    }
    return words.get(reason, reason)
