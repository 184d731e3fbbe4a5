"""What a return is worth, in examples."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from guide_app.domain import returns
from guide_app.domain.errors import BadInput
from guide_app.domain.pricing import Basket, Line
from guide_app.domain.records import Names, Order, OrderLine, Refund, Return, ReturnedLine, Spend
from guide_app.domain.records.promotion import BundlePart, Promotion, Selection
from tests.sold_again import GUIDE, order_of

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
SET = Promotion(
    names=Names(en="Tea set", zh="茶具"), kind="bundle", amount=10_000,
    parts=(
        BundlePart(goods=Selection(products=("pot",))), BundlePart(goods=Selection(products=("cup",)), pieces=2),
    ),
)  # fmt: skip


def basket(**promotions: Promotion) -> Basket:
    lines = (
        Line(line_id="pot", product_id="pot", qty=1, price=9_000),
        Line(line_id="cup", product_id="cup", qty=3, price=3_000),
    )
    return Basket(at=AT, lines=lines, promotions=promotions)


def came_back(order: Order, qty: int, money: int, **more: Any) -> Order:
    one = Return(
        return_id=str(len(order.returns)), guide_id=GUIDE, at="2026-11-21T10:00:00.000Z",
        lines=(ReturnedLine(line_id="cup", qty=qty),), refund=Refund(money=money), **more,
    )  # fmt: skip
    return msgspec.structs.replace(order, returns=(*order.returns, one))


def test_a_set_that_is_broken_is_told_with_what_it_costs() -> None:
    sold = basket(set=SET)
    order = order_of(sold)
    assert order.totals.total == 13_000
    told = returns.reckon(order, sold, {"cup": 2})
    assert told.back.money == 1_000, "what stays, a pot and a cup, costs 120.00 alone"
    assert [(one.kind, one.source_id, one.why and one.why.code) for one in told.forgone] == [
        ("bundle", "set", "set_incomplete")
    ]
    assert told.goods - told.back.money == told.forgone[0].amount
    rest = returns.reckon(came_back(order, 2, 1_000), sold, {"cup": 1, "pot": 1})
    assert (rest.back.money, rest.forgone) == (12_000, ())


def test_what_stays_may_cost_more_than_was_paid_and_then_nothing_is_given_yet() -> None:
    sold = basket(set=msgspec.structs.replace(SET, amount=100))
    order = order_of(sold)
    told = returns.reckon(order, sold, {"cup": 1})
    assert (order.totals.total, told.back.money, told.wanting) == (3_100, 3_000, 0)
    told = returns.reckon(order, sold, {"cup": 2})
    assert (told.back.money, told.wanting) == (0, 12_000 - 3_100)


def test_an_imported_order_goes_in_proportion_by_largest_remainder() -> None:
    line = OrderLine(line_id="cup", product_id="cup", qty=3, unit_price=400, amount=1_000)
    order = order_of(basket())
    order = msgspec.structs.replace(
        order, lines=(line,), totals=msgspec.structs.replace(order.totals, total=1_000), priced_by=None
    )
    given = []
    for _ in range(3):
        told = returns.reckon(order, None, {"cup": 1})
        given.append(told.back.money)
        order = came_back(order, 1, told.back.money)
    assert given == [333, 334, 333]
    assert returns.held(order) == 0


def test_what_is_not_priced_as_on_the_order_goes_in_proportion() -> None:
    order = order_of(basket(set=SET))
    told = returns.reckon(order, basket(), {"cup": 3})
    cups = order.lines[1].amount
    assert (told.back.money, told.forgone) == (cups, ()), "the promotion is not known here"


def test_a_return_that_was_taken_back_counts_for_nothing() -> None:
    order = order_of(basket())
    void = came_back(came_back(order, 1, 3_000), 1, 3_000, void=True)
    assert (returns.left(void), returns.held(void)) == ({"pot": 1, "cup": 2}, 15_000)
    assert returns.reckon(void, basket(), {"cup": 2}).back.money == 6_000


def test_of_a_cancelled_order_nothing_is_left() -> None:
    order = msgspec.structs.replace(came_back(order_of(basket()), 1, 3_000), state="cancelled")
    assert (returns.left(order), returns.held(order)) == ({"pot": 0, "cup": 0}, 0)
    with pytest.raises(BadInput, match="return_too_many"):
        returns.reckon(order, basket(), {"cup": 1})
    assert returns.reckon(order, basket(), {}).back.money == 0


def test_what_is_risk_is_nothing_that_the_order_gave() -> None:
    order = came_back(came_back(order_of(basket()), 3, 9_000), 0, 9_000, risk=9_000)
    assert returns.held(order) == 9_000


def test_what_leases_got_back_is_not_spent_any_more() -> None:
    order = msgspec.structs.replace(
        order_of(basket()), spends=(Spend(lease_id="a", amount=5), Spend(lease_id="b", amount=2))
    )
    order = came_back(order, 1, 3_000, spends=(Spend(lease_id="a", amount=3), Spend(lease_id="b", amount=2)))
    assert returns.spent(order) == (Spend(lease_id="a", amount=2),)
