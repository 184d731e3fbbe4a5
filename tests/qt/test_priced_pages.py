"""The order page with promotions: why each price, what is near, a price that changed, and discounts by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from guide_app.domain.clock import SystemClock, to_text
from guide_app.domain.records import Names, Promotion, Selection
from tests.qt.test_whole_app import faults, of_type, played
from tests.qt.whole_app import PIN, App
from tests.unit.local_store.fake_hq import uuid


def offered(running: App, goods: list[str]) -> dict[str, str]:
    """HQ's promotions of the day, of every kind that a basket meets."""
    since = to_text(SystemClock().now() - timedelta(days=1))
    told: dict[str, dict[str, Any]] = {
        "member": {"names": Names(en="Member price", zh="会员价"), "kind": "member_price", "percent": 800},
        "three": {"names": Names(en="3 for 2 on nappies", zh="纸尿裤买二送一"), "kind": "buy_get", "buy": 2, "get": 1,
                  "percent": 10_000, "goods": Selection(products=(goods[0],))},
        "from": {"names": Names(en="30 off from 2,999", zh="满 2999 减 30"), "kind": "amount", "amount": 3000,
                 "min_amount": 299_900, "reach": "order", "stacks": True},
        "wipes": {"names": Names(en="Wipes week", zh="湿巾周"), "kind": "percentage", "percent": 1000, "stacks": True,
                  "goods": Selection(products=(goods[1],))},
    }  # fmt: skip
    ids = {}
    for key, terms in told.items():
        ids[key] = uuid()
        running.hq.publish("promotion", ids[key], Promotion(of=ids[key], since=since, **terms))
    return ids


async def filled(running: App) -> dict[str, str]:
    """Anna buys two packs of nappies and some wipes; the ids of HQ's promotions."""
    order = running.model("Order")
    rows = await running.container.read.catalogue.search("", limit=3)
    ids = offered(running, [row.id for row in rows])
    running.container.sync.nudge()
    await running.open("Order")
    order.setMember((await running.container.read.members.search("Anna"))[0].id)
    for row, count in zip(rows, (2, 2, 1), strict=True):
        order.add(row.id, count)
    await running.until(lambda: order.savedWords and len(order.notApplied) == 2, "the price with promotions")
    for page in of_type(running.window.contentItem(), "Order"):
        assert page.setProperty("basketOpen", True)
    await running.rest()
    if order.priceNews:  # the promotions came after the goods: their price changed by itself
        order.agree()
        await running.until(lambda: not order.priceNews, "the new price agreed to")
        await running.rest()
    running.screen.toasts.close()
    return ids


async def ended(running: App, promotion_id: str) -> None:
    """HQ ends a promotion, and the tablet hears of it."""
    known = running.hq.record("promotion", promotion_id)
    now = to_text(SystemClock().now() - timedelta(seconds=5))
    running.hq.publish("promotion", promotion_id, msgspec.structs.replace(known, until_moment=now))
    running.container.sync.nudge()
    await running.until(lambda: running.model("Order").priceNews, "the news of the price")
    await running.rest()


@pytest.mark.parametrize("state", ["BasketWhy", "BasketNews", "WhyPrice", "OrderDiscounts"])
def test_prices_are_explained(state: str, qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        ids, order = await filled(running), running.model("Order")
        if state == "BasketWhy":
            order.showWhy(order.lines.rows[0].key)
        elif state == "BasketNews":
            await ended(running, ids["wipes"])
        elif state == "WhyPrice":
            order.openWhy()
            await running.rest()
            assert [item.isVisible() for item in of_type(running.window.contentItem(), "WhyPrice")] == [True]
        else:
            order.place()
            await running.until(lambda: running.screen.navigator._page == "Orders", "the order")
            running.screen.toasts.close()
        await running.rest()
        assert not (found := await faults(running, state)), "\n".join(found)

    played(play, tmp_path)


@pytest.mark.parametrize("state", ["TakeOff", "TakeOffTooMuch", "TakeOffManager"])
def test_discounts_by_hand(state: str, qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await filled(running)
        order = running.model("Order")
        sheet = order.byHand
        order.takeOff(order.lines.rows[0].key)
        await running.rest()
        sheet.setReason("展示样品")
        sheet.setValue({"TakeOff": "5", "TakeOffTooMuch": "31", "TakeOffManager": "12.5"}[state])
        await running.rest()
        assert sheet.needsManager == (state == "TakeOffManager")
        assert bool(sheet.problem) == (state == "TakeOffTooMuch")
        if state == "TakeOffManager":
            sheet.goOn()
            await running.rest()
        assert [item.isVisible() for item in of_type(running.window.contentItem(), "TakeOff")] == [True]
        assert not (found := await faults(running, state)), "\n".join(found)
        if state == "TakeOffManager":
            for digit in PIN:
                sheet.pad.digit(digit)
            await running.until(lambda: not sheet.shown, "the manager's word")
            assert running.container.do.session.guide_id == running.guide_id
            await running.rest()
            order.showWhy(order.lines.rows[0].key)
            assert any("顾明珊" in one["label"] for one in order.lines.rows[0].why)

    played(play, tmp_path)
