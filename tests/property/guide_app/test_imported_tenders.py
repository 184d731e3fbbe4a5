"""An imported order's payments have no ids, only their methods: what is exchanged or refunded goes back by these."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from guide_app.domain import payments
from guide_app.domain.money import split
from guide_app.domain.pricing import Basket
from guide_app.domain.records import Order, Payment, Ref
from guide_app.operations.cards import EXCHANGE
from guide_app.operations.returns import UndoReturn
from tests.property.guide_app.baskets import baskets
from tests.property.guide_app.test_tenders import NEW, OLD, Shop, parts, replace

imports = st.lists(st.tuples(st.sampled_from(("cash", "card", "coupon")), st.integers(1, 9)), min_size=1, max_size=4)
"""By what the import says that an order was paid, and in which proportion."""
AT, LATER = "2026-01-02T09:00:00.000Z", "2026-11-21T12:00:00.000Z"


class Loaded(Shop):
    """A shop whose first order was imported."""

    def holds(self) -> None:
        moved = Counter[str]()
        for leg in (leg for order in self.orders() for leg in order.payments if leg.method == EXCHANGE):
            moved[leg.credit.leg_id if leg.credit else ""] += leg.amount if leg.kind == "paid" else -leg.amount
        assert not any(moved.values()), "what an exchange takes from the one order the other one has"


def imported(basket: Basket, mix: list[tuple[str, int]]) -> Shop:
    shop = Loaded(basket)
    order = shop.order(OLD)
    amounts = split(order.totals.total, [share for _, share in mix])
    legs = [Payment(method=method, amount=part, at=AT) for (method, _), part in zip(mix, amounts, strict=True) if part]
    shop.state.apply({Ref("order", OLD): payments.standing(replace(order, payments=tuple(legs)))})
    return shop


def paid(order: Order) -> Counter[str]:
    """What an order was paid by each method in the import."""
    found = Counter[str]()
    for leg in order.payments:
        if not leg.id:
            found[leg.method] += leg.amount
    return found


def given_back(*orders: Order) -> Counter[str]:
    """What went back by each method, went_on that went on to another order aside."""
    found = Counter[str]()
    for order in orders:
        for leg in order.payments:
            if leg.id and leg.method != EXCHANGE:
                found[leg.method] += leg.amount if leg.kind == "refunded" else -leg.amount
    return found


@settings(max_examples=60)
@given(baskets(3, 1), imports, st.randoms(use_true_random=False))
def test_what_comes_back_of_it_goes_back_by_the_methods_that_the_import_has(
    basket: Basket, mix: list[tuple[str, int]], random: Random
) -> None:
    shop = imported(basket, mix)
    told = paid(shop.order(OLD))
    for more in parts(shop.order(OLD), random):
        shop.do("order.return", shop.back(OLD, basket, more))
        before = payments.unnamed(shop.order(OLD))
        ways = payments.ways_back(shop.order(OLD))
        assert all(way.amount <= before[way.method] for way in ways), "no more by a method than it paid"
        assert len({way.method for way in ways}) == len(ways)
        for way in ways:
            leg = Payment(
                id=shop.id(), kind="refunded", method=way.method, amount=way.amount, at="2026-11-21T12:00:00Z"
            )
            shop.state.apply({Ref("order", OLD): payments.with_legs(shop.order(OLD), (leg,))})
        assert payments.to_refund(shop.order(OLD)) == 0
    assert given_back(shop.order(OLD)) == told
    assert payments.unnamed(shop.order(OLD)) == {}


@settings(max_examples=60)
@given(baskets(3, 1), baskets(3, 1), imports, st.booleans(), st.randoms(use_true_random=False))
def test_what_it_pays_in_an_exchange_goes_back_by_them_too(
    first: Basket, second: Basket, mix: list[tuple[str, int]], undone: bool, random: Random
) -> None:
    second = replace(second, coupons=(), points=0)
    shop = imported(first, mix)
    told = paid(shop.order(OLD))
    made = parts(shop.order(OLD), random)
    assume(made)
    shop.exchange(shop.back(OLD, first, made[0]), second)
    went_on = [leg for leg in shop.order(NEW).payments if leg.method == EXCHANGE]
    for leg in went_on:
        assert payments.tender(leg) in {*told, EXCHANGE}
        till = told["cash"] + told["card"]
        assert payments.tender(leg) != EXCHANGE or sum(one.amount for one in went_on) > till, "only what is no money"
        assert leg.amount <= (told[payments.tender(leg)] or leg.amount)
    credit = sum(leg.amount for leg in went_on)
    if undone:
        shop.do("order.return_undo", UndoReturn(order_id=OLD, return_id=shop.backs[OLD][0]))
        assert payments.received(shop.order(NEW)) == 0
        assert payments.received(shop.order(OLD)) == sum(told.values())
        return
    ways = payments.ways_back(replace(shop.order(NEW), state="cancelled"))
    assert sum(way.amount for way in ways) == credit
    for method in ("cash", "card"):
        assert sum(way.amount for way in ways if way.method == method) <= told[method]
    left = payments.unnamed(shop.order(OLD))
    assert sum(left.values()) + credit == sum(told.values())
