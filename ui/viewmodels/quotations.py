"""Quotations of the shop: the list with its filters, one whole, and the order that comes of it in one tap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.errors import BadInput, Refused
from guide_app.services.ports.catalogue import CatalogueReader
from guide_app.services.ports.orders import QuotationRow, QuotationStanding
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.quotations import VOID_REASONS, QuotationDesk
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, tr, trn
from ui.viewmodels.list_beside import ListBesideViewModel
from ui.viewmodels.order import OrderViewModel
from ui.viewmodels.problems import problem_words
from ui.viewmodels.quotation_words import (
    QuotationLine,
    QuotedLine,
    ended,
    person_words,
    quotation_line,
    quoted_line,
    say_ordered,
    standing_tone,
    standing_words,
)
from ui.viewmodels.reach_words import reach_words, recipient_words
from ui.viewmodels.soon import Soon
from ui.viewmodels.words import named, number_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

NO_WAY = frozenset({
    "recipient_missing", "phone_invalid", "address_missing", "day_missing", "day_past", "day_far", "promise_too_little",
    "promise_no_network",
})  # fmt: skip
"""Why the goods cannot reach the customer as the quotation says."""
FILTERS = ("open", "ended", "ordered", "all")
SHOWN_ENTITIES = frozenset({"quotation", "member", "member_alias", "product"})


class QuotationChoice(Row, frozen=True):
    """A filter, or a reason."""

    label: str
    selected: bool


@QmlElement
class QuotationsViewModel(ListBesideViewModel):
    """List and quotation side by side. `filter`: open, ended, ordered, all."""

    changed = Signal()
    placed = Signal(str)
    filters_known = FILTERS

    def __init__(
        self,
        desk: Desk,
        quotations: QuotationDesk,
        catalogue: CatalogueReader,
        order: OrderViewModel,
        session: Session,
        journal: Journal,
    ) -> None:
        super().__init__(desk, session, QuotationLine)
        self._quotations, self._catalogue, self._order = quotations, catalogue, order
        self._lines = KeyedListModel(QuotedLine)
        self._chips, self._reasons = KeyedListModel(QuotationChoice), KeyedListModel(QuotationChoice)
        self._rows: list[QuotationRow] = []
        self._row: QuotationRow | None = None
        self._names: dict[str, str] = {}
        self._day = ""
        self._busy = self._taking_back = False
        self._soon = Soon(self, desk.tell, self._show)
        session.subscribe(lambda _: self._drop())
        journal.subscribe(self._on_change)

    # ------------------------------------------------------------------ the list

    @Property(QObject, constant=True)
    def filters(self) -> KeyedListModel:
        """Open, ended, ordered, all."""
        return self._chips

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`quotationId`: which is shown."""
        if arguments.get("quotationId"):
            self._wanted, self._filter = str(arguments["quotationId"]), "all"
        self._taking_back = False
        self.run(self._refresh())

    # ------------------------------------------------------------------ one quotation

    @Property(bool, notify=changed)
    def chosen(self) -> bool:
        """Whether one is shown."""
        return self._row is not None

    @Property(str, notify=changed)
    def memberName(self) -> str:
        """For whom."""
        return person_words(self._row) if self._row else ""

    @Property(str, notify=changed)
    def memberId(self) -> str:
        """For whom, empty where that is nobody."""
        return self._row.member.id if self._row and self._row.member else ""

    @Property(str, notify=changed)
    def number(self) -> str:
        """Its number, grouped for reading aloud."""
        return number_words(self._row.quotation.number) if self._row else ""

    @Property(str, notify=changed)
    def code(self) -> str:
        """Its number, as a scanner reads it."""
        return self._row.quotation.number if self._row else ""

    @Property(str, notify=changed)
    def note(self) -> str:
        """What the customer asked for."""
        return self._row.quotation.note if self._row else ""

    @Property(str, notify=changed)
    def reach(self) -> str:
        """How the goods reach the customer; empty where they are taken away at once."""
        goes = self._row.quotation.fulfilment if self._row else None
        return reach_words(goes, self.desk.figures) if goes and goes.kind != "take_away" else ""

    @Property(str, notify=changed)
    def recipient(self) -> str:
        """Who gets them, and where."""
        return recipient_words(self._row.quotation.fulfilment) if self._row else ""

    @Property(str, notify=changed)
    def total(self) -> str:
        """What was promised."""
        quoted = self._row.quotation if self._row else None
        return self.desk.figures.money(quoted.totals.total, quoted.currency) if quoted else ""

    @Property(str, notify=changed)
    def standing(self) -> str:
        """How it stands today."""
        if self._row is None:
            return ""
        under_way = self._row.id in self._soon
        return tr("is being taken back") if under_way else standing_words(self._row.quotation, self._day, self.desk)

    @Property(str, notify=changed)
    def tone(self) -> str:
        """The colour of that."""
        return standing_tone(self._row.quotation, self._day) if self._row else "neutral"

    @Property(str, notify=changed)
    def made(self) -> str:
        """When it was made."""
        return self.desk.figures.ago(self._row.quotation.made_at) if self._row else ""

    @Property(str, notify=changed)
    def orderId(self) -> str:
        """The order that it became."""
        return self._row.quotation.order_id if self._row else ""

    @Property(bool, notify=changed)
    def isOpen(self) -> bool:
        """Whether an order can come of it."""
        return self._row is not None and self._row.quotation.state == "open" and self._row.id not in self._soon

    @Property(bool, notify=changed)
    def ended(self) -> bool:
        """Whether its prices hold no more."""
        return self._row is not None and ended(self._row.quotation, self._day)

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether nothing is being done with it: a second tap does nothing."""
        return not self._busy

    @Property(bool, notify=changed)
    def waiting(self) -> bool:
        """Whether HQ does not have all of it yet."""
        return bool(self._row and self._row.waiting)

    @Property(bool, notify=changed)
    def takingBack(self) -> bool:
        """Whether it is asked why it is taken back."""
        return self._taking_back

    @Property(QObject, constant=True)
    def lines(self) -> KeyedListModel:
        """The goods at their promised prices."""
        return self._lines

    @Property(QObject, constant=True)
    def reasons(self) -> KeyedListModel:
        """Why it may be taken back."""
        return self._reasons

    @Slot()
    def makeOrder(self) -> None:
        """Makes it an order: at its prices while they hold, else its goods go into the basket at today's."""
        if self._row is not None and not self._busy and self._row.id not in self._soon:
            self._busy = True
            self.changed.emit()
            self.run(self._make(self._row))

    @Slot()
    def showPaper(self) -> None:
        """As it comes out of the printer."""
        if self._row is not None:
            self.desk.go.sheet("Receipt", {"quotationId": self._row.id})

    @Slot()
    def askBack(self) -> None:
        """Asks why it is taken back, or asks no more."""
        self._taking_back = not self._taking_back
        self._show()

    @Slot(str)
    def takeBack(self, reason: str) -> None:
        """Takes it back, once the time for an undo is over."""
        if self._row is not None and self.isOpen and reason in VOID_REASONS:
            row, self._taking_back = self._row, False
            said = tr("Quotation %1 is being taken back", number_words(row.quotation.number))
            self._soon.begin(row.id, said, lambda: self.run(self._void(row, reason)))

    @Slot()
    def openMember(self) -> None:
        """Opens whom it is for."""
        if self.memberId:
            self.desk.go.open("Members", {"memberId": self.memberId})

    @Slot()
    def openOrder(self) -> None:
        """Opens the order that it became."""
        if self.orderId:
            self.desk.go.open("Orders", {"orderId": self.orderId})

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.run(self._refresh())

    # ------------------------------------------------------------------ work

    async def _make(self, row: QuotationRow) -> None:
        try:
            done = await self._quotations.order(row)
        except (Refused, BadInput) as refused:
            if refused.code in NO_WAY:
                self._ask_way(row, refused.code)
                return
            if refused.code != "quotation_ended":
                raise
            await self._anew(row)
            return
        finally:
            self._busy = False
            self.changed.emit()
        self.placed.emit(done.order_id)
        say_ordered(self.desk, done, row)

    def _ask_way(self, row: QuotationRow, code: str) -> None:
        """The goods cannot go as they were to any more: the guide is told why, and chooses another way."""
        self.desk.tell.news(problem_words(code))
        self.desk.go.sheet("Reach", {"quotationId": row.id})

    async def _anew(self, row: QuotationRow) -> None:
        """Its prices hold no more: its goods stand in the basket, which says what they cost now and what changed."""
        self._order.reopen(await self._quotations.anew(row))
        self.desk.go.open("Order")
        self.desk.tell.news(tr("The quotation has ended: its goods are priced by today"))

    async def _void(self, row: QuotationRow, reason: str) -> None:
        try:
            await self._quotations.void(row, reason)
        finally:
            await self._refresh()
        self.desk.tell.news(tr("Quotation %1 is taken back", number_words(row.quotation.number)))

    def _drop(self) -> None:
        if left := self._soon.drop():
            self.desk.tell.say(trn("%n thing(s) were not done: the tablet was locked before", left))

    async def _refresh(self) -> None:
        if self._session.guide is None:
            return
        self._day = await self._quotations.today()
        await self._load()
        await self._find()

    async def _find(self) -> None:
        if self._session.guide is None:
            return
        newest, self._day = self._searched.ask(), self._day or await self._quotations.today()
        standing = None if self._filter == "all" else cast("QuotationStanding", self._filter)
        rows = [
            *await self._quotations.read.list(
                today=self._day, standing=standing, text=self._text, limit=self._shown
            )
        ]  # fmt: skip
        if newest():
            self._rows, self._answered = rows, True
            self._show()

    async def _load(self) -> None:
        newest = self._chosen.ask()
        row = await self._quotations.read.get(self._wanted) if self._wanted else None
        known = await self._catalogue.get(list({line.product_id for line in row.quotation.lines})) if row else []
        if newest():
            if row is None or self._row is None or row.id != self._row.id:
                self._taking_back = False
            self._row = row
            language = self.desk.figures.language
            self._names = {one.id: named(one.product.called.en, one.product.called.zh, language) for one in known}
            self._show()

    def _put_away(self, *, everything: bool) -> None:
        self._row, self._taking_back = None, False
        if everything:
            self._rows = []

    def _show(self) -> None:
        names = {"open": tr("Open"), "ended": tr("Ended"), "ordered": tr("Ordered"), "all": tr("All")}
        self._chips.update([QuotationChoice(key=k, label=names[k], selected=k == self._filter) for k in FILTERS])
        why = {
            "not_wanted": tr("The customer does not want it"),
            "replaced": tr("Another one takes its place"),
            "mistake": tr("Made by mistake"),
        }
        asked = VOID_REASONS if self._taking_back else ()
        self._reasons.update([QuotationChoice(key=k, label=why[k], selected=False) for k in asked])
        chosen = self._row.id if self._row else ""
        self._list.update([quotation_line(row, self._day, self.desk, selected=row.id == chosen) for row in self._rows])
        quoted = self._row.quotation if self._row else None
        self._lines.update(
            [quoted_line(line, quoted.currency, self._names, self.desk) for line in quoted.lines] if quoted else []
        )
        self.listChanged.emit()
        self.changed.emit()

    def _on_change(self, change: Change) -> None:
        if self._session.guide is not None and any(ref.entity in SHOWN_ENTITIES for ref in change.refs):
            self.run(self._refresh())
