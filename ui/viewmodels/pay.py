"""The sheet that takes the money of an order: at the till in whatever way, or by a code for the customer's phone."""

from __future__ import annotations

from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from datetime import timedelta
from typing import Any, cast, get_args

import msgspec
from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import money, payments
from guide_app.domain.clock import Clock, from_text
from guide_app.domain.errors import BadInput, NoNetwork
from guide_app.domain.records import Card, Order, PaymentAsked, Ref
from guide_app.operations.payments import Taken, TillMethod
from guide_app.services.payments import PaymentDesk
from guide_app.services.ports.members import MemberReader
from guide_app.services.ports.orders import OrderReader, OrderRow
from guide_app.services.ports.shop import StaffRow
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr
from ui.viewmodels.pay_cards import PayCards
from ui.viewmodels.words import number_words, payment_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

SECOND_MS = 1_000
METHODS = (("cash", "banknote"), ("card", "wallet-cards"), ("qr", "qr-code"), ("gift_card", "gift"), ("other", "coins"))
_NOTES = (10, 50, 100)
"""Customers hand over what is due, or the next multiple of these, in major units."""


class PayTile(Row, frozen=True):
    """A way of paying."""

    label: str
    symbol: str
    selected: bool


class Handed(Row, frozen=True):
    """An amount of cash that customers are likely to hand over."""

    label: str
    selected: bool


@QmlElement
class PayViewModel(ViewModel):
    """`method` is cash, card, other, gift_card or qr. The amount stands at what is owed; less of it is a part."""

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        orders: OrderReader,
        members: MemberReader,
        paying: PaymentDesk,
        session: Session,
        journal: Journal,
        clock: Clock,
    ) -> None:
        super().__init__(desk)
        self._cards = PayCards(desk, members, paying)
        self._cards.picked.connect(self._picked)
        self._orders, self._paying, self._session, self._clock = orders, paying, session, clock
        self._methods, self._handed = KeyedListModel(PayTile), KeyedListModel(Handed)
        self._opened = Latest()
        self._row: OrderRow | None = None
        self._order_id, self._method, self._amount, self._given = "", "cash", "", ""
        self._busy, self._offline = False, False
        self._awaited: set[str] = set()
        """Orders whose code was shown: that one is paid is told, whatever is on the screen by then."""
        self._timer = QTimer(self)
        self._timer.setInterval(SECOND_MS)
        self._timer.timeout.connect(self.changed.emit)
        journal.subscribe(self._on_change)
        session.subscribe(self._on_session)
        self._show()

    @Property(QObject, constant=True)
    def methods(self) -> KeyedListModel:
        """The ways of paying."""
        return self._methods

    @Property(QObject, constant=True)
    def handed(self) -> KeyedListModel:
        """What the customer may hand over."""
        return self._handed

    @Property(PayCards, constant=True)
    def cards(self) -> PayCards:
        """The gift cards by which it can be paid."""
        return self._cards

    @Property(str, notify=changed)
    def number(self) -> str:
        """The order's number, grouped."""
        return number_words(self._row.order.number) if self._row else ""

    @Property(str, notify=changed)
    def owed(self) -> str:
        """What is owed."""
        return self._money(payments.owed(self._row.order)) if self._row else ""

    @Property(bool, notify=changed)
    def paid(self) -> bool:
        """Whether nothing is owed any more."""
        return self._row is not None and not payments.waits(self._row.order)

    @Property(str, notify=changed)
    def method(self) -> str:
        """The way chosen."""
        return self._method

    @Property(str, notify=changed)
    def amountText(self) -> str:
        """The amount as it is typed."""
        return self._amount

    @Property(str, notify=changed)
    def givenText(self) -> str:
        """The cash handed over, as it is typed."""
        return self._given

    @Property(str, notify=changed)
    def problem(self) -> str:
        """Why the amount cannot be taken, in words."""
        owed = payments.owed(self._row.order) if self._row else 0
        amount = self._typed(self._amount)
        if amount is None or amount <= 0:
            return tr("This is no amount of money.")
        if self._method == payments.GIFT_CARD and self._cards.chosen is None:
            return tr("Choose the card first.")
        return tr("No more than %1 is owed.", self._money(owed)) if amount > owed else ""

    @Property(str, notify=changed)
    def givenProblem(self) -> str:
        """Why the cash handed over cannot be read, in words."""
        unread = self._method == "cash" and self._given and self._typed(self._given) is None
        return tr("This is no amount of money.") if unread else ""

    @Property(str, notify=changed)
    def change(self) -> str:
        """What the customer gets back of their cash; empty where nothing."""
        amount, given = self._typed(self._amount) or 0, self._typed(self._given) or 0
        return self._money(given - amount) if self._method == "cash" and given > amount else ""

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether the amount can be taken."""
        return (
            self._row is not None
            and not self.paid
            and not self._busy
            and not self.code
            and not self.problem
            and not self.givenProblem
        )

    @Property(str, notify=changed)
    def takeWords(self) -> str:
        """What the button says."""
        amount = self._money(self._typed(self._amount) or 0)
        match self._method:
            case "qr":
                return tr("Show a code for %1", amount)
            case payments.GIFT_CARD:
                return tr("Take %1 from the card", amount)
        return tr("%1 received", amount)

    @Property(str, notify=changed)
    def cardHere(self) -> str:
        """What can be done about a card while HQ cannot be reached."""
        here = self._cards.here
        if not here:
            return tr("Nothing of the card is set aside on this tablet. Take the money in another way, or try again.")
        return tr("This tablet can spend %1 of the card. Take so much, and the rest in another way.", self._money(here))

    # ------------------------------------------------------------------ the customer's phone

    @Property(str, notify=changed)
    def code(self) -> str:
        """What the customer's phone scans; empty while there is none that counts."""
        asked = self._asked()
        return asked.code if asked and asked.state == "waiting" and self._left(asked) > timedelta(0) else ""

    @Property(str, notify=changed)
    def codeAmount(self) -> str:
        """What is paid by the code."""
        asked = self._asked()
        return self._money(asked.amount) if asked else ""

    @Property(str, notify=changed)
    def countdown(self) -> str:
        """How long the code counts, as minutes and seconds."""
        asked = self._asked()
        seconds = max(0, int(self._left(asked).total_seconds())) if asked else 0
        return f"{seconds // 60}:{seconds % 60:02d}" if self.code else ""

    @Property(str, notify=changed)
    def became(self) -> str:
        """What became of the last code, in words; empty where there is nothing to say."""
        asked = self._asked()
        if asked is None or self.code:
            return ""
        if asked.state == "failed":
            return tr("The customer's bank or wallet said no. Show another code, or take another way.")
        return tr("The code has run out and nothing was paid by it.") if asked.state != "asked" else ""

    @Property(bool, notify=changed)
    def asking(self) -> bool:
        """Whether HQ is being asked."""
        return self._busy

    @Property(bool, notify=changed)
    def offline(self) -> bool:
        """Whether HQ could not be reached for a code."""
        return self._offline

    # ------------------------------------------------------------------ what can be done

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self._order_id, self._row = str(arguments.get("orderId", "")), None
        self._method, self._given, self._busy, self._offline = "cash", "", False, False
        self._timer.start()
        self.run(self._load(fresh=True))

    @Slot(str)
    def choose(self, method: str) -> None:
        """The way of paying. A code that the customer can still pay by is given up first."""
        if method not in [one for one, _ in METHODS] or self._busy:
            return
        if self.code and method != "qr":
            self._end_code(then=method)
            return
        by_card = payments.GIFT_CARD in (method, self._method)
        self._method, self._offline = method, False
        if by_card:
            self._suggest()
        self._show()

    @Slot(str)
    def scanned(self, number: str) -> None:
        """A gift card was scanned: its PIN is asked for."""
        if self._row is not None and not self.paid and not self.code and not self._busy:
            self.choose(payments.GIFT_CARD)
            self._cards.setNumber(number)

    @Slot(str)
    def setAmount(self, text: str) -> None:
        """How much of it."""
        self._amount = text.strip()
        self._show()

    @Slot(str)
    def setGiven(self, text: str) -> None:
        """The cash handed over."""
        self._given = text.strip()
        self._show()

    @Slot()
    def take(self) -> None:
        """The money is here; or a code is wanted."""
        if self.ready and self._row is not None:
            self._busy = True
            self.changed.emit()
            amount = self._typed(self._amount) or 0
            order_id = self._order_id
            self.run(self._by_method(order_id, self._row.order, amount))

    @Slot()
    def giveUp(self) -> None:
        """The code is not wanted any more."""
        if not self._busy:
            self._end_code(then=self._method)

    @Slot()
    def close(self) -> None:
        """The sheet goes; an order that is not paid waits on the orders' page."""
        self.desk.go.closeSheet()
        self.leave()

    def leave(self) -> None:
        self._timer.stop()
        self._opened.ask()
        self._row, self._order_id, self._amount, self._given = None, "", "", ""
        self._busy = self._offline = False
        self._cards.forget()
        self._show()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._cards.show()
        self._show()

    # ------------------------------------------------------------------ work

    async def _load(self, *, fresh: bool = False) -> None:
        newest = self._opened.ask()
        row = await self._orders.get(self._order_id) if self._order_id else None
        if not newest():
            return
        before, self._row = self._row, row
        owed = payments.owed(row.order) if row else 0
        if fresh or before is None or payments.owed(before.order) != owed:
            self._amount = self._plain(owed)
            self._given = ""
        self._code_first()
        self._show()
        await self._cards.load(row)

    def _picked(self) -> None:
        """Another card is to pay."""
        if self._method == payments.GIFT_CARD:
            self._suggest()
        self._show()

    def _suggest(self) -> None:
        """The amount stands at what is owed, and at no more than the card has that pays."""
        owed = payments.owed(self._row.order) if self._row else 0
        if self._method == payments.GIFT_CARD and self._cards.there:
            owed = min(owed, self._cards.there)
        self._amount = self._plain(owed)

    def _by_method(self, order_id: str, order: Order, amount: int) -> Coroutine[Any, Any, None]:
        card = self._cards.chosen
        if self._method == "qr":
            return self._ask(order_id, amount)
        if self._method == payments.GIFT_CARD and card is not None:
            return self._take_from(order_id, order, card, amount)
        return self._take(order_id, order, amount)

    async def _take_from(self, order_id: str, order: Order, card: Card, amount: int) -> None:
        """The card pays what this tablet has leased of it, or what HQ leases it now."""
        self._awaited.discard(order_id)
        legs: tuple[Taken, ...] = ()
        offline = False
        try:
            legs = await self._paying.take_from(order_id, card, amount)
        except NoNetwork:
            offline = True
        finally:
            self._answered(order_id, offline=offline)
            if self._order_id == order_id:
                await self._cards.load(self._row)
        if legs:
            self.desk.tell.say(
                tr("Taken from the gift card: %1", self.desk.figures.money(amount, order.currency)),
                lambda: self.run(self._undo(order_id, legs)),
            )
            await self._taken(order_id)

    async def _undo(self, order_id: str, legs: Sequence[Taken]) -> None:
        for leg in legs:
            await self._paying.undo(order_id, leg.method, leg.amount, leg.leg_id)

    async def _taken(self, order_id: str) -> None:
        """What is owed yet is shown; the sheet goes once it is nothing."""
        if self._order_id == order_id:
            await self._load()
        if self._order_id == order_id and self.paid:
            self.close()

    def _code_first(self) -> None:
        """While the customer can pay by a code, that is what is shown."""
        if self.code:
            self._method = "qr"
            self._awaited.add(self._order_id)

    async def _take(self, order_id: str, order: Order, amount: int) -> None:
        method = cast("TillMethod", self._method if self._method in get_args(TillMethod) else "other")
        self._awaited.discard(order_id)  # what is told of it is that it was received here
        try:
            given = self._typed(self._given) or 0 if method == "cash" else 0
            leg_id = await self._paying.take(order_id, method, amount, given)
        finally:
            self._answered(order_id)
        self.desk.tell.say(
            tr("%1 received: %2", payment_words(method), self.desk.figures.money(amount, order.currency)),
            lambda: self.run(self._paying.undo(order_id, method, amount, leg_id)),
        )
        await self._taken(order_id)

    async def _ask(self, order_id: str, amount: int) -> None:
        await self._of_hq(order_id, self._paying.ask(order_id, amount))

    def _end_code(self, then: str) -> None:
        """HQ ends the code; only once it has is `then` the way of paying."""
        asked = self._asked()
        if asked is not None:
            self._busy = True
            self.changed.emit()
            self.run(self._give_up(self._order_id, asked.id, then))

    async def _give_up(self, order_id: str, payment_id: str, then: str) -> None:
        await self._of_hq(order_id, self._paying.give_up(order_id, payment_id))
        if self._order_id == order_id and not self.code and not self._offline:
            self._method = then
            self._show()

    async def _of_hq(self, order_id: str, answer: Awaitable[Any]) -> None:
        """What HQ says of an order, shown if its sheet is still there."""
        offline = False
        try:
            shown = await answer
            if shown.state == "waiting":
                self._awaited.add(order_id)
            here = self._row if self._order_id == order_id else None
            if here is not None and shown.payment_id and shown.state in ("asked", "waiting", "failed", "closed"):
                asked = PaymentAsked(
                    id=shown.payment_id, amount=shown.amount, state=shown.state, code=shown.text, until=shown.until
                )
                self._row = _with(here, asked)
                self._code_first()
        except NoNetwork:
            offline = True
        finally:
            self._answered(order_id, offline=offline)

    def _answered(self, order_id: str, *, offline: bool = False) -> None:
        if self._order_id == order_id:
            self._busy, self._offline = False, offline
            self._show()

    def _asked(self) -> PaymentAsked | None:
        return self._row.order.asked if self._row else None

    def _left(self, asked: PaymentAsked) -> timedelta:
        return from_text(asked.until) - self._clock.now() if asked.until else timedelta(0)

    def _typed(self, text: str) -> int | None:
        """The amount typed, in minor units; None for what is none."""
        if self._row is None:
            return None
        try:
            return money.typed(text, self._row.order.currency) if text else None
        except BadInput:
            return None

    def _plain(self, minor: int) -> str:
        return str(money.to_major(minor, self._row.order.currency)) if self._row else ""

    def _money(self, minor: int) -> str:
        return self.desk.figures.money(minor, self._row.order.currency) if self._row else ""

    def _show(self) -> None:
        self._methods.update([
            PayTile(key=method, label=payment_words(method), symbol=symbol, selected=method == self._method)
            for method, symbol in METHODS
        ])  # fmt: skip
        amount = self._typed(self._amount)
        likely = _likely(amount, 10 ** money.exponent(self._row.order.currency)) if amount and self._row else []
        self._handed.update([
            Handed(key=self._plain(one), label=self._money(one), selected=self._typed(self._given) == one)
            for one in likely
        ])  # fmt: skip
        self.changed.emit()

    def _on_change(self, change: Change) -> None:
        if self._session.guide is None:
            return
        if self._order_id and Ref("order", self._order_id) in change.refs:
            self.run(self._load())
        for order_id in [one for one in self._awaited if Ref("order", one) in change.refs]:
            self.run(self._heard(order_id))

    async def _heard(self, order_id: str) -> None:
        """News of an order that waits for its code to be paid; the sheet goes only if it is this order's."""
        row = await self._orders.get(order_id)
        if row is None or order_id not in self._awaited:
            return
        open_yet = payments.waits(row.order)
        if open_yet and row.order.asked is not None:
            return
        self._awaited.discard(order_id)
        if open_yet or row.order.state == "cancelled":
            return
        self.desk.tell.say(tr("Order %1 is paid", number_words(row.order.number)))
        if self._order_id == order_id:
            self.close()

    def _on_session(self, guide: StaffRow | None) -> None:
        self._awaited.clear()
        self.leave()


def _with(row: OrderRow, asked: PaymentAsked) -> OrderRow:
    return msgspec.structs.replace(row, order=msgspec.structs.replace(row.order, asked=asked))


def _likely(amount: int, unit: int) -> list[int]:
    """The amount itself and the next round ones, each once."""
    rounded = [-(-amount // (note * unit)) * note * unit for note in _NOTES]
    return list(dict.fromkeys([amount, *rounded]))
