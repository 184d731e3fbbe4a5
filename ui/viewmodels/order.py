"""The order page: the catalogue, the basket beside it, and placing the order."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.clock import Clock
from guide_app.domain.errors import NoNetwork, Refused
from guide_app.domain.records import Order
from guide_app.operations.returns import TakeBack
from guide_app.services.baskets import Basket
from guide_app.services.by_hand import ByHandDesk
from guide_app.services.ports.members import MemberReader
from guide_app.services.ports.shop import ShopReader
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.selling import Till
from guide_app.services.session import Session
from ui.viewmodels.base import QML_MODULE, Desk, tr
from ui.viewmodels.basket_value import BasketValueViewModel
from ui.viewmodels.by_hand import ByHandViewModel
from ui.viewmodels.catalogue import Shelves
from ui.viewmodels.held_baskets import HoldingViewModel
from ui.viewmodels.member_list import MemberListViewModel
from ui.viewmodels.words import number_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

SHOWN_ENTITIES = frozenset({"category", "price", "price_list", "product", "stock"})
PRICED_BY = frozenset({"category", "member_tag", "price", "price_list", "product", "promotion", "settings"})
"""Entities by which prices change."""
VALUED_BY = frozenset({"order", "promotion", "settings", "wallet"})
"""Entities by which what a member can use changes."""
CALM_S = 0.6
"""So long after a new price was agreed to, a tap is the second of a double tap, and places nothing."""


@QmlElement
class OrderViewModel(HoldingViewModel):
    """Catalogue and basket of one page: what it is opened with, scanned codes, and placing the order."""

    placed = Signal(str)

    def __init__(
        self,
        desk: Desk,
        shelves: Shelves,
        members: MemberReader,
        shop: ShopReader,
        till: Till,
        session: Session,
        journal: Journal,
        by_hand: ByHandDesk,
        clock: Clock,
    ) -> None:
        super().__init__(desk, shelves, members, shop, till, session)
        self._clock, self._calm_from = clock, -math.inf
        self._by_hand = ByHandViewModel(desk, by_hand, shop, session, clock, self._given)
        self._by_hand.setParent(self)
        self._value = BasketValueViewModel(desk, till.value, session, self._costs, lambda: self._basket, self._spend)
        self._value.setParent(self)
        self.changed.connect(self._value.follow)
        self._people = MemberListViewModel(desk, members, shop, session)
        self._people.setParent(self)
        self._forget = journal.subscribe(self._on_change)

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`memberId`: for whom; `productId`, `code`: what goes in; `text`: what is looked for."""
        if arguments.get("text"):
            self._text = str(arguments["text"])
            self.catalogueChanged.emit()
        self.run(self._enter(arguments.get("memberId", ""), arguments.get("productId", "")))
        if arguments.get("code"):
            self.scan(arguments["code"])

    @Slot(str)
    def open(self, member_id: str = "") -> None:
        """The page was opened, perhaps for a member."""
        self.run(self._open(member_id))

    @Slot(str)
    def scan(self, code: str) -> None:
        """A product's barcode was scanned: one more of it goes into the basket."""
        self.run(self._scan(code))

    @Slot()
    def openCamera(self) -> None:
        """Codes that the tablet's camera reads go into the basket."""
        self.desk.go.sheet("Scan", {"into": "basket"})

    @Property(QObject, constant=True)
    def people(self) -> MemberListViewModel:
        """Whom the order may be for."""
        return self._people

    @Property(ByHandViewModel, constant=True)
    def byHand(self) -> ByHandViewModel:
        """What is taken off by hand."""
        return self._by_hand

    @Property(BasketValueViewModel, constant=True)
    def value(self) -> BasketValueViewModel:
        """The member's coupons and points."""
        return self._value

    @Slot()
    def openWhy(self) -> None:
        """Why the whole order costs this."""
        self.desk.go.sheet("WhyPrice")

    @Slot(str)
    def takeOff(self, product_id: str) -> None:
        """Opens the sheet for a line, or with nothing for the whole order."""
        basket = self._basket
        line = next((line for line in basket.lines if line.product_id == product_id), None) if basket else None
        if basket is not None and basket.lines:
            title = self._product(product_id) if line else ""
            self._by_hand.begin(basket, line.line_id if line else "", title, self._currency, basket.total)

    @Slot()
    def makeQuotation(self) -> None:
        """Opens the sheet by which the basket becomes a quotation."""
        if self._basket is not None and self._basket.lines and not (self._basket.back or self._basket.charges):
            self.desk.go.sheet("Quote")

    @property
    def currency(self) -> str:
        """In which the shop's prices are."""
        return self._currency

    def basket_now(self) -> Basket | None:
        """The open basket; None while there is none."""
        return self._basket

    def let_go(self, basket: Basket) -> None:
        """The basket is gone: it became something else than an order."""
        if self._basket is not None and self._basket.order_id == basket.order_id:
            self._forget_basket()
            self._show()

    def reopen(self, basket: Basket) -> None:
        """This basket is the open one from now on; one that holds something is put aside."""
        self.run(self._reopen(basket))

    def exchange(self, back: TakeBack, paid: int, sold: Order) -> None:
        """These goods of the order `sold` come back for what goes into the basket, which is its member's or
        colleague's; `paid`: what of their refund was paid, minor units. A basket of somebody else, or with other goods
        that come back, is put aside."""
        self.run(self._exchange(back, paid, sold))

    @Slot()
    def place(self) -> None:
        """Places the order; where the price has changed by itself, that is agreed to first."""
        if self._costs.news:
            self._calm_from = self._clock.monotonic() + CALM_S
            self.agree()
        elif self._basket is not None and not self._placing and self._clock.monotonic() >= self._calm_from:
            self._placing = True
            self.changed.emit()
            self.run(self._place(self._basket.total))

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._by_hand.retranslate()
        self._value.retranslate()
        super().retranslate()

    # ------------------------------------------------------------------ work

    async def _enter(self, member_id: str, product_id: str) -> None:
        """Opens for a member, with a product that they wished for in the basket."""
        await self._open(member_id)
        if product_id:
            await self._add(product_id, 1)

    async def _open(self, member_id: str) -> None:
        if self._session.guide is None:
            return
        await self._read_shop()
        await self._change(lambda basket: self._open_for(basket, member_id))
        await self._read_held()
        await self._find()

    async def _scan(self, code: str) -> None:
        found = await self._catalogue.by_barcode(code)
        if found is None:
            self.desk.tell.say(tr("No product has the code %1. Look for it by name, or tell HQ the code.", code))
            return
        self._known[found.id] = found
        await self._add(found.id, 1)
        said = tr("%1 is in the basket", self._name(found.product.names))
        self.desk.tell.say(said, lambda: self.add(found.id, -1))

    async def _exchange(self, back: TakeBack, paid: int, sold: Order) -> None:
        async def taken_in(basket: Basket) -> Basket:
            whose, now = (sold.staff_id, sold.member_id), (basket.staff_id, basket.member_id)
            theirs = basket.back.order_id == back.order_id if basket.back else whose == now and any(whose)
            basket = basket if theirs else await self._cleared(basket)
            going = await self._kept(basket.coming_back(back, paid, sold))
            return going if sold.staff_id else await self._for_member(going, sold.member_id)

        await self._change(taken_in)
        await self._read_held()

    async def _reopen(self, basket: Basket) -> None:
        await self._read_shop()

        async def taken_up(before: Basket) -> Basket:
            await self._cleared(before)
            return await self._kept(basket)

        await self._change(taken_up)
        await self._read_held()

    async def _place(self, seen: int) -> None:
        """Places what is in the basket at the total that was seen; another one is shown, and that is all."""
        guide = self._session.guide
        try:
            async with self._turn:
                if self._basket is None or self._session.guide is not guide:
                    return
                if self._costs.news or self._basket.total != seen:
                    self._say_price(seen, self._basket.total)
                    return  # and the next tap is for what is shown now
                try:
                    done = await self._till.place(self._basket)
                except (Refused, NoNetwork) as refused:
                    await self._refused(refused, self._basket)
                    return
                if self._session.guide is guide:
                    self._forget_basket()
        finally:
            self._placing = False
            self.changed.emit()
        amount = self.desk.figures.money(done.total, self._currency)
        self.desk.tell.say(tr("Order %1 is saved: %2", number_words(done.number), amount))
        if self._session.guide is guide:
            self._show()
            self.placed.emit(done.order_id)
            self.desk.go.open("Orders", {"orderId": done.order_id})

    def _say_price(self, before: int, after: int) -> None:
        if not self._costs.news:  # these say it themselves
            totals = (self.desk.figures.money(total, self._currency) for total in (after, before))
            self.desk.tell.news(tr("The price has changed: %1 instead of %2", *totals))

    async def _refused(self, refused: Refused | NoNetwork, basket: Basket) -> None:
        """A price that is another one by now is shown; what only a manager may allow is asked for; where a coupon or
        points cannot be spent, others can be chosen."""
        if refused.code.startswith(("coupon_", "points_")):
            self._value.missing(refused)
            return
        if refused.code == "goods_settled":  # told; the next tap is for a sale of its own
            self._basket = await self._kept(msgspec.structs.replace(basket, charges="", charges_number=""))
        if refused.code in ("quotation_ordered", "quotation_gone"):
            self._basket = await self._kept(msgspec.structs.replace(basket, quotation_id=""))
        if refused.code not in ("price_changed", "approval_missing"):
            raise refused
        guide = self._session.guide
        if refused.code == "price_changed" and guide is not None:
            await self._tell_price(guide)
            return
        self.desk.tell.problem(refused)
        line = next((line for line in basket.lines if line.line_id == basket.manual[-1].line_id), None)
        self.takeOff(line.product_id if line else "")

    async def _spend(self, how: Callable[[Basket], Basket]) -> None:
        """Coupons and points of the open basket are others."""

        async def changed(basket: Basket) -> Basket:
            after = how(basket)
            return basket if after == basket else await self._kept(after)

        await self._change(changed)

    def _given(self, basket: Basket) -> None:
        """What is taken off by hand is as in this basket from now on, with a way back."""
        if self._basket is not None:
            before = self._basket
            self.run(self._take_off(basket))
            self.desk.tell.say(tr("The price is changed"), lambda: self.run(self._take_off(before)))

    async def _take_off(self, like: Basket) -> None:
        async def changed(basket: Basket) -> Basket:
            if basket.order_id != like.order_id:
                return basket
            lines = {"", *(line.line_id for line in basket.lines)}
            manual = tuple(one for one in like.manual if one.line_id in lines)
            return await self._kept(msgspec.structs.replace(basket, manual=manual))

        await self._change(changed)

    def _on_change(self, change: Change) -> None:
        if self._session.guide is None:
            return
        if any(ref.entity in SHOWN_ENTITIES for ref in change.refs):
            self.run(self._refresh())
        if any(ref.entity in PRICED_BY for ref in change.refs):
            self.run(self._price_again())
        if any(ref.entity in VALUED_BY for ref in change.refs):
            self._value.again()
        if self._concerns_baskets(change.refs):
            self.run(self._refresh_people())

    async def _refresh(self) -> None:
        """What HQ or a sale changed in the catalogue; the basket is the guide's own, and stays as it is."""
        self._known.clear()
        await self._read_shop()
        if self._basket is not None:
            await self._learn([line.product_id for line in self._basket.lines])
        await self._find(again=True)

    async def _refresh_people(self) -> None:
        """A member for whom a basket is was changed, merged or erased."""
        if self._basket is not None:
            await self._change(lambda basket: self._for_member(basket, basket.member_id))
        await self._read_held()
