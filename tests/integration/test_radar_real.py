"""The radar from end to end: two shops, a real tablet, a real HQ; members of the other shop are suspected offline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from guide_app.domain.errors import NoNetwork
from sync import radar
from tests import shop as shops
from tests.hq_server import serving
from tests.proxy import between
from tests.tablet_client import Tablet as Client
from tests.tablets import Tablet, running

pytestmark = pytest.mark.asyncio
PHONES = [f"+86138000{n:05d}" for n in range(30)]
MINE = "+8613900000000"


class World:
    """The tablet's shop and another one, which has `PHONES`."""

    def __init__(self, url: str, database: str, folder: Path, stack: AsyncExitStack) -> None:
        chain = shops.make_chain()
        self.shop, self._other = shops.make_shop(chain), shops.make_shop(chain)
        self.url, self.database, self._folder, self._stack = url, database, folder, stack
        client = Client(url, self._other.guide_id)
        client.enrol(shops.new_code(self._other)).raise_for_status()
        client.sync(*(client.maker.sign_up(phone=phone) for phone in PHONES))
        client.close()

    async def tablet(self, name: str) -> Tablet:
        """A loaded tablet of the shop."""
        proxy = await self._stack.enter_async_context(between(self.url))
        made = running(self._folder / name, self.shop.guide_id, proxy)
        tablet = await self._stack.enter_async_context(made)
        await tablet.enrol(await asyncio.to_thread(shops.new_code, self.shop))
        return tablet

    async def made(self) -> None:
        """HQ's periodic work comes round, until nobody waits for a set."""
        from hq.radar.making import make_asked

        for _ in range(200):
            if await asyncio.to_thread(make_asked):
                return
            await asyncio.sleep(0.05)
        raise AssertionError("no tablet asked for a radar")


@pytest_asyncio.fixture
async def world(hq_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    for name, seconds in (
        ("FIRST_S", 0.0),
        ("FIRST_SPREAD_S", 0.0),
        ("LOOK_EVERY_S", 0.1),
        ("AGAIN_S", 0.1),
        ("MAKING_SPREAD_S", 0.1),
    ):
        monkeypatch.setattr(radar, name, seconds)
    monkeypatch.setattr("hq.sync_api.radars._MAKING_S", 1)
    with serving() as url:
        async with AsyncExitStack() as stack:
            yield await asyncio.to_thread(World, url, hq_database, tmp_path, stack)


async def suspects(tablet: Tablet, *phones: str) -> bool:
    """Whether the tablet takes all of these for members of another shop."""
    found = [await tablet.container.do.visitors.suspect(phone) for phone in phones]
    return None not in found


async def until_suspected(tablet: Tablet, *phones: str) -> None:
    async def known() -> bool:
        tablet.container.sync.nudge()
        await asyncio.sleep(0.05)
        return await suspects(tablet, *phones)

    await tablet.until(known, "the radar")


async def test_members_of_the_other_shop_are_suspected_with_no_network_and_found_with_one(world: World) -> None:
    tablet = await world.tablet("one")
    assert not await suspects(tablet, PHONES[0])
    await world.made()
    await until_suspected(tablet, *PHONES)
    tablet.proxy.down = True
    assert await suspects(tablet, *PHONES)
    with pytest.raises(NoNetwork):
        await tablet.container.do.visitors.find(PHONES[0])
    tablet.proxy.down = False
    found = await tablet.container.do.visitors.find(PHONES[0])
    assert found

    async def here() -> bool:
        return await tablet.container.read.members.by_phone(PHONES[0]) is not None

    await tablet.until(here, "the visitor")
    assert not await suspects(tablet, PHONES[0])


@pytest.mark.expects_log
async def test_a_revoked_tablet_forgets_it(world: World) -> None:
    tablet = await world.tablet("one")
    await world.made()
    await until_suspected(tablet, *PHONES)
    with psycopg.connect(world.database, autocommit=True) as connection:
        connection.execute("UPDATE device SET revoked_at = now()")
    tablet.container.sync.nudge()
    await tablet.problem("revoked")
    assert not await suspects(tablet, PHONES[0])
