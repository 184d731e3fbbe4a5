"""A payment on the customer's phone, seen from two real tablets of a real HQ: asked for on one, heard of by both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from django.conf import settings

from guide_app.domain import payments
from guide_app.domain.clock import SystemClock
from guide_app.domain.errors import NoNetwork
from guide_app.services.ports.shop import StaffRow
from hq.payments.local import server
from hq.payments.local.server import Desk
from tests.integration.test_payments_real import SECRET, AllTo
from tests.integration.test_sync_real import World, order, world
from tests.tablets import Tablet

__all__ = ["world"]
pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """The provider; it is asked for before HQ is, so that HQ knows of it."""
    with server.running(SECRET, SystemClock()) as made:
        (tmp_path / "local.secret").write_bytes(SECRET)
        told = tmp_path / "payments.json"
        told.write_text(f'{{"provider": "local", "url": "{made.base_url}", "secret_file": "local.secret"}}')
        monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, payments=told))
        yield made


async def stands_here(world: World, tablet: Tablet) -> None:
    """The guide is signed in on the tablet."""
    people = {row.id: row for row in await tablet.container.read.shop.staff()}
    found: StaffRow = people[world.store.guide_id]
    tablet.container.do.session.guide = found


async def test_what_one_tablet_asks_for_both_hear_of(desk: Desk, hq_database: str, world: World) -> None:
    desk.addresses = AllTo(f"{world.url}/payments/notify")
    one, two = await world.tablet("one"), await world.tablet("two")
    await stands_here(world, one)
    made = await order(world, one)
    one.proxy.down = True
    with pytest.raises(NoNetwork):
        await one.container.do.payments.ask(made.id, 1)
    (waits,) = await one.container.read.orders.list(money="owed")
    assert waits.id == made.id, "with no network it waits"
    one.proxy.down = False
    await one.in_step()
    row = await one.container.read.orders.get(made.id)
    assert row is not None
    told = await one.container.do.payments.ask(made.id, payments.owed(row.order))
    await two.in_step()
    seen = await two.container.read.orders.get(made.id)
    assert seen is not None
    assert seen.order.asked is not None
    assert seen.order.asked.code == told.text, "a colleague can show it too"
    assert (await asyncio.to_thread(httpx.post, told.text, data={"do": "pay"})).status_code == 200
    for tablet in (one, two):

        async def paid(tablet: Tablet = tablet) -> bool:
            tablet.container.sync.nudge()
            found = await tablet.container.read.orders.get(made.id)
            return found is not None and found.order.state == "paid" and found.order.asked is None

        await tablet.until(paid, "the payment")
    await world.assert_all_agree(one, two)
