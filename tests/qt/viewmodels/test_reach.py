"""The sheet of how the goods reach the customer, over a real store."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.operations.orders import WantedFulfilment
from tests.qt.viewmodels.on_store import OTHER, OnStore
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.local_store.kit import PRODUCTS

pytestmark = pytest.mark.asyncio


async def opened(shop: OnStore, member_id: str = "") -> Any:
    shop.order.open(member_id)
    shop.order.add(PRODUCTS[0], 2)
    await shop.settle()
    shop.order.showReach()
    assert shop.heard.sheets[-1] == ("Reach", {})
    shop.reach.enter({})
    await shop.settle()
    return shop.reach


def chosen(rows: Any) -> list[str]:
    return [row.label for row in rows if row.selected]


async def test_an_empty_basket_has_nothing_to_reach_anybody(shop: OnStore) -> None:
    shop.order.showReach()
    assert shop.heard.sheets == []


async def test_a_way_is_chosen_with_what_it_needs_and_the_order_says_so(shop: OnStore) -> None:
    sheet = await opened(shop, await signed_up(shop.do))
    assert (chosen(sheet.kinds.rows), sheet.later, sheet.lacks) == (["Take away now"], False, "")
    assert (sheet.name, sheet.phone, sheet.phoneHint) == ("陈静", "", "138****0001")
    sheet.choose("ship")
    assert (sheet.sent, sheet.lacks) == (True, "Where do the goods go? Write the address.")
    sheet.save()
    assert shop.order.fulfilment == "Take away now", "nothing is kept that lacks something"
    sheet.setAddress("南京东路 1 号")
    sheet.chooseDay("fast")
    assert (chosen(sheet.days.rows), sheet.lacks) == (["Within two hours"], "")
    sheet.setNote("放门口")
    sheet.save()
    await shop.settle()
    assert (shop.order.fulfilment, shop.order.fulfilmentLacks) == ("Ship · within two hours", "")
    assert (sheet.name, sheet.address, sheet.kind) == ("", "", "take_away"), "nothing of a customer's stays here"
    await shop.reopen()
    shop.order.open()
    await shop.settle()
    shop.order.place()
    await shop.settle()
    (row,) = await shop.bench.store.orders.list()
    goes = row.order.fulfilment
    assert goes.to is not None
    assert (goes.kind, goes.fast, goes.note, goes.to.phone) == ("ship", True, "放门口", "+8613800000001")
    assert [spend.amount for spend in row.order.spends] == [2]


async def test_who_is_no_member_is_named_with_a_phone_that_is_one(shop: OnStore) -> None:
    sheet = await opened(shop)
    sheet.choose("pick_up")
    assert sheet.lacks == "Who gets the goods? Write their name."
    sheet.setName("王先生")
    sheet.setPhone("1380000")
    assert sheet.lacks == "This is no phone number. Check the digits."
    sheet.setPhone("138 0000 0009")
    assert (sheet.lacks, [row.label for row in sheet.days.rows][:2]) == ("", ["Today", "22 November"])
    sheet.chooseDay(sheet.days.rows[1].key)
    sheet.save()
    await shop.settle()
    assert (shop.order.fulfilment, shop.order.reach.to.phone) == ("Pick up later · 22 November", "+8613800000009")
    shop.reach.enter({})
    await shop.settle()
    assert (shop.reach.name, shop.reach.phoneHint, chosen(shop.reach.days.rows)) == (
        "王先生", "138****0009", ["22 November"]
    )  # fmt: skip
    shop.reach.choose("take_away")
    await shop.settle()
    assert (shop.order.fulfilment, shop.order.reach) == ("Take away now", WantedFulfilment(kind="take_away"))


async def test_a_pre_order_needs_a_day_that_is_to_come(shop: OnStore) -> None:
    sheet = await opened(shop, await signed_up(shop.do))
    sheet.choose("by_balloon")
    assert sheet.kind == "take_away"
    sheet.choose("pre_order")
    assert (sheet.lacks, sheet.days.rows[0].label) == (
        "When are the goods expected? Choose a day.", "24 November"
    )  # fmt: skip
    sheet.chooseDay(sheet.days.rows[1].key)
    sheet.save()
    await shop.settle()
    assert shop.order.fulfilment == "Pre-order · expected 28 November"


async def test_a_day_that_is_over_by_now_is_said_before_the_order_is_placed(shop: OnStore) -> None:
    sheet = await opened(shop, await signed_up(shop.do))
    sheet.choose("pick_up")
    sheet.chooseDay(sheet.days.rows[0].key)
    sheet.save()
    await shop.settle()
    shop.bench.clock.advance(86_400)
    shop.order.place()
    await shop.settle()
    assert (shop.heard.problems, await shop.bench.store.orders.list()) == (["day_past"], [])


async def test_the_next_guide_sees_nothing_of_it(shop: OnStore) -> None:
    sheet = await opened(shop, await signed_up(shop.do))
    shop.do.session.lock()
    assert (sheet.name, sheet.phoneHint, sheet.address) == ("", "Mobile number", "")
    await shop.signed_in(OTHER)
    assert sheet.name == ""
