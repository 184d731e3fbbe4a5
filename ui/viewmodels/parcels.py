"""Orders of other shops whose goods this one prepares, hands over or sends: the list, and one whole with its steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import parcels
from guide_app.domain.receipt.label import labelled
from guide_app.domain.records.order import FulfilWhat
from guide_app.operations.parcels import Reason
from guide_app.services.parcels import ParcelDesk
from guide_app.services.ports.catalogue import CatalogueReader, ProductRow
from guide_app.services.ports.orders import ParcelRow
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, tr, trn
from ui.viewmodels.catalogue import tint
from ui.viewmodels.list_beside import ListBesideViewModel
from ui.viewmodels.parcel_words import (
    advice_words,
    filter_of,
    next_words,
    reason_words,
    standing_words,
    who_words,
)
from ui.viewmodels.reach_words import reach_words, step_done_words
from ui.viewmodels.words import named, number_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

FILTERS = ("open", "recalled", "over")
SHOWN_ENTITIES = frozenset({"parcel", "product", "stock"})


class ParcelLine(Row, frozen=True):
    """A parcel in the list; `tone` is good, warn, bad or plain."""

    number: str
    detail: str
    who: str
    standing: str
    tone: str
    selected: bool


class PieceLine(Row, frozen=True):
    """Pieces of one product, and how many lie here."""

    name: str
    detail: str
    pieces: str
    tint: int
    picture: str


class ParcelChoice(Row, frozen=True):
    """A filter, or a reason."""

    label: str
    selected: bool


@QmlElement
class ParcelsViewModel(ListBesideViewModel):
    """List and parcel side by side. `filter`: open (to see to), recalled (not wanted any more), over."""

    changed = Signal()
    filters_known = FILTERS

    def __init__(
        self, desk: Desk, parcel_desk: ParcelDesk, catalogue: CatalogueReader, session: Session, journal: Journal
    ) -> None:
        super().__init__(desk, session, ParcelLine)
        self._desk, self._catalogue = parcel_desk, catalogue
        self._lines = KeyedListModel(PieceLine)
        self._chips, self._reasons = KeyedListModel(ParcelChoice), KeyedListModel(ParcelChoice)
        self._rows: list[ParcelRow] = []
        self._row: ParcelRow | None = None
        self._products: dict[str, ProductRow] = {}
        self._open, self._asking = 0, False
        journal.subscribe(self._on_change)
        desk.pictures.changed.connect(self._show)

    # ------------------------------------------------------------------ the list

    @Property(QObject, constant=True)
    def filters(self) -> KeyedListModel:
        """Open, recalled, over."""
        return self._chips

    @Property(str, notify=changed)
    def openWords(self) -> str:
        """How many wait for this shop; empty where none does."""
        return trn("%n order(s) of other shops to see to", self._open) if self._open else ""

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`orderId`: which is shown, as after its receipt was scanned."""
        if arguments.get("orderId"):
            self._wanted = str(arguments["orderId"])
        self._asking = False
        self.run(self._refresh())

    @Slot()
    def look(self) -> None:
        """Counts what waits, for the page that leads here."""
        self.run(self._refresh())

    # ------------------------------------------------------------------ one parcel

    @Property(bool, notify=changed)
    def chosen(self) -> bool:
        """Whether one is shown."""
        return self._row is not None

    @Property(str, notify=changed)
    def number(self) -> str:
        """The order's number, grouped for reading aloud."""
        return number_words(self._row.parcel.number) if self._row else ""

    @Property(str, notify=changed)
    def soldBy(self) -> str:
        """Which shop sold it, and when."""
        return self._sold_by(self._row) if self._row else ""

    @Property(str, notify=changed)
    def who(self) -> str:
        """Who gets the goods: the name and the phone's end; empty where nobody is named."""
        return who_words(self._row) if self._row else ""

    @Property(str, notify=changed)
    def address(self) -> str:
        """Where they are sent, and what the customer asked for."""
        if self._row is None:
            return ""
        to, note = self._row.parcel.to, self._row.parcel.note
        return " · ".join(part for part in (to.address if to else "", note) if part)

    @Property(str, notify=changed)
    def way(self) -> str:
        """How the goods reach the customer."""
        return self._way(self._row) if self._row else ""

    @Property(str, notify=changed)
    def standing(self) -> str:
        """How it stands."""
        return standing_words(self._row)[0] if self._row else ""

    @Property(str, notify=changed)
    def tone(self) -> str:
        """The colour of that."""
        return standing_words(self._row)[1] if self._row else "plain"

    @Property(str, notify=changed)
    def advice(self) -> str:
        """What to know before anything is done; empty where nothing is in the way."""
        return advice_words(self._row) if self._row else ""

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def steps(self) -> list[dict[str, str]]:
        """What can be done, the likeliest first: what, label, symbol."""
        if self._row is None or self._asking:
            return []
        return next_words(self._row)

    @Property(QObject, constant=True)
    def lines(self) -> KeyedListModel:
        """The goods."""
        return self._lines

    @Property(bool, notify=changed)
    def asking(self) -> bool:
        """Whether it is asked why the goods cannot come."""
        return self._asking

    @Property(QObject, constant=True)
    def reasons(self) -> KeyedListModel:
        """Why they cannot."""
        return self._reasons

    @Property(bool, notify=changed)
    def labelled(self) -> bool:
        """Whether a label is to be stuck on its goods."""
        parcel = self._row.parcel if self._row else None
        return parcel is not None and parcels.asked(parcel) and labelled(parcel.goes, parcel.to)

    @Slot()
    def showLabel(self) -> None:
        """The label of its goods."""
        if self._row is not None:
            self.desk.go.sheet("Receipt", {"orderId": self._row.id, "label": True})

    @Slot(str)
    def step(self, what: str) -> None:
        """One step, with a way back; that they cannot come asks why first."""
        row = self._row
        if row is None or what not in parcels.next_steps(row.parcel):
            return
        if what == "failed":
            self._asking = True
            self._show()
        else:
            self.run(self._step(row, cast("FulfilWhat", what)))

    @Slot(str)
    def fail(self, reason: str) -> None:
        """They cannot come, and why; "" asks no more."""
        row, self._asking = self._row, False
        self._show()
        if row is not None and reason in reason_words():
            self.run(self._step(row, "failed", cast("Reason", reason)))

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    # ------------------------------------------------------------------ work

    async def _step(self, row: ParcelRow, what: FulfilWhat, reason: Reason = "") -> None:
        step = await self._desk.step(row.id, what, reason)
        said = tr("The shop that sold it is told") if what == "failed" else step_done_words(what, row.parcel.goes.kind)
        self.desk.tell.say(said, (lambda: self.run(self._step_back(row.id, step))) if step else None)
        await self._refresh()

    async def _step_back(self, order_id: str, step: str) -> None:
        await self._desk.take_back(order_id, step)
        self.desk.tell.say(tr("Taken back"))
        await self._refresh()

    async def _refresh(self) -> None:
        await self._load()
        await self._find()

    async def _find(self) -> None:
        if self._session.guide is None:
            return
        newest = self._searched.ask()
        rows = await self._desk.read.list()
        found = await self._desk.read.list(self._text) if self._text.strip() else rows
        if newest():
            self._open = sum(filter_of(row) == "open" for row in rows)
            self._rows, self._answered = [row for row in found if self._fits(row)][: self._shown], True
            self._show()

    def _fits(self, row: ParcelRow) -> bool:
        """A text finds it whatever chip is chosen: a customer with a receipt does not know how far it is."""
        return bool(self._text.strip()) or filter_of(row) == self._filter

    async def _load(self) -> None:
        newest = self._chosen.ask()
        row = await self._desk.read.get(self._wanted) if self._wanted else None
        known = await self._catalogue.get([line.product_id for line in row.parcel.lines]) if row else []
        if newest():
            if row is None or self._row is None or row.id != self._row.id:
                self._asking = False
            self._row, self._products = row, {one.id: one for one in known}
            self._show()

    def _put_away(self, *, everything: bool) -> None:
        self._row, self._asking = None, False
        if everything:
            self._rows, self._open = [], 0

    def _show(self) -> None:
        names = {"open": tr("To see to"), "recalled": tr("Not wanted any more"), "over": tr("Done")}
        self._chips.update([ParcelChoice(key=k, label=names[k], selected=k == self._filter) for k in FILTERS])
        asked = reason_words() if self._asking else {}
        self._reasons.update([ParcelChoice(key=k, label=words, selected=False) for k, words in asked.items()])
        chosen = self._row.id if self._row else ""
        self._list.update([self._list_row(row, row.id == chosen) for row in self._rows])
        self._lines.update(self._pieces(self._row) if self._row else [])
        self.listChanged.emit()
        self.changed.emit()

    def _list_row(self, row: ParcelRow, selected: bool) -> ParcelLine:
        words, tone = standing_words(row)
        pieces = trn("%n piece(s)", sum(line.qty for line in row.parcel.lines))
        return ParcelLine(
            key=row.id, number=number_words(row.parcel.number), who=who_words(row), standing=words, tone=tone,
            detail=f"{self._way(row)} · {pieces} · {self._sold_by(row)}", selected=selected,
        )  # fmt: skip

    def _pieces(self, row: ParcelRow) -> list[PieceLine]:
        found, language = [], self.desk.figures.language
        for line in row.parcel.lines:
            known = self._products.get(line.product_id)
            here = known.on_hand if known else None
            found.append(
                PieceLine(
                    key=line.line_id,
                    name=named(known.product.called.en, known.product.called.zh, language) if known else tr("arriving"),
                    detail=tr("%1 here", self.desk.figures.number(here)) if here is not None else "",
                    pieces=trn("%n piece(s)", line.qty),
                    tint=tint(known),
                    picture=self.desk.pictures.thumb(known.product.pictures) if known else "",
                )
            )
        return found

    def _sold_by(self, row: ParcelRow) -> str:
        shop = named(row.parcel.home_names.en, row.parcel.home_names.zh, self.desk.figures.language)
        return tr("sold by %1, %2", shop or tr("another shop"), self.desk.figures.ago(row.parcel.placed_at))

    def _way(self, row: ParcelRow) -> str:
        goes = row.parcel.goes
        return reach_words(goes, self.desk.figures, here=goes.store_id == row.parcel.store_id)

    def _on_change(self, change: Change) -> None:
        shown = any(ref.entity in SHOWN_ENTITIES for ref in change.refs)
        if self._session.guide is not None and (change.state or shown):
            self.run(self._refresh())
