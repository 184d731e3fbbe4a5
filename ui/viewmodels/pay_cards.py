"""The gift cards by which an order can be paid: the customer's own, and what this tablet can spend of each now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.records import Card
from guide_app.services.payments import PaymentDesk
from guide_app.services.ports import MemberReader, OrderRow
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Figures, Latest, tr
from ui.viewmodels.words import card_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


class PayCard(Row, frozen=True):
    """A card; `balance` as HQ said last, `here`: what of it can be spent with no network, in words."""

    title: str
    balance: str
    here: str
    selected: bool


@QmlElement
class PayCards(QObject):
    """The cards of the order that the sheet shows. `chosen` is none while there is none, or several."""

    changed = Signal()
    picked = Signal()

    def __init__(self, figures: Figures, members: MemberReader, paying: PaymentDesk) -> None:
        super().__init__()
        self._figures, self._members, self._paying = figures, members, paying
        self._rows = KeyedListModel(PayCard)
        self._asked = Latest()
        self._cards: tuple[Card, ...] = ()
        self._here: dict[str, int] = {}
        self._chosen, self._currency = "", ""

    @Property(QObject, constant=True)
    def rows(self) -> KeyedListModel:
        """The cards."""
        return self._rows

    @Property(bool, notify=changed)
    def none(self) -> bool:
        """Whether there is no card to pay with."""
        return not self._cards

    @property
    def chosen(self) -> Card | None:
        """The card that pays."""
        return next((card for card in self._cards if card.id == self._chosen), None)

    @property
    def here(self) -> int:
        """What this tablet can spend of the chosen card with no network, minor units."""
        return self._here.get(self._chosen, 0)

    @property
    def there(self) -> int:
        """What the chosen card has, as far as anybody here knows, minor units."""
        return max(self.here, self.chosen.balance) if self.chosen else 0

    @Slot(str)
    def choose(self, card_id: str) -> None:
        """This card pays."""
        self._chosen = card_id if any(card.id == card_id for card in self._cards) else ""
        self.show()
        self.picked.emit()

    async def load(self, row: OrderRow | None) -> None:
        """The cards of the order's customer, and what is leased here of each; the choice stays if it is still one."""
        newest = self._asked.ask()
        cards = await self._of_member(row.order.member_id) if row and row.order.member_id else ()
        here = {card.id: await self._paying.here(card) for card in cards}
        if not newest():
            return
        self._cards, self._here = cards, here
        self._currency = row.order.currency if row else ""
        if self.chosen is None and len(cards) == 1:
            self.choose(cards[0].id)
        self.show()

    def forget(self) -> None:
        """The sheet goes, or another guide stands here."""
        self._asked.ask()
        self._cards, self._here, self._chosen, self._currency = (), {}, "", ""
        self.show()

    def show(self) -> None:
        """Tells the rows anew."""
        self._rows.update([self._told(card) for card in self._cards])
        self.changed.emit()

    def _told(self, card: Card) -> PayCard:
        here = self._here.get(card.id, 0)
        said = tr("%1 of it can be spent here with no network", self._figures.money(here, self._currency))
        return PayCard(
            key=card.id, title=card_words(card, self._figures.language),
            balance=self._figures.money(card.balance, self._currency), here=said if here else "",
            selected=card.id == self._chosen,
        )  # fmt: skip

    async def _of_member(self, member_id: str) -> tuple[Card, ...]:
        view = await self._members.get(member_id)
        found: Sequence[Card] = view.wallet.cards if view and view.wallet else ()
        return tuple(card for card in found if card.id and card.kind == "card")
