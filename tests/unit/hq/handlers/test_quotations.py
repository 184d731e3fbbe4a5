"""Quotations at HQ: the promise is kept and booked as such; of two orders both stand and one is the quotation's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from guide_app.domain.records import Order, Quotation, Variance
from sync.protocol.messages import Result, WireOp
from tests.memory_hq import PRICE, MemoryShop
from tests.ops import body_of, new_id

CHEAPER = PRICE - 500
IN_TIME, LATE = "2026-12-04T15:59:59.000Z", "2026-12-04T16:00:00.000Z"
"""The last second of the shop's 4th of December, and the first one after it."""


@pytest.fixture
def shop() -> MemoryShop:
    return MemoryShop()


def said(*results: Result) -> list[tuple[str, str]]:
    return [(one.status, one.code) for one in results]


def quoted(shop: MemoryShop, **more: Any) -> str:
    """A quotation at a price that is not HQ's."""
    op = shop.maker().quote([(shop.product_id, 2, CHEAPER)], **more)
    assert said(*shop.results(op)) == [("applied", "")]
    return str(body_of(op)["quotation_id"])


def sale(shop: MemoryShop, quotation_id: str, *, price: int = CHEAPER, at: str = "", qty: int = 2) -> list[WireOp]:
    """An order and that it came of the quotation, as a tablet commits them together."""
    maker = shop.maker()
    when = {"made_at": at} if at else {}
    placed = maker.order([(shop.product_id, qty, price)], shop.list_id)
    placed = maker.op("order.place", body_of(placed), seq=1, **when)
    taken = maker.take_quote(quotation_id, body_of(placed)["order_id"])
    return [placed, maker.op("quote.take", body_of(taken), seq=2, **when)]


def order_of(shop: MemoryShop, ops: list[WireOp]) -> Order:
    found: Order = shop.record("order", body_of(ops[0])["order_id"])
    return found


def test_the_promised_price_is_kept_and_is_a_cause_of_its_own(shop: MemoryShop) -> None:
    quotation_id = quoted(shop)
    ops = sale(shop, quotation_id)
    assert said(*shop.results(*ops)) == [("applied", "variance"), ("applied", "")]
    order = order_of(shop, ops)
    assert (order.totals.total, order.quotation_id) == (2 * CHEAPER, quotation_id)
    assert order.variances == (Variance(cause="quotation", amount=-1000, id=quotation_id),)
    assert order.variance == -1000
    became: Quotation = shop.record("quotation", quotation_id)
    assert (became.state, became.order_id) == ("ordered", body_of(ops[0])["order_id"])


@pytest.mark.parametrize(
    ("more", "cause"),
    [({"at": IN_TIME}, "quotation"), ({"at": LATE}, "price"), ({"price": CHEAPER - 1}, "price"), ({"qty": 3}, "price")],
)
def test_only_what_was_promised_and_in_time_is_the_quotation_s(
    shop: MemoryShop, more: dict[str, Any], cause: str
) -> None:
    quotation_id = quoted(shop)
    ops = sale(shop, quotation_id, **more)
    shop.push(shop.stream(), ops, now=datetime(2026, 12, 6, tzinfo=UTC))
    assert [one.cause for one in order_of(shop, ops).variances] == [cause]


def test_two_offline_tablets_sell_twice_and_one_sale_is_the_quotation_s(shop: MemoryShop) -> None:
    quotation_id = quoted(shop)
    first, second = sale(shop, quotation_id), sale(shop, quotation_id)
    shop.results(*first)
    assert said(*shop.results(*second)) == [("applied", "variance"), ("applied", "quotation_gone")]
    stands = order_of(shop, second)
    assert (stands.state, stands.totals.total, stands.quotation_id) == ("accepted", 2 * CHEAPER, "")
    assert [one.cause for one in stands.variances] == ["price"], "it is judged as any sale of its day"
    assert shop.record("quotation", quotation_id).order_id == body_of(first[0])["order_id"]


def test_a_cancelled_order_gives_the_quotation_free(shop: MemoryShop) -> None:
    quotation_id = quoted(shop)
    first, second = sale(shop, quotation_id), sale(shop, quotation_id)
    shop.results(*first)
    shop.results(shop.maker().cancel(body_of(first[0])["order_id"]))
    assert shop.record("quotation", quotation_id).state == "open"
    assert said(*shop.results(*second))[1] == ("applied", "")


def test_a_quotation_that_waits_at_hq_holds_up_no_sale(shop: MemoryShop) -> None:
    maker = shop.maker()
    strange = maker.quote([(new_id(), 1, 100)])
    assert said(*shop.results(strange)) == [("parked", "product_unknown")]
    ops = sale(shop, body_of(strange)["quotation_id"])
    assert said(*shop.results(*ops)) == [("applied", "variance"), ("applied", "")]
    assert [one.cause for one in order_of(shop, ops).variances] == ["price"]


def test_taken_back_first_the_sale_stands_all_the_same(shop: MemoryShop) -> None:
    quotation_id = quoted(shop)
    shop.results(shop.maker().void_quote(quotation_id))
    ops = sale(shop, quotation_id)
    assert said(*shop.results(*ops))[1] == ("applied", "quotation_gone")
    late = quoted(shop)
    shop.results(*sale(shop, late))
    assert said(*shop.results(shop.maker().void_quote(late))) == [("rejected", "quotation_ordered")]


def test_a_guide_whom_nobody_knows_promises_nothing_yet(shop: MemoryShop) -> None:
    op = shop.maker().op("quote.make", body_of(shop.maker().quote([(shop.product_id, 1, 1)])), guide_id=new_id())
    assert said(*shop.results(op)) == [("parked", "guide_unknown")]
