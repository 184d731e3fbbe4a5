"""Hearing at once what moves: two real tablets, a real HQ, real streams."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
import pytest_asyncio

from sync.net.events import HttpEvents
from sync.protocol.signature import sign
from tests import shop
from tests.hq_server import serving
from tests.relay import Relay, wire
from tests.tablet_client import VERSIONS
from tests.tablet_client import Tablet as Client
from tests.tablets import Tablet, running
from tests.work import Work

SOON_S = 8.0
"""An idle tablet asks after 15 s at the earliest."""


@dataclass
class World:
    """A shop, its HQ behind wires, and its tablets."""

    url: str
    store: shop.Shop
    work: Work
    folder: Path
    stack: AsyncExitStack

    async def tablet(self, name: str) -> tuple[Tablet, Relay]:
        relay = await self.stack.enter_async_context(wire(self.url))
        events = HttpEvents(app_version="0.1.0", nonce=lambda: f"{name}-{time.monotonic_ns()}")
        made = running(self.folder / name, self.store.guide_id, relay, events=events)
        tablet = await self.stack.enter_async_context(made)
        await tablet.enrol(await asyncio.to_thread(shop.new_code, self.store))
        return tablet, relay

    async def sign_up(self, tablet: Tablet) -> str:
        """Signs a member up on the tablet; returns their id."""
        made = self.work.sign_up(await tablet.container.numbers.next())
        await tablet.commit(made.draft)
        return made.id


async def seen(tablet: Tablet, member_id: str) -> float:
    """Seconds until the member is on the tablet."""
    began = time.monotonic()

    async def here() -> bool:
        return await tablet.container.read.members.get(member_id) is not None

    await tablet.until(here, "the member")
    return time.monotonic() - began


@pytest_asyncio.fixture
async def world(hq_database: str, tmp_path: Path) -> AsyncIterator[World]:
    chain = await asyncio.to_thread(shop.make_chain)
    store = await asyncio.to_thread(shop.make_shop, chain)
    with serving() as url:
        async with AsyncExitStack() as stack:
            yield World(url, store, Work(Random(7), chain.product_ids, chain.list_id, shop.PRICES), tmp_path, stack)


async def streams(url: str, count: int, asking: Tablet | None = None) -> None:
    """Waits until HQ says that it has so many; meanwhile a tablet keeps `asking`."""
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(150):
            if f"guide_hq_streams {float(count)}" in (await client.get(f"{url}/metrics")).text:
                return
            if asking is not None:
                asking.container.sync.nudge()
            await asyncio.sleep(0.1)
    raise AssertionError(f"there were never {count} streams")


@pytest.mark.asyncio
async def test_who_is_signed_up_on_one_tablet_is_on_the_other_at_once(world: World) -> None:
    (one, _), (other, relay) = await world.tablet("one"), await world.tablet("other")
    await streams(world.url, 2)
    await one.in_step()
    await other.in_step()
    for _ in range(2):
        assert await seen(other, await world.sign_up(one)) < SOON_S
    assert await seen(one, await world.sign_up(other)) < SOON_S

    relay.cut()
    await streams(world.url, 1)
    member_id = await world.sign_up(one)
    await one.in_step()
    await other.in_step()  # the poll, sooner than it would come
    assert await seen(other, member_id) < SOON_S
    assert not other.container.sync.view().problem


@pytest.mark.asyncio
async def test_a_stream_that_was_cut_is_opened_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.following.AGAIN_S", 0.1)
    monkeypatch.setattr("sync.following.SPREAD_S", 0.5)
    (one, _), (other, relay) = await world.tablet("one"), await world.tablet("other")
    await streams(world.url, 2)
    relay.cut()
    await streams(world.url, 1)
    await streams(world.url, 2, asking=other)
    await other.in_step()
    assert await seen(other, await world.sign_up(one)) < SOON_S


@pytest.mark.asyncio
async def test_without_streams_tablets_poll(hq_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hq.sync_api.events.Streams.open", _none)
    chain = await asyncio.to_thread(shop.make_chain)
    store = await asyncio.to_thread(shop.make_shop, chain)
    with serving() as url:
        async with AsyncExitStack() as stack:
            world = World(url, store, Work(Random(7), chain.product_ids, chain.list_id, shop.PRICES), tmp_path, stack)
            (one, _), (other, _) = await world.tablet("one"), await world.tablet("other")
            member_id = await world.sign_up(one)
            await one.in_step()
            await other.in_step()
            assert await seen(other, member_id) < SOON_S


async def _none(_streams: object, _session: object) -> None:
    return None


# ------------------------------------------------------------------ one client, line by line


@contextmanager
def listening(client: Client, **over: Any) -> Iterator[httpx.Response]:
    """An open stream of the client's device."""
    signed = sign(
        "GET", "/v1/events", VERSIONS, b"", key=client.key, keyid=client.told.device_id,
        created=int(time.time()), nonce="n", **over,
    )  # fmt: skip
    with client.http.stream("GET", "/v1/events", headers={**VERSIONS, **signed}, timeout=20) as response:
        yield response


@pytest.fixture
def place(hq_database: str) -> Iterator[tuple[str, shop.Shop]]:
    made = shop.make_shop(shop.make_chain())
    with serving() as url:
        yield url, made


def enrolled(place: tuple[str, shop.Shop]) -> Client:
    client = Client(place[0], place[1].guide_id)
    assert client.enrol(shop.new_code(place[1])).status_code == 200
    client.sync()
    return client


def moved(lines: Iterator[str]) -> str:
    """The next scope that a stream names."""
    assert next(line for line in lines if line and not line.startswith(":")) == "event: moved"
    return next(lines).removeprefix("data: ")


def test_a_stream_names_the_scope_that_moved(place: tuple[str, shop.Shop]) -> None:
    client, other = enrolled(place), enrolled(place)
    with closing(client.http), closing(other.http), listening(client) as response:
        assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream")
        lines = response.iter_lines()
        assert next(lines).startswith(":")
        pause = client.sync().next_sync_after_ms
        other.sync(other.maker.sign_up())
        assert moved(lines) == place[1].scope
        assert 25_000 <= pause <= 50_000, "who hears asks half as often"
        assert 15_000 <= other.sync().next_sync_after_ms <= 25_000


def test_a_newer_stream_ends_the_older(place: tuple[str, shop.Shop]) -> None:
    client = enrolled(place)
    with closing(client.http), listening(client) as older:
        lines = older.iter_lines()
        next(lines)
        with listening(client) as newer:
            assert [line for line in lines if line] == []
            assert next(newer.iter_lines()).startswith(":")


def test_a_stream_ends_with_the_devices_rights(place: tuple[str, shop.Shop]) -> None:
    from django.utils import timezone

    from hq.devices import services
    from hq.devices.models import Device

    client = enrolled(place)
    with closing(client.http), listening(client) as response:
        lines = response.iter_lines()
        next(lines)
        services.revoke(Device.objects.get(id=client.told.device_id), timezone.now())
        assert "event: moved" not in list(lines)
        with listening(client) as refused:
            refused.read()
            assert (refused.status_code, refused.json()["code"]) == (403, "revoked")


def test_only_a_device_hears_anything(place: tuple[str, shop.Shop]) -> None:
    client = enrolled(place)
    with closing(client.http):
        assert client.http.get("/v1/events", headers=VERSIONS).json()["code"] == "unsigned"
        assert client.post("/v1/events", b"{}").status_code == 405
        own, client.key = client.key, type(client.key)(bytes(32))
        with listening(client) as refused:
            refused.read()
            assert (refused.status_code, refused.json()["code"]) == (401, "signature")
        client.key = own
        described = client.http.get("/v1/openapi.json").json()["paths"]["/v1/events"]["get"]["responses"]
        assert {"200", "204", "401", "403", "503"} <= described.keys()


def test_hq_ends_within_seconds_with_streams_open(hq_database: str) -> None:
    made = shop.make_shop(shop.make_chain())
    ended: list[float] = []

    def hear(client: Client, ready: threading.Event) -> None:
        with closing(client.http), listening(client) as response:
            for line in response.iter_lines():
                ready.set()
                assert not line.startswith("event")
        ended.append(time.monotonic())

    with serving() as url:
        ready = [threading.Event() for _ in range(3)]
        threads = [threading.Thread(target=hear, args=(enrolled((url, made)), one)) for one in ready]
        for thread in threads:
            thread.start()
        assert all(one.wait(10) for one in ready)
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 5
    for thread in threads:
        thread.join(5)
    assert len(ended) == 3
