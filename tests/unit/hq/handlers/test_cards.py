"""Gift cards that are sold: they have their value while their order is paid, and every movement is in their ledger."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain import gift_cards, payments
from guide_app.domain.records import Instrument, Order
from hq.cards.values import CardEntry
from hq.leases.values import Value
from sync.protocol.messages import Result, WireOp
from tests.memory_hq import NOW, PRICE, MemoryShop
from tests.ops import Maker, body_of, new_id
from tests.unit.hq.handlers.test_leases import said

FACE = 20_000


class Counter:
    """A shop with a tablet and a gift card that nobody bought yet."""

    def __init__(self) -> None:
        self.shop = MemoryShop()
        self.maker, self.stream = self.shop.maker(), self.shop.stream()
        self.card, self.number = self.shop.gift_card(FACE)

    def send(self, *ops: WireOp) -> list[Result]:
        return list(self.shop.push(self.stream, ops, now=NOW).results)

    def placed(self, pieces: int = 1, maker: Maker | None = None) -> tuple[WireOp, str, str]:
        """An order of so many, with its id and its line's."""
        op = (maker or self.maker).order([(self.shop.product_id, pieces, PRICE)], self.shop.list_id)
        body = body_of(op)
        return op, body["order_id"], body["lines"][0]["line_id"]

    def sold(self) -> str:
        """The card is sold and paid for."""
        op, order_id, line_id = self.placed()
        self.send(op, self.maker.hand_over(order_id, line_id, self.number), self.maker.pay(order_id, PRICE))
        return order_id

    def value(self) -> Value:
        found = self.shop.value(self.card)
        assert found.card is not None
        return found

    def ledger(self, card: Instrument | None = None) -> list[tuple[str, int]]:
        rows = (row.record for (_, ref), row in self.shop.hq.state.rows.items() if ref.entity == "card_entry")
        wanted = (card or self.card).id
        return sorted((one.kind, one.amount) for one in rows if isinstance(one, CardEntry) and one.card_id == wanted)

    def conserved(self) -> int:
        """What is left on the card by its ledger, which is what its instrument and the orders say."""
        rows: list[Any] = [row.record for row in self.shop.hq.state.rows.values()]
        spent = sum(payments.from_leases(row).total() for row in rows if isinstance(row, Order))
        left = self.value().balance - self.value().owed - spent
        assert sum(amount for _, amount in self.ledger()) == left
        return left


@pytest.fixture
def counter() -> Counter:
    return Counter()


def test_a_card_has_its_value_once_its_order_is_paid(counter: Counter) -> None:
    op, order_id, line_id = counter.placed()
    handed = counter.maker.hand_over(order_id, line_id, counter.number)
    assert [said(one) for one in counter.send(op, handed)] == [("applied", ""), ("applied", "")]
    assert (counter.value().balance, counter.ledger()) == (0, [])
    assert [said(one) for one in counter.send(handed)] == [("applied", "")], "the same once more is the same"
    counter.send(counter.maker.pay(order_id, PRICE - 1))
    assert counter.conserved() == 0
    counter.send(counter.maker.pay(order_id, 1))
    assert (counter.conserved(), counter.ledger()) == (FACE, [("sold", FACE)])
    order: Order = counter.shop.record("order", order_id)
    assert [(one.number, one.line_id) for one in order.cards] == [(counter.number, line_id)]


def test_of_two_tablets_that_sell_one_card_the_first_has_it(counter: Counter) -> None:
    counter.sold()
    other = counter.shop.maker()
    op, order_id, line_id = counter.placed(maker=other)
    sold, paid = other.hand_over(order_id, line_id, counter.number), other.pay(order_id, PRICE)
    assert [said(one) for one in counter.shop.results(op, sold, paid)][1:] == [
        ("rejected", "card_taken"), ("applied", ""),
    ]  # fmt: skip
    assert counter.conserved() == FACE


def test_a_number_that_hq_never_made_is_refused(counter: Counter) -> None:
    op, order_id, line_id = counter.placed()
    unknown = counter.maker.hand_over(order_id, line_id, gift_cards.numbered(43))
    mistyped = counter.maker.hand_over(order_id, line_id, counter.number[:-1] + "0")
    results = counter.send(op, unknown, mistyped)
    assert [said(one) for one in results[1:]] == [("rejected", "card_unknown"), ("parked", "body_invalid")]


def test_a_card_of_an_order_that_is_not_here_waits(counter: Counter) -> None:
    waits = counter.maker.hand_over(new_id(), new_id(), counter.number)
    assert said(counter.send(waits)[0]) == ("parked", "order_unknown")


def test_a_cancelled_order_takes_the_value_back_and_what_was_leased_is_owed(counter: Counter) -> None:
    order_id = counter.sold()
    counter.shop.grant(new_id(), counter.card, 5_000)
    counter.send(counter.maker.cancel(order_id))
    value = counter.value()
    assert (counter.conserved(), value.balance, value.owed, value.free) == (0, 5_000, 5_000, 0)
    assert counter.ledger() == [("sold", FACE), ("unsold", -FACE)]


def test_of_two_cards_of_a_line_the_last_goes_when_a_piece_comes_back(counter: Counter) -> None:
    second, number = counter.shop.gift_card(FACE, 77)
    op, order_id, line_id = counter.placed(2)
    counter.send(
        op, counter.maker.hand_over(order_id, line_id, counter.number),
        counter.maker.hand_over(order_id, line_id, number), counter.maker.pay(order_id, 2 * PRICE),
    )  # fmt: skip
    assert counter.ledger(second) == [("sold", FACE)]
    back = {
        "order_id": order_id, "return_id": new_id(), "refund": {"money": PRICE},
        "lines": [{"line_id": line_id, "qty": 1, "reason": "unused"}],
        "legs": [{"leg_id": new_id(), "method": "cash", "amount": PRICE}],
    }  # fmt: skip
    assert said(counter.send(counter.maker.op("order.return", back))[0]) == ("applied", "")
    assert (counter.ledger(), counter.ledger(second)) == ([("sold", FACE)], [("sold", FACE), ("unsold", -FACE)])


def test_a_card_pays_in_another_store_of_the_chain(counter: Counter) -> None:
    counter.sold()
    there = MemoryShop(hq=counter.shop.hq)
    device = new_id()
    row = there.grant(device, counter.card, 1_000).lease
    assert row is not None
    maker = there.maker()
    op = maker.order([(there.product_id, 1, PRICE)], there.list_id)
    order_id = body_of(op)["order_id"]
    paid = maker.by_card(order_id, counter.card.id, row.id, 800)
    stream = there.stream()
    assert [said(one) for one in there.push(stream, [op, paid]).results][1] == ("applied", "")
    back = maker.back_on_card(order_id, body_of(paid)["legs"][0]["leg_id"], 300)
    assert said(there.push(stream, [back]).results[0]) == ("applied", "")
    moved = there.value(counter.card)
    assert (moved.balance, moved.held) == (FACE, 1_000)
    counter.shop.grant(new_id(), counter.card, FACE)
    assert counter.value().held == FACE, "and the store that sold it leases the rest"
    assert counter.conserved() == FACE - 500


def test_nothing_is_leased_of_a_blocked_card(counter: Counter) -> None:
    counter.sold()
    assert counter.shop.grant(new_id(), counter.card, 100).granted == 100
    value = counter.value()
    assert value.card is not None
    counter.shop.blocks(counter.card)
    answer = counter.shop.grant(new_id(), counter.card, 100)
    assert (answer.granted, answer.code) == (0, "nothing_left")
