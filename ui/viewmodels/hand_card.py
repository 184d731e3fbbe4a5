"""The sheet by which a gift card that was sold goes over the counter: its number is scanned or typed, once for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import gift_cards
from guide_app.domain.errors import EnvironmentProblem
from guide_app.domain.records import Order
from guide_app.operations.card_sales import wanting
from guide_app.services.payments import PaymentDesk
from guide_app.services.ports.catalogue import CatalogueReader, ProductRow
from guide_app.services.ports.orders import OrderReader, OrderRow
from guide_app.services.session import Session
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr, trn
from ui.viewmodels.problems import problem_words
from ui.viewmodels.words import named, number_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


def wanting_cards(order: Order, products: Mapping[str, ProductRow]) -> dict[str, int]:
    """Line → gift cards that the customer has bought and not been handed."""
    of_cards = {
        line.line_id
        for line in order.lines
        if (known := products.get(line.product_id)) is not None and known.product.gift_card
    }
    return {line_id: count for line_id, count in wanting(order).items() if count and line_id in of_cards}


@QmlElement
class HandCardViewModel(ViewModel):
    """One card after the other, as long as any is wanting."""

    changed = Signal()

    def __init__(
        self, desk: Desk, orders: OrderReader, catalogue: CatalogueReader, paying: PaymentDesk, session: Session
    ) -> None:
        super().__init__(desk)
        self._orders, self._catalogue, self._paying = orders, catalogue, paying
        self._asked = Latest()
        self._row: OrderRow | None = None
        self._products: dict[str, ProductRow] = {}
        self._number, self._problem, self._saving = "", "", False
        session.subscribe(lambda _: self.leave())

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`orderId`: with which order."""
        self.leave()
        self.run(self._load(str(arguments.get("orderId", ""))))

    @Property(str, notify=changed)
    def orderWords(self) -> str:
        """Which order."""
        return tr("Order %1", number_words(self._row.order.number)) if self._row else ""

    @Property(str, notify=changed)
    def title(self) -> str:
        """Which card is to be handed over now, and how many are."""
        if self._row is None or not self._line:
            return ""
        line = next(line for line in self._row.order.lines if line.line_id == self._line)
        names = self._products[line.product_id].product.called
        left = trn("%n card(s) to hand over", sum(self._wanting.values()))
        return f"{named(names.en, names.zh, self.desk.figures.language)} · {left}"

    @Property(str, notify=changed)
    def number(self) -> str:
        """The number as it is typed or scanned."""
        return self._number

    @Property(str, notify=changed)
    def problem(self) -> str:
        """Why the card was not taken, in words."""
        return self._problem

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether the card can go over the counter."""
        return bool(self._line and self._number) and not self._saving

    @Slot(str)
    def setNumber(self, text: str) -> None:
        """The number on the card."""
        self._number, self._problem = text.strip(), ""
        self.changed.emit()

    @Slot()
    def save(self) -> None:
        """The customer has the card."""
        if self.ready and self._row is not None:
            self._saving = True
            self.changed.emit()
            self.run(self._save(self._row.id, self._line, self._number))

    @Slot()
    def close(self) -> None:
        """The sheet goes; what is wanting yet stays on the order."""
        self.desk.go.closeSheet()
        self.leave()

    def leave(self) -> None:
        self._asked.ask()
        self._row, self._products, self._number, self._problem, self._saving = None, {}, "", "", False
        self.changed.emit()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.changed.emit()

    # ------------------------------------------------------------------ work

    @property
    def _wanting(self) -> dict[str, int]:
        return wanting_cards(self._row.order, self._products) if self._row else {}

    @property
    def _line(self) -> str:
        return next(iter(self._wanting), "")

    async def _load(self, order_id: str) -> None:
        newest = self._asked.ask()
        row = await self._orders.get(order_id)
        products = await self._catalogue.get([line.product_id for line in row.order.lines]) if row else []
        if newest():
            self._row, self._products = row, {product.id: product for product in products}
            self.changed.emit()

    async def _save(self, order_id: str, line_id: str, number: str) -> None:
        problem = ""
        try:
            await self._paying.hand_over(order_id, line_id, number)
        except EnvironmentProblem as refused:
            problem = problem_words(refused.code)
        if not problem:
            self.desk.tell.say(tr("Gift card ending in %1 handed over", gift_cards.last(gift_cards.parse(number))))
        if self._row is None or self._row.id != order_id:
            return
        self._saving, self._problem = False, problem
        self._number = self._number if problem else ""
        await self._load(order_id)
        if not problem and not self._wanting:
            self.close()
