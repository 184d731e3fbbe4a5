"""Looking at a product: all its pictures, large, with its price and the way into the basket."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from guide_app.services.ports.cards import CardRow
from guide_app.services.ports.shop import ShopReader
from guide_app.services.session import Session
from ui.viewmodels.base import Desk, tr
from ui.viewmodels.catalogue import Shelves, detail, tint
from ui.viewmodels.near_words import pieces_words, shop_words
from ui.viewmodels.variants import VariantViewModel


class LookViewModel(VariantViewModel):
    """The catalogue with its variants, and the card whose pictures are looked at."""

    lookedChanged = Signal()

    def __init__(self, desk: Desk, shelves: Shelves, shop: ShopReader, session: Session) -> None:
        super().__init__(desk, shelves, shop, session)
        self._looked = ""
        desk.pictures.changed.connect(self.lookedChanged)
        self.catalogueChanged.connect(self.lookedChanged)

    @Property(str, notify=lookedChanged)
    def lookedName(self) -> str:
        """What it is called."""
        return self._name(card.row.product.names) if (card := self._card) else ""

    @Property(str, notify=lookedChanged)
    def lookedWords(self) -> str:
        """What tells it from others."""
        return detail(card.row, self.desk.figures.language) if (card := self._card) else ""

    @Property(str, notify=lookedChanged)
    def lookedPrice(self) -> str:
        """What the customer would pay."""
        return self._price(card) if (card := self._card) else ""

    @Property(bool, notify=lookedChanged)
    def lookedSellable(self) -> bool:
        """Whether it has a price."""
        return bool((card := self._card) and card.low is not None)

    @Property(bool, notify=lookedChanged)
    def lookedChoices(self) -> bool:
        """Whether it comes in variants."""
        return bool((card := self._card) and card.variants > 1)

    @Property(int, notify=lookedChanged)
    def lookedTint(self) -> int:
        """Of its tile."""
        return tint(card.row) if (card := self._card) else 0

    @Property("QVariantList", notify=lookedChanged)  # type: ignore[arg-type]  # the stub knows only classes
    def lookedPictures(self) -> list[dict[str, str]]:
        """{source, before} of each picture."""
        return self.desk.pictures.large(card.row.product.pictures) if (card := self._card) else []

    @Slot(str)
    def look(self, key: str) -> None:
        """A card's pictures are to be seen."""
        if key in self._cards:
            self._looked = key
            self.lookedChanged.emit()
            self.desk.go.sheet("ProductPictures")

    @Property("QVariantList", notify=lookedChanged)  # type: ignore[arg-type]  # the stub knows only classes
    def lookedStock(self) -> list[dict[str, str]]:
        """{shop, pieces, age}: this shop first, then those nearby that have some."""
        if (card := self._card) is None:
            return []
        row, figures = card.row, self.desk.figures
        own = [] if row.on_hand is None else [{
            "shop": tr("This shop"), "pieces": figures.number(max(row.on_hand, 0)),
            "age": figures.ago(row.stock_as_of) if row.stock_as_of else "",
        }]  # fmt: skip
        return [*own, *(
            {"shop": shop_words(one, figures), "pieces": pieces_words(one, figures), "age": figures.ago(one.as_of)}
            for one in row.near
        )]  # fmt: skip

    @Slot(str)
    def lookAround(self, key: str) -> None:
        """Where a card's product is, here and nearby, is to be seen."""
        if key in self._cards:
            self._looked = key
            self.lookedChanged.emit()
            self.desk.go.sheet("NearStock")

    @Slot()
    def lookedMaterial(self) -> None:
        """What of the library goes with it."""
        if (card := self._card) is not None:
            self.desk.go.open("Library", {"productId": card.row.id})

    @Slot()
    def takeLooked(self) -> None:
        """It is to go into the basket."""
        self.desk.go.closeSheet()
        self.take(self._looked)

    @Slot()
    def clear(self) -> None:
        """Another guide: nothing of the last one's stays."""
        self._looked = ""
        super().clear()

    @property
    def _card(self) -> CardRow | None:
        return self._cards.get(self._looked)
