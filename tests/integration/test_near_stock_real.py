"""What shops nearby have, on a real tablet of a real HQ: by HQ's list of the region, with its age, through the feed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from guide_app.domain.clock import from_text
from guide_app.domain.records import Names, NearStock
from guide_app.services.ports.catalogue import ProductRow
from tests import shop
from tests.integration.test_stores_real import in_shop, other
from tests.integration.test_sync_real import World, order, world
from tests.tablets import Tablet

__all__ = ["other", "world"]
pytestmark = pytest.mark.asyncio


def products(world: World) -> list[str]:
    """Of the chain; the shops keep no books of the last."""
    return [product_id for (product_id,) in world.sql("SELECT id::text FROM product ORDER BY sku")]


def together(*stores: shop.Shop) -> None:
    """All in the region of the first."""
    from hq.stores.models import Store

    region = Store.objects.get(id=stores[0].store_id).region_id
    Store.objects.filter(id__in=[one.store_id for one in stores]).update(region=region)


def has(store: shop.Shop, product_id: str, pieces: int) -> None:
    """The shop has so many, by HQ's books."""
    from guide_app.domain.records import Stock
    from hq.catalogue.mapping import STOCK
    from hq.protocol import saving

    saving.save(STOCK, store.store_id, {product_id: Stock(on_hand=pieces)})


def heard_of(store: shop.Shop, at: datetime) -> None:
    """A tablet of the shop spoke with HQ at this moment."""
    from hq.devices.models import Device

    Device.objects.filter(store_id=store.store_id).update(last_seen_at=at)


async def told(later: timedelta = timedelta()) -> int:
    from hq.sync_api import near_stock

    return await asyncio.to_thread(near_stock.tell_at, datetime.now(UTC) + later)


async def row_of(tablet: Tablet, product_id: str) -> ProductRow:
    (row,) = await tablet.container.read.catalogue.get([product_id])
    return row


async def test_a_tablet_shows_what_the_shops_of_its_region_have_and_how_old_that_is(
    world: World, other: shop.Shop
) -> None:
    first, last = products(world)[0], products(world)[-1]
    one, two = await world.tablet("one"), await in_shop(world, "two", other)
    await asyncio.to_thread(has, other, first, 4)
    assert await told() == 0, "another region is not near"
    await asyncio.to_thread(together, world.store, other)
    assert await told() > 0
    await world.assert_all_agree(one)
    (near,) = (await row_of(one, first)).near
    assert (near.store_id, near.at, near.on_hand, near.more) == (
        other.store_id, Names(en="Shop 1", zh="1号店"), 4, False
    )  # fmt: skip
    assert datetime.now(UTC) - from_text(near.as_of) < timedelta(minutes=5), "as old as the last word of that shop"
    assert (await row_of(one, last)).near == (), "a shop that keeps no books of it is told nothing"
    await two.in_step()
    (own,) = (await row_of(two, first)).near
    assert (own.store_id, own.on_hand, own.more) == (world.store.store_id, 10, True), "HQ counts no further"
    assert await told() == 0, "what stays as it is costs no row"
    await asyncio.to_thread(has, other, first, 0)
    await told()
    await world.assert_all_agree(one)
    assert (await row_of(one, first)).near == ()


async def test_a_sale_here_leaves_what_is_known_of_the_others(world: World, other: shop.Shop) -> None:
    one = await world.tablet("one")
    await in_shop(world, "two", other)
    await asyncio.to_thread(together, world.store, other)
    await told()
    await one.in_step()
    one.proxy.down = True
    await order(world, one)
    await one.problem("no_network")
    rows = await one.container.read.catalogue.get(products(world)[:-1])
    assert sum(row.on_hand or 0 for row in rows) < 100 * len(rows)
    assert all(isinstance(row.near[0], NearStock) for row in rows)
    one.proxy.down = False
    await world.assert_all_agree(one)
    assert all(row.near for row in await one.container.read.catalogue.get(products(world)[:-1]))


async def test_what_did_not_move_is_told_anew_once_a_day(world: World, other: shop.Shop) -> None:
    one, _ = await world.tablet("one"), await in_shop(world, "two", other)
    await asyncio.to_thread(together, world.store, other)
    await told()
    await one.in_step()
    before = (await row_of(one, products(world)[0])).near[0]
    assert await told(timedelta(days=2)) == 0, "nothing was heard from the other shop since"
    await asyncio.to_thread(heard_of, other, datetime.now(UTC) + timedelta(hours=1))
    assert await told(timedelta(hours=1)) == 0
    assert await told(timedelta(days=2)) > 0
    await one.in_step()
    after = (await row_of(one, products(world)[0])).near[0]
    assert (after.on_hand, after.as_of > before.as_of) == (before.on_hand, True)


async def test_a_shop_that_is_closed_or_was_never_heard_of_is_not_near(world: World, other: shop.Shop) -> None:
    from hq.stores.models import Store

    one = await world.tablet("one")
    await asyncio.to_thread(together, world.store, other)
    assert await told() > 0, "the other shop hears of this one"
    await one.in_step()
    assert (await row_of(one, products(world)[0])).near == (), "no tablet of the other ever spoke"
    await in_shop(world, "two", other)
    await told()
    await one.in_step()
    assert (await row_of(one, products(world)[0])).near
    await asyncio.to_thread(Store.objects.filter(id=other.store_id).update, active=False)
    await told()
    await world.assert_all_agree(one)
    assert (await row_of(one, products(world)[0])).near == ()
