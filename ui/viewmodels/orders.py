"""Orders of the shop: the list with their states, one order whole, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import fulfilment, payments, returns
from guide_app.domain.receipt.label import labelled
from guide_app.domain.records import Names, Payment
from guide_app.domain.records.order import FulfilWhat
from guide_app.services.fulfilling import GoodsDesk
from guide_app.services.payments import PaymentDesk
from guide_app.services.ports.catalogue import CatalogueReader, ProductRow
from guide_app.services.ports.orders import MoneyLeft, OrderReader, OrderRow
from guide_app.services.ports.shop import ShopReader
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.returning import ReturnDesk
from guide_app.services.selling import Till
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, tr, trn
from ui.viewmodels.basket_value import earns_words
from ui.viewmodels.catalogue import tint
from ui.viewmodels.hand_card import wanting_cards
from ui.viewmodels.missing_orders import MissingOrdersViewModel
from ui.viewmodels.offer_words import OfferWords
from ui.viewmodels.order_deeds import OrderDeedsViewModel, reason_words
from ui.viewmodels.order_history import history_words
from ui.viewmodels.parcels import ParcelsViewModel
from ui.viewmodels.price_words import PriceWords
from ui.viewmodels.reach_words import (
    STEP_ICONS,
    progress_words,
    reach_words,
    recipient_words,
    repair_words,
    step_done_words,
    step_words,
)
from ui.viewmodels.words import number_words, order_state_words, payment_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

FILTERS = ("", "mine", "owed", "to_hand", "waiting", "refund", "cancelled")


class OrderLineRow(Row, frozen=True):
    """A line of the order shown; `discounts`: each with its name and what it took off."""

    name: str
    detail: str
    amount: str
    discounts: list[dict[str, Any]]
    tint: int
    picture: str


class OrderListRow(Row, frozen=True):
    """An order in the list; `tone` is good, warn, bad or plain."""

    number: str
    detail: str
    total: str
    standing: str
    tone: str
    selected: bool


class LegRow(Row, frozen=True):
    """Money of the order shown: received, or given back."""

    label: str
    amount: str


@QmlElement
class OrdersViewModel(OrderDeedsViewModel):
    """List and detail side by side. `filter`: "" all, mine, owed (waits for payment), to_hand (its goods
    are to be handed over), waiting (for the network), refund (money is to be given back), cancelled."""

    changed = Signal()  # a signal of the base class cannot tell of a property here: Qt crashes
    filters_known = FILTERS

    def __init__(
        self,
        desk: Desk,
        orders: OrderReader,
        catalogue: CatalogueReader,
        shop: ShopReader,
        till: Till,
        session: Session,
        journal: Journal,
        paying: PaymentDesk,
        goods_back: ReturnDesk,
        missing: MissingOrdersViewModel,
        goods: GoodsDesk,
        parcels: ParcelsViewModel,
    ) -> None:
        super().__init__(desk, session, till, paying, goods_back, OrderListRow)
        self._missing, self.goods, self._parcels = missing, goods, parcels
        self.changed.connect(self.deedsChanged)
        self._legs = KeyedListModel(LegRow)
        self._orders, self._catalogue, self._shop = orders, catalogue, shop
        self._lines = KeyedListModel(OrderLineRow)
        self._rows: list[OrderRow] = []
        self._products: dict[str, ProductRow] = {}
        self._staff: dict[str, str] = {}
        self._earns = 0
        journal.subscribe(self._on_change)
        desk.pictures.changed.connect(self._show)

    # ------------------------------------------------------------------ the list

    @Property(MissingOrdersViewModel, constant=True)
    def missing(self) -> MissingOrdersViewModel:
        """Returns to finish: receipts whose orders are not here."""
        return self._missing

    @Property(ParcelsViewModel, constant=True)
    def parcels(self) -> ParcelsViewModel:
        """What other shops' orders ask of this one."""
        return self._parcels

    @Property(QObject, constant=True)
    def lines(self) -> KeyedListModel:
        """The lines of the order shown."""
        return self._lines

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`orderId`: the order shown; `missing`: the number on a receipt whose order is not here."""
        self.open(arguments.get("orderId", ""))
        if arguments.get("missing"):
            self.close()  # in portrait an order that is shown would hide what becomes of the receipt
            self._missing.seek(str(arguments["missing"]))

    @Slot(str)
    def open(self, order_id: str = "") -> None:
        """The page was opened, perhaps on one order."""
        self.run(self._open(order_id))

    # ------------------------------------------------------------------ one order

    @Property(bool, notify=changed)
    def chosen(self) -> bool:
        """Whether an order is shown."""
        return self._row is not None

    @Property(str, notify=changed)
    def number(self) -> str:
        """Its number, grouped for reading aloud."""
        return number_words(self._row.order.number) if self._row else ""

    @Property(str, notify=changed)
    def standing(self) -> str:
        """Its state, in words."""
        return self._state(self._row)[0] if self._row else ""

    @Property(str, notify=changed)
    def tone(self) -> str:
        """How the state is coloured."""
        return self._state(self._row)[1] if self._row else "plain"

    @Property(str, notify=changed)
    def placedWords(self) -> str:
        """When and by whom it was placed, and which colleague bought it at staff prices."""
        if self._row is None:
            return ""
        order = self._row.order
        day = self.desk.figures.date_of(order.placed_at)
        who = self._staff.get(order.guide_id, "")
        bought = tr("Staff purchase: %1", self._staff.get(order.staff_id, tr("a colleague elsewhere")))
        parts = (day, self.desk.figures.time(order.placed_at), who, bought if order.staff_id else "")
        return " · ".join(part for part in parts if part)

    @Property(str, notify=changed)
    def memberName(self) -> str:
        """For whom; empty for nobody known."""
        return self._row.member_name if self._row else ""

    @Property(int, notify=changed)
    def memberTickets(self) -> int:
        """How many of their tickets are unsolved."""
        return self._row.member_tickets if self._row else 0

    @Property(str, notify=changed)
    def total(self) -> str:
        """To pay."""
        return self._money(self._row.order.totals.total) if self._row else ""

    @Property(str, notify=changed)
    def discounts(self) -> str:
        """Taken off in all; empty where nothing was."""
        off = self._row.order.totals.discounts if self._row else 0
        return self._money(-off) if off else ""

    @Property(str, notify=changed)
    def earnsWords(self) -> str:
        """How many points it brings its member; empty where that is none."""
        return earns_words(self._earns)

    @Property(str, notify=changed)
    def fulfilment(self) -> str:
        """How the goods reach the customer, and how far they are."""
        if self._row is None:
            return ""
        goes = self._row.order.fulfilment
        words = (reach_words(goes, self.desk.figures), progress_words(goes.progress, goes.kind))
        return " · ".join(part for part in words if part)

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def goodsSteps(self) -> list[dict[str, str]]:
        """What can be done about them, the likeliest first: what, label, symbol."""
        if self._row is None:
            return []
        order = self._row.order
        kind, late = order.fulfilment.kind, order.state == "cancelled"
        return [
            {"what": what, "label": tr("They had left") if late else step_words(what, kind), "symbol": STEP_ICONS[what]}
            for what in fulfilment.steps_of(order)
        ]

    @Property(bool, notify=changed)
    def reroutable(self) -> bool:
        """Whether the goods can still go another way."""
        order = self._row.order if self._row else None
        return order is not None and fulfilment.is_open(order) and order.state not in returns.GONE_OUT

    @Slot(str)
    def step(self, what: str) -> None:
        """One step, with a way back."""
        row = self._row
        if row is not None and what in fulfilment.steps_of(row.order):
            self.run(self._step(row, cast("FulfilWhat", what)))

    @Slot()
    def reroute(self) -> None:
        """Another way for them."""
        if self._row is not None:
            self.desk.go.sheet("Reach", {"orderId": self._row.id})

    @Property(str, notify=changed)
    def recipient(self) -> str:
        """Who gets the goods, the phone masked, and where; empty where nobody is named."""
        return recipient_words(self._row.order.fulfilment) if self._row else ""

    @Property(str, notify=changed)
    def note(self) -> str:
        """What the customer asked for, or why it was cancelled."""
        if self._row is None:
            return ""
        return reason_words(self._row.order.cancel_reason) if self._row.order.cancel_reason else self._row.order.note

    @Property(QObject, constant=True)
    def legs(self) -> KeyedListModel:
        """The order's payments, in their order."""
        return self._legs

    @Property(str, notify=changed)
    def comesTo(self) -> str:
        """What it comes to after what came back; empty where nothing did."""
        order = self._row.order if self._row else None
        return self._money(returns.held(order)) if order is not None and returns.standing(order) else ""

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def history(self) -> list[str]:
        """Who did what when, as far as the order says, the first first."""
        if self._row is None:
            return []
        return history_words(self._row.order, self._staff, self.desk.figures)

    @Slot()
    def openMember(self) -> None:
        """Opens the member it is for."""
        if self._row is not None and self._row.order.member_id:
            self.desk.go.open("Members", {"memberId": self._row.order.member_id})

    @Slot()
    def showDay(self) -> None:
        """The shop's day, to be looked at and closed."""
        self.desk.go.sheet("DayClose")

    @Slot()
    def showQuotations(self) -> None:
        """Leads to the quotations of the shop."""
        self.desk.go.open("Quotations")

    @Slot()
    def showParcels(self) -> None:
        """Leads to what other shops' orders ask of this one."""
        self.desk.go.open("Parcels")

    @Slot()
    def showReceipt(self) -> None:
        """The receipt of the order shown."""
        if self._row is not None:
            self.desk.go.sheet("Receipt", {"orderId": self._row.id})

    @Property(bool, notify=changed)
    def cardsWanting(self) -> bool:
        """Whether a gift card that was sold with it has not gone over the counter yet."""
        return self._row is not None and bool(wanting_cards(self._row.order, self._products))

    @Slot()
    def handCard(self) -> None:
        """A gift card goes over the counter with the order shown."""
        if self._row is not None:
            self.desk.go.sheet("HandCard", {"orderId": self._row.id})

    @Property(bool, notify=changed)
    def labelled(self) -> bool:
        """Whether a label is to be stuck on its goods."""
        goes = self._row.order.fulfilment if self._row and self._row.order.state != "cancelled" else None
        return goes is not None and labelled(goes, goes.to)

    @Slot()
    def showLabel(self) -> None:
        """The label of the goods of the order shown."""
        if self._row is not None:
            self.desk.go.sheet("Receipt", {"orderId": self._row.id, "label": True})

    @Slot()
    def showShares(self) -> None:
        """Whose sale the order shown is."""
        if self._row is not None:
            self.desk.go.sheet("Reshare", {"orderId": self._row.id})

    @Slot()
    def raiseTicket(self) -> None:
        """A ticket about the order shown and its member."""
        if self._row is not None and self._row.order.member_id:
            self.desk.go.sheet("RaiseTicket", {"orderId": self._row.id})

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    # ------------------------------------------------------------------ work

    async def _open(self, order_id: str) -> None:
        self._staff = {row.id: row.staff.name for row in await self._shop.staff()}
        self._parcels.look()
        if order_id and self._session.guide is not None:
            self._wanted = order_id
        await self._refresh()

    async def _step(self, row: OrderRow, what: FulfilWhat) -> None:
        step = await self.goods.step(row.id, what)
        said = step_done_words(what, row.order.fulfilment.kind)
        self.desk.tell.say(said, (lambda: self.run(self._step_back(row.id, step))) if step else None)
        await self._refresh()

    async def _step_back(self, order_id: str, step: str) -> None:
        await self.goods.take_back(order_id, step)
        self.desk.tell.say(tr("Taken back"))
        await self._refresh()

    async def _find(self) -> None:
        if self._session.guide is None:
            return
        newest = self._searched.ask()
        rows = await self._orders.list(
            guide_id=self._session.guide.id if self._filter == "mine" else "",
            state={"waiting": "placed", "cancelled": "cancelled"}.get(self._filter, ""),
            money=cast("MoneyLeft", self._filter) if self._filter in get_args(MoneyLeft) else "",
            text=self._text,
            limit=self._shown,
        )
        if newest():
            self._rows, self._answered = [*rows], True
            self._show()

    async def _load(self) -> None:
        """Shows the order that was chosen last, as the store has it now."""
        newest = self._chosen.ask()
        row = await self._orders.get(self._wanted) if self._wanted else None
        products = await self._catalogue.get([line.product_id for line in row.order.lines]) if row else []
        undoable = await self._returning.undoable(row) if row else None
        earns = await self._till.value.earns(row.order) if row else 0
        if newest():
            self._earns = earns
            self._row, self._products = row, {product.id: product for product in products}
            self._undoable = undoable
            self._show()

    def _put_away(self, *, everything: bool) -> None:
        self._row = None
        if everything:
            self._rows = []

    def _show(self) -> None:
        chosen = self._row.id if self._row else ""
        self._list.update([self._list_row(row, row.id == chosen) for row in self._rows])
        self._lines.update(self._line_rows(self._row) if self._row else [])
        self._legs.update([self._leg_row(leg) for leg in self._row.order.payments if leg.id] if self._row else [])
        self.listChanged.emit()
        self.changed.emit()

    def _list_row(self, row: OrderRow, selected: bool) -> OrderListRow:
        words, tone = self._state(row)
        pieces = trn("%n piece(s)", sum(line.qty for line in row.order.lines))
        who = row.member_name or tr("no member")
        return OrderListRow(
            key=row.id,
            number=number_words(row.order.number),
            detail=f"{who} · {pieces} · {self.desk.figures.ago(row.order.placed_at)}",
            total=self.desk.figures.money(row.order.totals.total, row.order.currency),
            standing=words,
            tone=tone,
            selected=selected,
        )

    def _line_rows(self, row: OrderRow) -> Sequence[OrderLineRow]:
        rows = []
        offers = OfferWords(self.desk.figures, row.order.currency, {}, {})
        words = PriceWords(self.desk.figures, row.order.currency, offers, self._staff)
        for line in row.order.lines:
            known = self._products.get(line.product_id)
            rows.append(
                OrderLineRow(
                    key=line.line_id,
                    name=self._name(known.product.called) if known else tr("arriving"),
                    detail=f"{self.desk.figures.number(line.qty)} × {self._money(line.unit_price)}",
                    amount=self._money(line.amount),
                    discounts=[msgspec.structs.asdict(one) for one in words.sold(line)],
                    tint=tint(known),
                    picture=self.desk.pictures.thumb(known.product.pictures) if known else "",
                )
            )
        return rows

    def _leg_row(self, leg: Payment) -> LegRow:
        """One payment: how, when, by whom; what was given back with a minus."""
        back = leg.kind == "refunded"
        how = tr("%1, given back", payment_words(leg.method)) if back else payment_words(leg.method)
        when = f"{self.desk.figures.date_of(leg.at)} {self.desk.figures.time(leg.at)}" if leg.at else ""
        parts = (how, when, self._staff.get(leg.guide_id, ""))
        amount = self._money(-leg.amount if back else leg.amount)
        return LegRow(key=leg.id, label=" · ".join(part for part in parts if part), amount=amount)

    def _state(self, row: OrderRow) -> tuple[str, str]:
        """What became of it, in words, and the tone of the words."""
        under_way = self._under_way(row.id)
        if pressing := (under_way, "warn") if under_way else _back_from_hq(row) or _pressing(row):
            return pressing
        if row.order.state == "placed":
            return order_state_words("placed"), "warn"
        if row.order.state in ("cancelled", "returned"):
            return order_state_words(row.order.state), "plain"
        return order_state_words(row.order.state), "good"

    def _name(self, names: Names) -> str:
        first, second = (names.zh, names.en) if self.desk.figures.language == "zh_CN" else (names.en, names.zh)
        return first or second

    def _on_change(self, change: Change) -> None:
        if self._session.guide is not None and (
            change.state or any(ref.entity in ("order", "ticket") for ref in change.refs)
        ):
            self.run(self._refresh())

    async def _refresh(self) -> None:
        if self._wanted:
            await self._load()
        await self._find()


def _back_from_hq(row: OrderRow) -> tuple[str, str] | None:
    """What HQ made of an operation on it that it did not take."""
    if row.outbox == "rejected":
        return tr("HQ could not take it: see what needs you"), "bad"
    return (tr("HQ is looking at it"), "warn") if row.outbox == "parked" else None


def _pressing(row: OrderRow) -> tuple[str, str] | None:
    """What a guide has to know before its state, with the tone: missing goods, and how its money stands."""
    if row.order.fulfilment.repair:
        return repair_words(row.order.fulfilment.repair), "warn"
    if payments.to_give_back(row.order):
        return tr("money to be given back"), "warn"
    if payments.on_its_way(row.order):
        return tr("money on its way back"), "warn"
    if row.order.state == "paid" and row.outbox:
        return tr("paid, waits for the network"), "good"
    if row.order.state != "placed" and payments.waits(row.order):
        return tr("waits for payment"), "warn"
    return None
