"""The sheet of a return: which pieces come back, why and in what state, what the customer gets and why, one button; or
on to the basket with what they take instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import returns
from guide_app.domain.errors import BadInput, NoNetwork
from guide_app.domain.records import Names
from guide_app.domain.returns import Reckoned
from guide_app.operations.returns import LineBack
from guide_app.services.payments import PaymentDesk
from guide_app.services.ports.catalogue import CatalogueReader, ProductRow
from guide_app.services.returning import Going, ReturnDesk, paid_of
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr, trn
from ui.viewmodels.order import OrderViewModel
from ui.viewmodels.soon import Soon
from ui.viewmodels.take_back_words import REASONS, back_words, forgone_words
from ui.viewmodels.words import named, number_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


class Chosen(msgspec.Struct):
    """What of a line comes back."""

    qty: int = 0
    reason: str = REASONS[0]
    sellable: bool = True


class BackRow(Row, frozen=True):
    """A line of the order: how many pieces the customer has, and how many of these come back."""

    name: str
    detail: str
    qty: int
    reason: str
    sellable: bool


@QmlElement
class TakeBackViewModel(ViewModel):
    """One order's return in the making; nothing of it is kept until it is made."""

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        goods_back: ReturnDesk,
        paying: PaymentDesk,
        catalogue: CatalogueReader,
        order: OrderViewModel,
        session: Session,
    ) -> None:
        super().__init__(desk)
        self._paying = paying
        self._soon = Soon(self, desk.tell, lambda: None)
        session.subscribe(lambda _: self._dropped())
        self._returns, self._catalogue, self._order, self._session = goods_back, catalogue, order, session
        self._lines = KeyedListModel(BackRow)
        self._opened = Latest()
        self._going: Going | None = None
        self._products: dict[str, ProductRow] = {}
        self._chosen: dict[str, Chosen] = {}
        self._worth: Reckoned | None = None
        self._saving = False
        session.subscribe(lambda _: self.clear())

    @Property(QObject, constant=True)
    def lines(self) -> KeyedListModel:
        """The lines of which the customer has pieces yet."""
        return self._lines

    @Property(str, notify=changed)
    def number(self) -> str:
        """The order's number, grouped for reading aloud."""
        return number_words(self._going.order.number) if self._going else ""

    @Property(str, notify=changed)
    def soldAt(self) -> str:
        """The other shop that sold the goods; empty where it is this one."""
        names = self._going.row.sold_at if self._going else None
        return named(names.en, names.zh, self.desk.figures.language) if names else ""

    @Property(str, notify=changed)
    def refund(self) -> str:
        """What the customer gets back."""
        return self._money(self._worth.back.money) if self._worth else ""

    @Property(str, notify=changed)
    def goods(self) -> str:
        """What the goods were paid with; empty where that is the refund."""
        told = self._worth
        return self._money(told.goods) if told and told.goods != told.back.money else ""

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def why(self) -> list[str]:
        """Why the refund is not what the goods were paid with, and what else comes back, in sentences."""
        told, going = self._worth, self._going
        if told is None or going is None:
            return []
        said = [forgone_words(one, self.desk.figures, going.order.currency) for one in told.forgone]
        if told.wanting:
            said.append(tr("What stays costs %1 more than was paid: nothing is given back yet.",
                           self._money(told.wanting)))  # fmt: skip
        if told.back.points:
            said.append(trn("%n point(s) come back", told.back.points))
        if told.back.coupons:
            said.append(trn("%n coupon(s) come back", len(told.back.coupons)))
        if told.back.money and not paid_of(going.order, told.back.money):
            said.append(tr("This was not paid yet: it goes off what is owed."))
        return said

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether something comes back, or is due."""
        money = self._worth.back.money if self._worth else 0
        return not self._saving and self._going is not None and (bool(self._taken()) or money > 0)

    @Property(bool, notify=changed)
    def gone(self) -> bool:
        """Whether nothing is left that could come back."""
        return self._going is not None and not any(returns.left(self._going.order).values())

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def reasons(self) -> list[dict[str, str]]:
        """The reasons to choose from, each with its words."""
        return [{"key": reason, "label": back_words(reason)} for reason in REASONS]

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self.clear()
        self.run(self._open(arguments.get("orderId", ""), self._opened.ask()))

    @Slot(str, int)
    def step(self, line_id: str, by: int) -> None:
        """More pieces of a line, or fewer."""
        left = returns.left(self._going.order).get(line_id, 0) if self._going else 0
        one = self._chosen.setdefault(line_id, Chosen())
        one.qty = max(0, min(left, one.qty + by))
        self._show()

    @Slot()
    def all(self) -> None:
        """Everything comes back."""
        for line_id, left in (returns.left(self._going.order) if self._going else {}).items():
            self._chosen.setdefault(line_id, Chosen()).qty = left
        self._show()

    @Slot(str, str)
    def setReason(self, line_id: str, reason: str) -> None:
        """Why a line comes back; what is faulty is not sold again, unless somebody says so."""
        if reason in REASONS:
            one = self._chosen.setdefault(line_id, Chosen())
            one.reason, one.sellable = reason, reason != "faulty"
            self._show()

    @Slot(str, bool)
    def setSellable(self, line_id: str, sellable: bool) -> None:
        """Whether it can be sold again."""
        self._chosen.setdefault(line_id, Chosen()).sellable = sellable
        self._show()

    @Slot()
    def save(self) -> None:
        """Makes the return."""
        if self.ready and self._going is not None:
            self._saving = True
            self.changed.emit()
            self.run(self._save(self._going))

    @Slot()
    def exchange(self) -> None:
        """On to the basket: these pieces come back once the order with the others is placed."""
        if self.ready and self._going is not None and not self._going.row.sold_at:
            self.run(self._exchange(self._going))

    @Slot()
    def close(self) -> None:
        """The sheet goes, the page stays."""
        self.desk.go.closeSheet()

    @Slot()
    def clear(self) -> None:
        """Nothing of another order, or another guide, stays."""
        self._opened.ask()
        self._going, self._worth, self._chosen, self._saving = None, None, {}, False
        self._show()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    async def _open(self, order_id: str, here: Callable[[], bool]) -> None:
        going = await self._returns.begin(order_id)
        products = await self._catalogue.get([line.product_id for line in going.order.lines]) if going else []
        if here():
            self._going, self._products = going, {one.id: one for one in products}
            if going and sum(returns.left(going.order).values()) == 1:  # nothing to choose
                self.all()
            self._show()

    async def _save(self, going: Going) -> None:
        try:
            done = await self._returns.take_back(going, self._taken())
        finally:
            self._saving = False
            self.changed.emit()
        self.desk.go.closeSheet()
        money, currency = self.desk.figures.money, going.order.currency
        by_phone = await self._paying.phone_part(done.order_id)
        if not by_phone:
            said = tr("Taken back: %1 for the customer", money(done.money, currency))
            self.desk.tell.say(said, lambda: self.run(self._returns.undo(done)))
            return
        self._soon.begin(
            done.return_id,
            tr("Taken back: %1 goes back to the customer's phone", money(by_phone, currency)),
            lambda: self.run(self._give_back(done.order_id, currency)),
            lambda: self.run(self._returns.undo(done)),
        )

    async def _give_back(self, order_id: str, currency: str) -> None:
        """What was paid by phone goes back there; with no network that is on the list of what is to be given back."""
        try:
            back = await self._paying.refund(order_id)
        except NoNetwork:
            self.desk.tell.news(tr("With no network nothing goes back to a phone. The order says so until it is done."))
            return
        if back.asked:
            amount = self.desk.figures.money(back.done + back.asked, currency)
            self.desk.tell.news(tr("%1 is on its way back to the customer's phone", amount))

    def _dropped(self) -> None:
        """Locked before it went: the order says that it is to be given back."""
        self._soon.drop()

    async def _exchange(self, going: Going) -> None:
        body = self._returns.body(going, self._taken())
        self._order.exchange(body, paid_of(going.order, body.refund.money), going.order)
        self.desk.go.closeSheet()
        self.desk.go.open("Order", {})

    def _taken(self) -> Sequence[LineBack]:
        return tuple(
            LineBack(line_id=line_id, qty=one.qty, reason=one.reason, sellable=one.sellable)
            for line_id, one in self._chosen.items()
            if one.qty
        )

    def _show(self) -> None:
        going = self._going
        try:
            self._worth = self._returns.worth(going, self._taken()) if going else None
        except BadInput:  # another tablet took pieces meanwhile: what is chosen is no more than there is
            self._chosen.clear()
            self._worth = None
        self._lines.update(self._rows(going) if going else [])
        self.changed.emit()

    def _rows(self, going: Going) -> list[BackRow]:
        left = returns.left(going.order)
        rows = []
        for line in going.order.lines:
            one = self._chosen.get(line.line_id, Chosen())
            known = self._products.get(line.product_id)
            if left[line.line_id]:
                rows.append(
                    BackRow(
                        key=line.line_id,
                        name=self._name(known.product.names) if known else tr("arriving"),
                        detail=trn("%n piece(s) with the customer", left[line.line_id]),
                        qty=one.qty,
                        reason=one.reason,
                        sellable=one.sellable,
                    )
                )
        return rows

    def _money(self, minor: int) -> str:
        return self.desk.figures.money(minor, self._going.order.currency) if self._going else ""

    def _name(self, names: Names) -> str:
        first, second = (names.zh, names.en) if self.desk.figures.language == "zh_CN" else (names.en, names.zh)
        return first or second
