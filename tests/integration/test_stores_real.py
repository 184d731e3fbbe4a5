"""Tablets in several stores of a real HQ: enrolled anew, looking members up, with members who move, through real files
and real HTTP. Steps are swept by hand here; their rules are tested without a database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests import shop
from tests.integration.feed_check import assert_feed_equals_tables
from tests.integration.test_sync_real import World, order, sign_up, world
from tests.tablets import Tablet

__all__ = ["world"]
pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def other(world: World) -> AsyncIterator[shop.Shop]:
    """A second shop of the chain."""
    products = tuple(product_id for (product_id,) in world.sql("SELECT id::text FROM product ORDER BY sku"))
    chain = shop.Chain(products, "", ())
    yield await asyncio.to_thread(shop.make_shop, chain)


async def swept() -> int:
    from hq.sync_api import directory

    return await asyncio.to_thread(directory.sweep)


async def code_of(store: shop.Shop) -> str:
    return await asyncio.to_thread(shop.new_code, store)


async def in_shop(world: World, name: str, store: shop.Shop) -> Tablet:
    """A tablet that is enrolled in the shop."""
    tablet = await world.unenrolled(name)
    tablet.guide_id = store.guide_id
    await tablet.enrol(await code_of(store))
    return tablet


async def test_what_was_made_in_the_shop_before_reaches_it_from_the_next_one(world: World, other: shop.Shop) -> None:
    tablet = await world.tablet("one")
    tablet.proxy.down = True
    member = await sign_up(world, tablet)
    await order(world, tablet, member.id)
    await tablet.problem("no_network")
    tablet.proxy.down = False
    await tablet.enrol(await code_of(other))
    assert await tablet.container.read.members.get(member.id) is None, "another shop's work leaves the screen"

    async def sent() -> bool:
        return [code for (code,) in world.sql("SELECT status FROM op_log")] == ["forwarded"] * 2

    await tablet.until(sent, "the old shop's work to be sent")
    waiting = await tablet.container.read.outbox.waiting()
    assert (waiting.total, waiting.parked) == (2, 0)
    assert await tablet.container.read.outbox.attention_count() == 0
    assert await swept() > 0
    await tablet.in_step()
    assert await tablet.waiting() == 0
    found = world.sql("SELECT store_id::text, order_count FROM member WHERE id = %s", member.id)
    assert found == [(world.store.store_id, 1)]
    assert world.sql("SELECT store_id::text FROM shop_order") == [(world.store.store_id,)]
    await asyncio.to_thread(assert_feed_equals_tables)


async def test_a_tablet_cannot_pass_for_another_one(world: World, other: shop.Shop) -> None:
    from sync.protocol.signature import SigningKey, is_past_proof, past_proof

    one = await world.tablet("one")
    was = await one.container.read.shop.tablet()
    assert was is not None
    key, new = SigningKey(b"1" * 32), SigningKey(b"2" * 32)
    proof = past_proof(key, was.device_id, new.public_text)
    assert is_past_proof(proof, key.public, was.device_id, new.public_text)
    assert not is_past_proof(proof, new.public, was.device_id, new.public_text)
    assert not is_past_proof(proof, key.public, was.device_id, key.public_text)
    assert not is_past_proof("no proof", key.public, was.device_id, new.public_text)


async def test_a_tablet_goes_back_to_its_first_shop(world: World, other: shop.Shop) -> None:
    tablet = await world.tablet("one")
    await tablet.enrol(await code_of(other))
    tablet.guide_id = other.guide_id
    tablet.proxy.down = True
    there = await sign_up(world, tablet)
    await tablet.problem("no_network")
    tablet.proxy.down = False
    await tablet.enrol(await world.code())
    tablet.guide_id = world.store.guide_id
    here = await sign_up(world, tablet)

    async def sent() -> bool:
        return len(world.sql("SELECT 1 FROM op_log")) == 2

    await tablet.until(sent, "both shops' work to be sent")
    await swept()
    await tablet.in_step()
    homes = dict(world.sql("SELECT id::text, store_id::text FROM member"))
    assert homes == {there.id: other.store_id, here.id: world.store.store_id}
    past = world.sql("SELECT count(DISTINCT device_id) FROM past_enrolment")
    assert past == [(2,)]
