"""An exchange of what a gift card paid: its money is the card's wherever it goes, and goes back once."""

from __future__ import annotations

import msgspec
import pytest

from guide_app.domain import payments
from guide_app.domain.records import Card, Order, Wallet
from guide_app.operations.returns import LineBack
from guide_app.services.returning import paid_of
from tests.unit.guide_app.services.kit import Counter, signed_up
from tests.unit.guide_app.services.test_selling import filled, order
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS

pytestmark = pytest.mark.asyncio


class Exchange:
    """An order of 4000 that a card paid, of which pieces were exchanged for others of the same price."""

    def __init__(self, counter: Counter, old: str, new: str) -> None:
        self.counter, self.old, self.new = counter, old, new

    @classmethod
    async def made(cls, counter: Counter, lines: int, pieces: int) -> Exchange:
        """So many lines of the order come back for so many pieces."""
        member = await signed_up(counter)
        card = Card(id=uuid(), kind="card", balance=5000, digits="1234")
        await counter.bench.drain()
        counter.bench.hq.publish("wallet", member, Wallet(cards=(card,)))
        await counter.bench.drain()
        counter.lease_hq.free = {card.id: 4000}
        done = await counter.till.place(msgspec.structs.replace(await filled(counter), member_id=member))
        await counter.payments.take_from(done.order_id, card, done.total)
        going = await counter.returns.begin(done.order_id)
        assert going is not None
        back = counter.returns.body(going, all_of(going.order)[:lines])
        basket = await counter.till.add(await counter.baskets.empty(), PRODUCTS[0], pieces)
        paid = paid_of(going.order, back.refund.money)
        basket = msgspec.structs.replace(basket, member_id=member, back=back, back_paid=paid)
        return cls(counter, done.order_id, (await counter.till.place(basket)).order_id)

    async def received(self) -> tuple[int, int]:
        """What the shop has of the old order's money and of the new one's."""
        old, new = [(await order(self.counter, one)).order for one in (self.old, self.new)]
        return payments.received(old), payments.received(new)

    async def spent(self) -> int:
        """What the leases of the card have spent."""
        return sum(row.lease.spent for row in await self.counter.bench.store.leases.rows())


def all_of(order: Order) -> list[LineBack]:
    """Everything of it comes back."""
    return [LineBack(line_id=line.line_id, qty=line.qty, reason="other") for line in order.lines]


async def test_an_order_cancelled_after_an_exchange_gives_the_card_what_is_left(counter: Counter) -> None:
    exchange = await Exchange.made(counter, 1, 2)
    assert await exchange.received() == (2000, 2000)
    await counter.till.cancel(exchange.old, "other")
    assert (await exchange.received(), await exchange.spent()) == ((0, 2000), 2000)


async def test_what_a_card_paid_comes_back_on_the_card_from_the_exchange(counter: Counter) -> None:
    exchange = await Exchange.made(counter, 2, 4)
    assert await exchange.received() == (0, 4000)
    going = await counter.returns.begin(exchange.new)
    assert going is not None
    await counter.returns.take_back(going, all_of(going.order))
    assert (await exchange.received(), await exchange.spent()) == ((0, 0), 0)
    assert (await counter.payments.refund(exchange.new)).done == 0
    legs = (await order(counter, exchange.new)).order.payments
    assert {(leg.kind, leg.method, leg.amount) for leg in legs} == {
        ("paid", "exchange", 4000), ("refunded", "gift_card", 4000),
    }  # fmt: skip


async def test_an_undone_exchange_gives_the_card_its_order_again(counter: Counter) -> None:
    exchange = await Exchange.made(counter, 1, 2)
    one = await counter.returns.undoable(await order(counter, exchange.new))
    assert one is not None
    await counter.returns.take_undone(one)
    assert (await exchange.received(), await exchange.spent()) == ((4000, 0), 4000)


async def test_an_exchange_that_was_cancelled_and_then_undone_leaves_owed_what_the_card_has(counter: Counter) -> None:
    exchange = await Exchange.made(counter, 1, 2)
    await counter.till.cancel(exchange.new, "other")
    assert (await exchange.received(), await exchange.spent()) == ((2000, 0), 2000)
    one = await counter.returns.undoable(await order(counter, exchange.old))
    assert one is not None
    await counter.returns.take_undone(one)
    old = (await order(counter, exchange.old)).order
    assert (await exchange.received(), await exchange.spent(), payments.owed(old)) == ((2000, 0), 2000, 2000)
