"""Choosing one variant of an article: by size, colour and whatever else, with price and stock of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from guide_app.domain.records import Names
from guide_app.services.ports.catalogue import ProductRow
from guide_app.services.ports.shop import ShopReader
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import Desk, Latest, tr, trn
from ui.viewmodels.catalogue import CatalogueViewModel, Shelves, detail, tint
from ui.viewmodels.near_words import near_words


class VariantRow(Row, frozen=True):
    """A variant of the article that is open."""

    label: str
    price: str
    stock: str
    near: str
    none_left: bool
    in_basket: int
    sellable: bool
    tint: int
    picture: str


class VariantViewModel(CatalogueViewModel):
    """The catalogue, and the variants of the article that was tapped."""

    variantsChanged = Signal()

    def __init__(self, desk: Desk, shelves: Shelves, shop: ShopReader, session: Session) -> None:
        super().__init__(desk, shelves, shop, session)
        self._variant_rows = KeyedListModel(VariantRow)
        self._variants: Sequence[ProductRow] = ()
        self._wanted: dict[str, str] = {}
        self._opened = Latest()

    @Property(QObject, constant=True)
    def variants(self) -> KeyedListModel:
        """Those that have the options chosen so far."""
        return self._variant_rows

    @Property(str, notify=variantsChanged)
    def articleName(self) -> str:
        """What the article is called."""
        return self._name(self._variants[0].product.names) if self._variants else ""

    @Property(str, notify=variantsChanged)
    def articleWords(self) -> str:
        """How many variants there are."""
        return trn("%n variant(s)", len(self._variants))

    @Property("QVariantList", notify=variantsChanged)  # type: ignore[arg-type]  # the stub knows only classes
    def axes(self) -> list[dict[str, Any]]:
        """In what the variants differ: {key, label, values: [{key, label, chosen, there}]}; `there`: a variant has it
        together with what is chosen of the others."""
        return [self._axis(key, kind) for key, kind in self._kinds().items()]

    @Slot(str)
    def take(self, key: str) -> None:
        """A card was tapped: a product goes into the basket, an article shows its variants."""
        card = self._cards.get(key)
        if card is None:
            return
        if card.variants == 1:
            self._put_in(card.row.id)
        else:
            self.run(self._open_article(card.row.product.article))

    @Slot(str, str)
    def chooseOption(self, kind: str, value: str) -> None:
        """Narrows by an option; the chosen one again widens."""
        if self._wanted.get(kind) == value:
            del self._wanted[kind]
        else:
            self._wanted[kind] = value
        self._show_variants()

    @Slot()
    def closeSheet(self) -> None:
        """Back to the page."""
        self.desk.go.closeSheet()

    @Slot(str)
    def takeVariant(self, product_id: str) -> None:
        """This one is it."""
        self._put_in(product_id)

    @Slot()
    def clear(self) -> None:
        """Another guide: nothing of the last one's stays."""
        self._variants, self._wanted = (), {}
        self._opened.ask()
        super().clear()

    # ------------------------------------------------------------------ work

    def _put_in(self, product_id: str) -> None:
        """One more of a product is taken."""
        raise NotImplementedError

    async def _open_article(self, article: str) -> None:
        newest = self._opened.ask()
        found = await self._shelves.cards.variants(article)
        if newest() and self._session.guide is not None:
            self._variants, self._wanted = found, {}
            self._known.update({row.id: row for row in found})
            self._show_variants()
            self.desk.go.sheet("Variants")

    def _kinds(self) -> Mapping[str, Names]:
        return {spelled(option.kind): option.kind for row in self._variants for option in row.product.options}

    def _axis(self, key: str, kind: Names) -> dict[str, Any]:
        others = {other: value for other, value in self._wanted.items() if other != key}
        there = {_options(row).get(key) for row in self._variants if _has(row, others)}
        values = {
            spelled(option.value): option.value
            for row in self._variants
            for option in row.product.options
            if spelled(option.kind) == key
        }
        shown = [
            {"key": en, "label": self._name(value), "chosen": self._wanted.get(key) == en, "there": en in there}
            for en, value in values.items()
        ]
        return {"key": key, "label": self._name(kind), "values": shown}

    def _show(self) -> None:
        super()._show()
        self._show_variants()

    def _show_variants(self) -> None:
        taken = dict[str, int]()
        for product_id, qty in self._taken():
            taken[product_id] = taken.get(product_id, 0) + qty
        fitting = [row for row in self._variants if _has(row, self._wanted)]
        self._variant_rows.update([self._variant(row, taken.get(row.id, 0)) for row in fitting])
        self.variantsChanged.emit()

    def _variant(self, row: ProductRow, taken: int) -> VariantRow:
        return VariantRow(
            key=row.id,
            label=detail(row, self.desk.figures.language),
            price=tr("no price") if row.price is None else self.desk.figures.money(row.price, self._currency),
            stock="" if row.on_hand is None else trn("%n in this shop", max(row.on_hand, 0)),
            near=near_words(row.near, self.desk.figures),
            none_left=row.on_hand is not None and row.on_hand <= 0,
            in_basket=taken,
            sellable=row.price is not None,
            tint=tint(row),
            picture=self.desk.pictures.thumb(row.product.pictures),
        )


def spelled(names: Names) -> str:
    """What a kind of option, or its value, is told by whatever the language."""
    return names.en or names.zh


def _options(row: ProductRow) -> dict[str, str]:
    return {spelled(option.kind): spelled(option.value) for option in row.product.options}


def _has(row: ProductRow, wanted: Mapping[str, str]) -> bool:
    options = _options(row)
    return all(options.get(kind) == value for kind, value in wanted.items())
