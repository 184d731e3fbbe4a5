"""Two guides set one field of one member with no network: neither value is lost, and one tap settles it everywhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from tests import shop
from tests.hq_server import serving
from tests.proxy import between
from tests.tablets import Tablet, running
from tests.work import Work

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def pair(hq_database: str, tmp_path: Path) -> AsyncIterator[tuple[Tablet, Tablet, str]]:
    """Two tablets of a shop with a guide signed in on each, and a member that both hold."""
    chain = await asyncio.to_thread(shop.make_chain)
    store = await asyncio.to_thread(shop.make_shop, chain)
    async with AsyncExitStack() as stack:
        url = stack.enter_context(serving())
        tablets = []
        for name in ("one", "two"):
            proxy = await stack.enter_async_context(between(url))
            tablet = await stack.enter_async_context(running(tmp_path / name, store.guide_id, proxy))
            await tablet.enrol(await asyncio.to_thread(shop.new_code, store))
            await tablet.container.do.session.sign_in(store.guide_id, shop.PIN)
            tablets.append(tablet)
        made = Work(Random(3), chain.product_ids, chain.list_id, shop.PRICES).sign_up(
            await tablets[0].container.numbers.next()
        )
        await tablets[0].commit(made.draft)
        for tablet in tablets:
            await tablet.in_step()
        yield tablets[0], tablets[1], made.id


async def birthday(tablet: Tablet, member_id: str) -> tuple[str, int]:
    """The birthday that the tablet shows, and how many collisions are open."""
    view = await tablet.container.read.members.get(member_id)
    assert view is not None
    return view.member.birthday, len(view.member.conflicts)


async def set_birthday(tablet: Tablet, member_id: str, value: str) -> None:
    view = await tablet.container.read.members.get(member_id)
    assert view is not None
    await tablet.container.do.members.edit(view, birthday=value)


@pytest.mark.parametrize(("take", "stands"), [("theirs", "06-02"), ("hq", "05-01")])
async def test_a_collision_is_settled_on_either_tablet_by_one_tap(
    pair: tuple[Tablet, Tablet, str], take: str, stands: str
) -> None:
    one, two, member_id = pair
    one.proxy.down = two.proxy.down = True
    await set_birthday(one, member_id, "05-01")
    await set_birthday(two, member_id, "06-02")
    assert await birthday(one, member_id) == ("05-01", 0)
    assert await birthday(two, member_id) == ("06-02", 0)
    for tablet in (one, two):
        tablet.proxy.down = False
        await tablet.in_step()
    await one.in_step()
    for tablet in (one, two):
        assert await birthday(tablet, member_id) == ("05-01", 1), "HQ's value stays, both are kept"
        (row,) = [row for row in await tablet.container.do.attention.rows() if row.kind == "conflict"]
        assert (row.field, row.hq, row.theirs) == ("birthday", "05-01", "06-02")
    await one.container.do.attention.settle(row, "take_theirs" if take == "theirs" else "keep_hq")
    assert await birthday(one, member_id) == (stands, 0), "at once, where it was tapped"
    await one.in_step()
    await two.in_step()
    for tablet in (one, two):
        assert await birthday(tablet, member_id) == (stands, 0)
        assert [row for row in await tablet.container.do.attention.rows() if row.kind == "conflict"] == []


async def test_both_settle_it_differently_and_it_is_asked_again(pair: tuple[Tablet, Tablet, str]) -> None:
    one, two, member_id = pair
    one.proxy.down = two.proxy.down = True
    await set_birthday(one, member_id, "05-01")
    await set_birthday(two, member_id, "06-02")
    for tablet in (one, two, one):
        tablet.proxy.down = False
        await tablet.in_step()
    one.proxy.down = two.proxy.down = True
    for tablet, theirs in ((one, True), (two, False)):
        (row,) = [row for row in await tablet.container.do.attention.rows() if row.kind == "conflict"]
        await tablet.container.do.attention.settle(row, "take_theirs" if theirs else "keep_hq")
    for tablet in (one, two, one):
        tablet.proxy.down = False
        await tablet.in_step()
    for tablet in (one, two):
        assert await birthday(tablet, member_id) == ("06-02", 1), (
            "the first to reach HQ stands, the other is asked again"
        )
