"""The library from end to end: published at a real HQ, heard of at once, fetched, ready to show; gone when over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from guide_app.domain.clock import SystemClock, to_text
from guide_app.domain.records import Names
from guide_app.services.ports.library import MaterialRow, Reader, Wanted
from sync import files
from sync.net.events import HttpEvents
from tests import shop as shops
from tests.hq_server import serving
from tests.integration.test_hq_materials import EVERYBODY, WANG, pictures, published
from tests.relay import Relay, wire
from tests.tablets import Tablet, running

pytestmark = pytest.mark.asyncio
SOON_S = 8.0
"""An idle tablet asks after 15 s at the earliest: what comes sooner was told by an event."""


class Later(SystemClock):
    """A tablet's clock that is days ahead of the test's."""

    def __init__(self, days: int) -> None:
        super().__init__()
        self._by = timedelta(days=days)

    def now(self) -> datetime:
        return super().now() + self._by


class World:
    """A chain, a shop, its HQ, and the wire of its one tablet."""

    def __init__(self, url: str, folder: Path, stack: AsyncExitStack) -> None:
        self.shop = shops.make_shop(shops.make_chain())
        self.url, self.folder, self.stack = url, folder, stack
        self.reader = Reader(guide_id=self.shop.guide_id, role="guide")

    async def wire(self) -> Relay:
        return await self.stack.enter_async_context(wire(self.url))

    def opened(self, relay: Relay, stack: AsyncExitStack, *, days: int = 0) -> Any:
        events = HttpEvents(app_version="0.1.0", nonce=lambda: f"n-{time.monotonic_ns()}")
        made = running(self.folder / "tablet", self.shop.guide_id, relay, events=events, clock=Later(days))
        return stack.enter_async_context(made)

    async def until(
        self, tablet: Tablet, material: str, version: int, *, why_not: str = ""
    ) -> tuple[MaterialRow, float]:
        """The material once it stands so on the tablet, with all of its files or none; and the seconds that it took."""
        began = time.monotonic()

        async def stands() -> bool:
            row = await tablet.container.read.library.get(material, self.reader)
            whole = row is not None and (row.lies == "here") == (not why_not) and row.why_not == why_not
            return whole and row is not None and row.material.version >= version and self.on_disk() >= row.all_bytes > 0

        async def over() -> bool:
            row = await tablet.container.read.library.get(material, self.reader)
            return row is not None and row.why_not == why_not and self.on_disk() == 0

        await tablet.until(over if why_not else stands, f"version {version} {why_not}")
        row = await tablet.container.read.library.get(material, self.reader)
        assert row is not None
        return row, time.monotonic() - began

    def on_disk(self) -> int:
        """Bytes of whole files on the tablet's disk."""
        folder = self.folder / "tablet" / "files"
        return sum(path.stat().st_size for path in folder.glob("*") if len(path.name) == 64)


@pytest_asyncio.fixture
async def world(hq_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    for name in ("KEEP_FREE", "SWEEP_S"):
        monkeypatch.setattr(files, name, 0)
    with serving() as url:
        async with AsyncExitStack() as stack:
            yield await asyncio.to_thread(World, url, tmp_path, stack)


async def publish(name: str, material: str = "", **said: Any) -> str:
    """A picture of this name, by one, and published by another; the material's id."""
    return await asyncio.to_thread(
        lambda: published(msgspec.structs.replace(pictures(name), **said), EVERYBODY, material)
    )


def withdraw(material: str) -> None:
    from hq.materials import services

    services.withdraw(material, "wrong price", by=WANG)


async def test_hq_hears_from_the_tablet_when_it_has_it_whole(world: World) -> None:
    from hq.outcomes.models import MaterialOnTablet

    relay = await world.wire()
    async with AsyncExitStack() as stack:
        tablet = await world.opened(relay, stack)
        await tablet.enrol(await asyncio.to_thread(shops.new_code, world.shop))
        material = await publish("one")
        await world.until(tablet, material, 1)

        async def heard() -> bool:
            tablet.container.sync.nudge()
            found = MaterialOnTablet.objects.filter(material=material, version=1)
            return bool(await asyncio.to_thread(lambda: [one for one in found if one.why == "" and one.came_at]))

        await tablet.until(heard, "HQ has heard that it is there")


async def test_a_new_version_is_ready_to_show_in_seconds_and_what_is_withdrawn_is_gone(world: World) -> None:
    tablet = await world.opened(await world.wire(), world.stack)
    await tablet.enrol(await asyncio.to_thread(shops.new_code, world.shop))
    material = await publish("a")
    row, first_s = await world.until(tablet, material, 1)
    assert [file.type for file in row.material.files] == ["image/webp"] * 2
    content = tablet.container.files.read(row.material.files[0].sha256)
    assert content == b"a" * 9
    await publish("b", material)
    row, next_s = await world.until(tablet, material, 2)
    assert tablet.container.files.read(row.material.files[0].sha256) == b"b" * 9
    await asyncio.to_thread(withdraw, material)
    row, gone_s = await world.until(tablet, material, 2, why_not="withdrawn")
    assert [
        one.material.title for one in await tablet.container.read.library.find(Wanted(text="冬季"), world.reader)
    ] == [Names(en="Winter skin", zh="冬季护肤")]
    assert max(first_s, next_s, gone_s) < SOON_S
    print(f"publish → ready {first_s:.2f} s, new version {next_s:.2f} s, withdrawn → gone {gone_s:.2f} s")


async def test_a_tablet_that_was_offline_for_a_week_shows_nothing_that_is_over_and_has_the_new_after_one_round(
    world: World,
) -> None:
    relay = Relay(world.url)
    line = await asyncio.start_server(relay.connected, "127.0.0.1", 0)
    port = line.sockets[0].getsockname()[1]
    relay.url = f"http://127.0.0.1:{port}"
    ends = to_text(SystemClock().now() + timedelta(days=3))
    async with AsyncExitStack() as stack:
        tablet = await world.opened(relay, stack)
        await tablet.enrol(await asyncio.to_thread(shops.new_code, world.shop))
        poster = await publish("a", valid_until=ends)
        await world.until(tablet, poster, 1)
    line.close()
    relay.cut()
    async with AsyncExitStack() as stack:
        away = await world.opened(relay, stack, days=7)
        row, _ = await world.until(away, poster, 1, why_not="expired")
        assert row.material.files
    news = await publish("n")
    async with await asyncio.start_server(relay.connected, "127.0.0.1", port), AsyncExitStack() as stack:
        back = await world.opened(relay, stack)
        _, took_s = await world.until(back, news, 1)
        assert took_s < SOON_S
        await stack.aclose()
        relay.cut()
        await relay.close()
    print(f"back after a week: {took_s:.2f} s")
