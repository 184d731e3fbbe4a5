"""Coupons and points in the drawer and in their sheet: one tap, the best, why not, and what to do with no network."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain.records import Earning, PointsPlan, Settings, Wallet
from tests.qt.viewmodels.on_store import OTHER, OnStore
from tests.unit.guide_app.services.kit import SENT, signed_up
from tests.unit.guide_app.services.test_value import Customer, customer
from tests.unit.local_store.kit import GUIDE, PRODUCTS

pytestmark = pytest.mark.asyncio


async def served(shop: OnStore, points: int = 1_000) -> tuple[Customer, Any]:
    """Goods of ¥40 in the basket of a member with a coupon of ¥5, one from ¥100, and points."""
    who = await customer(shop.do, points)
    shop.order.open(who.id)
    await shop.settle()
    shop.order.add(PRODUCTS[0], 2)
    shop.order.add(PRODUCTS[1], 1)
    await shop.settle()
    return who, shop.order


def rows(model: Any) -> list[tuple[str, str, str, bool, bool]]:
    return [(row.title, row.detail, row.amount, row.chosen, row.usable) for row in model.value.coupons.rows]


async def test_one_tap_uses_a_coupon_and_one_more_takes_it_out(shop: OnStore) -> None:
    who, model = await served(shop)
    assert (model.value.offered, model.value.using, model.value.summary) == (True, False, "1 coupon(s) · 1,000 points")
    model.value.show()
    await shop.settle()
    assert shop.heard.sheets == [("BasketValue", {})]
    assert rows(model) == [
        ("5 off", "Until 30 November", "-¥5", False, True),
        ("5 off", "Buy for ¥60 more: 10 % off", "", False, False),
    ]
    model.value.toggle(who.five.id)
    await shop.settle()
    assert (model.total, model.value.using, model.value.summary) == ("¥35", True, "1 coupon(s)")
    assert rows(model)[0] == ("5 off", "Until 30 November", "-¥5", True, True)
    assert model.value.usedWords == "They take off ¥5"
    assert [one["label"] for one in model.orderReasons] == ["At list prices", "5 off", "To pay"]
    assert shop.do.lease_hq.asked == [1]
    model.value.toggle(who.five.id)
    await shop.settle()
    assert (model.total, model.value.usedWords, model.priceNews) == ("¥40", "", [])


async def test_the_best_is_one_tap_away_and_then_no_longer_named(shop: OnStore) -> None:
    _, model = await served(shop)
    assert (model.value.bestWords, model.value.bestShort) == ("Use 1 coupon(s): -¥5", "Best: -¥5")
    with shop.chinese(model):
        assert model.value.bestWords == "用 1 张优惠券：-¥5"
    model.value.takeBest()
    await shop.settle()
    assert (model.value.bestWords, model.total) == ("", "¥35")
    model.value.takeBest()
    await shop.settle()
    assert model.total == "¥35"


async def test_points_are_used_by_number_and_what_they_pay_is_told_first(shop: OnStore) -> None:
    _, model = await served(shop)
    value = model.value
    assert value.pointsWords == "1,000 points; up to 1,000 can pay ¥10 of this order"
    value.typePoints("2x50")
    await shop.settle()
    assert (value.pointsValue, value.pointsPreview, value.pointsReady) == ("250", "250 points pay ¥2.50", True)
    value.usePoints()
    await shop.settle()
    assert (model.total, value.summary, value.pointsChosen, value.pointsValue) == ("¥37.50", "250 points", True, "")
    value.allPoints()
    await shop.settle()
    value.usePoints()
    await shop.settle()
    assert model.total == "¥30"
    value.noPoints()
    await shop.settle()
    assert (model.total, value.pointsChosen, value.pointsReady) == ("¥40", False, False)


async def test_with_no_network_it_is_said_what_can_be_done(shop: OnStore) -> None:
    who, model = await served(shop)
    value = model.value
    await shop.do.value.take_points(who.id, 200)
    shop.do.lease_hq.offline = True
    value.toggle(who.five.id)
    await shop.settle()
    assert value.problem == "HQ must give this coupon out first and cannot be reached. Go on without it, or wait."
    assert rows(model)[0][1:] == ("HQ must give it out first, and cannot be reached", "", False, True)
    assert (model.total, value.asking, value.bestWords) == ("¥40", False, "")
    value.typePoints("300")
    await shop.settle()
    value.usePoints()
    await shop.settle()
    assert value.problem == (
        "HQ must give these points out first and cannot be reached. Use fewer, or wait. "
        "200 points are at hand on this tablet."
    )
    value.typePoints("200")
    await shop.settle()
    value.usePoints()
    await shop.settle()
    assert (model.total, value.problem) == ("¥38", "")
    shop.do.lease_hq.offline = False
    value.toggle(who.five.id)
    await shop.settle()
    assert (model.total, value.problem) == ("¥33", "")


async def test_what_another_tablet_holds_is_said_and_not_offered_as_the_best(shop: OnStore) -> None:
    who, model = await served(shop)
    shop.do.lease_hq.free = {}
    model.value.takeBest()
    await shop.settle()
    assert model.value.problem.startswith("HQ does not give this coupon out: another tablet holds it")
    assert rows(model)[0][1] == "Another tablet holds it, or it was used: HQ does not give it out"
    assert (model.total, model.value.bestWords) == ("¥40", "")
    model.value.show()
    await shop.settle()
    assert (model.value.problem, rows(model)[0][1]) == ("", "Until 30 November")
    assert who.five.uses == 1


async def test_an_order_that_cannot_spend_what_was_chosen_is_not_placed_and_the_sheet_says_why(shop: OnStore) -> None:
    who, model = await served(shop)
    model.value.toggle(who.five.id)
    await shop.settle()
    for row in await shop.bench.store.leases.rows():
        shop.bench.hq.publish("lease", row.id, None, "gone")
    await shop.bench.drain()
    shop.do.lease_hq.offline = True
    model.place()
    await shop.settle()
    assert shop.heard.sheets[-1] == ("BasketValue", {})
    assert model.value.problem == "HQ must give this coupon out first and cannot be reached. Go on without it, or wait."
    assert (shop.do.outbox().count("order.place"), model.total, model.placing) == (0, "¥35", False)
    model.value.toggle(who.five.id)
    await shop.settle()
    model.place()
    await shop.settle()
    assert shop.do.outbox().count("order.place") == 1


async def test_another_member_has_coupons_of_their_own(shop: OnStore) -> None:
    who, model = await served(shop)
    model.value.toggle(who.five.id)
    await shop.settle()
    model.setMember(await signed_up(shop.do, 2))
    await shop.settle()
    assert (model.total, model.value.offered, model.value.bestWords) == ("¥40", False, "")
    model.setMember(who.id)
    await shop.settle()
    assert (model.total, model.value.offered) == ("¥40", True)


async def test_the_choice_is_there_after_a_lock_and_nothing_of_it_for_a_colleague(shop: OnStore) -> None:
    who, model = await served(shop)
    model.value.toggle(who.five.id)
    await shop.settle()
    shop.do.stand(OTHER)
    model.clear()
    assert (model.value.offered, model.value.coupons.rows) == (False, ())
    shop.start()
    shop.do.stand(GUIDE)
    shop.order.open("")
    await shop.settle()
    assert (shop.order.total, shop.order.value.summary) == ("¥35", "1 coupon(s)")


async def test_what_the_order_will_earn_is_said_before_and_what_hq_changes_shows(shop: OnStore) -> None:
    row_id = next(ref.id for ref in shop.bench.hq.alive() if ref.entity == "settings")
    shop.bench.hq.publish("settings", row_id, Settings(points=PointsPlan(earnings=(Earning(amount=1_000),))))
    who, model = await served(shop)
    assert model.value.earnsWords == "Earns 4 point(s)"
    shop.bench.hq.publish("wallet", who.id, msgspec.structs.replace(Wallet(), points=50))
    await shop.bench.drain()
    await shop.settle()
    assert (model.value.summary, model.value.coupons.rows) == ("50 points", ())


async def test_where_somebody_lives_and_what_was_noted_goes_with_them(shop: OnStore) -> None:
    who, model = await served(shop)
    model.reach_by(SENT)
    model.setNote("chen jing wants it wrapped")
    await shop.settle()
    model.setMember(await signed_up(shop.do, 2))
    await shop.settle()
    assert (model.reach.kind, model.reach.to, model.note) == (SENT.kind, None, "")
    model.setMember(who.id)
    model.reach_by(SENT)
    model.setNote("chen jing wants it wrapped")
    await shop.settle()
    shop.bench.hq.publish("member", who.id, None, "erased")
    await shop.bench.drain()
    await shop.settle()
    kept = "".join(value for (value,) in shop.bench.sql("SELECT CAST(value AS TEXT) FROM draft"))
    assert SENT.to is not None
    assert kept
    assert not [text for text in (SENT.to.address, SENT.to.phone, "chen jing") if text in kept]


async def test_what_was_typed_before_somebody_is_found_stays(shop: OnStore) -> None:
    _, model = await served(shop)
    model.setMember("")
    model.reach_by(SENT)
    model.setNote("a red ribbon")
    await shop.settle()
    model.setMember(await signed_up(shop.do, 2))
    await shop.settle()
    assert (model.reach.to, model.note) == (SENT.to, "a red ribbon")
