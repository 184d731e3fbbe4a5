"""The catalogue: what this shop sells, by search, by category or at hand, with the price and what is left of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot

from guide_app.domain.records import Names
from guide_app.services.ports.cards import CardReader, CardRow
from guide_app.services.ports.catalogue import CatalogueReader, CategoryCount, CurrentPrices, Favourites, ProductRow
from guide_app.services.ports.shop import ShopReader
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import Desk, Latest, ViewModel, tr, trn
from ui.viewmodels.words import named

PAGE = 60
TILES = 6
FAVOURITES, RECENT, BOUGHT = "*favourites", "*recent", "*bought"
"""Shelves besides the categories; "" is what this shop sells most."""


class Shelves(msgspec.Struct, frozen=True):
    """What a catalogue is read from."""

    products: CatalogueReader
    cards: CardReader
    favourites: Favourites


class ProductTile(Row, frozen=True):
    """A card of the catalogue: a product, or an article with `variants`; `tint` is the number of its tile's fill;
    `was`: the list price, where this customer pays less; `picture`: where the first of its
    `looks` pictures is."""

    name: str
    detail: str
    price: str
    was: str
    stock: str
    none_left: bool
    near: int
    in_basket: int
    tint: int
    picture: str
    looks: int
    sellable: bool
    variants: int
    favourite: bool


class CategoryChip(Row, frozen=True):
    """A shelf to choose; `count`: cards on it, empty where nobody counted."""

    label: str
    selected: bool
    count: str = ""


class CatalogueViewModel(ViewModel):
    """What a page that shows products stands on; the page says how many of each are taken already."""

    catalogueChanged = Signal()

    def __init__(self, desk: Desk, shelves: Shelves, shop: ShopReader, session: Session) -> None:
        super().__init__(desk)
        self._shelves, self._catalogue, self._shop, self._session = shelves, shelves.products, shop, session
        self._products = KeyedListModel(ProductTile)
        self._chips, self._subchips = KeyedListModel(CategoryChip), KeyedListModel(CategoryChip)
        self._trail = KeyedListModel(CategoryChip)
        self._known: dict[str, ProductRow] = {}
        self._cards: dict[str, CardRow] = {}
        self._tree: Sequence[CategoryCount] = ()
        self._favourites: tuple[str, ...] = ()
        self._starred: frozenset[str] = frozenset()
        self._prices: CurrentPrices | None = None
        self._text, self._shelf = "", ""
        self._path: tuple[str, ...] = ()
        self._region, self._currency = "CN", "CNY"
        self._searched, self._whole = Latest(), False
        session.subscribe(lambda _: self.clear())
        desk.pictures.changed.connect(self._on_pictures)

    @Property(QObject, constant=True)
    def products(self) -> KeyedListModel:
        """The cards found."""
        return self._products

    @Property(QObject, constant=True)
    def categories(self) -> KeyedListModel:
        """Shelves at hand, then the top of the category tree; the first is what this shop sells most."""
        return self._chips

    @Property(QObject, constant=True)
    def subcategories(self) -> KeyedListModel:
        """The categories under the chosen one."""
        return self._subchips

    @Property(QObject, constant=True)
    def trail(self) -> KeyedListModel:
        """The way from the top to the chosen category."""
        return self._trail

    @Property(str, notify=catalogueChanged)
    def text(self) -> str:
        """What is searched for."""
        return self._text

    @Property(str, notify=catalogueChanged)
    def shelf(self) -> str:
        """search, category, favourites, recent, bought, or best."""
        if self._text.strip():
            return "search"
        return "category" if self._path else self._shelf.removeprefix("*") or "best"

    @Property(bool, notify=catalogueChanged)
    def nothing(self) -> bool:
        """Whether nothing was found."""
        return not self._cards

    @Property(str, notify=catalogueChanged)
    def priceWords(self) -> str:
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
    def pricesExpired(self) -> bool:
        """Whether the newest list has run out."""
        return bool(self._prices and self._prices.expired)

    @Slot(str)
    def search(self, text: str) -> None:
        """Searches as the person types."""
        self._text = text
        self.run(self._find())

    @Slot(str)
    def choose(self, key: str) -> None:
        """A shelf, or a category at the top of the tree; empty shows what this shop sells most."""
        shelf = not key or key.startswith("*")
        self._text, self._shelf, self._path = "", key if shelf else "", () if shelf else (key,)
        self.run(self._find())

    @Slot(str)
    def chooseSub(self, category_id: str) -> None:
        """Goes further down."""
        if any(node.id == category_id for node in self._below()):
            self._path = (*self._path, category_id)
            self.run(self._find())

    @Slot(str)
    def climb(self, category_id: str) -> None:
        """Goes back up to a category of the trail."""
        if category_id in self._path:
            self._path = self._path[: self._path.index(category_id) + 1]
            self.run(self._find())

    @Slot()
    def more(self) -> None:
        """The catalogue was scrolled to its end."""
        if not self._whole:
            self._whole = True
            self.run(self._more())

    @Slot(str)
    def toggleFavourite(self, key: str) -> None:
        """Keeps a card at hand, or no longer."""
        if (card := self._cards.get(key)) is not None:
            self.run(self._toggle(card))

    @Slot()
    def clear(self) -> None:
        """Another guide: nothing of the last one's stays."""
        self._text, self._shelf, self._path = "", "", ()
        self._cards, self._favourites, self._starred, self._whole = {}, (), frozenset(), False
        self._searched.ask()
        self._show()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    # ------------------------------------------------------------------ work

    def _taken(self) -> Iterable[tuple[str, int]]:
        """(product, how many) of what is taken."""
        raise NotImplementedError

    def _customer(self) -> str:
        """The member whom the page is for; empty for nobody."""
        return ""

    def _pays(self, row: ProductRow) -> int | None:
        """What the customer would pay for one piece; None where it has no price."""
        return row.price

    async def _read_shop(self) -> None:
        tablet = await self._shop.tablet()
        if tablet is not None:
            self._region, self._currency = tablet.region, tablet.currency
        self._prices = await self._catalogue.price_list()
        self._tree = await self._shelves.cards.tree()
        await self._read_favourites()

    async def _read_favourites(self) -> None:
        if (guide := self._session.guide) is None:
            return
        kept = tuple(await self._shelves.favourites.of(guide.id))
        starred = {card_key(card.row) for card in await self._shelves.cards.of(kept)}
        if self._session.guide is guide:
            self._favourites, self._starred = kept, frozenset(starred)

    async def _find(self, *, again: bool = False) -> None:
        """Reads the first page, or `again` as many cards as stand there."""
        if self._session.guide is None:
            return
        newest = self._searched.ask()
        found, whole = await self._read(0, max(PAGE, len(self._cards)) if again else PAGE)
        if newest():
            self._cards, self._whole = {}, whole
            self._take_in(found)

    async def _more(self) -> None:
        newest = self._searched.ask()
        found, whole = await self._read(len(self._cards), PAGE)
        if newest():
            self._whole = whole
            self._take_in(found)

    async def _read(self, offset: int, limit: int) -> tuple[Sequence[CardRow], bool]:
        """Cards of what is chosen, and whether these are the last."""
        read, text = self._shelves.cards, self._text if self._text.strip() else ""
        if text or not self._shelf:
            category = "" if text or not self._path else self._path[-1]
            found = await read.cards(text, category_id=category, limit=limit, offset=offset)
            return found, len(found) < limit
        if self._shelf == FAVOURITES:
            return await read.of(self._favourites), True
        return await read.sold_lately(self._customer() if self._shelf == BOUGHT else ""), True

    def _take_in(self, found: Iterable[CardRow]) -> None:
        for card in found:
            self._cards[card_key(card.row)] = card
            self._known[card.row.id] = card.row
        self._show()

    async def _toggle(self, card: CardRow) -> None:
        """An article is a favourite while any of its variants is."""
        guide, article = self._session.guide_id, card.row.product.article
        ids = [row.id for row in await self._shelves.cards.variants(article)] if article else [card.row.id]
        if card_key(card.row) in self._starred:
            await self._shelves.favourites.remove(guide, ids)
        else:
            await self._shelves.favourites.add(guide, card.row.id)
        await self._read_favourites()
        await self._find()

    async def _learn(self, product_ids: Sequence[str]) -> None:
        missing = [product_id for product_id in product_ids if product_id not in self._known]
        if missing:
            self._known.update({row.id: row for row in await self._catalogue.get(missing)})

    def _on_pictures(self) -> None:
        """A picture came: cards show it, and so does whatever else stands on them."""
        self._show()

    def _below(self) -> list[CategoryCount]:
        """The categories under the chosen one that have anything in them."""
        return [node for node in self._tree if self._path and node.category.parent_id == self._path[-1] and node.cards]

    def _show(self) -> None:
        taken = Counter[str]()
        for product_id, qty in self._taken():
            known = self._known.get(product_id)
            taken[card_key(known) if known else product_id] += qty
        self._products.update([self._tile(key, card, taken[key]) for key, card in self._cards.items()])
        self._chips.update(self._top())
        self._subchips.update([self._chip(node) for node in self._below()])
        named_nodes = {node.id: node for node in self._tree}
        self._trail.update([self._chip(named_nodes[key]) for key in self._path if key in named_nodes])
        self.catalogueChanged.emit()

    def _top(self) -> list[CategoryChip]:
        at_hand = {"": tr("Best sellers"), FAVOURITES: tr("Favourites"), RECENT: tr("Sold lately")}
        if self._customer():
            at_hand[BOUGHT] = tr("Bought before")
        chips = [
            CategoryChip(key=key, label=label, selected=not self._path and key == self._shelf)
            for key, label in at_hand.items()
        ]
        top = [node for node in self._tree if not node.category.parent_id and node.cards]
        return [*chips, *map(self._chip, top)]

    def _chip(self, node: CategoryCount) -> CategoryChip:
        return CategoryChip(
            key=node.id,
            label=self._name(node.category.names),
            selected=node.id in self._path,
            count=self.desk.figures.number(node.cards),
        )

    def _tile(self, key: str, card: CardRow, taken: int) -> ProductTile:
        row = card.row
        words = detail(row, self.desk.figures.language)
        stock = "" if card.on_hand is None else trn("%n in this shop", max(card.on_hand, 0))
        return ProductTile(
            key=key,
            name=self._name(row.product.names),
            detail=words if card.variants == 1 else trn("%n variant(s)", card.variants),
            price=self._price(card),
            was=self._was(card),
            stock=stock,
            none_left=card.on_hand is not None and card.on_hand <= 0,
            near=len(row.near) if card.variants == 1 else 0,
            in_basket=taken,
            tint=tint(row),
            picture=self.desk.pictures.thumb(row.product.pictures),
            looks=len(row.product.pictures),
            sellable=card.low is not None,
            variants=card.variants,
            favourite=key in self._starred,
        )

    def _price(self, card: CardRow) -> str:
        if card.low is None:
            return tr("no price")
        low = self.desk.figures.money(card.low, self._currency)
        if card.low != card.high:
            return tr("from %1", low)
        pays = self._pays(card.row)
        return low if pays is None else self.desk.figures.money(pays, self._currency)

    def _was(self, card: CardRow) -> str:
        """The list price, where the customer pays less; empty where prices of variants differ."""
        pays = self._pays(card.row)
        less = card.low == card.high and card.low is not None and pays is not None and pays < card.low
        return self.desk.figures.money(card.low or 0, self._currency) if less else ""

    def _name(self, names: Names) -> str:
        return named(names.en, names.zh, self.desk.figures.language)


def card_key(row: ProductRow) -> str:
    """Under what a product stands in the catalogue: its article, or itself."""
    return row.product.article or row.id


def detail(row: ProductRow, language: str = "en") -> str:
    """What tells a product from others of its name: its options, else the size on the pack; and the brand."""
    options = [named(option.value.en, option.value.zh, language) for option in row.product.options]
    return " · ".join(part for part in (*(options or [row.product.size]), row.product.brand) if part)


def tint(row: ProductRow | None) -> int:
    """The same category has the same tile, on every tablet and every day."""
    return sum((row.product.category_id or row.id).encode()) % TILES if row else 0
