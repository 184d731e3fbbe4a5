"""What a promised price differs from HQ's own, and why: by the promotions of the moment at which it was promised."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.clock import from_text
from guide_app.domain.pricing import Basket, Buyer, ChosenCoupon, Line, Manual, Rounding, paid_by_points, price
from guide_app.domain.records import Audience, Category, Names, Order, Product, Promotion, Ref, Selection, Variance
from guide_app.domain.records.lease import InstrumentKind
from guide_app.operations import Versioned
from hq.handlers.backing import Behind
from hq.handlers.base import Desk
from hq.handlers.variances import variances
from hq.leases.values import Value
from tests.memory_hq import PRICE, MemoryShop
from tests.ops import Maker, new_id
from tests.priced import told
from tests.property.guide_app.baskets import baskets
from tests.property.guide_app.test_pricing_again import goods_of, order_of

EARLY = "2026-11-01T00:00:00.000Z"
PLACED = "2026-11-20T10:00:00.000Z"  # when tests' operations are made, a Friday; 18:00 in the shop
LATE = "2026-11-20T11:00:00.000Z"
change = msgspec.structs.replace
TENTH = Promotion(names=Names(en="Tenth"), kind="percentage", percent=1000, since=EARLY)


@pytest.fixture
def shop() -> MemoryShop:
    return MemoryShop()


def publish(shop: MemoryShop, says: Promotion, of: str = "") -> str:
    """A version at HQ; `of`: the promotion whose it is, its own otherwise."""
    row_id = new_id()
    shop.hq.shop_row("", Ref("promotion", row_id), Versioned(change(says, of=of or row_id), 1))
    return row_id


def known(shop: MemoryShop, *ids: str) -> dict[str, Promotion]:
    """The versions that a tablet has: as HQ's, but for their end."""
    rows = {row_id: shop.hq.state.rows["", Ref("promotion", row_id)].record for row_id in ids}
    return {row_id: change(one, until_moment="") for row_id, one in rows.items() if isinstance(one, Promotion)}


def basket(shop: MemoryShop, promotions: dict[str, Promotion], **more: Any) -> Basket:
    line = Line(line_id=new_id(), product_id=shop.product_id, qty=2, price=PRICE)
    return Basket(at=from_text(PLACED), lines=(line,), promotions=promotions, **more)


def leased(shop: MemoryShop, kind: InstrumentKind, amount: int, spends: int = 0) -> tuple[str, dict[str, Any]]:
    """A value with so much on it, leased whole by a tablet: its id, and the spend of it, or of `spends`."""
    value = shop.instrument(amount, kind)
    lease = shop.grant(new_id(), value, amount).lease
    assert lease is not None
    return value.id, {"lease_id": lease.id, "amount": spends or amount}


def sold(shop: MemoryShop, asked: Basket, code: str = "variance", **over: Any) -> Order:
    """The order as HQ has it; `code`: its word where something differs."""
    body = {
        "order_id": new_id(), "number": new_id(), "price_list": {"id": shop.list_id, "version": 1},
        "fulfilment": {"kind": "take_away"}, **told(asked), **over,
    }  # fmt: skip
    maker = Maker(shop.store_id, shop.guide_id)
    (result,) = shop.results(maker.op("order.place", body, schema_v=2))
    order: Order = shop.record("order", body["order_id"])
    assert (result.status, result.code) == ("applied", code if order.variance else "")
    assert order.variance == sum(one.amount for one in order.variances)
    return order


def test_what_was_priced_by_the_promotions_of_its_moment_differs_by_nothing(shop: MemoryShop) -> None:
    ids = [
        publish(shop, TENTH),
        publish(shop, change(TENTH, kind="amount", reach="order", amount=500, stacks=True)),
        publish(shop, change(TENTH, kind="coupon", percent=0, amount=300, stacks=True)),
        publish(shop, change(TENTH, kind="points", points=100, amount=100)),
    ]
    coupon, by_coupon = leased(shop, "coupon", 1)
    _, by_points = leased(shop, "points", 200)
    order = sold(shop, basket(
        shop, known(shop, *ids), coupons=(ChosenCoupon(coupon_id=coupon, promotion_id=ids[2]),),
        manual=(Manual(manual_id="m", amount=33),), points=200, rounding=Rounding(unit=10),
    ), spends=[by_coupon, by_points])  # fmt: skip
    assert order.totals.discounts > 1500
    assert order.variances == ()


def test_a_promotion_that_ended_while_the_tablet_was_offline_is_kept_and_named(shop: MemoryShop) -> None:
    row_id = publish(shop, change(TENTH, until_moment=PLACED))
    order = sold(shop, basket(shop, known(shop, row_id)))
    assert order.totals.discounts == PRICE // 5
    assert order.variances == (Variance(cause="ended", amount=-PRICE // 5, id=row_id),)


def test_one_that_ended_after_it_was_sold_counts(shop: MemoryShop) -> None:
    row_id = publish(shop, change(TENTH, until_moment=LATE))
    publish(shop, change(TENTH, percent=5000, since=LATE), of=row_id)
    assert sold(shop, basket(shop, known(shop, row_id))).variances == ()


def test_one_that_was_changed_is_compared_with_what_it_said_by_then(shop: MemoryShop) -> None:
    """For whom it was is as the tablet judged it; so is which coupons it has."""
    before = change(TENTH, audience=Audience(members=True), until_moment=LATE.replace("T11", "T09"))
    first = publish(shop, before)
    publish(shop, change(before, percent=1500, since=before.until_moment, until_moment="", version=2), of=first)
    order = sold(shop, basket(shop, known(shop, first), buyer=Buyer()))
    assert order.variances == (Variance(cause="changed", amount=2 * (749 - 499), id=first),)


def test_coupons_of_a_template_that_was_changed_are_compared_with_it(shop: MemoryShop) -> None:
    before = change(TENTH, kind="coupon", percent=0, amount=300, until_moment=EARLY.replace("T00", "T01"))
    first = publish(shop, before)
    publish(shop, change(before, amount=400, since=before.until_moment, until_moment="", version=2), of=first)
    coupon, spend = leased(shop, "coupon", 1)
    coupons = (ChosenCoupon(coupon_id=coupon, promotion_id=first),)
    order = sold(shop, basket(shop, known(shop, first), coupons=coupons), spends=[spend])
    assert order.variances == (Variance(cause="changed", amount=100, id=first),)


def coupon_and_points(shop: MemoryShop, coupon: str) -> Basket:
    """3.00 by the coupon, and 2.50 by 250 points, off two pieces."""
    by_coupon = publish(shop, change(TENTH, kind="coupon", percent=0, amount=300, stacks=True))
    by_points = publish(shop, change(TENTH, kind="points", percent=0, points=100, amount=100))
    coupons = (ChosenCoupon(coupon_id=coupon, promotion_id=by_coupon),)
    return basket(shop, known(shop, by_coupon, by_points), coupons=coupons, points=250)


def test_a_coupon_and_points_behind_which_there_is_nothing_are_each_a_cause(shop: MemoryShop) -> None:
    coupon = new_id()
    order = sold(shop, coupon_and_points(shop, coupon))
    assert order.variances == (
        Variance(cause="coupon_missing", amount=-300, id=coupon), Variance(cause="points_missing", amount=-250),
    )  # fmt: skip


def test_of_points_only_those_that_were_not_there_are_missing(shop: MemoryShop) -> None:
    coupon, by_coupon = leased(shop, "coupon", 1)
    _, by_points = leased(shop, "points", 167, spends=250)
    order = sold(shop, coupon_and_points(shop, coupon), code="overspent", spends=[by_coupon, by_points])
    assert order.variances == (Variance(cause="points_missing", amount=-83),)


def test_a_coupon_of_which_another_order_spent_the_lease_is_missing(shop: MemoryShop) -> None:
    coupon, spend = leased(shop, "coupon", 1)
    _, points = leased(shop, "points", 500, spends=250)
    asked = coupon_and_points(shop, coupon)
    assert sold(shop, asked, spends=[spend, points]).variances == ()
    again = change(asked, lines=(change(asked.lines[0], line_id=new_id()),))
    order = sold(shop, again, code="overspent", spends=[spend, points])
    assert order.variances == (Variance(cause="coupon_missing", amount=-300, id=coupon),)


def test_a_lease_that_hq_does_not_know_and_a_coupon_that_it_has_taken_back_are_nothing(shop: MemoryShop) -> None:
    coupon, spend = leased(shop, "coupon", 1)
    ref = Ref("instrument", coupon)
    row = shop.hq.state.rows[shop.store_id, ref]
    assert isinstance(row.record, Value)
    shop.hq.state.rows[shop.store_id, ref] = Versioned(change(row.record, taken=True), row.ver)
    unknown = {"lease_id": new_id(), "amount": 250}
    order = sold(shop, coupon_and_points(shop, coupon), code="lease_expired", spends=[spend, unknown])
    assert [(one.cause, one.amount) for one in order.variances] == [("coupon_missing", -300), ("points_missing", -250)]


def test_no_cent_of_a_coupon_is_booked_twice(shop: MemoryShop) -> None:
    """Its template had ended, and nothing was leased of it."""
    coupon = new_id()
    ended = publish(shop, change(TENTH, kind="coupon", percent=0, amount=300, until_moment=PLACED))
    coupons = (ChosenCoupon(coupon_id=coupon, promotion_id=ended),)
    order = sold(shop, basket(shop, known(shop, ended), coupons=coupons))
    assert order.variances == (Variance(cause="ended", amount=-300, id=ended),)


@given(baskets(least_lines=1), st.data())
def test_whatever_was_bought_the_causes_are_what_was_taken_off_with_nothing_behind_it(
    asked: Basket, data: st.DataObject
) -> None:
    priced = price(asked)
    there = frozenset(data.draw(st.sets(st.sampled_from(priced.coupons)))) if priced.coupons else frozenset[str]()
    points = data.draw(st.integers(0, priced.points + 1))
    desk = Desk(MemoryShop().aggregates)
    desk.promotions, desk.time_zone, desk.goods = asked.promotions, "Asia/Shanghai", goods_of(asked)
    found = variances(order_of(asked, priced), desk, Behind(there, points))
    coupons = {one.id: -one.amount for one in found if one.cause == "coupon_missing"}
    assert coupons == {one: priced.taken(one) for one in priced.coupons if one not in there}
    (lost,) = [-one.amount for one in found if one.cause == "points_missing"] or [0]
    paid = paid_by_points(priced)
    assert len(found) == len(coupons) + bool(lost)
    if points >= priced.points:
        assert lost == 0
    else:
        assert abs(lost * priced.points - paid * (priced.points - points)) <= priced.points
        assert points or lost == paid


def test_what_the_tablet_did_not_have_yet_is_missing(shop: MemoryShop) -> None:
    row_id = publish(shop, TENTH)
    order = sold(shop, basket(shop, {}))
    assert order.variances == (Variance(cause="missing", amount=PRICE // 5, id=row_id),)


def test_for_whom_a_promotion_was_is_taken_as_promised(shop: MemoryShop) -> None:
    row_id = publish(shop, change(TENTH, audience=Audience(tags=("vip",))))
    assert sold(shop, basket(shop, known(shop, row_id), buyer=Buyer(tags=("vip",)))).variances == ()
    assert sold(shop, basket(shop, known(shop, row_id), buyer=Buyer())).variances == ()


def test_a_version_that_hq_has_not_is_unknown_though_its_id_is_no_id(shop: MemoryShop) -> None:
    row_id = new_id()
    order = sold(shop, basket(shop, {row_id: TENTH}))
    assert order.variances == (Variance(cause="unknown", amount=-PRICE // 5, id=row_id),)
    assert sold(shop, basket(shop, {"autumn": TENTH})).variances[0].id == "autumn"


def test_one_that_had_not_begun_says_so(shop: MemoryShop) -> None:
    row_id = publish(shop, change(TENTH, since=LATE))
    order = sold(shop, basket(shop, known(shop, row_id)))
    assert [one.cause for one in order.variances] == ["not_begun"]


def test_the_same_version_may_come_to_another_amount_where_the_goods_are_others_by_now(shop: MemoryShop) -> None:
    category, above = new_id(), new_id()
    shop.hq.shop_row("", Ref("category", category), Versioned(Category(names=Names(), parent_id=above), 1))
    shop.hq.shop_row("", Ref("category", above), Versioned(Category(names=Names()), 1))
    product = Product(names=Names(), sku="1", category_id=category)
    shop.hq.shop_row("", Ref("product", shop.product_id), Versioned(product, 2))
    row_id = publish(shop, change(TENTH, goods=Selection(categories=(above,))))
    asked = basket(shop, known(shop, row_id))
    inside = change(asked, lines=(change(asked.lines[0], categories=(category, above)),))
    assert sold(shop, inside).variances == ()
    assert [one.cause for one in sold(shop, asked).variances] == ["missing"]
    cheaper = known(shop, row_id)[row_id]
    order = sold(shop, change(inside, promotions={row_id: change(cheaper, percent=900)}))
    assert [(one.cause, one.id) for one in order.variances] == [("otherwise", row_id)]


def test_the_list_and_the_promotions_each_have_their_part(shop: MemoryShop) -> None:
    row_id = publish(shop, change(TENTH, until_moment=PLACED))
    asked = basket(shop, known(shop, row_id))
    order = sold(shop, change(asked, lines=(change(asked.lines[0], price=PRICE - 90),)))
    assert order.variances == (
        Variance(cause="price", amount=-180, id=shop.product_id),
        Variance(cause="ended", amount=-980, id=row_id),
    )
    assert order.variance == -1160


def test_the_shop_s_clock_decides_which_hours_and_days_count(shop: MemoryShop) -> None:
    """10:00 UTC is 18:00 in the shop."""
    row_id = publish(shop, change(TENTH, from_time="17:00", until_time="19:00"))
    shop_time = from_text("2026-11-20T18:00:00.000Z")
    assert sold(shop, change(basket(shop, known(shop, row_id)), at=shop_time)).variances == ()


def test_an_order_that_does_not_say_what_it_was_priced_by_is_compared_with_the_list_alone(shop: MemoryShop) -> None:
    publish(shop, TENTH)
    maker = Maker(shop.store_id, shop.guide_id)
    order = maker.order([(shop.product_id, 1, PRICE)], shop.list_id)
    (result,) = shop.results(order)
    assert (result.status, result.code) == ("applied", "")


def test_a_clock_at_the_edge_of_the_calendar_is_no_reason_to_refuse(shop: MemoryShop) -> None:
    shop.hq.time_zone = "America/New_York"
    body = {
        "order_id": new_id(), "number": "N1", "price_list": {"id": shop.list_id, "version": 1},
        "fulfilment": {"kind": "take_away"}, **told(basket(shop, {})),
    }  # fmt: skip
    op = Maker(shop.store_id, shop.guide_id).op("order.place", body, schema_v=2, made_at="0001-01-01T00:00:00.000Z")
    assert [result.status for result in shop.results(op)] == ["applied"]


def test_lines_that_cannot_be_told_apart_wait(shop: MemoryShop) -> None:
    asked = basket(shop, {})
    body: dict[str, Any] = {
        "order_id": new_id(), "number": "N2", "price_list": {"id": shop.list_id, "version": 1},
        "fulfilment": {"kind": "take_away"}, **told(asked),
    }  # fmt: skip
    twice = {**body, "lines": body["lines"] * 2, "totals": {"lines": 4 * PRICE, "discounts": 0, "total": 4 * PRICE}}
    op = Maker(shop.store_id, shop.guide_id).op("order.place", twice, schema_v=2)
    assert [(result.status, result.code) for result in shop.results(op)] == [("parked", "body_invalid")]
