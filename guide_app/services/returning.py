"""Taking goods back, and exchanging them: what a return is worth, told before it is made, and the return itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from guide_app.domain import payments, pricing, returns
from guide_app.domain.errors import BadInput
from guide_app.domain.ids import Ids
from guide_app.domain.records import Order
from guide_app.domain.returns import Reckoned
from guide_app.operations.orders import Cancel, OrderCancel, OrderPlace, Place
from guide_app.operations.payments import MOST_LEGS
from guide_app.operations.returns import (
    CopyReturn,
    CopyReturnUndo,
    Exchanged,
    Leg,
    LineBack,
    OrderExchange,
    OrderReturn,
    OrderReturnUndo,
    Promised,
    TakeBack,
    UndoReturn,
)
from guide_app.services.ports.base import View
from guide_app.services.ports.orders import OrderReader, OrderRow, SoldReader
from guide_app.services.ports.writing import Draft, Journal
from guide_app.services.session import Session


class Going(View, frozen=True):
    """An order of which something comes back, with the basket that it was sold as."""

    row: OrderRow
    basket: pricing.Basket | None = None

    @property
    def order(self) -> Order:
        """The order."""
        return self.row.order


class Returned(View, frozen=True):
    """A return that was made: committed on this tablet."""

    order_id: str
    return_id: str
    money: int


class Undoable(View, frozen=True):
    """A return that can be taken back; `exchange_id`: the order that goes with it, of an exchange."""

    order_id: str
    return_id: str
    exchange_id: str = ""


class ReturnDesk:
    """The use cases. What a return is worth is reckoned on the tablet, with no network too."""

    def __init__(self, orders: OrderReader, sold: SoldReader, journal: Journal, session: Session, ids: Ids) -> None:
        self._orders, self._sold, self._journal = orders, sold, journal
        self._session, self._ids = session, ids

    async def begin(self, order_id: str) -> Going | None:
        """The order as it is here now; None where it is not here."""
        row = await self._orders.get(order_id)
        return Going(row=row, basket=await self._sold.basket(row.order)) if row else None

    def worth(self, going: Going, lines: Sequence[LineBack]) -> Reckoned:
        """What the customer gets for these pieces. Raises BadInput("return_too_many")."""
        pieces = Counter[str]()
        for line in lines:
            pieces[line.line_id] += line.qty
        return returns.reckon(going.order, going.basket, pieces)

    async def take_back(self, going: Going, lines: Sequence[LineBack]) -> Returned:
        """Takes the pieces back; returns after the commit. Raises BadInput("nothing_returned" | "return_too_many"),
        Refused, NotSaved."""
        body = self.body(going, lines)
        kind = CopyReturn.kind if going.row.sold_at else OrderReturn.kind
        await self._journal.commit(self._session.guide_id, Draft(kind=kind, body=body))
        return Returned(order_id=going.row.id, return_id=body.return_id, money=body.refund.money)

    async def undo(self, done: Returned) -> None:
        """The return was none. Raises Refused, NotSaved."""
        row = await self._orders.get(done.order_id)
        elsewhere = row is not None and row.sold_at is not None
        await self._journal.commit(self._session.guide_id, undoing(done.order_id, done.return_id, elsewhere=elsewhere))

    async def undoable(self, row: OrderRow) -> Undoable | None:
        """The last return of the order that stands, or the exchange that the order came of, while it can be taken back:
        an exchange until the goods taken instead have left."""
        if row.order.state == "cancelled":
            return None
        old = await self._orders.get(row.order.exchange_of) if row.order.exchange_of else row
        stand = returns.standing(old.order) if old else ()
        mine = [one for one in stand if old is row or one.exchange_id == row.id]
        if not mine or old is None:
            return None
        one = max(mine, key=lambda back: back.at)
        new = await self._orders.get(one.exchange_id) if one.exchange_id else None
        gone = new is not None and new.order.state == "cancelled"
        if one.exchange_id and not gone and (new is None or not returns.cancellable(new.order)):
            return None
        return Undoable(order_id=old.id, return_id=one.return_id, exchange_id="" if gone else one.exchange_id)

    async def take_undone(self, one: Undoable) -> None:
        """The return was none, nor what was taken instead: goods and money are where they were. Raises Refused,
        NotSaved."""
        drafts = [undoing(one.order_id, one.return_id)]
        if one.exchange_id:
            cancel = Cancel(order_id=one.exchange_id, reason="exchange_undone")
            drafts.append(Draft(kind=OrderCancel.kind, body=cancel))
        await self._journal.commit(self._session.guide_id, *drafts)

    def body(self, going: Going, lines: Sequence[LineBack]) -> TakeBack:
        """The return, promised at its worth; money that was taken at the till goes back by the way it came. What was
        paid in more parts than one operation holds stands as to be refunded."""
        worth = self.worth(going, lines)
        if not lines and not worth.back.money:
            raise BadInput("nothing_returned")
        back = worth.back
        return TakeBack(
            order_id=going.row.id,
            return_id=self._ids.uuid7(),
            lines=tuple(lines),
            refund=Promised(money=back.money, points=back.points, coupons=back.coupons),
            legs=tuple(
                Leg(leg_id=self._ids.uuid7(), method=leg.method, amount=leg.amount, of=leg.id)
                for leg in returns.repaid(going.order, back.money)[:MOST_LEGS]
            ),
        )


def undoing(order_id: str, return_id: str, *, elsewhere: bool = False) -> Draft:
    """What is committed to take a return back. `elsewhere`: of another shop's order."""
    kind = CopyReturnUndo.kind if elsewhere else OrderReturnUndo.kind
    return Draft(kind=kind, body=UndoReturn(order_id=order_id, return_id=return_id))


def credit_of(back: TakeBack, paid: int, total: int) -> int:
    """What of a refund pays for a new order of this total. `paid`: what of it was ever paid."""
    return min(back.refund.money, paid, total)


def paid_of(order: Order, money: int) -> int:
    """What of so much of the order's worth was paid, by whatever way: only that can pay for something else."""
    return min(money, max(0, payments.received(order) - (payments.due(order) - money)))


def exchange(back: TakeBack, paid: int, place: Place) -> Draft:
    """One operation of both: what the new order costs is paid by the refund first, and only the rest goes back."""
    credit = credit_of(back, paid, place.totals.total)
    rest, legs = paid - credit, []
    for leg in back.legs:
        part = min(rest, leg.amount)
        rest -= part
        legs += [msgspec.structs.replace(leg, amount=part)] if part else []
    fields = {name: getattr(place, name) for name in place.__struct_fields__}
    back = msgspec.structs.replace(back, legs=tuple(legs))
    return Draft(kind=OrderExchange.kind, body=Exchanged(**fields, back=back, credit=credit))


def placing(place: Place, back: TakeBack | None, paid: int = 0) -> Draft:
    """What is committed for a new order, alone or for goods that come back."""
    return exchange(back, paid, place) if back else Draft(kind=OrderPlace.kind, body=place)
