"""The catalogue: what this shop sells, by search or by category, with the price and what is left of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Property, QObject, Signal, Slot

from guide_app.domain.records import Names
from guide_app.services.ports import CatalogueReader, CategoryView, CurrentPrices, ProductRow, ShopReader
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import Desk, Latest, ViewModel, tr, trn
from ui.viewmodels.words import named

PAGE = 60
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


class CatalogueViewModel(ViewModel):
    """What a page that shows products stands on; the page says how many of each are taken already."""

    catalogueChanged = Signal()

    def __init__(self, desk: Desk, catalogue: CatalogueReader, shop: ShopReader, session: Session) -> None:
        super().__init__(desk)
        self._catalogue, self._shop, self._session = catalogue, shop, session
        self._products = KeyedListModel(ProductTile)
        self._chips, self._subchips = KeyedListModel(CategoryChip), KeyedListModel(CategoryChip)
        self._known: dict[str, ProductRow] = {}
        self._rows: list[ProductRow] = []
        self._categories: Sequence[CategoryView] = ()
        self._children: Sequence[CategoryView] = ()
        self._prices: CurrentPrices | None = None
        self._text, self._category, self._child = "", "", ""
        self._region, self._currency = "CN", "CNY"
        self._searched, self._shown = Latest(), PAGE
        session.subscribe(lambda _: self.clear())

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

    @Slot()
    def clear(self) -> None:
        """Another guide: nothing of the last one's stays."""
        self._text, self._category, self._child, self._children = "", "", "", ()
        self._rows, self._shown = [], PAGE
        self._searched.ask()
        self._show()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    # ------------------------------------------------------------------ work

    def _qty(self, product_id: str) -> int:
        """How many of a product are taken."""
        raise NotImplementedError

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

    async def _learn(self, product_ids: Sequence[str]) -> None:
        missing = [product_id for product_id in product_ids if product_id not in self._known]
        if missing:
            self._known.update({row.id: row for row in await self._catalogue.get(missing)})

    def _show(self) -> None:
        self._products.update([self._tile(row) for row in self._rows])
        top = [CategoryChip(key="", label=tr("Best sellers"), selected=not self._category)]
        self._chips.update([*top, *self._chip_rows(self._categories, self._category)])
        self._subchips.update(self._chip_rows(self._children, self._child))
        self.catalogueChanged.emit()

    def _chip_rows(self, categories: Sequence[CategoryView], chosen: str) -> list[CategoryChip]:
        return [CategoryChip(key=c.id, label=self._name(c.category.names), selected=c.id == chosen) for c in categories]

    def _tile(self, row: ProductRow) -> ProductTile:
        stock = "" if row.on_hand is None else trn("%n in this shop", max(row.on_hand, 0))
        return ProductTile(
            key=row.id,
            name=self._name(row.product.names),
            detail=detail(row),
            price=tr("no price") if row.price is None else self.desk.figures.money(row.price, self._currency),
            stock=stock,
            none_left=row.on_hand is not None and row.on_hand <= 0,
            in_basket=self._qty(row.id),
            tint=tint(row),
            sellable=row.price is not None,
        )

    def _name(self, names: Names) -> str:
        return named(names.en, names.zh, self.desk.figures.language)


def detail(row: ProductRow) -> str:
    """What tells a product from others of its name."""
    return " · ".join(part for part in (row.product.size, row.product.brand) if part)


def tint(row: ProductRow | None) -> int:
    """The same category has the same tile, on every tablet and every day."""
    return sum((row.product.category_id or row.id).encode()) % TILES if row else 0
