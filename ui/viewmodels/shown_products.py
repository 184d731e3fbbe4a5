"""Which products were shown in a talk: what the member bought last, what sells most, a search, or a scan."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.records import Order
from guide_app.services.ports.catalogue import CatalogueReader, ProductRow
from guide_app.services.ports.members import MemberReader
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel
from ui.viewmodels.catalogue import tint
from ui.viewmodels.words import named

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

OFFERED = 8
"""Products to choose from at once: a row of chips."""
MOST = 20
LOOKED_BACK = 20


class ShownProduct(Row, frozen=True):
    """A product to choose; `selected`: it was shown."""

    label: str
    tint: int
    selected: bool


@QmlElement
class ShownProductsViewModel(ViewModel):
    """`chosenChanged`: the guide chose or took out one."""

    changed = Signal()
    chosenChanged = Signal()

    def __init__(self, desk: Desk, catalogue: CatalogueReader, members: MemberReader) -> None:
        super().__init__(desk)
        self._catalogue, self._members = catalogue, members
        self._offered = KeyedListModel(ShownProduct)
        self._chosen: dict[str, ProductRow] = {}
        self._recent: Sequence[ProductRow] = ()
        self._found: Sequence[ProductRow] = ()
        self._text = ""
        self._asked = Latest()

    @property
    def ids(self) -> tuple[str, ...]:
        """The products shown, in the order in which they were chosen."""
        return tuple(self._chosen)

    @Property(QObject, constant=True)
    def offered(self) -> KeyedListModel:
        """The chosen ones first, then what was found or is likely."""
        return self._offered

    @Property(str, notify=changed)
    def text(self) -> str:
        """What is searched for."""
        return self._text

    @Property(bool, notify=changed)
    def nothing(self) -> bool:
        """Whether a search found nothing."""
        return bool(self._text.strip()) and not self._found

    @Slot(str)
    def search(self, text: str) -> None:
        """Searches as the person types."""
        self._text = text
        self.run(self._search(text))

    @Slot(str)
    def toggle(self, product_id: str) -> None:
        """Chooses a product, or takes it out."""
        row = next((row for row in (*self._found, *self._recent) if row.id == product_id), None)
        if product_id in self._chosen:
            del self._chosen[product_id]
        elif row is not None and len(self._chosen) < MOST:
            self._chosen[product_id] = row
        else:
            return
        self._show()
        self.chosenChanged.emit()

    def take(self, row: ProductRow) -> None:
        """It was scanned: it was shown."""
        if row.id not in self._chosen and len(self._chosen) < MOST:
            self._chosen[row.id] = row
            self._show()
            self.chosenChanged.emit()

    def clear(self) -> None:
        """Another talk."""
        self._asked.ask()
        self._chosen, self._recent, self._found, self._text = {}, (), (), ""
        self._show()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    async def offer_to(self, member_id: str) -> None:
        """What this member is likely to be shown: what they bought last, then what sells most here."""
        newest = self._asked.ask()
        entries = await self._members.timeline(member_id, limit=LOOKED_BACK)
        bought = [line.product_id for e in entries if isinstance(e.record, Order) for line in e.record.lines]
        last = await self._catalogue.get(list(dict.fromkeys(bought))[: OFFERED // 2])
        best = await self._catalogue.search("", limit=OFFERED)
        if newest():
            self._recent = list({row.id: row for row in (*last, *best)}.values())[:OFFERED]
            self._show()

    async def _search(self, text: str) -> None:
        newest = self._asked.ask()
        found = await self._catalogue.search(text, limit=OFFERED) if text.strip() else ()
        if newest():
            self._found = found
            self._show()

    def _show(self) -> None:
        rest = self._found if self._text.strip() else self._recent
        rows = {row.id: row for row in (*self._chosen.values(), *rest)}.values()
        self._offered.update([self._chip(row) for row in rows])
        self.changed.emit()

    def _chip(self, row: ProductRow) -> ShownProduct:
        names = row.product.names
        label = named(names.en, names.zh, self.desk.figures.language)
        return ShownProduct(key=row.id, label=label, tint=tint(row), selected=row.id in self._chosen)
