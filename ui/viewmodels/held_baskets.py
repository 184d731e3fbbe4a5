"""Baskets put aside: the open one is put aside, another taken up or thrown away; also one that a colleague left."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Property, QObject, Signal, Slot

from guide_app.domain.records import Ref
from guide_app.services.baskets import Basket
from guide_app.services.ports.members import MemberReader, MemberView
from guide_app.services.ports.shop import ShopReader
from guide_app.services.selling import Till
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import Desk, Latest, tr, trn
from ui.viewmodels.basket import BasketViewModel
from ui.viewmodels.catalogue import Shelves


class HeldRow(Row, frozen=True):
    """A basket that is not the open one. `title`: for whom; `whose`: the colleague's name, empty for one's own."""

    person_id: str
    title: str
    detail: str
    note: str
    whose: str
    amount: str


class HoldingViewModel(BasketViewModel):
    """The open basket, and those put aside."""

    heldChanged = Signal()

    def __init__(
        self,
        desk: Desk,
        shelves: Shelves,
        members: MemberReader,
        shop: ShopReader,
        till: Till,
        session: Session,
    ) -> None:
        super().__init__(desk, shelves, members, shop, till, session)
        self._held_rows = KeyedListModel(HeldRow)
        self._held: Sequence[Basket] = ()
        self._held_for: dict[str, MemberView | None] = {}
        self._staff: dict[str, str] = {}
        self._asked_held = Latest()

    @Property(QObject, constant=True)
    def held(self) -> KeyedListModel:
        """The baskets beside the open one: the guide's own, then colleagues'."""
        return self._held_rows

    @Property(int, notify=heldChanged)
    def heldCount(self) -> int:
        """How many there are."""
        return len(self._held)

    @Property(str, notify=heldChanged)
    def heldWords(self) -> str:
        """How many there are, in words."""
        return trn("%n other basket(s) kept", len(self._held))

    @Slot()
    def openHeld(self) -> None:
        """Lists them; it is said anew how long ago each was put aside."""
        self.run(self._read_held())
        self.desk.go.sheet("HeldBaskets")

    @Slot()
    def putAside(self) -> None:
        """Puts the open basket aside, with a way back, and begins a new one."""
        if self._basket is not None:
            self.run(self._put_aside(self._basket.order_id))

    @Slot(str)
    def takeUp(self, order_id: str) -> None:
        """Opens one of them; what was open is put aside."""
        self.run(self._take_up(order_id))

    @Slot(str)
    def throwAway(self, order_id: str) -> None:
        """Forgets one of them, with a way back."""
        if (held := self._one(order_id)) is not None:
            self.run(self._throw_away(held))

    @Slot()
    def clearBasket(self) -> None:
        """Empties the basket, with a way back."""
        before = self._basket
        self.run(self._change(self._emptied))
        if before is not None and before.holds:
            self.desk.tell.say(tr("Basket emptied"), lambda: self.run(self._refill(before)))

    @Slot()
    def clear(self) -> None:
        """Another guide: nothing of the last one's stays."""
        self._held, self._held_for, self._staff = (), {}, {}
        self._asked_held.ask()
        super().clear()

    # ------------------------------------------------------------------ work

    async def _put_aside(self, order_id: str) -> None:
        async def aside(basket: Basket) -> Basket:
            if basket.order_id != order_id or not basket.holds:  # tapped twice, or with nothing in it
                return basket
            return await self._till.baskets.put_aside(basket)

        await self._change(aside)
        await self._read_held()
        if self._one(order_id) is not None:
            self.desk.tell.say(tr("Basket put aside"), lambda: self.takeUp(order_id))

    async def _emptied(self, _: Basket) -> Basket:
        return await self._till.baskets.empty()

    async def _refill(self, before: Basket) -> None:
        """The basket as it was before it was emptied; where another one was begun, it is among those put aside."""

        async def filled(basket: Basket) -> Basket:
            if basket.order_id == before.order_id:  # tapped twice
                return basket
            if basket.holds or basket.guide_id != before.guide_id:
                await self._till.baskets.put_back(before)
                self._say_aside()
                return basket
            return await self._kept(before)

        await self._change(filled)
        await self._read_held()

    async def _take_up(self, order_id: str) -> None:
        async def up(basket: Basket) -> Basket:
            held = self._one(order_id)
            return basket if held is None else await self._till.baskets.take_up(basket, held)

        try:
            await self._change(up)
        finally:
            await self._read_held()

    async def _throw_away(self, held: Basket) -> None:
        await self._till.baskets.throw_away(held)
        await self._read_held()
        self.desk.tell.say(tr("Basket thrown away"), lambda: self.run(self._put_back(held)))

    async def _put_back(self, held: Basket) -> None:
        await self._till.baskets.put_back(held)
        await self._read_held()

    async def _open_for(self, basket: Basket, member_id: str) -> Basket:
        """The basket to go on with for a member: theirs, if it was put aside; somebody else's stays as it is, put
        aside. One that is for nobody yet becomes theirs."""
        found = await self._members.get(member_id) if member_id else None
        if found is None or found.id == basket.member_id or (basket.holds and not basket.member_id):
            return await self._for_member(basket, member_id or basket.member_id)
        kept = [held for held in await self._till.baskets.others() if held.member_id == found.id]
        theirs = next((held for held in kept if held.guide_id == self._session.guide_id), None)
        if theirs is None:
            return await self._for_member(await self._cleared(basket), found.id)
        up = await self._till.baskets.take_up(basket, theirs)
        if basket.holds:
            self._say_aside()
        return up

    async def _cleared(self, basket: Basket) -> Basket:
        """An empty basket to begin with; what this one holds is put aside."""
        if not basket.holds:
            return basket
        empty = await self._till.baskets.put_aside(basket)
        self._say_aside()
        return empty

    def _say_aside(self) -> None:
        self.desk.tell.say(tr("The basket before is put aside"))

    async def _read_held(self) -> None:
        """Reads the others; a guide who came meanwhile has their own read."""
        guide, newest = self._session.guide, self._asked_held.ask()
        if guide is None:
            return
        held = await self._till.baskets.others()
        people = {who: await self._members.get(who) for who in {each.member_id for each in held} - {""}}
        staff = {row.id: row.staff.name for row in await self._shop.staff()}
        if newest() and self._session.guide is guide:
            self._held, self._held_for, self._staff = held, people, staff
            self._show_held()

    def _concerns_baskets(self, refs: frozenset[Ref]) -> bool:
        """Whether somebody changed for whom a basket is."""
        people = {held.member_id for held in self._held} | ({self._basket.member_id} if self._basket else set())
        return any(ref.id in people for ref in refs)

    def _one(self, order_id: str) -> Basket | None:
        return next((held for held in self._held if held.order_id == order_id), None)

    def _show(self) -> None:
        super()._show()
        self._show_held()

    def _show_held(self) -> None:
        self._held_rows.update([self._held_row(held) for held in self._held])
        self.heldChanged.emit()

    def _held_row(self, held: Basket) -> HeldRow:
        member = self._held_for.get(held.member_id)
        mine = self._session.guide is not None and held.guide_id == self._session.guide.id
        when = tr("put aside %1", self.desk.figures.ago(held.held_at)) if held.held_at else tr("left open")
        return HeldRow(
            key=held.order_id,
            person_id=member.id if member else "",
            title=member.member.name if member else tr("No member chosen"),
            detail=f"{trn('%n piece(s)', held.pieces)} · {when}",
            note=held.note,
            whose="" if mine else self._staff.get(held.guide_id, ""),
            amount=self.desk.figures.money(held.total, self._currency),
        )
