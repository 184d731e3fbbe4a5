"""Whatever was sold: the order, priced again by what it keeps, costs what it cost, and by the same reasons."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.clock import to_text
from guide_app.domain.pricing import Basket, Goods, Priced, basket_of, discounts, price, priced_by
from guide_app.domain.records import Order, OrderLine, Totals
from tests.property.guide_app.baskets import baskets

change = msgspec.structs.replace


def order_of(basket: Basket, priced: Priced) -> Order:
    """The order that a tablet makes of it."""
    lines = [
        OrderLine(
            line_id=line.line_id, product_id=line.product_id, qty=line.qty, unit_price=line.price, amount=line.amount,
            discounts=discounts(line),
        )
        for line in priced.lines
    ]  # fmt: skip
    return Order(
        number="1", state="placed", guide_id="g", placed_at=to_text(basket.at), currency="CNY", lines=tuple(lines),
        totals=Totals(lines=priced.gross, discounts=priced.discounts, total=priced.total), priced_by=priced_by(basket),
    )  # fmt: skip


def goods_of(basket: Basket) -> dict[str, Goods]:
    return {line.product_id: Goods(line.brand, line.categories, line.gift_card) for line in basket.lines}


@given(baskets())
def test_an_order_priced_again_costs_the_same_for_the_same_reasons(basket: Basket) -> None:
    priced = price(basket)
    order = order_of(basket, priced)
    again = price(basket_of(order, goods_of(basket), basket.promotions, basket.at))
    assert [discounts(line) for line in again.lines] == [line.discounts for line in order.lines]
    assert (again.total, again.coupons, again.points) == (priced.total, priced.coupons, priced.points)


@given(baskets(), st.booleans())
def test_only_the_versions_of_its_moment_count(basket: Basket, later: bool) -> None:
    """Others ended before, or began after."""
    at = to_text(basket.at)
    other = {"since": "9999-01-01T00:00:00.000Z"} if later else {"until_moment": at}
    known = basket.promotions | {f"other {row_id}": change(one, **other) for row_id, one in basket.promotions.items()}
    order = order_of(basket, price(basket))
    assert basket_of(order, {}, known, basket.at).promotions == basket.promotions


@given(baskets())
def test_what_does_not_say_what_it_was_priced_by_keeps_its_discounts(basket: Basket) -> None:
    order = change(order_of(basket, price(change(basket, rounding=type(basket.rounding)()))), priced_by=None)
    again = price(basket_of(order, {}, {}, basket.at))
    assert [line.amount for line in again.lines] == [line.amount for line in order.lines]
