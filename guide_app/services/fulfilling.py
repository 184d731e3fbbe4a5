"""How the goods of an order reach the customer: what a choice needs, and pieces that are put aside for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from guide_app.domain import fulfilment, payments, ways
from guide_app.domain.clock import Clock
from guide_app.domain.errors import BadInput, NoNetwork, Refused
from guide_app.domain.leases import stock_instrument
from guide_app.domain.records import Order, OrderLine
from guide_app.domain.records.order import FulfilWhat
from guide_app.domain.shopday import ShopDay
from guide_app.operations.fulfilling import Fulfil, OrderFulfil, OrderReroute, Reroute
from guide_app.operations.leases import Spending
from guide_app.operations.orders import PlacedLine, WantedFulfilment, staying
from guide_app.services.leases import LeaseDesk
from guide_app.services.ports.catalogue import CatalogueReader
from guide_app.services.ports.orders import OrderReader
from guide_app.services.ports.shop import ShopReader
from guide_app.services.ports.writing import Draft, Journal
from guide_app.services.session import Session


class FulfilDesk:
    """The use cases of goods that are handed over later."""

    def __init__(self, leases: LeaseDesk, catalogue: CatalogueReader, shop: ShopReader, clock: Clock) -> None:
        self._leases, self._catalogue, self._shop, self._clock = leases, catalogue, shop, clock

    async def today(self) -> str:
        """The shop's day, 2026-11-21."""
        return (await self._day()).today().isoformat()

    async def lacks(self, wanted: WantedFulfilment) -> str:
        """What the choice still needs, as a code (`fulfilment.lacks`)."""
        return fulfilment.lacks(wanted, (await self._day()).today())

    async def check(self, wanted: WantedFulfilment) -> None:
        """Raises BadInput with the code of what the choice still needs."""
        if code := await self.lacks(wanted):
            raise BadInput(code)

    async def promise(self, wanted: WantedFulfilment, lines: Iterable[PlacedLine | OrderLine]) -> tuple[Spending, ...]:
        """Puts pieces of this shop aside for goods that are handed over later, so that no other tablet promises them
        too; nothing for what is taken away now, for what another shop hands over, and of what no books are kept.

        Raises Refused("promise_too_little": they are not all free | "promise_no_network": HQ has to say so first).
        """
        if not fulfilment.promised(wanted.stored):
            return ()
        store_id = await self._store_id()
        pieces = await self._kept_books_of(lines)
        spends: list[Spending] = []
        for product_id, qty in sorted(pieces.items()):
            try:
                spends += await self._leases.need(stock_instrument(store_id, product_id), qty, product_id)
            except NoNetwork as problem:
                raise Refused("promise_no_network") from problem
            except Refused as problem:
                raise Refused("promise_too_little") from problem
        return tuple(spends)

    async def _kept_books_of(self, lines: Iterable[PlacedLine | OrderLine]) -> Mapping[str, int]:
        """Product → pieces, of those that the shop keeps books of."""
        pieces = Counter[str]()
        for line in lines:
            pieces[line.product_id] += line.qty
        known = {row.id for row in await self._catalogue.get([*pieces]) if row.on_hand is not None}
        return {product_id: qty for product_id, qty in pieces.items() if product_id in known}

    async def _day(self) -> ShopDay:
        tablet = await self._shop.tablet()
        return ShopDay(self._clock, tablet.time_zone if tablet else "UTC")

    async def _store_id(self) -> str:
        tablet = await self._shop.tablet()
        return tablet.store_id if tablet else ""


class GoodsDesk:
    """What is done about the goods of orders that are handed over later."""

    def __init__(self, orders: OrderReader, ways: FulfilDesk, journal: Journal, session: Session) -> None:
        self._orders, self.ways, self._journal, self._session = orders, ways, journal, session

    async def order(self, order_id: str) -> Order:
        """Raises Refused("order_unknown")."""
        row = await self._orders.get(order_id)
        if row is None:
            raise Refused("order_unknown")
        return row.order

    async def step(self, order_id: str, what: FulfilWhat) -> str:
        """One step; the name by which it is taken back. Raises Refused("not_paid" | "already_cancelled"), NotSaved."""
        order = await self.order(order_id)
        under = ways.in_force(order.fulfilment.steps)
        body = msgspec.convert({"order_id": order_id, "what": what, "under": under}, Fulfil)
        if what in ("shipped", "done") and payments.owed(order):
            raise Refused("not_paid")
        before = {one.op_id for one in order.fulfilment.steps}
        await self._journal.commit(self._session.guide_id, Draft(kind=OrderFulfil.kind, body=body))
        after = (await self.order(order_id)).fulfilment.steps
        return next((one.op_id for one in after if one.op_id not in before), "")

    async def take_back(self, order_id: str, step: str) -> None:
        """A step was none. Raises Refused, NotSaved."""
        body = Fulfil(order_id=order_id, what="undo", undoes=step)
        await self._journal.commit(self._session.guide_id, Draft(kind=OrderFulfil.kind, body=body))

    async def goods_left(self, order_id: str) -> None:
        """They did leave, before another way was chosen: the other way is none. Raises Refused, NotSaved."""
        for step in ways.too_late((await self.order(order_id)).fulfilment.steps):
            await self.take_back(order_id, step.op_id)

    async def goods_here(self, order_id: str) -> None:
        """They did not leave: the step that said so was none, and the other way counts. Raises Refused, NotSaved."""
        for step in ways.departures((await self.order(order_id)).fulfilment.steps):
            await self.take_back(order_id, step.op_id)

    async def goods_back(self, order_id: str) -> None:
        """Goods that left though the order was cancelled are in the shop again. Raises Refused, NotSaved."""
        for step in ways.left((await self.order(order_id)).fulfilment.steps):
            await self.take_back(order_id, step.op_id)

    async def settled_seen(self, order_id: str) -> None:
        """The shop has seen that two people settled goods that left, and did what there was to do. Raises Refused,
        NotSaved."""
        for step in ways.settled_twice((await self.order(order_id)).fulfilment.steps):
            await self._see(order_id, step.op_id)

    async def given_up(self, order_id: str) -> None:
        """Goods that left though the order was cancelled do not come back; the books stay less by them. Raises Refused,
        NotSaved."""
        steps = (await self.order(order_id)).fulfilment.steps
        for step in ways.left(steps):
            if step.op_id not in ways.seen(steps):
                await self._see(order_id, step.op_id)

    async def seen(self, order_id: str) -> None:
        """The shop knows which way HQ's people chose. Raises Refused, NotSaved."""
        if way := ways.chosen_by_hq((await self.order(order_id)).fulfilment.steps):
            await self._see(order_id, way)

    async def _see(self, order_id: str, op_id: str) -> None:
        body = Fulfil(order_id=order_id, what="seen", undoes=op_id)
        await self._journal.commit(self._session.guide_id, Draft(kind=OrderFulfil.kind, body=body))

    async def reroute(self, order_id: str, wanted: WantedFulfilment) -> None:
        """Another way. Raises as `FulfilDesk.check` and `promise`, Refused("already_shipped" | "already_cancelled"),
        NotSaved."""
        order = await self.order(order_id)
        await self.ways.check(wanted)
        kept = fulfilment.promised(order.fulfilment)
        spends = () if kept else await self.ways.promise(wanted, staying(order))
        body = Reroute(order_id=order_id, fulfilment=wanted, spends=spends, member_id=order.member_id or None)
        await self._journal.commit(self._session.guide_id, Draft(kind=OrderReroute.kind, body=body))
