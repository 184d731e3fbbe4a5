"""The goods of one order, on real tablets of a real HQ: two people choose two ways, and what really left counts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest

from guide_app.domain.records import Names, Order, Recipient
from guide_app.operations.orders import WantedFulfilment
from guide_app.services.attention import Repair
from guide_app.services.ports.engine import AttentionRow
from guide_app.services.ports.shop import StaffRow
from tests.integration.test_sync_real import World, world
from tests.ops import new_id
from tests.tablets import Tablet

__all__ = ["world"]
pytestmark = pytest.mark.asyncio

TO = Recipient(name="Li Na", phone="+8613800000001", address="1 River Road")
SENT = WantedFulfilment(kind="ship", to=TO)


async def stands_here(world: World, tablet: Tablet) -> None:
    """The guide is signed in on the tablet."""
    people = {row.id: row for row in await tablet.container.read.shop.staff()}
    found: StaffRow = people[world.store.guide_id]
    tablet.container.do.session.guide = found


async def ordered(tablet: Tablet) -> tuple[str, str]:
    """An order of two pieces that this shop sends, paid; its id and the product."""
    do = tablet.container.do
    (product,) = await tablet.container.read.catalogue.search(limit=1)
    basket = await do.till.add(await do.till.baskets.mine(), product.id, 2)
    placed = await do.till.place(msgspec.structs.replace(basket, reach=SENT))
    row = await tablet.container.read.orders.get(placed.order_id)
    assert row is not None
    await do.payments.take(placed.order_id, "card", row.order.totals.total)
    return placed.order_id, product.id


async def order_of(tablet: Tablet, order_id: str) -> Order:
    found = await tablet.container.read.orders.get(order_id)
    assert found is not None
    return found.order


async def on_hand(tablet: Tablet, product_id: str) -> int:
    (row,) = await tablet.container.read.catalogue.get([product_id])
    assert row.on_hand is not None
    return row.on_hand


async def listed(tablet: Tablet) -> list[tuple[str, str]]:
    rows: list[AttentionRow] = [*await tablet.container.read.outbox.attention()]
    return [(row.kind, row.order_id) for row in rows]


@pytest.mark.parametrize("first", ["one", "two"])
async def test_goods_sent_off_offline_while_another_tablet_chose_otherwise_left_once_and_all_hear_of_it(
    world: World, first: str
) -> None:
    one, two = await world.tablet("one"), await world.tablet("two")
    for tablet in (one, two):
        await stands_here(world, tablet)
    order_id, product_id = await ordered(one)
    await world.assert_all_agree(one, two)
    before = await on_hand(one, product_id)
    one.proxy.down = two.proxy.down = True
    await one.container.do.goods.step(order_id, "shipped")
    other = msgspec.structs.replace(SENT, kind="pick_up", store_id=new_id(), at=Names(en="East", zh="东"))
    await two.container.do.goods.reroute(order_id, other)
    assert (await order_of(two, order_id)).fulfilment.at.en == "East"
    assert await on_hand(two, product_id) == before + 2
    for tablet in (one, two) if first == "one" else (two, one):
        tablet.proxy.down = False
        await tablet.in_step()
    await world.assert_all_agree(one, two)
    for tablet in (one, two):
        order = await order_of(tablet, order_id)
        assert (order.state, order.fulfilment.kind, order.fulfilment.store_id) == ("shipped", "ship", "")
        assert await on_hand(tablet, product_id) == before, "they left this shop, once"
        assert await listed(tablet) == [("way_too_late", order_id)]
    codes = [(kind, code) for kind, status, code in world.op_log() if kind in ("order.fulfil", "order.reroute")]
    second = "order.fulfil" if first == "two" else "order.reroute"
    assert [kind for kind, code in codes if code == "way_too_late"] == [second]
    (row,) = await two.container.read.outbox.attention()
    await two.container.do.attention.settle_goods(row, "goods_left")
    await world.assert_all_agree(one, two)
    assert (await listed(one), await listed(two)) == ([], [])
    assert (await order_of(one, order_id)).state == "shipped"
    assert await on_hand(one, product_id) == before


@pytest.mark.parametrize("repair", ["goods_back", "goods_given_up"])
async def test_goods_sent_off_offline_while_another_tablet_cancelled_are_told_until_they_are_back(
    world: World, repair: Repair
) -> None:
    one, two = await world.tablet("one"), await world.tablet("two")
    for tablet in (one, two):
        await stands_here(world, tablet)
    order_id, product_id = await ordered(one)
    await world.assert_all_agree(one, two)
    before = await on_hand(one, product_id)
    one.proxy.down = True
    await one.container.do.goods.step(order_id, "shipped")
    await two.container.do.till.cancel(order_id, "changed_mind")
    await two.in_step()
    assert await on_hand(two, product_id) == before + 2
    one.proxy.down = False
    await world.assert_all_agree(one, two)
    for tablet in (one, two):
        order = await order_of(tablet, order_id)
        assert (order.state, order.fulfilment.progress) == ("cancelled", "shipped")
        assert await on_hand(tablet, product_id) == before, "they are not in the shop"
        assert ("left_cancelled", order_id) in await listed(tablet)
    row = next(row for row in await two.container.read.outbox.attention() if row.kind == "left_cancelled")
    await two.container.do.attention.settle_goods(row, repair)
    await world.assert_all_agree(one, two)
    for tablet in (one, two):
        assert ("left_cancelled", order_id) not in await listed(tablet)
        assert await on_hand(tablet, product_id) == (before + 2 if repair == "goods_back" else before)


async def test_goods_that_did_not_leave_go_the_other_way(world: World) -> None:
    one, two = await world.tablet("one"), await world.tablet("two")
    for tablet in (one, two):
        await stands_here(world, tablet)
    order_id, product_id = await ordered(one)
    await world.assert_all_agree(one, two)
    before = await on_hand(one, product_id)
    one.proxy.down = True
    await one.container.do.goods.step(order_id, "shipped")
    other = msgspec.structs.replace(SENT, kind="pick_up", store_id=new_id(), at=Names(en="East", zh="东"))
    await two.container.do.goods.reroute(order_id, other)
    await two.in_step()
    one.proxy.down = False
    await world.assert_all_agree(one, two)
    (row,) = await one.container.read.outbox.attention()
    await one.container.do.attention.settle_goods(row, "goods_here")
    await world.assert_all_agree(one, two)
    for tablet in (one, two):
        order = await order_of(tablet, order_id)
        assert (order.state, order.fulfilment.kind, order.fulfilment.at.en) == ("paid", "pick_up", "East")
        assert (await on_hand(tablet, product_id), await listed(tablet)) == (before + 2, [])


def by_hq(world: World, order_id: str, wanted: WantedFulfilment) -> None:
    from hq.sync_api import moving

    moving.reroute(world.store.store_id, order_id, wanted, datetime.now(UTC))


async def test_goods_that_hq_sends_another_way_stand_on_the_shop_s_list_until_seen(world: World) -> None:
    one, two = await world.tablet("one"), await world.tablet("two")
    for tablet in (one, two):
        await stands_here(world, tablet)
    order_id, _ = await ordered(one)
    await world.assert_all_agree(one, two)
    other = msgspec.structs.replace(SENT, kind="pick_up", store_id=new_id(), at=Names(en="East", zh="东"))
    await asyncio.to_thread(by_hq, world, order_id, other)
    await world.assert_all_agree(one, two)
    for tablet in (one, two):
        assert await listed(tablet) == [("way_of_hq", order_id)]
    two.proxy.down = True
    (row,) = await two.container.read.outbox.attention()
    await two.container.do.attention.settle_goods(row, "way_seen")
    assert await listed(two) == [], "with no network too"
    two.proxy.down = False
    await world.assert_all_agree(one, two)
    assert await listed(one) == []
