"""The order page: the catalogue, the basket beside it, and placing the order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.services.ports import (
    Change,
    Journal,
    MemberReader,
    ShopReader,
)
from guide_app.services.selling import Till
from guide_app.services.session import Session
from ui.viewmodels.base import QML_MODULE, Desk, tr
from ui.viewmodels.catalogue import Shelves
from ui.viewmodels.held_baskets import HoldingViewModel
from ui.viewmodels.member_list import MemberListViewModel
from ui.viewmodels.words import number_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

SHOWN_ENTITIES = frozenset({"category", "price", "price_list", "product", "stock"})


@QmlElement
class OrderViewModel(HoldingViewModel):
    """Catalogue and basket of one page: what it is opened with, scanned codes, and placing the order."""

    placed = Signal(str)

    def __init__(
        self,
        desk: Desk,
        shelves: Shelves,
        members: MemberReader,
        shop: ShopReader,
        till: Till,
        session: Session,
        journal: Journal,
    ) -> None:
        super().__init__(desk, shelves, members, shop, till, session)
        self._people = MemberListViewModel(desk, members, session)
        self._people.setParent(self)
        self._forget = journal.subscribe(self._on_change)

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`memberId`: for whom; `productId`, `code`: what goes in; `text`: what is looked for."""
        if arguments.get("text"):
            self._text = str(arguments["text"])
            self.catalogueChanged.emit()
        self.run(self._enter(arguments.get("memberId", ""), arguments.get("productId", "")))
        if arguments.get("code"):
            self.scan(arguments["code"])

    @Slot(str)
    def open(self, member_id: str = "") -> None:
        """The page was opened, perhaps for a member."""
        self.run(self._open(member_id))

    @Slot(str)
    def scan(self, code: str) -> None:
        """A product's barcode was scanned: one more of it goes into the basket."""
        self.run(self._scan(code))

    @Slot()
    def openCamera(self) -> None:  # noqa: N802
        """Codes that the tablet's camera reads go into the basket."""
        self.desk.go.sheet("Scan", {"into": "basket"})

    @Property(QObject, constant=True)
    def people(self) -> MemberListViewModel:
        """Whom the order may be for."""
        return self._people

    @Slot()
    def place(self) -> None:
        """Places the order."""
        if self._basket is not None and not self._placing:
            self._placing = True
            self.changed.emit()
            self.run(self._place())

    # ------------------------------------------------------------------ work

    async def _enter(self, member_id: str, product_id: str) -> None:
        """Opens for a member, with a product that they wished for in the basket."""
        await self._open(member_id)
        if product_id:
            await self._add(product_id, 1)

    async def _open(self, member_id: str) -> None:
        if self._session.guide is None:
            return
        await self._read_shop()
        await self._change(lambda basket: self._open_for(basket, member_id))
        await self._read_held()
        await self._find()

    async def _scan(self, code: str) -> None:
        found = await self._catalogue.by_barcode(code)
        if found is None:
            self.desk.tell.say(tr("No product has the code %1. Look for it by name, or tell HQ the code.", code))
            return
        self._known[found.id] = found
        await self._add(found.id, 1)
        said = tr("%1 is in the basket", self._name(found.product.names))
        self.desk.tell.say(said, lambda: self.add(found.id, -1))

    async def _place(self) -> None:
        guide = self._session.guide
        try:
            async with self._turn:
                if self._basket is None or self._session.guide is not guide:
                    return
                done = await self._till.place(self._basket)
                if self._session.guide is guide:
                    self._basket, self._member = None, None
        finally:
            self._placing = False
            self.changed.emit()
        amount = self.desk.figures.money(done.total, self._currency)
        self.desk.tell.say(tr("Order %1 is saved: %2", number_words(done.number), amount))
        if self._session.guide is guide:
            self._show()
            self.placed.emit(done.order_id)
            self.desk.go.open("Orders", {"orderId": done.order_id})

    def _on_change(self, change: Change) -> None:
        if self._session.guide is None:
            return
        if any(ref.entity in SHOWN_ENTITIES for ref in change.refs):
            self.run(self._refresh())
        if self._concerns_baskets(change.refs):
            self.run(self._refresh_people())

    async def _refresh(self) -> None:
        """What HQ or a sale changed in the catalogue; the basket is the guide's own, and stays as it is."""
        self._known.clear()
        await self._read_shop()
        if self._basket is not None:
            await self._learn([line.product_id for line in self._basket.lines])
        await self._find(again=True)

    async def _refresh_people(self) -> None:
        """A member for whom a basket is was changed, merged or erased."""
        if self._basket is not None:
            await self._change(lambda basket: self._for_member(basket, basket.member_id))
        await self._read_held()
