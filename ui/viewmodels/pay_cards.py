"""The gift cards by which an order can be paid: the customer's own, and what this tablet can spend of each now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.errors import EnvironmentProblem
from guide_app.domain.records import Card
from guide_app.services.payments import PaymentDesk
from guide_app.services.ports.members import MemberReader
from guide_app.services.ports.orders import OrderRow
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, tr
from ui.viewmodels.problems import problem_words
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

    def __init__(self, desk: Desk, members: MemberReader, paying: PaymentDesk) -> None:
        super().__init__()
        self._desk, self._figures, self._members, self._paying = desk, desk.figures, members, paying
        self._rows = KeyedListModel(PayCard)
        self._asked = Latest()
        self._cards: tuple[Card, ...] = ()
        self._here: dict[str, int] = {}
        self._chosen, self._currency = "", ""
        self._found: tuple[Card, ...] = ()
        """Cards that the customer has in hand, as HQ told of them."""
        self._number, self._pin, self._said = "", "", ""
        self._looking, self._asked_of = False, ""

    @Property(str, notify=changed)
    def number(self) -> str:
        """The number as it is typed or scanned."""
        return self._number

    @Property(str, notify=changed)
    def pin(self) -> str:
        """The PIN as it is typed."""
        return self._pin

    @Property(str, notify=changed)
    def said(self) -> str:
        """Why the card was not found, in words."""
        return self._said

    @Property(bool, notify=changed)
    def findable(self) -> bool:
        """Whether HQ can be asked for the card."""
        return bool(self._number and self._pin) and not self._looking

    @Property(bool, notify=changed)
    def looking(self) -> bool:
        """Whether HQ is being asked."""
        return self._looking

    @Slot(str)
    def setNumber(self, text: str) -> None:
        """The number on the card."""
        self._number, self._said = text.strip(), ""
        self.changed.emit()

    @Slot(str)
    def setPin(self, text: str) -> None:
        """The PIN that the customer says."""
        self._pin, self._said = text.strip(), ""
        self.changed.emit()

    @Slot()
    def find(self) -> None:
        """HQ is asked for the card that the customer has in hand."""
        if self.findable:
            self._looking = True
            self.changed.emit()
            self._desk.spawn(self._find(self._number, self._pin, self._asked_of), self._desk.tell.problem)

    async def _find(self, number: str, pin: str, asked_of: str) -> None:
        said = ""
        found: Card | None = None
        try:
            found = await self._paying.find(number, pin)
        except EnvironmentProblem as problem:
            said = problem_words(problem.code)
        finally:
            if asked_of == self._asked_of:
                self._looking, self._said = False, said
                self.changed.emit()
        if found is not None and asked_of == self._asked_of:
            self._number = self._pin = ""
            self._found = (*(card for card in self._found if card.id != found.id), found)
            self._cards = (*(card for card in self._cards if card.id != found.id), found)
            self._here[found.id] = await self._paying.here(found)
            self.choose(found.id)

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
        if row is not None and row.id != self._asked_of:
            self._asked_of, self._found, self._number, self._pin, self._said = row.id, (), "", "", ""
            self._looking = False
        known = await self._of_member(row.order.member_id) if row and row.order.member_id else ()
        cards = (*known, *(card for card in self._found if card.id not in {one.id for one in known}))
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
        self._asked_of, self._found, self._number, self._pin, self._said = "", (), "", "", ""
        self._looking = False
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
        return tuple(card for card in found if card.id and card.kind == "card" and not card.blocked)
