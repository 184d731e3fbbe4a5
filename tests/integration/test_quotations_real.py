"""Quotations on two real tablets of a real HQ: seen by both, sold by both with no network, and never two of one."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from guide_app.domain.records import Order, Quotation, Variance
from guide_app.services.ports.engine import AttentionRow
from guide_app.services.ports.orders import OrderRow, QuotationRow
from guide_app.services.ports.shop import StaffRow
from tests.integration.test_sync_real import World, sign_up, world
from tests.tablets import Tablet

__all__ = ["world"]
pytestmark = pytest.mark.asyncio


async def stands_here(world: World, tablet: Tablet) -> None:
    """The guide is signed in on the tablet."""
    people = {row.id: row for row in await tablet.container.read.shop.staff()}
    found: StaffRow = people[world.store.guide_id]
    tablet.container.do.session.guide = found


async def quoted(world: World, tablet: Tablet, member_id: str = "") -> str:
    """Two pieces of the first product for a fortnight; the quotation's id."""
    do = tablet.container.do
    (product,) = await tablet.container.read.catalogue.search(limit=1)
    basket = await do.till.add(await do.till.baskets.mine(), product.id, 2)
    basket = replace(basket, member_id=member_id)
    until = await do.quotations.last_day(await do.quotations.usual_days())
    return (await do.quotations.make(basket, until, await do.quotations.worth(basket))).quotation_id


def dearer(product_id: str, amount: int) -> None:
    """HQ's list has another price from now on."""
    from hq.catalogue import services
    from hq.catalogue.models import PriceList

    services.save_price_list(PriceList.objects.get(), {product_id: amount})


async def row_of(tablet: Tablet, quotation_id: str) -> QuotationRow:
    found = await tablet.container.read.quotations.get(quotation_id)
    assert found is not None
    return found


async def order_of(tablet: Tablet, order_id: str) -> OrderRow:
    found = await tablet.container.read.orders.get(order_id)
    assert found is not None
    return found


async def test_two_offline_tablets_sell_one_quotation_and_no_sale_is_lost(world: World) -> None:
    one, two = await world.tablet("one"), await world.tablet("two")
    for tablet in (one, two):
        await stands_here(world, tablet)
    who = (await sign_up(world, one)).id
    quotation_id = await quoted(world, one, who)
    await one.in_step()
    await two.in_step()
    assert (await row_of(two, quotation_id)).quotation == (await row_of(one, quotation_id)).quotation
    promised = (await row_of(one, quotation_id)).quotation.totals.total
    line = (await row_of(one, quotation_id)).quotation.lines[0]
    await asyncio.to_thread(dearer, line.product_id, line.unit_price + 100)
    one.proxy.down = two.proxy.down = True
    sales = [await tablet.container.do.quotations.order(await row_of(tablet, quotation_id)) for tablet in (one, two)]
    assert [sale.total for sale in sales] == [promised, promised]
    one.proxy.down = False
    await one.in_step()
    two.proxy.down = False
    await world.assert_all_agree(one, two)
    first, second = [(await order_of(one, sale.order_id)).order for sale in sales]
    assert (first.quotation_id, second.quotation_id) == (quotation_id, "")
    assert first.variances == (Variance(cause="quotation", amount=-200, id=quotation_id),)
    assert [one.cause for one in second.variances] == ["price"], "it is judged as any sale of its day"
    assert (first.totals.total, second.totals.total, second.state) == (promised, promised, "accepted")
    for tablet in (one, two):
        became: Quotation = (await row_of(tablet, quotation_id)).quotation
        assert (became.state, became.order_id) == ("ordered", sales[0].order_id)
    told: list[AttentionRow] = [*await two.container.read.outbox.attention()]
    assert [(row.kind, row.order_id) for row in told] == [("quotation_gone", sales[1].order_id)]
    assert not await one.container.read.outbox.attention()
    await two.container.do.till.cancel(sales[1].order_id, "changed_mind")
    await world.assert_all_agree(one, two)
    assert (await row_of(one, quotation_id)).quotation.state == "ordered", "it was not that order's"


async def test_an_order_that_is_taken_back_gives_it_free_for_another_tablet(world: World) -> None:
    one, two = await world.tablet("one"), await world.tablet("two")
    for tablet in (one, two):
        await stands_here(world, tablet)
    who = (await sign_up(world, one)).id
    quotation_id = await quoted(world, one, who)
    sale = await one.container.do.quotations.order(await row_of(one, quotation_id))
    await world.assert_all_agree(one, two)
    await two.container.do.till.cancel(sale.order_id, "changed_mind")
    await world.assert_all_agree(one, two)
    assert (await row_of(one, quotation_id)).quotation.state == "open"
    again = await two.container.do.quotations.order(await row_of(two, quotation_id))
    await world.assert_all_agree(one, two)
    order: Order = (await order_of(one, again.order_id)).order
    assert order.quotation_id == quotation_id
