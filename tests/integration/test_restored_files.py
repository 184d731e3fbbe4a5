"""HQ's data folder put back from a copy of its files: the same system identifier, the same timeline, an older past."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from tests import shop
from tests.proofs.audit import scopes_of
from tests.proofs.house import House, Shop
from tests.proofs.restore import put_back
from tests.proxy import between
from tests.tablets import Tablet, running
from tests.work import Work

pytestmark = pytest.mark.asyncio
_IDENTITY = "SELECT DISTINCT system_identifier, timeline FROM epoch"
_FEED = "SELECT scope, entity, entity_id::text, ver, data FROM feed WHERE op = 'put' AND scope = ANY(%s)"
_TWICE = "SELECT count(*) - count(DISTINCT op_id), count(*) FROM op_log"


class World:
    """A running HQ, its shop, and two tablets of it."""

    def __init__(self, house: House, made: Shop, one: Tablet, two: Tablet) -> None:
        self.house, self.shop, self.one, self.two = house, made, one, two
        self.work = Work(Random(3), made.products, made.list_id, shop.PRICES)
        self._copy = house.data.parent / "copy"

    async def copied(self) -> None:
        """A copy of the files, taken while nothing runs; then HQ goes on."""
        await asyncio.to_thread(self.house.stop)
        await asyncio.to_thread(shutil.copytree, self.house.cluster.folder, self._copy, symlinks=True)
        await asyncio.to_thread(self.house.start)

    async def put_back(self) -> None:
        await asyncio.to_thread(self.house.stop)
        await asyncio.to_thread(put_back, self.house, self._copy)
        await asyncio.to_thread(self.house.start)

    async def sign_up(self, tablet: Tablet) -> str:
        made = self.work.sign_up(await tablet.container.numbers.next())
        order = self.work.order(await tablet.container.numbers.next(), made.id)
        await tablet.commit(made.draft, order.draft)
        return made.id

    async def assert_nothing_is_lost_or_doubled(self, members: list[str]) -> None:
        for _ in range(2):
            for tablet in (self.one, self.two):
                await tablet.in_step()
        scopes = await asyncio.to_thread(scopes_of, self.house, self.shop)
        found = await asyncio.to_thread(self.house.sql, _FEED, scopes)
        feed = {(scope, entity, row_id): (ver, json.loads(data)) for scope, entity, row_id, ver, data in found}
        held = [await asyncio.to_thread(tablet.rows, set(scopes)) for tablet in (self.one, self.two)]
        assert held == [feed, feed]
        assert {row_id for _scope, entity, row_id in feed if entity == "member"} == set(members)
        assert await asyncio.to_thread(self.house.sql, _TWICE) == [(0, 2 * len(members))]
        spent = await asyncio.to_thread(self.house.sql, "SELECT DISTINCT order_count FROM member")
        assert spent == [(1,)]


@pytest.fixture
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="guide-hq-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        made = House(Path(name))
        try:
            made.start()
            yield made
        finally:
            made.close_office()
            made.stop()


@pytest_asyncio.fixture
async def world(house: House, tmp_path: Path) -> AsyncIterator[World]:
    made = await asyncio.to_thread(house.shop, 2)
    await asyncio.to_thread(house.close_office)
    async with AsyncExitStack() as stack:
        tablets = []
        for number, code in enumerate(made.codes):
            proxy = await stack.enter_async_context(between(house.url))
            tablet = await stack.enter_async_context(running(tmp_path / f"{number}", made.guide_id, proxy))
            await tablet.enrol(code)
            tablets.append(tablet)
        yield World(house, made, *tablets)


@pytest.mark.expects_log
async def test_hq_knows_by_its_witness_and_gets_again_what_the_copy_lacks(world: World) -> None:
    members = [await world.sign_up(tablet) for tablet in (world.one, world.two)]
    for tablet in (world.one, world.two):
        await tablet.in_step()
    identity = await asyncio.to_thread(world.house.sql, _IDENTITY)
    await world.copied()
    members += [await world.sign_up(tablet) for tablet in (world.one, world.two) for _ in range(2)]
    for tablet in (world.one, world.two):
        await tablet.in_step()
    await world.put_back()
    assert await asyncio.to_thread(world.house.sql, _IDENTITY) == identity
    reasons = await asyncio.to_thread(world.house.sql, "SELECT reason FROM epoch ORDER BY began_at")
    assert reasons == [("first start",), ("an older copy of the database",)]
    await world.assert_nothing_is_lost_or_doubled(members)


@pytest.mark.expects_log
@pytest.mark.parametrize("goes_on", [False, True], ids=["quiet", "others-went-on"])
async def test_a_copy_that_the_witness_cannot_tell_is_told_by_numbers_and_digests(world: World, goes_on: bool) -> None:
    """The window: the witness has not counted on since the copy. `goes_on`: before the tablet is heard again, another
    one's work has brought the restored feed as far as it was, with other rows."""
    witness = world.house.data / "erasures.witness"
    members = [await world.sign_up(world.one)]
    for tablet in (world.one, world.two):
        await tablet.in_step()
    await asyncio.to_thread(world.house.stop)
    counted = witness.read_text(encoding="ascii")
    await asyncio.to_thread(world.house.start)
    await world.copied()
    members += [await world.sign_up(world.one) for _ in range(3)]
    for tablet in (world.one, world.two):
        await tablet.in_step()
    world.one.proxy.down = goes_on
    await asyncio.to_thread(world.house.stop)
    await asyncio.to_thread(put_back, world.house, world.house.data.parent / "copy")
    witness.write_text(counted, encoding="ascii")
    await asyncio.to_thread(world.house.start)
    assert await asyncio.to_thread(world.house.sql, "SELECT count(*) FROM epoch") == [(1,)]
    if goes_on:
        await world.two.in_step()
        members += [await world.sign_up(world.two) for _ in range(4)]
        await world.two.in_step()
        world.one.proxy.down = False
    await world.assert_nothing_is_lost_or_doubled(members)
