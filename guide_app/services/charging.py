"""Charging anew for goods that left though their order was cancelled: their basket, and how that order is settled."""

from __future__ import annotations

import msgspec

from guide_app.domain import returns, ways
from guide_app.domain.errors import Refused
from guide_app.domain.ids import Ids
from guide_app.domain.records import Order
from guide_app.operations.fulfilling import Fulfil, OrderFulfil
from guide_app.services.baskets import Basket, BasketLine
from guide_app.services.ports.orders import OrderReader
from guide_app.services.ports.writing import Draft
from guide_app.services.session import Session


class ChargeDesk:
    """The use cases of a new order for goods that a customer has already."""

    def __init__(self, orders: OrderReader, session: Session, ids: Ids) -> None:
        self._orders, self._session, self._ids = orders, session, ids

    async def basket(self, order_id: str) -> Basket:
        """What left, for whom it was and whose sale it was, to be priced by today. A piece that is taken out of it
        counts as back in the shop. Raises Refused("order_unknown" | "goods_settled" | "goods_elsewhere": another shop
        has them in its books)."""
        order = await self._left(order_id)
        back = returns.returned(order)
        lines = tuple(
            BasketLine(
                line_id=self._ids.uuid7(), product_id=line.product_id, qty=line.qty - back[line.line_id],
                unit_price=line.unit_price, shares=line.guide_shares,
            )
            for line in order.lines
            if line.qty > back[line.line_id]
        )  # fmt: skip
        return Basket(
            order_id=self._ids.uuid7(), guide_id=self._session.guide_id, lines=lines, member_id=order.member_id,
            staff_id=order.staff_id, charges=order_id, charges_number=order.number,
        )  # fmt: skip

    async def settling(self, basket: Basket) -> tuple[Draft, ...]:
        """What is committed before the basket's order: the goods count as back, for the new order takes them out
        again. Nothing where it charges for no other order. Raises Refused("order_unknown" | "goods_settled": somebody
        said meanwhile what became of them | "goods_out": they are to go another way, and have left)."""
        if not basket.charges:
            return ()
        if basket.reach.kind != "take_away":
            raise Refused("goods_out")
        order = await self._left(basket.charges)
        bodies = (
            Fulfil(order_id=basket.charges, what="undo", undoes=step.op_id, charged_by=basket.order_id)
            for step in ways.left(order.fulfilment.steps)
        )
        return tuple(Draft(kind=OrderFulfil.kind, body=body) for body in bodies)

    async def reopening(self, order_id: str) -> tuple[Draft, ...]:
        """What is committed after that order was cancelled: what it charged for is out yet, and stands to be settled
        again."""
        row = await self._orders.charged_for(order_id)
        if row is None:
            return ()
        steps = row.order.fulfilment.steps
        bodies = (
            msgspec.convert({"order_id": row.id, "what": one.what, "under": one.under}, Fulfil)
            for one in steps
            if one.what in ways.OUT and ways.settled_by(steps, one.op_id) == order_id
        )
        return tuple(Draft(kind=OrderFulfil.kind, body=body) for body in bodies)

    async def _left(self, order_id: str) -> Order:
        row = await self._orders.get(order_id)
        if row is None:
            raise Refused("order_unknown")
        if row.order.state != "cancelled" or not ways.left(row.order.fulfilment.steps):
            raise Refused("goods_settled")
        if row.order.fulfilment.store_id:
            raise Refused("goods_elsewhere")
        return row.order
