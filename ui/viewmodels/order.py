"""The order page: the catalogue and the basket beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import cast, get_args

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import phone
from guide_app.domain.records import Names
from guide_app.domain.records.order import FulfilmentKind
from guide_app.services.ports import (
    CatalogueReader,
    CategoryView,
    Change,
    CurrentPrices,
    Journal,
    MemberReader,
    MemberView,
    ProductRow,
    ShopReader,
)
from guide_app.services.selling import Basket, Till
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr, trn
from ui.viewmodels.words import number_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

PAGE = 60
SHOWN_ENTITIES = frozenset({"category", "price", "price_list", "product", "stock"})
TILES = 6


class ProductTile(Row, frozen=True):
    """A product in the catalogue; `tint` is the number of its tile's fill, `icon` its category's picture."""

    name: str
    detail: str
    price: str
    stock: str
    none_left: bool
    in_basket: int
    tint: int
    sellable: bool


class CategoryChip(Row, frozen=True):
    """A category to narrow the catalogue by."""

    label: str
    selected: bool


class BasketRow(Row, frozen=True):
    """A line of the basket."""

    name: str
    detail: str
    qty: int
    each: str
    amount: str
    tint: int


@QmlElement
class OrderViewModel(ViewModel):
    """Catalogue, basket, and placing the order. The basket is the guide's own and survives lock and kill."""

    changed = Signal()
    catalogueChanged = Signal()
    placed = Signal(str)

    def __init__(
        self,
        desk: Desk,
        catalogue: CatalogueReader,
        members: MemberReader,
        shop: ShopReader,
        till: Till,
        session: Session,
        journal: Journal,
    ) -> None:
        super().__init__(desk)
        self._catalogue, self._members, self._shop, self._till = catalogue, members, shop, till
        self._session = session
        self._products, self._lines = KeyedListModel(ProductTile), KeyedListModel(BasketRow)
        self._chips, self._subchips = KeyedListModel(CategoryChip), KeyedListModel(CategoryChip)
        self._basket: Basket | None = None
        self._member: MemberView | None = None
        self._known: dict[str, ProductRow] = {}
        self._rows: list[ProductRow] = []
        self._categories: Sequence[CategoryView] = ()
        self._children: Sequence[CategoryView] = ()
        self._prices: CurrentPrices | None = None
        self._text, self._category, self._child = "", "", ""
        self._region, self._currency = "CN", "CNY"
        self._searched, self._shown, self._placing = Latest(), PAGE, False
        self._turn = asyncio.Lock()  # two quick taps are two changes of the basket, one after the other
        self._forget = journal.subscribe(self._on_change)
        session.subscribe(lambda _: self.clear())

    # ------------------------------------------------------------------ the catalogue

    @Property(QObject, constant=True)
    def products(self) -> KeyedListModel:
        """The products found."""
        return self._products

    @Property(QObject, constant=True)
    def categories(self) -> KeyedListModel:
        """The top of the category tree; the first is what this shop sells most."""
        return self._chips

    @Property(QObject, constant=True)
    def subcategories(self) -> KeyedListModel:
        """The categories under the chosen one."""
        return self._subchips

    @Property(str, notify=catalogueChanged)
    def text(self) -> str:
        """What is searched for."""
        return self._text

    @Property(bool, notify=catalogueChanged)
    def nothing(self) -> bool:
        """Whether nothing was found."""
        return not self._rows

    @Property(str, notify=catalogueChanged)
    def priceWords(self) -> str:  # noqa: N802
        """Which prices are shown and until when they hold, in words."""
        if self._prices is None:
            return tr("No price list on this tablet yet: orders can be placed once HQ has sent one")
        version = self._prices.price_list.version
        until = self._prices.price_list.valid_until
        if self._prices.expired:
            return tr("Price list %1 has run out. Its prices stay promised; HQ settles any difference", version)
        if not until:
            return tr("Prices of list %1, also with no network", version)
        return tr("Prices of list %1, kept with no network until %2", version, self.desk.figures.date_of(until))

    @Property(bool, notify=catalogueChanged)
    def pricesExpired(self) -> bool:  # noqa: N802
        """Whether the newest list has run out."""
        return bool(self._prices and self._prices.expired)

    @Slot(str)
    def open(self, member_id: str = "") -> None:
        """The page was opened, perhaps for a member."""
        self.run(self._open(member_id))

    @Slot(str)
    def search(self, text: str) -> None:
        """Searches as the person types."""
        self._text, self._shown = text, PAGE
        self.run(self._find())

    @Slot(str)
    def choose(self, category_id: str) -> None:
        """Narrows to a category; empty shows what this shop sells most."""
        self._text, self._category, self._child, self._children, self._shown = "", category_id, "", (), PAGE
        self.run(self._narrow())

    @Slot(str)
    def chooseSub(self, category_id: str) -> None:  # noqa: N802
        """Narrows further; the chosen one again widens."""
        self._child, self._shown = "" if category_id == self._child else category_id, PAGE
        self.run(self._find())

    @Slot()
    def more(self) -> None:
        """The catalogue was scrolled to its end."""
        if len(self._rows) >= self._shown:
            self._shown += PAGE
            self.run(self._find())

    @Slot(str)
    def scan(self, code: str) -> None:
        """A product's barcode was scanned: one more of it goes into the basket."""
        self.run(self._scan(code))

    # ------------------------------------------------------------------ the basket

    @Property(QObject, constant=True)
    def lines(self) -> KeyedListModel:
        """The lines of the basket."""
        return self._lines

    @Property(bool, notify=changed)
    def empty(self) -> bool:
        """Whether nothing is in the basket."""
        return not (self._basket and self._basket.lines)

    @Property(str, notify=changed)
    def piecesWords(self) -> str:  # noqa: N802
        """How much is in the basket, in words."""
        return trn("%n piece(s)", self._basket.pieces if self._basket else 0)

    @Property(int, notify=changed)
    def pieces(self) -> int:
        """How much is in the basket."""
        return self._basket.pieces if self._basket else 0

    @Property(str, notify=changed)
    def total(self) -> str:
        """What is to be paid."""
        return self.desk.figures.money(self._basket.total if self._basket else 0, self._currency)

    @Property(bool, notify=changed)
    def hasMember(self) -> bool:  # noqa: N802
        """Whether the order is for a member."""
        return self._member is not None

    @Property(str, notify=changed)
    def memberId(self) -> str:  # noqa: N802
        """For whom."""
        return self._member.id if self._member else ""

    @Property(str, notify=changed)
    def memberName(self) -> str:  # noqa: N802
        """For whom, by name."""
        return self._member.member.name if self._member else ""

    @Property(str, notify=changed)
    def memberDetail(self) -> str:  # noqa: N802
        """What tells them from others."""
        if self._member is None:
            return ""
        return f"{phone.mask(self._member.member.phone, self._region)} · {self._member.member.member_no}"

    @Property(str, notify=changed)
    def fulfilment(self) -> str:
        """take_away, pick_up or ship."""
        return self._basket.fulfilment if self._basket else "take_away"

    @Property(str, notify=changed)
    def note(self) -> str:
        """What the customer asked for."""
        return self._basket.note if self._basket else ""

    @Property(bool, notify=changed)
    def placing(self) -> bool:
        """Whether the order is being placed: a second tap does nothing."""
        return self._placing

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether the order can be placed."""
        return not (self.empty or self._placing or self._prices is None)

    @Slot(str, int)
    def add(self, product_id: str, qty: int) -> None:
        """Puts pieces of a product in, or takes some out."""
        self.run(self._add(product_id, qty))

    @Slot(str)
    def remove(self, product_id: str) -> None:
        """Takes a line out, with a way back."""
        if self._basket is not None:
            before = self._basket.qty(product_id)
            self.run(self._add(product_id, -before))
            self.desk.tell.say(tr("Taken out of the basket"), lambda: self.add(product_id, before))

    @Slot(str)
    def setMember(self, member_id: str) -> None:  # noqa: N802
        """Whom the order is for; empty for nobody."""
        self.run(self._change(lambda basket: self._for_member(basket, member_id)))

    @Slot(str)
    def setFulfilment(self, kind: str) -> None:  # noqa: N802
        """How the goods reach the customer."""
        if kind in get_args(FulfilmentKind):
            wanted = cast("FulfilmentKind", kind)
            self.run(self._change(lambda basket: self._kept(msgspec.structs.replace(basket, fulfilment=wanted))))

    @Slot(str)
    def setNote(self, note: str) -> None:  # noqa: N802
        """What the customer asked for."""
        self.run(self._change(lambda basket: self._kept(msgspec.structs.replace(basket, note=note[:2000]))))

    @Slot()
    def clearBasket(self) -> None:  # noqa: N802
        """Empties the basket, with a way back."""
        before = self._basket
        self.run(self._change(self._emptied))
        if before is not None and before.lines:
            self.desk.tell.say(tr("Basket emptied"), lambda: self.run(self._change(lambda _: self._kept(before))))

    @Slot()
    def place(self) -> None:
        """Places the order."""
        if self._basket is not None and not self._placing:
            self._placing = True
            self.changed.emit()
            self.run(self._place())

    @Slot()
    def clear(self) -> None:
        """Another guide: nothing of the last one's stays."""
        self._basket, self._member, self._text = None, None, ""
        self._category, self._child, self._children, self._placing = "", "", (), False
        self._rows, self._shown = [], PAGE
        self._searched.ask()
        self._show()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    # ------------------------------------------------------------------ work

    async def _open(self, member_id: str) -> None:
        if self._session.guide is None:
            return
        await self._read_shop()
        await self._change(lambda basket: self._for_member(basket, member_id or basket.member_id))
        await self._find()

    async def _read_shop(self) -> None:
        tablet = await self._shop.tablet()
        if tablet is not None:
            self._region, self._currency = tablet.region, tablet.currency
        self._prices = await self._catalogue.price_list()
        self._categories = await self._catalogue.categories()

    async def _find(self) -> None:
        if self._session.guide is None:
            return
        newest = self._searched.ask()
        category = "" if self._text.strip() else self._child or self._category
        rows = await self._catalogue.search(self._text, category_id=category, limit=self._shown)
        if newest():
            self._rows = [*rows]
            self._known.update({row.id: row for row in rows})
            self._show()

    async def _narrow(self) -> None:
        category = self._category
        children = await self._catalogue.categories(category) if category else ()
        if category == self._category:
            self._children = children
        await self._find()

    async def _scan(self, code: str) -> None:
        found = await self._catalogue.by_barcode(code)
        if found is None:
            self.desk.tell.say(tr("No product has the code %1. Look for it by name, or tell HQ the code.", code))
            return
        self._known[found.id] = found
        await self._add(found.id, 1)
        self.desk.tell.say(tr("%1 is in the basket", self._name(found.product.names)))

    async def _add(self, product_id: str, qty: int) -> None:
        await self._change(lambda basket: self._till.add(basket, product_id, qty))

    async def _change(self, how: Callable[[Basket], Awaitable[Basket]]) -> None:
        """Changes the basket and keeps it. A guide who left meanwhile keeps it too, but it is not shown to the next."""
        guide = self._session.guide
        async with self._turn:
            if guide is None or self._session.guide is not guide:
                return
            changed = await how(self._basket or await self._till.basket())
            await self._learn([line.product_id for line in changed.lines])
            member = await self._members.get(changed.member_id) if changed.member_id else None
            if self._session.guide is not guide:
                return
            self._basket, self._member = changed, member
        self._show()

    async def _kept(self, basket: Basket) -> Basket:
        await self._till.keep(basket)
        return basket

    async def _for_member(self, basket: Basket, member_id: str) -> Basket:
        """The basket for this member, or who they were merged into; for nobody where this shop does not know them."""
        found = await self._members.get(member_id) if member_id else None
        known = found.id if found else ""
        if known == basket.member_id:
            return basket
        return await self._kept(msgspec.structs.replace(basket, member_id=known))

    async def _emptied(self, _: Basket) -> Basket:
        return await self._till.empty()

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

    async def _learn(self, product_ids: Sequence[str]) -> None:
        missing = [product_id for product_id in product_ids if product_id not in self._known]
        if missing:
            self._known.update({row.id: row for row in await self._catalogue.get(missing)})

    def _show(self) -> None:
        basket = self._basket or Basket(order_id="", guide_id="")
        self._products.update([self._tile(row, basket.qty(row.id)) for row in self._rows])
        self._lines.update(
            [
                BasketRow(
                    key=line.product_id,
                    name=self._name(known.product.names) if known else tr("arriving"),
                    detail=_detail(known) if known else "",
                    qty=line.qty,
                    each=self.desk.figures.money(line.unit_price, self._currency),
                    amount=self.desk.figures.money(line.qty * line.unit_price, self._currency),
                    tint=_tint(known),
                )
                for line in basket.lines
                for known in (self._known.get(line.product_id),)
            ]
        )
        top = [CategoryChip(key="", label=tr("Best sellers"), selected=not self._category)]
        self._chips.update([*top, *self._chip_rows(self._categories, self._category)])
        self._subchips.update(self._chip_rows(self._children, self._child))
        self.catalogueChanged.emit()
        self.changed.emit()

    def _chip_rows(self, categories: Sequence[CategoryView], chosen: str) -> list[CategoryChip]:
        return [CategoryChip(key=c.id, label=self._name(c.category.names), selected=c.id == chosen) for c in categories]

    def _tile(self, row: ProductRow, in_basket: int) -> ProductTile:
        stock = "" if row.on_hand is None else trn("%n in this shop", max(row.on_hand, 0))
        return ProductTile(
            key=row.id,
            name=self._name(row.product.names),
            detail=_detail(row),
            price=tr("no price") if row.price is None else self.desk.figures.money(row.price, self._currency),
            stock=stock,
            none_left=row.on_hand is not None and row.on_hand <= 0,
            in_basket=in_basket,
            tint=_tint(row),
            sellable=row.price is not None,
        )

    def _name(self, names: Names) -> str:
        first, second = (names.zh, names.en) if self.desk.figures.language == "zh_CN" else (names.en, names.zh)
        return first or second

    def _on_change(self, change: Change) -> None:
        if self._session.guide is not None and any(ref.entity in SHOWN_ENTITIES for ref in change.refs):
            self.run(self._refresh())

    async def _refresh(self) -> None:
        """What HQ or a sale changed in the catalogue; the basket is the guide's own, and stays as it is."""
        self._known.clear()
        await self._read_shop()
        if self._basket is not None:
            await self._learn([line.product_id for line in self._basket.lines])
        await self._find()


def _detail(row: ProductRow) -> str:
    return " · ".join(part for part in (row.product.size, row.product.brand) if part)


def _tint(row: ProductRow | None) -> int:
    """The same category has the same tile, on every tablet and every day."""
    return sum((row.product.category_id or row.id).encode()) % TILES if row else 0
