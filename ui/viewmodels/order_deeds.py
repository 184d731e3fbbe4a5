"""What is done with the order shown: its money, cancelling it, taking goods back, and undoing that.

What cannot be taken back once it is done waits for its undo first: a cancelled order stays so, and money that was given
back is with the customer.
"""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from guide_app.domain import payments, returns
from guide_app.services.payments import PaymentDesk
from guide_app.services.ports.orders import OrderRow
from guide_app.services.returning import ReturnDesk, Undoable
from guide_app.services.selling import Till
from guide_app.services.session import Session
from ui.models.keyed import Row
from ui.viewmodels.base import Desk, tr, trn
from ui.viewmodels.list_beside import ListBesideViewModel
from ui.viewmodels.order_history import refunding_words
from ui.viewmodels.soon import Soon
from ui.viewmodels.words import number_words

REASONS = ("customer_changed_mind", "wrong_product", "out_of_stock", "other")


class OrderDeedsViewModel(ListBesideViewModel):
    """The order shown, as far as something is done with it."""

    deedsChanged = Signal()

    def __init__(
        self, desk: Desk, session: Session, till: Till, paying: PaymentDesk, goods_back: ReturnDesk, line: type[Row]
    ) -> None:
        super().__init__(desk, session, line)
        self._till, self._paying, self._returning = till, paying, goods_back
        self._row: OrderRow | None = None
        self._undoable: Undoable | None = None
        self._refunding = False
        self._soon = Soon(self, desk.tell, self._show)
        session.subscribe(lambda _: self._drop())

    # ------------------------------------------------------------------ money

    @Property(str, notify=deedsChanged)
    def moneyLeft(self) -> str:
        """What is still to be paid, or to be given back, in words; empty where nothing is."""
        if self._row is None:
            return ""
        order = self._row.order
        if refund := payments.to_give_back(order):
            return tr("%1 to be given back", self._money(refund))
        return tr("%1 still to pay", self._money(payments.owed(order))) if payments.waits(order) else ""

    @Property(bool, notify=deedsChanged)
    def payable(self) -> bool:
        """Whether it waits for payment."""
        return self._row is not None and payments.waits(self._row.order)

    @Property(bool, notify=deedsChanged)
    def refundable(self) -> bool:
        """Whether money is to be given back."""
        row = self._row
        return row is not None and payments.to_give_back(row.order) > 0 and not self._under_way(row.id)

    @Property("QVariantList", notify=deedsChanged)  # type: ignore[arg-type]  # the stub knows only classes
    def onItsWay(self) -> list[str]:
        """What a provider was asked to give back and has not, in sentences."""
        order = self._row.order if self._row else None
        if order is None:
            return []
        open_yet = (one for one in order.refunding if one.state == "asked" or payments.to_give_back(order))
        return [refunding_words(one, order, self.desk.figures) for one in open_yet]

    @Property(bool, notify=deedsChanged)
    def refundableInCash(self) -> bool:
        """Whether a provider could not give back what is to be given back."""
        failed = self._row is not None and any(one.state == "failed" for one in self._row.order.refunding)
        return bool(failed and self.refundable)

    @Slot()
    def pay(self) -> None:
        """The sheet that takes its money."""
        if self._row is not None:
            self.desk.go.sheet("Pay", {"orderId": self._row.id})

    @Slot()
    def refund(self) -> None:
        """Gives back what is to be given back, each part to where it came from."""
        self._begin_refund(in_cash=False)

    @Slot()
    def refundInCash(self) -> None:
        """The same, but what a provider could not give back goes in cash."""
        self._begin_refund(in_cash=True)

    # ------------------------------------------------------------------ taking it back

    @Property(bool, notify=deedsChanged)
    def cancellable(self) -> bool:
        """Whether it can still be taken back."""
        return self._row is not None and returns.cancellable(self._row.order) and not self._under_way(self._row.id)

    @Property(str, notify=deedsChanged)
    def whyNot(self) -> str:
        """Why it cannot be taken back, in words."""
        if self._row is None or self._row.order.state not in returns.GONE_OUT:
            return ""
        return tr("The goods have left: an order like this is returned, not cancelled")

    @Property(bool, notify=deedsChanged)
    def returnable(self) -> bool:
        """Whether the customer has pieces of it that could come back, or money is due to them yet."""
        order = self._row.order if self._row and not self._under_way(self._row.id) else None
        return order is not None and (any(returns.left(order).values()) or returns.back_but_unpaid(order))

    @Property(str, notify=deedsChanged)
    def undoWords(self) -> str:
        """What the button says by which the last return, or exchange, is taken back; empty where none can be."""
        one = self._undoable
        if one is None or self._row is None or self._under_way(self._row.id):
            return ""
        return tr("Take the exchange back") if one.exchange_id else tr("Take the return back")

    @Slot()
    def undoBack(self) -> None:
        """The last return, or exchange, was none: goods and money are where they were."""
        if self._row is not None and self._undoable is not None and self.undoWords:
            one = self._undoable
            exchange, plain = tr("The exchange is being taken back"), tr("The return is being taken back")
            said = exchange if one.exchange_id else plain
            self._soon.begin(f"undo:{self._row.id}", said, lambda: self.run(self._undo_back(one)))

    @Property("QVariantList", constant=True)  # type: ignore[arg-type]  # the stub knows only classes
    def reasons(self) -> list[str]:
        """The reasons to choose from when cancelling."""
        return list(REASONS)

    @Slot(str, result=str)
    def reasonWords(self, reason: str) -> str:
        """A reason in words."""
        return reason_words(reason)

    @Slot(str)
    def cancel(self, reason: str) -> None:
        """Takes the order back."""
        if self._row is not None and self.cancellable:
            row = self._row
            said = tr("Order %1 is being cancelled", number_words(row.order.number))
            self._soon.begin(f"cancel:{row.id}", said, lambda: self.run(self._cancel(row, reason)))

    @Slot()
    def takeBack(self) -> None:
        """Goods of the order shown come back."""
        if self._row is not None:
            self.desk.go.sheet("TakeBack", {"orderId": self._row.id})

    # ------------------------------------------------------------------ work

    def _under_way(self, order_id: str) -> str:
        """What is about to happen to an order, in words; empty where nothing is."""
        words = {
            "cancel": tr("is being cancelled"), "refund": tr("money is being given back"),
            "undo": tr("is being taken back"),
        }  # fmt: skip
        return next((said for what, said in words.items() if f"{what}:{order_id}" in self._soon), "")

    def _drop(self) -> None:
        if left := self._soon.drop():
            self.desk.tell.say(trn("%n thing(s) were not done: the tablet was locked before", left))

    async def _cancel(self, row: OrderRow, reason: str) -> None:
        try:
            await self._till.cancel(row.id, reason)
        finally:
            await self._refresh()
        self.desk.tell.news(tr("Order %1 is cancelled", number_words(row.order.number)))

    async def _undo_back(self, one: Undoable) -> None:
        try:
            await self._returning.take_undone(one)
        finally:
            await self._refresh()

    def _begin_refund(self, *, in_cash: bool) -> None:
        if self._row is not None and self.refundable:
            row, amount = self._row, self._money(payments.to_give_back(self._row.order))
            said = tr("%1 is being given back for order %2", amount, number_words(row.order.number))
            self._soon.begin(f"refund:{row.id}", said, lambda: self._give_back(row, in_cash))

    def _give_back(self, row: OrderRow, in_cash: bool) -> None:
        if not self._refunding:
            self._refunding = True
            self.run(self._refund(row, in_cash))

    async def _refund(self, row: OrderRow, in_cash: bool) -> None:
        try:
            back = await self._paying.refund(row.id, in_cash=in_cash)
        finally:
            self._refunding = False
            await self._refresh()
        number, money = number_words(row.order.number), self.desk.figures.money
        if back.asked:
            amount = money(back.done + back.asked, row.order.currency)
            self.desk.tell.news(tr("%1 for order %2 is on its way back to the customer", amount, number))
        elif back.done:
            self.desk.tell.news(tr("%1 given back for order %2", money(back.done, row.order.currency), number))

    async def _refresh(self) -> None:
        """Reads what is shown anew."""
        raise NotImplementedError

    def _money(self, minor: int) -> str:
        return self.desk.figures.money(minor, self._row.order.currency) if self._row else ""


def reason_words(reason: str) -> str:
    """Why an order was cancelled."""
    words = {
        "customer_changed_mind": tr("The customer changed their mind"),
        "wrong_product": tr("Wrong product or size"),
        "out_of_stock": tr("Not in stock"),
        "other": tr("Another reason"),
        "exchange_undone": tr("The exchange was none"),
    }
    return words.get(reason, reason)
