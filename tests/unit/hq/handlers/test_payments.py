"""Money of orders at HQ: it has happened, so it is booked, whatever two tablets did."""

from __future__ import annotations

import pytest

from guide_app.domain import payments
from guide_app.domain.records import Order
from hq.ledger.sales import MONEY, is_sale
from sync.protocol.messages import Result, WireOp
from tests.memory_hq import PRICE, MemoryShop
from tests.ops import Maker, body_of


@pytest.fixture
def shop() -> MemoryShop:
    return MemoryShop()


def placed(shop: MemoryShop, maker: Maker) -> tuple[WireOp, str]:
    op = maker.order([(shop.product_id, 1, PRICE)], shop.list_id)
    return op, body_of(op)["order_id"]


def order_of(shop: MemoryShop, order_id: str) -> Order:
    found: Order = shop.record("order", order_id)
    return found


def said(result: Result) -> tuple[str, str]:
    return result.status, result.code


def test_an_order_is_accepted_then_paid_and_waits_again_when_the_money_goes_back(shop: MemoryShop) -> None:
    maker, stream = shop.maker(), shop.stream()
    op, order_id = placed(shop, maker)
    for one, state in (
        (op, "accepted"), (maker.pay(order_id, PRICE - 1), "accepted"), (maker.pay(order_id, 1), "paid"),
        (maker.pay_back(order_id, 1), "accepted"),
    ):  # fmt: skip
        assert said(shop.push(stream, [one]).results[0]) == ("applied", "")
        assert order_of(shop, order_id).state == state


def test_two_tablets_take_the_money_of_one_order(shop: MemoryShop) -> None:
    first, second = shop.maker(), shop.maker()
    op, order_id = placed(shop, first)
    assert said(shop.results(op, first.pay(order_id, PRICE))[1]) == ("applied", "")
    assert said(shop.results(second.pay(order_id, PRICE))[0]) == ("applied", "overpaid")
    order = order_of(shop, order_id)
    assert (order.state, len(order.payments), payments.to_refund(order)) == ("paid", 2, PRICE)


def test_what_two_tablets_gave_back_is_booked(shop: MemoryShop) -> None:
    first, second = shop.maker(), shop.maker()
    op, order_id = placed(shop, first)
    shop.results(op, first.pay(order_id, PRICE), first.pay_back(order_id, PRICE))
    assert said(shop.results(second.pay_back(order_id, PRICE))[0]) == ("applied", "paid_back_twice")
    assert payments.owed(order_of(shop, order_id)) == 2 * PRICE


def test_money_for_an_order_that_another_tablet_cancelled_is_to_be_refunded(shop: MemoryShop) -> None:
    first, second = shop.maker(), shop.maker()
    op, order_id = placed(shop, first)
    shop.results(op, first.cancel(order_id))
    assert said(shop.results(second.pay(order_id, PRICE))[0]) == ("applied", "overpaid")
    order = order_of(shop, order_id)
    assert (order.state, payments.owed(order), payments.to_refund(order)) == ("cancelled", 0, PRICE)


def test_money_that_came_before_its_order_waits_for_it(shop: MemoryShop) -> None:
    first, second = shop.maker(), shop.maker()
    op, order_id = placed(shop, first)
    assert said(shop.results(second.pay(order_id, PRICE))[0]) == ("parked", "order_unknown")
    shop.results(op)
    assert order_of(shop, order_id).payments == ()


def test_what_costs_nothing_is_paid_at_once(shop: MemoryShop) -> None:
    maker = shop.maker()
    free = maker.order([(shop.product_id, 1, 0)], shop.list_id)
    shop.results(free)
    assert order_of(shop, body_of(free)["order_id"]).state == "paid"


@pytest.mark.parametrize("kind", MONEY)
def test_money_keeps_its_body_while_it_waits(kind: str) -> None:
    assert is_sale(kind, b"{}")
    assert is_sale("", b'{"kind":"%b"}' % kind.encode())
    assert not is_sale("talk.log", b"{}")
