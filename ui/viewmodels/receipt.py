"""The paper of an order or a quotation: seen, printed, saved as a PDF. Nothing here touches the sale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.services.labels import LabelDesk
from guide_app.services.ports.printing import PaperPlace
from guide_app.services.quotations import QuotationDesk
from guide_app.services.receipts import Receipt, ReceiptDesk
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr
from ui.viewmodels.paper import PaperRow, paper_rows
from ui.viewmodels.printing import Printing

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


class PlaceRow(Row, frozen=True):
    """A place to save a file in."""

    label: str
    symbol: str


@QmlElement
class ReceiptViewModel(ViewModel):
    """The sheet of one order's receipt, of one quotation, or of one label."""

    changed = Signal()

    def __init__(
        self, desk: Desk, receipts: ReceiptDesk, quotations: QuotationDesk, labels: LabelDesk, session: Session
    ) -> None:
        super().__init__(desk)
        self._receipts, self._quotations, self._labels, self._session = receipts, quotations, labels, session
        self._paper, self._places = KeyedListModel(PaperRow), KeyedListModel(PlaceRow)
        self._printing = Printing(desk)
        self._printing.setParent(self)
        self._printing.changed.connect(self._on_printed)
        self._order_id, self._quotation_id, self._receipt = "", "", None
        self._label = False
        self._choosing = False
        self._found: Sequence[PaperPlace] = ()
        self._asked = Latest()
        session.subscribe(lambda _: self._put_away())

    _receipt: Receipt | None

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`orderId`: of which order; `label`: its label, not its receipt; or `quotationId`."""
        self._order_id, self._receipt, self._choosing = str(arguments.get("orderId", "")), None, False
        self._quotation_id = str(arguments.get("quotationId", ""))
        self._label = bool(arguments.get("label"))
        self._printing.forget()
        self._show()
        self.run(self._load())

    @Property(QObject, constant=True)
    def paper(self) -> KeyedListModel:
        """What stands on it."""
        return self._paper

    @Property(QObject, constant=True)
    def printing(self) -> Printing:
        """How printing goes."""
        return self._printing

    @Property(QObject, constant=True)
    def places(self) -> KeyedListModel:
        """Where it can be saved."""
        return self._places

    @Property(str, notify=changed)
    def title(self) -> str:
        """What this paper is."""
        if self._label:
            return tr("Label")
        return tr("Quotation") if self._quotation_id else tr("Receipt")

    @Property(bool, notify=changed)
    def savable(self) -> bool:
        """Whether it may be saved as a file: not what says where somebody lives."""
        return not self._label

    @Property(bool, notify=changed)
    def choosing(self) -> bool:
        """Whether the place for a file is being chosen."""
        return self._choosing

    @Property(str, notify=changed)
    def standing(self) -> str:
        """What comes out next, in words."""
        if self._receipt is None:
            return ""
        if self._label:
            return tr("On paper the phone stands whole: stick it on the parcel at once.")
        if self._quotation_id:
            return tr("Its code opens it on every tablet of the shop.")
        if self._receipt.printed_at:
            at = self.desk.figures.time(self._receipt.printed_at)
            day = self.desk.figures.date_of(self._receipt.printed_at)
            return tr("Printed %1, %2. What is printed now is marked as a copy.", day, at)
        if self._receipt.copy:
            return tr("Sold on another tablet. What is printed here is marked as a copy.")
        return tr("Not printed yet.")

    @Property(bool, notify=changed)
    def copy(self) -> bool:
        """Whether the next one is a copy."""
        return self._receipt is not None and self._receipt.copy

    @Slot()
    def print(self) -> None:
        """Prints it, or a copy of it."""
        if self._quotation_id:
            if self._receipt is not None:
                paper = self._receipt.document
                self._printing.start(lambda: self._receipts.print_document(paper), tr("The quotation is printed"))
            return
        order_id = self._order_id
        if self._label:
            self._printing.start(lambda: self._labels.print(order_id), tr("The label is printed"))
            return
        said = tr("The copy is printed") if self._receipt and self._receipt.copy else tr("The receipt is printed")
        self._printing.start(lambda: self._receipts.print_receipt(order_id), said)

    @Slot(str)
    def autoPrint(self, order_id: str) -> None:
        """An order was placed here: its receipt comes out by itself, where the tablet is set so."""
        if self._receipts.setting.choice.auto and self._receipts.setting.choice.there:
            self._printing.start(lambda: self._receipts.print_receipt(order_id), tr("The receipt is printed"))

    @Slot()
    def choosePlace(self) -> None:
        """Asks where the PDF goes."""
        self._found, self._choosing = self._receipts.files.places(), True
        self._show()

    @Slot(str)
    def savePdf(self, path: str) -> None:
        """Saves it as a PDF in the place."""
        place = next((place for place in self._found if place.path == path), None)
        if place is not None and self._receipt is not None:
            self._choosing = False
            self._show()
            self.run(self._save(self._receipt, place))

    @Slot()
    def choosePrinter(self) -> None:
        """Leads to the printer's settings."""
        self.desk.go.sheet("Printer")

    @Slot()
    def close(self) -> None:
        """Back to the page."""
        self.desk.go.closeSheet()

    @Slot()
    def retranslate(self) -> None:
        """The language changed; the paper's own does not."""
        self._printing.retranslate()
        self._show()

    async def _load(self) -> None:
        newest = self._asked.ask()
        if self._label:
            receipt = Receipt(document=await self._labels.shown(self._order_id), printed_at="", copy=False)
        elif self._quotation_id:
            receipt = Receipt(document=await self._quotations.paper(self._quotation_id), printed_at="", copy=False)
        else:
            receipt = await self._receipts.receipt(self._order_id)
        if newest() and self._session.guide is not None:
            self._receipt = receipt
            self._show()

    async def _save(self, receipt: Receipt, place: PaperPlace) -> None:
        path = await self._receipts.files.save(receipt.document, place)
        self.desk.tell.say(tr("Saved: %1", path))

    def _on_printed(self) -> None:
        if self._order_id and not self._printing.property("busy"):
            self.run(self._load())

    def _put_away(self) -> None:
        """Another guide: nothing of the last one's customer stays; what is being printed comes out."""
        self._order_id, self._quotation_id, self._receipt, self._choosing = "", "", None, False
        self._label = False
        self._asked.ask()
        self._show()

    def _show(self) -> None:
        self._paper.update(paper_rows(self._receipt.document) if self._receipt else [])
        self._places.update([_place(place) for place in self._found] if self._choosing else [])
        self.changed.emit()


def _place(place: PaperPlace) -> PlaceRow:
    words = {
        "documents": tr("Documents"),
        "downloads": tr("Downloads"),
        "drive": tr("Drive %1", place.name),
    }
    symbol = "hard-drive" if place.kind == "drive" else "folder"
    return PlaceRow(key=place.path, label=words[place.kind], symbol=symbol)
