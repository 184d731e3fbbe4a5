"""The basket: lines, for whom, how the goods get there. It is the guide's own and survives lock and kill."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import cast, get_args

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot

from guide_app.domain import phone
from guide_app.domain.records import GuideShare
from guide_app.domain.records.order import FulfilmentKind
from guide_app.services.baskets import Basket, BasketLine
from guide_app.services.ports import MemberReader, MemberView, ShopReader
from guide_app.services.selling import Till
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import Desk, tr, trn
from ui.viewmodels.catalogue import BOUGHT, Shelves, detail, tint
from ui.viewmodels.variants import VariantViewModel


class BasketRow(Row, frozen=True):
    """A line of the basket."""

    name: str
    detail: str
    qty: int
    each: str
    amount: str
    tint: int


class BasketViewModel(VariantViewModel):
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
        self._turn = asyncio.Lock()  # two quick taps are two changes of the basket, one after the other

    @Property(QObject, constant=True)
    def lines(self) -> KeyedListModel:
        """The lines of the basket."""
        return self._lines

    @Property(bool, notify=changed)
    def empty(self) -> bool:
        """Whether nothing is in the basket."""
        return not (self._basket and self._basket.lines)

    @Property(str, notify=changed)
    def piecesWords(self) -> str:  # noqa: N802
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
    def keepGoods(self) -> None:  # noqa: N802
        """Nothing comes back after all: it is an order like any other."""
        self.run(self._change(lambda basket: self._kept(msgspec.structs.replace(basket, back=None, back_paid=0))))

    @Property(bool, notify=changed)
    def hasMember(self) -> bool:  # noqa: N802
        """Whether the order is for a member."""
        return self._member is not None

    @Property(str, notify=changed)
    def memberId(self) -> str:  # noqa: N802
        """For whom."""
        return self._member.id if self._member else ""

    @Property(str, notify=changed)
    def memberName(self) -> str:  # noqa: N802
        """For whom, by name."""
        return self._member.member.name if self._member else ""

    @Property(str, notify=changed)
    def memberDetail(self) -> str:  # noqa: N802
        """What tells them from others."""
        if self._member is None:
            return ""
        return f"{phone.mask(self._member.member.phone, self._region)} · {self._member.member.member_no}"

    @Property(int, notify=changed)
    def memberTickets(self) -> int:  # noqa: N802
        """How many of their tickets are unsolved."""
        return self._member.tickets if self._member else 0

    @Property(str, notify=changed)
    def fulfilment(self) -> str:
        """take_away, pick_up or ship."""
        return self._basket.fulfilment if self._basket else "take_away"

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
        if self._basket is not None:
            before = self._basket.qty(product_id)
            self.run(self._add(product_id, -before))
            self.desk.tell.say(tr("Taken out of the basket"), lambda: self.add(product_id, before))

    @Slot(str)
    def setMember(self, member_id: str) -> None:  # noqa: N802
        """Whom the order is for; empty for nobody."""
        self.run(self._change(lambda basket: self._for_member(basket, member_id)))

    @Slot(str)
    def setFulfilment(self, kind: str) -> None:  # noqa: N802
        """How the goods reach the customer."""
        if kind in get_args(FulfilmentKind):
            wanted = cast("FulfilmentKind", kind)
            self.run(self._change(lambda basket: self._kept(msgspec.structs.replace(basket, fulfilment=wanted))))

    @Slot(str)
    def setNote(self, note: str) -> None:  # noqa: N802
        """What the customer asked for."""
        self.run(self._change(lambda basket: self._kept(msgspec.structs.replace(basket, note=note[:2000]))))

    @Slot()
    def showShares(self) -> None:  # noqa: N802
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
    def clearBasket(self) -> None:  # noqa: N802
        """Empties the basket, with a way back."""
        before = self._basket
        self.run(self._change(self._emptied))
        if before is not None and before.lines:
            self.desk.tell.say(tr("Basket emptied"), lambda: self.run(self._change(lambda _: self._kept(before))))

    @Slot()
    def clear(self) -> None:
        """Another guide: nothing of the last one's stays."""
        self._basket, self._member, self._placing = None, None, False
        super().clear()

    # ------------------------------------------------------------------ work

    async def _add(self, product_id: str, qty: int) -> None:
        await self._change(lambda basket: self._till.add(basket, product_id, qty))

    async def _change(self, how: Callable[[Basket], Awaitable[Basket]]) -> None:
        """Changes the basket and keeps it. A guide who left meanwhile keeps it too, but it is not shown to the next."""
        guide = self._session.guide
        async with self._turn:
            if guide is None or self._session.guide is not guide:
                return
            changed = await how(self._basket or await self._till.baskets.mine())
            await self._learn([line.product_id for line in changed.lines])
            member = await self._members.get(changed.member_id) if changed.member_id else None
            if self._session.guide is not guide:
                return
            for_another = self._customer() != (member.id if member else "")
            self._basket, self._member = changed, member
        if self._shelf == BOUGHT and for_another:
            self._shelf = BOUGHT if member else ""
            await self._find()
        self._show()

    async def _kept(self, basket: Basket) -> Basket:
        await self._till.baskets.keep(basket)
        return basket

    async def _for_member(self, basket: Basket, member_id: str) -> Basket:
        """The basket for this member, or who they were merged into; for nobody where this shop does not know them."""
        found = await self._members.get(member_id) if member_id else None
        known = found.id if found else ""
        if known == basket.member_id:
            return basket
        return await self._kept(msgspec.structs.replace(basket, member_id=known))

    async def _emptied(self, _: Basket) -> Basket:
        return await self._till.baskets.empty()

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
        known = self._known.get(line.product_id)
        return BasketRow(
            key=line.product_id,
            name=self._name(known.product.names) if known else tr("arriving"),
            detail=detail(known, self.desk.figures.language) if known else "",
            qty=line.qty,
            each=self.desk.figures.money(line.unit_price, self._currency),
            amount=self.desk.figures.money(line.qty * line.unit_price, self._currency),
            tint=tint(known),
        )
