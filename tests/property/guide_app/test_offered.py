"""What a customer is offered: true to the cent, for any basket and any promotions."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.pricing import Basket, ChosenCoupon, best_coupons, coupons_offered, points_offered, price
from guide_app.domain.pricing.offered import AT_ONCE, TOGETHER
from tests.property.guide_app.baskets import baskets

replace = msgspec.structs.replace


def held(basket: Basket, times: int = 1) -> tuple[ChosenCoupon, ...]:
    """Coupons of every template in reach, some of each."""
    templates = [key for key, one in basket.promotions.items() if one.kind == "coupon"]
    return tuple(ChosenCoupon(coupon_id=f"{key}-{n}", promotion_id=key) for n in range(times) for key in templates)


@given(baskets(), st.integers(1, 2))
def test_what_a_coupon_is_said_to_take_off_is_what_it_takes_off_once_it_is_chosen(drawn: Basket, times: int) -> None:
    basket = replace(drawn, coupons=())
    for one in coupons_offered(basket, held(basket, times)):
        with_it = price(replace(basket, coupons=(one.coupon,)))
        assert one.saves == with_it.taken(one.coupon.coupon_id)
        assert (one.saves > 0) == (one.why is None)
        assert not one.chosen
        (again,) = coupons_offered(replace(basket, coupons=(one.coupon,)), (one.coupon,))
        assert (again.chosen, again.saves, again.why) == (True, one.saves, one.why)


@given(baskets(), st.integers(1, 3))
def test_with_the_best_coupons_nobody_pays_more_and_each_of_them_takes_something_off(drawn: Basket, times: int) -> None:
    bare = replace(drawn, coupons=(), points=0)
    coupons = held(drawn, times)
    best = best_coupons(drawn, coupons)
    with_best = price(replace(bare, coupons=best))
    assert len(set(best)) == len(best) <= AT_ONCE
    assert set(best) <= set(coupons)
    assert set(with_best.coupons) == {one.coupon_id for one in best}
    for one in ((), *((coupon,) for coupon in coupons)):
        assert with_best.total <= price(replace(bare, coupons=one)).total
    if len(coupons) <= TOGETHER:
        assert with_best.total <= price(replace(bare, coupons=coupons)).total
        for chosen in best:
            fewer = tuple(one for one in best if one != chosen)
            assert price(replace(bare, coupons=fewer)).total > with_best.total


@given(baskets(), st.integers(1, 5_000))
def test_points_pay_what_is_said_and_no_more_than_there_are_are_used(basket: Basket, points: int) -> None:
    told, without = points_offered(basket, points), price(replace(basket, points=0))
    priced = price(replace(basket, points=points))
    assert 0 <= told.points <= points
    assert (told.points, told.points > 0) == (priced.points, told.worth > 0)
    assert told.worth == sum(one.amount for line in priced.lines for one in line.reductions if one.kind == "points")
    assert (told.why is None) == (told.worth > 0)
    assert told.worth <= without.gross
    again = points_offered(basket, told.points) if told.points else told
    assert (again.points, again.worth) == (told.points, told.worth)
