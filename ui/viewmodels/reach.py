"""The sheet of how the goods of an order reach the customer: in what way, from where, when, to whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast, get_args

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import fulfilment, phone
from guide_app.domain.errors import BadInput
from guide_app.domain.records import Member, Recipient
from guide_app.domain.records.order import FulfilmentKind
from guide_app.operations.orders import WantedFulfilment
from guide_app.services.fulfilling import GoodsDesk
from guide_app.services.ports.members import MemberRow
from guide_app.services.ports.shop import ShopReader
from guide_app.services.quotations import QuotationDesk
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr
from ui.viewmodels.member_sheet import ChoiceTile
from ui.viewmodels.order import OrderViewModel
from ui.viewmodels.problems import problem_words
from ui.viewmodels.quotation_words import say_ordered
from ui.viewmodels.words import fulfilment_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

ICONS = {"take_away": "shopping-bag", "pick_up": "store", "ship": "truck", "pre_order": "calendar-clock"}
SOON, LATER = (0, 1, 2, 3, 5, 7), (3, 7, 14, 21, 30, 60)
"""So many days ahead are offered: of goods that are there, and of goods that are to come."""
FAST = "fast"


@QmlElement
class ReachViewModel(ViewModel):
    """Stands on the order page's basket, which keeps what is chosen. Whoever the order is for gets the goods, unless
    somebody else is named."""

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        order: OrderViewModel,
        goods: GoodsDesk,
        shop: ShopReader,
        session: Session,
        quotations: QuotationDesk,
    ) -> None:
        super().__init__(desk)
        self._order_id = self._quotation_id = ""
        self._order, self._goods, self._shop, self._quotations = order, goods, shop, quotations
        self._busy = False
        self._kinds, self._days = KeyedListModel(ChoiceTile), KeyedListModel(ChoiceTile)
        self._wanted = WantedFulfilment(kind="take_away")
        self._name = self._phone = self._address = ""
        self._known_phone, self._region, self._today = "", "CN", ""
        session.subscribe(lambda _: self._put_away())

    # ------------------------------------------------------------------ what is shown

    @Property(QObject, constant=True)
    def kinds(self) -> KeyedListModel:
        """The ways."""
        return self._kinds

    @Property(QObject, constant=True)
    def days(self) -> KeyedListModel:
        """When."""
        return self._days

    @Property(str, notify=changed)
    def kind(self) -> str:
        """The way that is chosen."""
        return self._wanted.kind

    @Property(bool, notify=changed)
    def later(self) -> bool:
        """Whether somebody is to be named: the goods are handed over later."""
        return self._wanted.kind in fulfilment.NAMED

    @Property(bool, notify=changed)
    def sent(self) -> bool:
        """Whether an address is needed."""
        return self._wanted.kind == "ship"

    @Property(str, notify=changed)
    def name(self) -> str:
        """Who gets the goods."""
        return self._name

    @Property(str, notify=changed)
    def phone(self) -> str:
        """Their phone as it is typed; empty: the one that is known."""
        return self._phone

    @Property(str, notify=changed)
    def phoneHint(self) -> str:
        """The phone that is known, masked."""
        return phone.mask(self._known_phone, self._region) if self._known_phone else tr("Mobile number")

    @Property(str, notify=changed)
    def address(self) -> str:
        """Where the goods go."""
        return self._address

    @Property(str, notify=changed)
    def note(self) -> str:
        """For whoever hands them over."""
        return self._wanted.note

    @Property(str, notify=changed)
    def lacks(self) -> str:
        """What is still needed, in words; empty where nothing."""
        if not self._today:
            return ""
        code = fulfilment.lacks(self._made(), date.fromisoformat(self._today))
        return problem_words(code) if code else ""

    # ------------------------------------------------------------------ what can be done

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """The sheet was opened: for the basket, with `orderId` for an order whose goods are to go another way, or with
        `quotationId` for one that becomes an order, in another way than it says."""
        self._put_away()
        self._order_id = str(arguments.get("orderId", ""))
        self._quotation_id = str(arguments.get("quotationId", ""))
        self.run(self._load())

    @Slot()
    def close(self) -> None:
        """Nothing is changed."""
        self._put_away()
        self.desk.go.closeSheet()

    @Slot(str)
    def choose(self, kind: str) -> None:
        """In another way; what is taken away now needs nothing else."""
        if kind not in get_args(FulfilmentKind):
            return
        chosen = cast("FulfilmentKind", kind)
        self._wanted = msgspec.structs.replace(self._wanted, kind=chosen, day=None, fast=False)
        if chosen == "take_away":
            self.save()
        else:
            self._show()

    @Slot(str)
    def chooseDay(self, day: str) -> None:
        """From when on, or within two hours."""
        fast = day == FAST
        self._wanted = msgspec.structs.replace(self._wanted, day=None if fast else day, fast=fast)
        self._show()

    @Slot(str)
    def setName(self, name: str) -> None:
        """Who gets the goods."""
        self._name = name[:120]
        self.changed.emit()

    @Slot(str)
    def setPhone(self, text: str) -> None:
        """Their phone."""
        self._phone = text[:40]
        self.changed.emit()

    @Slot(str)
    def setAddress(self, text: str) -> None:
        """Where the goods go."""
        self._address = text[:400]
        self.changed.emit()

    @Slot(str)
    def setNote(self, text: str) -> None:
        """For whoever hands them over."""
        self._wanted = msgspec.structs.replace(self._wanted, note=text[:120])
        self.changed.emit()

    @Slot()
    def save(self) -> None:
        """The basket keeps it."""
        if self.lacks:
            return
        if self._quotation_id:
            if not self._busy:
                self._busy = True
                self.run(self._take(self._quotation_id, self._made()))
        elif self._order_id:
            self.run(self._reroute(self._order_id, self._made()))
        else:
            self._order.reach_by(self._made())
            self.close()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    # ------------------------------------------------------------------ work

    async def _load(self) -> None:
        tablet, self._today = await self._shop.tablet(), await self._goods.ways.today()
        self._region = tablet.region if tablet else "CN"
        member: Member | MemberRow | None = None
        if self._order_id:
            self._wanted = WantedFulfilment.as_stored((await self._goods.order(self._order_id)).fulfilment)
        elif self._quotation_id:
            row = await self._quotations.read.get(self._quotation_id)
            if row is not None:
                self._wanted, member = WantedFulfilment.as_stored(row.quotation.fulfilment), row.member
        else:
            self._wanted, member = self._order.reach, self._order.member_now()
        to = self._wanted.to
        self._name = to.name if to else member.name if member else ""
        self._address = to.address if to else ""
        self._known_phone = to.phone if to else member.phone if member else ""
        self._show()

    async def _reroute(self, order_id: str, wanted: WantedFulfilment) -> None:
        await self._goods.reroute(order_id, wanted)
        self.desk.tell.say(tr("The goods go another way"))
        self.close()

    async def _take(self, quotation_id: str, wanted: WantedFulfilment) -> None:
        """The quotation becomes an order whose goods go this way."""
        try:
            row = await self._quotations.read.get(quotation_id)
            if row is None:
                return
            done = await self._quotations.order(row, wanted)
        finally:
            self._busy = False
        self.close()
        say_ordered(self.desk, done, row)

    def _made(self) -> WantedFulfilment:
        """What is chosen, said in full."""
        if self._wanted.kind not in fulfilment.NAMED:
            return WantedFulfilment(kind=self._wanted.kind)
        address = self._address.strip() if self.sent else ""
        to = Recipient(name=self._name.strip(), phone=self._e164(), address=address)
        return msgspec.structs.replace(self._wanted, to=to)

    def _e164(self) -> str:
        """The phone as a record has it; as it is typed where it is none."""
        if not self._phone.strip():
            return self._known_phone
        try:
            return phone.normalise(self._phone, self._region)
        except BadInput:
            return self._phone.strip()

    def _show(self) -> None:
        self._kinds.update([
            ChoiceTile(key=kind, label=fulfilment_words(kind), symbol=ICONS[kind], selected=kind == self._wanted.kind)
            for kind in get_args(FulfilmentKind)
        ])  # fmt: skip
        self._days.update(self._day_tiles() if self.later and self._today else [])
        self.changed.emit()

    def _day_tiles(self) -> list[ChoiceTile]:
        today = date.fromisoformat(self._today)
        ahead = LATER if self._wanted.kind == "pre_order" else SOON
        days = sorted({(today + timedelta(days=n)).isoformat() for n in ahead} | {self._wanted.day or self._today})
        first = [ChoiceTile(key=FAST, label=tr("Within two hours"), symbol="zap", selected=self._wanted.fast)]
        return [*(first if self.sent else []), *(
            ChoiceTile(key=day, label=self._day_words(day), symbol="", selected=day == self._wanted.day)
            for day in days if day > self._today or self._wanted.kind != "pre_order"
        )]  # fmt: skip

    def _day_words(self, day: str) -> str:
        return tr("Today") if day == self._today else self.desk.figures.day(day)

    def _put_away(self) -> None:
        """Nothing of a customer's stays here for the next one."""
        self._wanted, self._order_id, self._quotation_id = WantedFulfilment(kind="take_away"), "", ""
        self._name = self._phone = self._address = self._known_phone = ""
        self._show()
