"""Prices: whatever is in the basket and whatever is in force, lines, total and reasons agree to the cent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from random import Random
from typing import TypeVar

import msgspec
from hypothesis import event, given
from hypothesis import strategies as st

from guide_app.domain.pricing import (
    Basket,
    Buyer,
    Line,
    Priced,
    Step,
    audience,
    changes,
    covered,
    held_for,
    price,
    prices_alone,
    take_back,
)
from guide_app.domain.records.promotion import Promotion
from tests.property.guide_app.baskets import AT, CARD, amounts, baskets, contenders, contested, line_of, promotions

Item = TypeVar("Item")
replace = msgspec.structs.replace


@given(baskets())
def test_lines_add_up_and_each_cent_has_a_reason(basket: Basket) -> None:
    priced = price(basket)
    assert [line.line_id for line in priced.lines] == [line.line_id for line in basket.lines]
    assert priced.gross == sum(line.qty * line.price for line in basket.lines)
    for line in priced.lines:
        assert line.amount == line.qty * line.price - sum(one.amount for one in line.reductions)
        assert line.amount >= 0
        steps = [one.step for one in line.reductions]
        assert steps == sorted(steps)
        for one in line.reductions:
            assert one.amount > 0 or (one.amount < 0 and one.step == Step.ROUNDING)
            assert one.source_id or one.step == Step.ROUNDING
            assert not one.promotion_id or one.promotion_id in basket.promotions
    assert priced.total == sum(line.amount for line in priced.lines) == priced.gross - priced.discounts
    cards = sum(line.qty * line.price for line in basket.lines if line.gift_card)
    assert (priced.total - cards) % basket.rounding.unit == 0


@given(baskets(least_lines=1), st.integers(0, 3), amounts)
def test_a_gift_card_costs_its_face_value_and_all_else_what_it_would_without(
    basket: Basket, qty: int, face: int
) -> None:
    goods = replace(basket, lines=tuple(line for line in basket.lines if not line.gift_card))
    with_it = replace(goods, lines=(line_of("card", CARD, qty, face), *goods.lines))
    without, priced = price(goods), price(with_it)
    card, *others = priced.lines
    assert (card.amount, card.reductions) == (qty * face, ())
    assert others == list(without.lines)
    assert (priced.total, priced.points, priced.coupons) == (
        without.total + qty * face, without.points, without.coupons
    )  # fmt: skip
    silent = {one.source_id: one.why.code for one in without.not_applied}
    told = {one.source_id: one.why.code for one in priced.not_applied}
    assert told.keys() == silent.keys()
    assert {told[one] for one in told if told[one] != silent[one]} <= {"gift_card"}
    assert not changes(without, priced)
    assert not any("card" in lines for lines in covered(with_it).values())


@given(baskets(least_lines=1), st.integers(1, 3), amounts, st.randoms(use_true_random=False))
def test_a_gift_card_that_comes_back_gives_its_face_value_and_touches_nothing_else(
    basket: Basket, qty: int, face: int, random: Random
) -> None:
    goods = replace(basket, lines=tuple(line for line in basket.lines if not line.gift_card))
    with_it = replace(goods, lines=(line_of("card", CARD, qty, face), *goods.lines))
    back = {line.line_id: random.randint(0, line.qty) for line in goods.lines}
    of_goods = take_back(goods, back, held_for(price(goods)))
    back["card"] = random.randint(0, qty)
    of_both = take_back(with_it, back, held_for(price(with_it)))
    stays = (qty - back["card"]) * face
    assert of_both.stays.total == of_goods.stays.total + stays
    assert (of_both.back.points, of_both.back.coupons) == (of_goods.back.points, of_goods.back.coupons) or (
        of_goods.stays.total > price(goods).total  # the goods' wanting goes off the card
    )
    wanting = max(0, of_goods.stays.total - price(goods).total)
    assert of_both.back.money == max(0, of_goods.back.money + back["card"] * face - wanting)


@given(baskets())
def test_whatever_took_nothing_off_says_why_and_nothing_else_does(basket: Basket) -> None:
    priced = price(basket)
    silent = {one.source_id for one in priced.not_applied}
    told = Counter(one.source_id for one in priced.not_applied)
    assert set(told.values()) <= {1}
    taken = {one.source_id for line in priced.lines for one in line.reductions}
    assert not silent & taken
    asked = {key for key, one in basket.promotions.items() if one.kind not in ("coupon", "points")}
    asked |= {one.coupon_id for one in basket.coupons} | {one.manual_id for one in basket.manual}
    assert asked <= silent | taken
    assert set(priced.coupons) == taken & {one.coupon_id for one in basket.coupons}


@given(baskets())
def test_limits_of_promotions_hold(basket: Basket) -> None:
    priced = price(basket)
    applied = {one.promotion_id for line in priced.lines for one in line.reductions if one.promotion_id}
    groups = Counter(
        one.group for key, one in basket.promotions.items() if key in applied and one.kind not in ("coupon", "points")
    )
    assert all(count == 1 for group, count in groups.items() if group)
    for key in applied:
        one = basket.promotions[key]
        if one.cap and one.kind not in ("coupon", "member_price", "staff"):
            assert priced.taken(key) <= one.cap
    assert priced.points <= basket.points


@given(baskets(), st.randoms(use_true_random=False))
def test_order_of_lines_and_promotions_changes_nothing(basket: Basket, random: Random) -> None:
    other = replace(
        basket,
        lines=tuple(_shuffled(random, basket.lines)),
        promotions=dict(_shuffled(random, basket.promotions.items())),
        coupons=tuple(_shuffled(random, basket.coupons)),
        manual=tuple(_shuffled(random, basket.manual)),
    )
    one, two = price(basket), price(other)
    assert sorted(one.lines, key=lambda line: line.line_id) == sorted(two.lines, key=lambda line: line.line_id)
    assert replace(one, lines=()) == replace(two, lines=())


@given(baskets())
def test_a_basket_that_travelled_costs_the_same(basket: Basket) -> None:
    there = msgspec.json.decode(msgspec.json.encode(basket), type=Basket)
    assert msgspec.json.encode(price(there)) == msgspec.json.encode(price(basket))


@given(
    baskets(most=3), promotions(kinds=("percentage", "amount", "member_price", "buy_get", "bundle", "tier", "staff"))
)
def test_one_more_promotion_never_makes_it_dearer(basket: Basket, promotion: Promotion) -> None:
    without, with_it = price(basket), price(replace(basket, promotions={**basket.promotions, "r9": promotion}))
    assert (without.exact, with_it.exact) == (True, True)  # so few are always weighed in every combination
    assert with_it.total <= without.total


@given(contested(), contenders())
def test_one_more_contender_for_the_same_pieces_never_makes_it_dearer(basket: Basket, promotion: Promotion) -> None:
    buyer = replace(basket, buyer=Buyer())
    without, with_it = price(buyer), price(replace(buyer, promotions={**basket.promotions, "r9": promotion}))
    assert (without.exact, with_it.exact) == (True, True)
    assert with_it.total <= without.total


@given(
    baskets(most=9), promotions(kinds=("percentage", "amount", "member_price", "buy_get", "bundle", "tier", "staff"))
)
def test_where_the_choice_is_exact_any_number_of_promotions_may_be_in_force(
    basket: Basket, promotion: Promotion
) -> None:
    without, with_it = price(basket), price(replace(basket, promotions={**basket.promotions, "r99": promotion}))
    event(f"exact: {without.exact and with_it.exact}")
    assert with_it.total <= without.total or not (without.exact and with_it.exact)


@given(baskets(least_lines=1), st.sampled_from(["p0", "p1", "p5", CARD]), st.integers(1, 3), amounts)
def test_a_line_that_gets_dearer_by_another_says_why(basket: Basket, product: str, qty: int, amount: int) -> None:
    before = price(basket)
    after = price(replace(basket, lines=(*basket.lines, line_of("new", product, qty, amount))))
    told = changes(before, after)
    for was, now in zip(before.lines, after.lines, strict=False):
        mine = [one for one in told if one.line_id == was.line_id]
        assert sum(one.amount for one in mine) == was.amount - now.amount
        if now.amount > was.amount:
            assert any(one.amount < 0 for one in mine)
    for one in told:
        if one.code == "gone" and one.kind not in ("rounding", "points"):
            assert one.why is not None


@given(baskets())
def test_priced_again_without_its_buyer_it_costs_the_same(basket: Basket) -> None:
    again = replace(basket, buyer=None, met=audience(basket))
    before, after = price(basket), price(again)
    assert (after.lines, after.total, after.coupons) == (before.lines, before.total, before.coupons)


@given(baskets(least_lines=1), st.data())
def test_returning_everything_restores_everything(basket: Basket, data: st.DataObject) -> None:
    sold = price(basket)
    held = held_for(sold)
    back: dict[str, int] = {}
    money = points = 0
    coupons: list[str] = []
    left = {line.line_id: line.qty for line in basket.lines if line.qty}
    while left:
        line_id = data.draw(st.sampled_from(sorted(left)))
        count = data.draw(st.integers(1, left[line_id]))
        back[line_id] = back.get(line_id, 0) + count
        left = {
            one.line_id: one.qty - back.get(one.line_id, 0)
            for one in basket.lines
            if one.qty > back.get(one.line_id, 0)
        }
        done = take_back(basket, back, held)
        assert min(done.back.money, done.back.points) >= 0
        assert done.held.money >= min(done.stays.total, held.money)
        money, points, held = money + done.back.money, points + done.back.points, done.held
        coupons += done.back.coupons
    assert (money, points, sorted(coupons)) == (sold.total, sold.points, sorted(sold.coupons))
    if any(line.qty for line in basket.lines):
        assert held.money == held.points == 0


@given(baskets(least_lines=1))
def test_returning_nothing_changes_nothing(basket: Basket) -> None:
    sold: Priced = price(basket)
    done = take_back(basket, {}, held_for(sold))
    assert (done.back.money, done.held.money) == (0, sold.total)


@given(baskets(least_lines=1))
def test_what_a_catalogue_shows_is_what_one_piece_costs_alone_and_a_gift_card_its_face_value(basket: Basket) -> None:
    shown = prices_alone(basket, basket.lines)
    for line in basket.lines:
        one = replace(basket, lines=(replace(line, qty=1),), coupons=(), manual=(), points=0)
        assert shown[line.line_id] == price(one).total >= 0
        assert shown[line.line_id] <= line.price or basket.rounding.mode == "nearest"
        assert shown[line.line_id] == line.price or not line.gift_card


@given(baskets(most=0, least_lines=1))
def test_without_promotions_the_list_price_stands(basket: Basket) -> None:
    plain = replace(basket, manual=(), rounding=type(basket.rounding)())
    assert price(plain).total == sum(line.qty * line.price for line in plain.lines)


def test_a_line_of_no_piece_costs_nothing() -> None:
    assert price(Basket(at=AT, lines=(Line(line_id="l", product_id="p", qty=0, price=5),))).total == 0


def _shuffled(random: Random, items: Collection[Item]) -> list[Item]:
    return random.sample(list(items), len(items))
