"""The basket: lines, for whom, how the goods get there. It is the guide's own and survives lock and kill."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot

from guide_app.domain import phone
from guide_app.domain.pricing import PricedLine
from guide_app.domain.records import GuideShare, Member
from guide_app.operations.orders import WantedFulfilment
from guide_app.operations.returns import TakeBack
from guide_app.services.baskets import Basket, BasketLine
from guide_app.services.ports.cards import CardRow
from guide_app.services.ports.catalogue import ProductRow
from guide_app.services.ports.members import MemberReader, MemberView
from guide_app.services.ports.shop import ShopReader, StaffRow
from guide_app.services.pricing import Alone
from guide_app.services.selling import Till
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import Desk, Latest, tr, trn
from ui.viewmodels.basket_price import BasketPrice
from ui.viewmodels.catalogue import BOUGHT, Shelves, detail, tint
from ui.viewmodels.problems import problem_words
from ui.viewmodels.product_look import LookViewModel
from ui.viewmodels.reach_words import reach_words
from ui.viewmodels.words import number_words

TAKEN_AWAY = WantedFulfilment(kind="take_away")


class BasketRow(Row, frozen=True):
    """A line of the basket. `was`: at list price, where it costs less; `why`: all reasons, while it is `open`."""

    name: str
    detail: str
    qty: int
    each: str
    amount: str
    was: str
    summary: str
    open: bool
    why: list[dict[str, Any]]
    tint: int
    picture: str


class BasketViewModel(LookViewModel):
    """The catalogue with a basket beside it."""

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        shelves: Shelves,
        members: MemberReader,
        shop: ShopReader,
        till: Till,
        session: Session,
    ) -> None:
        super().__init__(desk, shelves, shop, session)
        self._members, self._till = members, till
        self._lines = KeyedListModel(BasketRow)
        self._basket: Basket | None = None
        self._member: MemberView | None = None
        self._placing = False
        self._lacks = ""
        self._staff_offered = False
        self._costs = BasketPrice(till.prices, desk.figures, self._product)
        self._explained: set[str] = set()
        self._alone: Mapping[str, Alone] = {}
        self._tiles_by: object = None
        self._pricing = Latest()
        self._changes = 0
        self._turn = asyncio.Lock()  # two quick taps are two changes of the basket, one after the other

    @Property(QObject, constant=True)
    def lines(self) -> KeyedListModel:
        """The lines of the basket."""
        return self._lines

    @Property(bool, notify=changed)
    def empty(self) -> bool:
        """Whether nothing is in the basket."""
        return not (self._basket and self._basket.lines)

    @Property(bool, notify=changed)
    def holds(self) -> bool:
        """Whether there is something to put aside: goods that go, or goods that come back."""
        return self._basket is not None and self._basket.holds

    @Property(str, notify=changed)
    def piecesWords(self) -> str:
        """How much is in the basket, in words."""
        return trn("%n piece(s)", self._basket.pieces if self._basket else 0)

    @Property(int, notify=changed)
    def pieces(self) -> int:
        """How much is in the basket."""
        return self._basket.pieces if self._basket else 0

    @Property(str, notify=changed)
    def total(self) -> str:
        """What is to be paid."""
        return self.desk.figures.money(self._basket.total if self._basket else 0, self._currency)

    @Property(str, notify=changed)
    def credit(self) -> str:
        """What goods that come back pay of it; empty where none do."""
        basket = self._basket
        return self.desk.figures.money(-basket.credit, self._currency) if basket and basket.back else ""

    @Slot()
    def keepGoods(self) -> None:
        """Nothing comes back after all: it is an order like any other; with a way back."""
        if (before := self._basket) is not None and before.back is not None:
            self.run(self._back_as(before.order_id, None, 0))
            again = before.order_id, before.back, before.back_paid
            self.desk.tell.say(tr("The customer keeps the goods"), lambda: self.run(self._back_as(*again)))

    @Property(str, notify=changed)
    def chargesWords(self) -> str:
        """For which cancelled order's goods it charges; empty where for none."""
        basket = self._basket
        number = number_words(basket.charges_number) if basket and basket.charges else ""
        return tr("For the cancelled order %1. What you take out counts as back in the shop.", number) if number else ""

    @Slot()
    def chargeNothing(self) -> None:
        """It is an order like any other, and the goods that left are open yet; with a way back."""
        if (before := self._basket) is not None and before.charges:
            self.run(self._charging(before.order_id, "", ""))
            again = before.order_id, before.charges, before.charges_number
            said = tr("Order %1 stays on the list", number_words(before.charges_number))
            self.desk.tell.say(said, lambda: self.run(self._charging(*again)))

    @Property(str, notify=changed)
    def savedWords(self) -> str:
        """What the customer saves; empty where that is nothing."""
        return self._costs.saved()

    @Property(str, notify=changed)
    def hint(self) -> str:
        """What the customer comes to soonest by buying more; empty where nothing is near."""
        return self._costs.hint()

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def priceNews(self) -> list[str]:
        """How the price changed though nobody touched the basket; it is to be agreed to."""
        return self._costs.news

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def orderReasons(self) -> list[dict[str, Any]]:
        """From the list prices to what is to pay, row by row: label, amount, tone."""
        return self._costs.order()

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def notApplied(self) -> list[dict[str, Any]]:
        """What did not apply, and why."""
        return self._costs.not_applied()

    @Property(bool, notify=changed)
    def hasMember(self) -> bool:
        """Whether the order is for a member."""
        return self._member is not None

    @Property(str, notify=changed)
    def memberId(self) -> str:
        """For whom."""
        return self._member.id if self._member else ""

    @Property(str, notify=changed)
    def memberName(self) -> str:
        """For whom, by name."""
        return self._member.member.name if self._member else ""

    @Property(str, notify=changed)
    def memberDetail(self) -> str:
        """What tells them from others."""
        if self._member is None:
            return ""
        return f"{phone.mask(self._member.member.phone, self._region)} · {self._member.member.member_no}"

    @Property(bool, notify=changed)
    def staffOffered(self) -> bool:
        """Whether HQ lets somebody of this shop buy at staff prices."""
        return self._staff_offered

    @Property(str, notify=changed)
    def staffWords(self) -> str:
        """The colleague who buys it at staff prices; empty where a customer does."""
        who = self._basket.staff_id if self._basket else ""
        return tr("Staff purchase: %1", self._costs.people.get(who, tr("a colleague elsewhere"))) if who else ""

    @Slot()
    def showStaff(self) -> None:
        """Who of the colleagues buys is to be chosen."""
        self.desk.go.sheet("StaffPurchase")

    @Slot(str)
    def setStaff(self, staff_id: str) -> None:
        """The colleague who buys; empty for a customer."""
        if self._stays_a_colleagues():
            return
        self.run(self._change(lambda basket: self._kept(basket.for_staff(staff_id))))

    @property
    def staff_now(self) -> str:
        """The colleague who buys, by their id."""
        return self._basket.staff_id if self._basket else ""

    @Property(int, notify=changed)
    def memberTickets(self) -> int:
        """How many of their tickets are unsolved."""
        return self._member.tickets if self._member else 0

    @Property(str, notify=changed)
    def fulfilment(self) -> str:
        """How the goods reach the customer, in words."""
        return reach_words(self._basket.reach.stored, self.desk.figures) if self._basket else ""

    @Property(str, notify=changed)
    def fulfilmentLacks(self) -> str:
        """What that still needs, in words; empty where nothing."""
        return problem_words(self._lacks) if self._lacks else ""

    @property
    def reach(self) -> WantedFulfilment:
        """How the goods reach the customer."""
        return self._basket.reach if self._basket else TAKEN_AWAY

    def reach_by(self, reach: WantedFulfilment) -> None:
        """The goods reach the customer in this way from now on."""
        self.run(self._change(lambda basket: self._kept(msgspec.structs.replace(basket, reach=reach))))

    def pieces_now(self) -> Mapping[str, int]:
        """Product → pieces in the basket."""
        return {line.product_id: line.qty for line in self._basket.lines} if self._basket else {}

    def member_now(self) -> Member | None:
        """Whom the order is for."""
        return self._member.member if self._member else None

    @Property(str, notify=changed)
    def note(self) -> str:
        """What the customer asked for."""
        return self._basket.note if self._basket else ""

    @Property(bool, notify=changed)
    def placing(self) -> bool:
        """Whether the order is being placed: a second tap does nothing."""
        return self._placing

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether the order can be placed."""
        return not (self.empty or self._placing or self._prices is None)

    @Slot(str, int)
    def add(self, product_id: str, qty: int) -> None:
        """Puts pieces of a product in, or takes some out."""
        self.run(self._add(product_id, qty))

    @Slot(str)
    def remove(self, product_id: str) -> None:
        """Takes a line out, with a way back."""
        if (before := self._basket) is not None and before.qty(product_id):

            def again() -> Coroutine[Any, Any, None]:
                return self._change(lambda basket: self._till.put_back(basket, before, product_id))

            self.run(self._change(lambda basket: self._till.set_qty(basket, product_id, 0)))
            self.desk.tell.say(tr("Taken out of the basket"), lambda: self.run(again()))

    @Slot(str)
    def showWhy(self, product_id: str) -> None:
        """Opens a line's reasons, or closes them."""
        self._explained ^= {product_id}
        self._show()

    @Slot()
    def agree(self) -> None:
        """The new price is taken."""
        self._costs.agree()
        self._show()

    @Slot(str)
    def setMember(self, member_id: str) -> None:
        """Whom the order is for; empty for nobody."""
        if not self._stays_a_colleagues():
            self.run(self._change(lambda basket: self._for_member(basket, member_id)))

    @Slot()
    def showReach(self) -> None:
        """How the goods reach the customer is to be chosen."""
        if not self.empty:
            self.desk.go.sheet("Reach", {})

    @Slot(str)
    def setNote(self, note: str) -> None:
        """What the customer asked for."""
        self.run(self._change(lambda basket: self._kept(msgspec.structs.replace(basket, note=note[:2000]))))

    @Slot()
    def showShares(self) -> None:
        """Whose sale it will be."""
        if not self.empty:
            self.desk.go.sheet("BasketShares")

    @Property(bool, notify=changed)
    def shared(self) -> bool:
        """Whether it is not the guide's alone."""
        basket = self._basket
        return basket is not None and any(
            {one.guide_id for one in basket.shares_of(line.line_id)} != {basket.guide_id} for line in basket.lines
        )

    def share(self, parts: tuple[GuideShare, ...], line_id: str) -> None:
        """A line of these guides, or without `line_id` all of it."""
        self.run(self._change(lambda basket: self._kept(basket.shared(parts, line_id))))

    def named_lines(self) -> list[tuple[str, str]]:
        """(id, name) of the lines."""
        return [(line.line_id, self._line(line).name) for line in self._basket.lines] if self._basket else []

    def shares_now(self, line_id: str) -> tuple[GuideShare, ...]:
        """Whose a line is; "": of all of it, what its first line says."""
        if self._basket is None or not self._basket.lines:
            return ()
        return self._basket.shares_of(line_id or self._basket.lines[0].line_id)

    @Slot()
    def clear(self) -> None:
        """Another guide: nothing of the last one's stays."""
        self._forget_basket()
        self._placing = False
        self._pricing.ask()
        self._alone, self._tiles_by = {}, None
        super().clear()

    # ------------------------------------------------------------------ work

    def _forget_basket(self) -> None:
        """It is gone, and with it what it cost and why."""
        self._basket, self._member, self._explained = None, None, set()
        self._costs.forget()

    async def _add(self, product_id: str, qty: int) -> None:
        await self._change(lambda basket: self._till.add(basket, product_id, qty))

    async def _back_as(self, order_id: str, back: TakeBack | None, paid: int) -> None:
        """These goods come back for the order, where it is the same basket yet."""

        async def changed(basket: Basket) -> Basket:
            if basket.order_id != order_id:
                return basket
            theirs = basket.for_staff(basket.back_staff) if back and basket.back_staff else basket
            return await self._kept(msgspec.structs.replace(theirs, back=back, back_paid=paid))

        await self._change(changed)

    async def _charging(self, order_id: str, charges: str, number: str) -> None:
        """It charges for this order's goods, where it is the same basket yet."""

        async def changed(basket: Basket) -> Basket:
            if basket.order_id != order_id:
                return basket
            return await self._kept(msgspec.structs.replace(basket, charges=charges, charges_number=number))

        await self._change(changed)

    async def _change(self, how: Callable[[Basket], Awaitable[Basket]]) -> None:
        """Changes the basket and keeps it, then prices it, unless a further change waits: a price that nobody will
        look at is not asked for. A guide who left meanwhile keeps it too, but it is not shown to the next."""
        guide = self._session.guide
        self._changes += 1
        async with self._turn:
            self._changes -= 1
            if guide is None or self._session.guide is not guide:
                return
            customer = self._customer()
            try:
                await self._changed(how, guide)
            finally:
                if not self._changes:
                    await self._tell_price(guide)
        if self._shelf == BOUGHT and customer != self._customer():
            self._shelf = BOUGHT if self._member else ""
            await self._find()

    async def _changed(self, how: Callable[[Basket], Awaitable[Basket]], guide: StaffRow) -> None:
        changed = await how(self._basket or await self._till.baskets.mine())
        await self._learn([line.product_id for line in changed.lines])
        member = await self._members.get(changed.member_id) if changed.member_id else None
        lacks = await self._till.goods.lacks(changed.reach)
        if self._session.guide is guide:
            self._basket, self._member, self._lacks = changed, member, lacks

    async def _tell_price(self, guide: StaffRow) -> None:
        """Prices the basket as it is and shows it; inside a turn."""
        before = self._basket
        if before is None or self._session.guide is not guide:
            return
        told, quote = await self._till.told(before)
        if self._session.guide is guide and await self._costs.take(before, quote):
            self._basket = told
            self._show()
            asked, prices = quote.asked, quote.facts.prices
            made_by = (asked.buyer, asked.promotions, asked.at.date(), prices and prices.id)
            if made_by != self._tiles_by:
                self._tiles_by = made_by
                self.run(self._price_tiles())

    async def _price_again(self) -> None:
        """What prices are made by has changed, or the time: the basket's price is told anew."""
        guide = self._session.guide
        async with self._turn:
            if guide is not None:
                await self._tell_price(guide)

    async def _price_tiles(self) -> None:
        """What this customer would pay for one piece of each product shown."""
        newest = self._pricing.ask()
        shown = [card.row.id for card in self._cards.values() if card.low is not None]
        alone = await self._till.prices.alone(shown, self._customer(), staff=bool(self.staff_now))
        if newest() and alone != self._alone:
            self._alone = alone
            self._show()

    def _take_in(self, found: Iterable[CardRow]) -> None:
        super()._take_in(found)
        self.run(self._price_tiles())

    async def _read_shop(self) -> None:
        await super()._read_shop()
        self._costs.currency = self._currency
        people = await self._shop.staff()
        self._costs.people = {row.id: row.staff.name for row in people}
        self._staff_offered = any(row.staff.active and row.staff.purchase for row in people)

    def _pays(self, row: ProductRow) -> int | None:
        alone = self._alone.get(row.id)
        return alone.pays if alone is not None and alone.listed == row.price else row.price

    def _product(self, product_id: str) -> str:
        """What a product is called."""
        known = self._known.get(product_id)
        return self._name(known.product.names) if known else tr("arriving")

    async def _kept(self, basket: Basket) -> Basket:
        await self._till.baskets.keep(basket)
        return basket

    def _stays_a_colleagues(self) -> bool:
        """Whether nobody else can buy it: then that is said."""
        locked = self._basket is not None and self._basket.colleagues_exchange
        if locked:
            self.desk.tell.say(tr("What a colleague bought at staff prices is exchanged for them alone"))
        return locked

    async def _for_member(self, basket: Basket, member_id: str) -> Basket:
        """The basket for this member, or who they were merged into; for nobody where this shop does not know them."""
        found = await self._members.get(member_id) if member_id else None
        known = found.id if found else ""
        if known == basket.member_id:
            return basket
        same = found is not None and basket.member_id in found.merged
        return await self._kept(basket.for_member(known, same_person=same))

    def _taken(self) -> Iterable[tuple[str, int]]:
        return [(line.product_id, line.qty) for line in self._basket.lines] if self._basket else ()

    def _customer(self) -> str:
        return self._member.id if self._member else ""

    def _put_in(self, product_id: str) -> None:
        self.add(product_id, 1)

    def _show(self) -> None:
        super()._show()
        self._lines.update([self._line(line) for line in self._basket.lines] if self._basket else [])
        self.changed.emit()

    def _line(self, line: BasketLine) -> BasketRow:
        known, money = self._known.get(line.product_id), self.desk.figures.money
        priced = self._costs.line(line.line_id)
        if priced is None or priced.qty != line.qty:  # for as long as it is being priced
            priced = PricedLine(line_id=line.line_id, product_id=line.product_id, qty=line.qty, price=line.unit_price,
                                amount=line.qty * line.unit_price)  # fmt: skip
        listed, opened = priced.qty * priced.price, line.product_id in self._explained
        return BasketRow(
            key=line.product_id,
            name=self._product(line.product_id),
            detail=detail(known, self.desk.figures.language) if known else "",
            qty=line.qty,
            each=money(priced.price, self._currency),
            amount=money(priced.amount, self._currency),
            was=money(listed, self._currency) if priced.amount < listed else "",
            summary=self._costs.summary(priced),
            open=opened,
            why=self._costs.why(priced) if opened else [],
            tint=tint(known),
            picture=self.desk.pictures.thumb(known.product.pictures) if known else "",
        )
