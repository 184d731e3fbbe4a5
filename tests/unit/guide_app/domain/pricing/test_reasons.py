"""Coupons, discounts by hand, points, groups and changes: what is used, what is not, and what is said of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from guide_app.domain.errors import BadInput, Defect
from guide_app.domain.pricing import (
    Basket,
    Buyer,
    ChosenCoupon,
    Line,
    Manual,
    Rounding,
    Step,
    Why,
    changes,
    held_for,
    price,
    prices_alone,
    take_back,
)
from guide_app.domain.records import Names
from guide_app.domain.records.promotion import Promotion, Selection

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
replace = msgspec.structs.replace


def basket(*lines: tuple[str, int, int], **told: Any) -> Basket:
    """A line's id is its product."""
    return Basket(
        at=AT, lines=tuple(Line(line_id=id_, product_id=id_, qty=n, price=each) for id_, n, each in lines), **told
    )


def promotion(kind: str, **told: Any) -> Promotion:
    """One of that kind."""
    return Promotion(names=Names(en=kind), kind=kind, version=3, **told)


def used(coupon_id: str, template: str = "c") -> ChosenCoupon:
    """A coupon that was chosen."""
    return ChosenCoupon(coupon_id=coupon_id, promotion_id=template)


def test_each_reduction_names_its_promotion_and_version() -> None:
    priced = price(basket(("tea", 2, 1000), promotions={"p": promotion("percentage", percent=1000)}))
    (one,) = priced.lines[0].reductions
    assert (one.step, one.kind, one.amount, one.pieces) == (Step.PIECES, "percentage", 200, 2)
    assert (one.source_id, one.promotion_id, one.version, one.names) == ("p", "p", 3, Names(en="percentage"))


def test_coupons_are_used_once_and_so_many_at_once() -> None:
    template = {"c": promotion("coupon", amount=300, stacks=True)}
    chosen = (used("k1"), used("k1"), used("k2"), used("k3", "gone"))
    priced = price(basket(("tea", 1, 1000), promotions=template, coupons=chosen))
    assert (priced.total, priced.coupons) == (700, ("k1",))
    assert {one.source_id: one.why for one in priced.not_applied} == {
        "k2": Why(code="coupons_at_once", values={"most": 1}),
        "k3": Why(code="coupon_unknown"),
    }
    many = {"c": promotion("coupon", amount=300, stacks=True, repeats=2)}
    assert price(basket(("tea", 1, 1000), promotions=many, coupons=chosen)).coupons == ("k1", "k2")


def test_a_coupon_says_what_it_lacks_and_when_nothing_is_left_to_take_off() -> None:
    short = {"c": promotion("coupon", amount=300, min_amount=2000)}
    priced = price(basket(("tea", 1, 1000), promotions=short, coupons=(used("k"),)))
    assert priced.not_applied[0].why == Why(code="amount_missing", values={"need": 2000, "have": 1000})
    free = {"c": promotion("coupon", amount=300, stacks=True), "p": promotion("percentage", percent=10_000)}
    priced = price(basket(("tea", 1, 1000), promotions=free, coupons=(used("k"),)))
    assert (priced.total, priced.not_applied[0].why) == (0, Why(code="nothing_left"))


def test_by_hand_lines_come_before_the_order_and_who_approved_is_told() -> None:
    manual = (
        Manual(manual_id="order", percent=1000),
        Manual(manual_id="line", line_id="tea", amount=500, label="scratched", approved_by="manager"),
        Manual(manual_id="lost", line_id="cup", amount=5),
    )
    priced = price(basket(("tea", 1, 1000), manual=manual))
    first, second = priced.lines[0].reductions
    assert (first.amount, first.label, first.approved_by) == (500, "scratched", "manager")
    assert (second.source_id, second.amount) == ("order", 50)
    assert [(one.source_id, one.why.code) for one in priced.not_applied] == [("lost", "line_unknown")]


def test_points_pay_by_the_best_rate_and_the_last_one_may_be_worth_less() -> None:
    rates = {
        "a": promotion("points", points=100, amount=100),
        "b": promotion("points", points=100, amount=300),
    }
    priced = price(basket(("tea", 1, 1000), promotions=rates, points=1000))
    assert (priced.total, priced.points, priced.taken("b")) == (0, 334, 1000)
    assert price(basket(("tea", 1, 1000), promotions=rates, points=10)).total == 970


@pytest.mark.parametrize(("mode", "price_of_one", "total"), [
    ("down", 1004, 1000), ("down", 1009, 1005),
    ("nearest", 1002, 1000), ("nearest", 1003, 1005), ("nearest", 1005, 1005),
])  # fmt: skip
def test_the_total_is_rounded(mode: Any, price_of_one: int, total: int) -> None:
    priced = price(basket(("tea", 1, price_of_one), rounding=Rounding(unit=5, mode=mode)))
    assert priced.total == priced.lines[0].amount == total


def test_the_free_piece_moves_to_a_dearer_line_and_that_is_told() -> None:
    three = {"p": promotion("buy_get", buy=1, get=1, percent=10_000)}
    before = price(basket(("cup", 2, 300), promotions=three))
    after = price(basket(("cup", 2, 300), ("pot", 2, 900), promotions=three))
    (told,) = changes(before, after)
    assert (told.line_id, told.code, told.amount, told.source_id) == ("cup", "moved", -300, "p")


def test_what_is_spread_is_shared_and_what_gives_way_says_to_whom() -> None:
    ten = {"p": promotion("amount", reach="order", amount=1000, stacks=True)}
    before = price(basket(("cup", 1, 3000), promotions=ten))
    after = price(basket(("cup", 1, 3000), ("pot", 1, 3000), promotions=ten))
    assert [(one.code, one.amount) for one in changes(before, after)] == [("shared", -500)]
    two = {
        "p": promotion("percentage", percent=1000, group="g"),
        "q": promotion("amount", goods=Selection(products=("pot",)), amount=2000, group="g"),
    }
    before = price(basket(("cup", 1, 3000), promotions=two))
    after = price(basket(("cup", 1, 3000), ("pot", 1, 3000), promotions=two))
    (told,) = changes(before, after)
    assert (told.code, told.why) == ("gone", Why(code="one_of_group", values={"applied": "q"}))


def test_of_a_group_one_applies_even_where_a_coupon_looks_at_some_goods_only() -> None:
    goods = Selection(products=("pot",))
    told = {
        "p": promotion("percentage", percent=1000, group="g"),
        "q": promotion("percentage", goods=goods, percent=3000, group="g"),
        "c": promotion("coupon", goods=goods, percent=5000, stacks=True),
    }
    priced = price(basket(("cup", 1, 3000), ("pot", 1, 3000), promotions=told, coupons=(used("k"),)))
    assert [priced.taken(one) for one in ("p", "q", "k")] == [600, 0, 1350]


def test_what_is_held_comes_back_with_points_and_coupons() -> None:
    sold = basket(
        ("tea", 1, 1000), ("cup", 1, 1000), coupons=(used("k"),), points=300,
        promotions={
            "c": promotion("coupon", amount=200, min_amount=2000, stacks=True),
            "p": promotion("points", points=1, amount=1),
        },
    )  # fmt: skip
    held = held_for(price(sold))
    assert (held.money, held.points, held.coupons) == (1500, 300, ("k",))
    first = take_back(sold, {"cup": 1}, held)
    assert (first.back.money, first.back.points, first.back.coupons) == (800, 0, ("k",))
    last = take_back(sold, {"cup": 1, "tea": 1}, first.held)
    assert (last.back.money, last.back.points, last.back.coupons) == (700, 300, ())


def test_an_amount_by_hand_goes_with_the_goods_that_it_was_given_on() -> None:
    sold = basket(("tea", 4, 1000), manual=(Manual(manual_id="m", line_id="tea", amount=800),))
    done = take_back(sold, {"tea": 1}, held_for(price(sold)))
    assert (done.stays.total, done.back.money) == (2400, 800)


@pytest.mark.parametrize("back", [{"tea": 2}, {"tea": -1}, {"cup": 1}])
def test_no_more_comes_back_than_was_sold(back: dict[str, int]) -> None:
    sold = basket(("tea", 1, 1000))
    with pytest.raises(BadInput, match="return_too_many"):
        take_back(sold, back, held_for(price(sold)))


def test_two_lines_of_one_id_are_a_mistake_of_ours() -> None:
    with pytest.raises(Defect):
        price(basket(("tea", 1, 1), ("tea", 1, 1)))


def test_equal_lines_share_an_odd_cent_the_same_way_in_any_order() -> None:
    ten = {"p": promotion("amount", reach="order", amount=10, stacks=True)}
    lines = [("cup", 1, 100), ("pot", 1, 100), ("tea", 1, 100)]
    one, two = price(basket(*lines, promotions=ten)), price(basket(*reversed(lines), promotions=ten))
    assert [line.amount for line in one.lines] == [line.amount for line in reversed(two.lines)] == [96, 97, 97]


def test_a_smaller_promotion_for_the_same_pieces_does_not_spoil_a_better_combination() -> None:
    told = {
        "half": promotion("percentage", percent=5000, cap=10),
        "second": promotion("buy_get", buy=1, get=1, percent=3000),
    }
    lines = [("cup", 1, 17), ("pot", 1, 22), ("tea", 1, 35)]
    alone = price(basket(*lines, promotions=told))
    more = price(basket(*lines, promotions={**told, "tenth": promotion("percentage", percent=1000)}))
    assert (alone.total, more.total) == (58, 58)


def test_a_catalogue_shows_what_one_piece_costs_this_customer() -> None:
    asked = basket(
        ("tea", 5, 1000), ("cup", 2, 200), coupons=(used("k"),), points=100, manual=(Manual(manual_id="m", amount=50),),
        promotions={
            "c": promotion("coupon", amount=300, stacks=True),
            "g": promotion("percentage", goods=Selection(products=("tea",)), percent=2000),
            "m": promotion("member_price", percent=5000),
            "s": promotion("buy_get", buy=1, get=1, percent=10_000),
        },
    )  # fmt: skip
    assert prices_alone(asked, asked.lines) == {"tea": 800, "cup": 200}
    assert prices_alone(replace(asked, buyer=Buyer()), asked.lines) == {"tea": 400, "cup": 100}
