"""Staff purchase on the order page: every look, from the choice of a colleague to the order that says who bought."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from guide_app.domain.clock import SystemClock, to_text
from guide_app.domain.leases import staff_instrument
from guide_app.domain.records import Lease, Names, Promotion, Staff, StaffPurchase
from guide_app.services.pricing import shop_time
from tests.qt.test_whole_app import faults, of_type, played
from tests.qt.whole_app import App
from tests.unit.local_store.fake_hq import uuid


async def colleague(running: App, leased: int) -> str:
    """HQ lets a colleague buy for 2,000.00 a month, 30 % off; this tablet has a lease of a part of it."""
    read, hq = running.container.read, running.hq
    guide_id = running.container.do.session.guide_id
    people = [row for row in await read.shop.staff() if row.id != guide_id and row.staff.active]
    who = people[0]
    person: Staff = hq.record("staff", who.id)
    hq.publish("staff", who.id, replace(person, purchase=StaffPurchase(limit=200_000)))
    now = SystemClock().now()
    since, row_id = to_text(now - timedelta(days=1)), uuid()
    hq.publish("promotion", row_id, Promotion(
        of=row_id, since=since, names=Names(en="Staff price", zh="内购价"), kind="staff", percent=3_000,
    ))  # fmt: skip
    tablet = await read.shop.tablet()
    assert tablet is not None
    month = f"{shop_time(to_text(now), tablet.time_zone):%Y-%m}"
    if leased:
        hq.publish("lease", uuid(), Lease(
            amount=leased, instrument=staff_instrument(tablet.store_id, who.id, month), granted_at=to_text(now),
            expires_at=to_text(now + timedelta(days=2)),
        ))  # fmt: skip
    running.container.sync.nudge()
    return who.id


async def chosen(running: App, leased: int) -> Any:
    """Two products in the basket, and the sheet of who buys is open."""
    who = await colleague(running, leased)
    await running.open("Order")
    order = running.model("Order")
    for product in await running.container.read.catalogue.search("", limit=2):
        order.add(product.id, 1)
    await running.until(lambda: not order.empty, "the basket")
    for _ in range(200):
        row = next(one for one in await running.container.read.shop.staff() if one.id == who)
        if row.staff.purchase is not None:
            break
        await running.rest()
    order.open("")
    await running.until(lambda: order.staffOffered, "the right")
    for page in of_type(running.window.contentItem(), "Order"):
        assert page.setProperty("basketOpen", True)
    order.showStaff()
    sheet = running.model("StaffPurchase")
    await running.until(lambda: len(sheet.colleagues.rows) == 2, "the colleague")
    return order, sheet, who


@pytest.mark.parametrize("state", ["StaffPurchase", "BasketStaff", "OrderStaff"])
def test_a_colleague_buys_at_staff_prices(state: str, qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        order, sheet, who = await chosen(running, 150_000)
        if state != "StaffPurchase":
            listed = order.total
            sheet.choose(who)
            await running.until(lambda: order.staffWords and order.total != listed, "the staff price")
        if state == "OrderStaff":
            order.place()
            orders = running.model("Orders")
            await running.until(lambda: running.screen.navigator._page == "Orders", "the order")
            await running.until(lambda: "Staff purchase" in orders.placedWords, "who bought it")
        await running.rest()
        running.screen.toasts.close()
        assert not (found := await faults(running, state)), "\n".join(found)

    played(play, tmp_path)


def test_without_a_lease_and_hq_nothing_is_sold_and_why_is_said(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        order, sheet, who = await chosen(running, 0)
        listed = order.total
        sheet.choose(who)
        await running.until(lambda: order.staffWords and order.total != listed, "the staff price")
        running.screen.toasts.close()
        order.place()
        await running.until(lambda: running.screen.toasts.text, "why not")
        await running.rest()
        assert not order.empty
        assert order.staffWords
        order.setMember((await running.container.read.members.search("Anna"))[0].id)
        await running.until(lambda: order.hasMember and order.total == listed, "a customer's price after all")
        assert order.staffWords == ""

    played(play, tmp_path)
