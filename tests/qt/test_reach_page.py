"""How the goods of an order reach the customer, in the whole app."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.qt.test_whole_app import faults, played
from tests.qt.whole_app import App

pytestmark = pytest.mark.usefixtures("qapp")


async def to_hand_over(running: App) -> str:
    """An order that somebody will fetch."""
    rows = await running.container.read.orders.list(money="to_hand", limit=1)
    return rows[0].id


def test_every_way_in_words_and_pictures(tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await running.open("Order")
        order = running.model("Order")
        for product in await running.container.read.catalogue.search("", limit=2):
            order.add(product.id, 1)
        await running.rest()
        order.showReach()
        await running.rest()
        sheet = running.model("Reach")
        assert not (found := await faults(running, "Reach")), "\n".join(found)
        sheet.choose("pre_order")
        sheet.setName("许安然")
        sheet.setPhone("13800000000")
        sheet.chooseDay(sheet.days.rows[2].key)
        await running.rest()
        assert not (found := await faults(running, "ReachPreOrder")), "\n".join(found)
        sheet.choose("ship")
        sheet.chooseDay("fast")
        sheet.setAddress("上海市黄浦区南京东路 299 号 12 楼 1203 室")
        sheet.setNote("放前台")
        await running.rest()
        assert not (found := await faults(running, "ReachShip")), "\n".join(found)
        sheet.save()
        await running.rest()
        running.screen.toasts.close()
        assert order.reach.fast
        assert not (found := await faults(running, "BasketReach")), "\n".join(found)
        await running.open("Orders", orderId=await to_hand_over(running))
        running.model("Orders").setFilter("to_hand")
        await running.rest()
        assert running.model("Orders").goodsSteps
        assert not (found := await faults(running, "OrderToHandOver")), "\n".join(found)

    played(play, tmp_path)
