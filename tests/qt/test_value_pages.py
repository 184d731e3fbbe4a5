"""Coupons and points on the order page, and what an order brings: every look, by keyboard too."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from guide_app.domain.clock import SystemClock, to_text
from guide_app.domain.leases import points_instrument
from guide_app.domain.records import Coupon, Earning, Instrument, Lease, Names, PointsPlan, Promotion, Settings, Wallet
from tests.qt.test_keyboard import missed, press
from tests.qt.test_whole_app import faults, of_type, played
from tests.qt.whole_app import App, outside
from tests.unit.local_store.fake_hq import uuid

TITLES = (
    Names(en="30 off from 300", zh="满 300 减 30"),
    Names(en="10 % off wipes", zh="湿巾九折"),
    Names(en="Birthday gift: 20 off", zh="生日礼：减 20"),
)


def published(running: App, member_id: str) -> list[Coupon]:
    """HQ's coupons and points of this member; the tablet has leases of the first coupon and of the points."""
    now = SystemClock().now()
    since = to_text(now - timedelta(days=1))
    terms: list[dict[str, Any]] = [
        {"amount": 3_000, "min_amount": 30_000, "stacks": True}, {"percent": 1_000, "min_pieces": 9},
        {"amount": 2_000, "stacks": True},
    ]  # fmt: skip
    ids = [uuid() for _ in terms]
    for row_id, title, more in zip(ids, TITLES, terms, strict=True):
        running.hq.publish("promotion", row_id, Promotion(of=row_id, since=since, names=title, kind="coupon", **more))
    paying = uuid()
    running.hq.publish("promotion", paying, Promotion(
        of=paying, since=since, names=Names(en="Pay with points", zh="积分抵现"), kind="points", points=100, amount=100,
        cap_share=5_000,
    ))  # fmt: skip
    club = Names(en="Club", zh="俱乐部")
    coupons = [
        Coupon(title=title, id=uuid(), promotion=one, source=club) for title, one in zip(TITLES, ids, strict=True)
    ]
    summer = Names(en="Summer coupon", zh="夏季券")
    coupons.append(Coupon(title=summer, id=uuid(), promotion=ids[0], until="2026-08-31"))
    running.hq.publish("wallet", member_id, Wallet(points=12_400, coupons=tuple(coupons)))
    for instrument, amount in (
        (Instrument(kind="coupon", id=coupons[0].id), 1), (points_instrument(member_id), 2_000),
    ):  # fmt: skip
        running.hq.publish("lease", uuid(), Lease(
            amount=amount, instrument=instrument, granted_at=to_text(now), expires_at=to_text(now + timedelta(days=2)),
        ))  # fmt: skip
    row_id = next(ref.id for ref in running.hq.alive() if ref.entity == "settings")
    known: Settings = running.hq.record("settings", row_id)
    plan = PointsPlan(earnings=(Earning(amount=1_000),))
    running.hq.publish("settings", row_id, Settings(points=plan, levels=known.levels, tags=known.tags))
    return coupons


async def served(running: App) -> list[Coupon]:
    """Anna's basket: two packs of the first product, one of the next two."""
    order = running.model("Order")
    (anna, *_) = await running.container.read.members.search("Anna")
    coupons = published(running, anna.id)
    running.container.sync.nudge()
    rows = await running.container.read.catalogue.search("", limit=3)
    await running.open("Order")
    order.setMember(anna.id)
    for row, count in zip(rows, (2, 1, 1), strict=True):
        order.add(row.id, count)
    await running.until(lambda: order.value.bestWords and order.value.earnsWords, "what Anna can use")
    for page in of_type(running.window.contentItem(), "Order"):
        assert page.setProperty("basketOpen", True)
    await running.rest()
    if order.priceNews:
        order.agree()
        await running.rest()
    running.screen.toasts.close()
    return coupons


def faint(root: QQuickItem) -> list[str]:
    """Words of a coupon, or of its reason, that are drawn weaker than the theme's ink."""
    found = []
    for row in of_type(root, "CouponRow"):
        for words in of_type(row, "Words"):
            share, item = 1.0, words
            while item is not row.parentItem():
                share, item = share * item.opacity(), item.parentItem()
            if words.isVisible() and share < 1.0:
                found.append(str(words.property("text")))
    return found


@pytest.mark.parametrize("state", ["BasketOffered", "BasketValue", "BasketValueOffline", "BasketValued", "OrderValued"])
def test_coupons_and_points(state: str, qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        coupons = await served(running)
        order = running.model("Order")
        value = order.value
        if state != "BasketOffered":
            value.show()
            await running.rest()
            value.toggle(coupons[0].id)
            await running.until(lambda: value.using, "the coupon")
        if state == "BasketValue":
            value.typePoints("1200")
        elif state == "BasketValueOffline":
            value.toggle(coupons[2].id)
            await running.until(lambda: value.problem, "HQ's word")
        elif state in ("BasketValued", "OrderValued"):
            value.typePoints("2000")
            await running.until(lambda: value.pointsReady, "what they pay")
            value.usePoints()
            await running.until(lambda: value.pointsChosen, "the points")
            value.close()
        if state == "OrderValued":
            await running.until(lambda: value.summary == "1 coupon · 2,000 points", "the price with both")
            order.place()
            await running.until(lambda: running.screen.navigator._page == "Orders", "the order")
            await running.until(lambda: running.model("Orders").earnsWords, "what it brings")
        await running.rest()
        running.screen.toasts.close()
        if state == "BasketValue":
            barred = [row.detail for row in value.coupons.rows if not row.usable]
            assert all(barred), "each barred coupon has its reason"
            assert barred, "and there are some"
            assert faint(running.window.contentItem()) == []
        assert not (found := await faults(running, state)), "\n".join(found)

    played(play, tmp_path)


def test_a_coupon_is_chosen_with_the_keyboard_and_tab_comes_by_all_of_it(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        coupons = await served(running)
        order = running.model("Order")
        assert await outside(partial(missed, running.window)) == []
        await outside(partial(press, running.window, "basket-value"))
        await running.rest()
        assert running.screen.navigator.over == "BasketValue"
        assert await outside(partial(missed, running.window)) == []
        assert next(row.detail for row in order.value.coupons.rows if row.usable) == "Benefit of Club"
        await outside(partial(press, running.window, "coupon"))
        await running.until(lambda: any(row.chosen for row in order.value.coupons.rows), "the coupon")
        assert {row.key for row in order.value.coupons.rows if row.chosen} == {coupons[0].id}
        await outside(partial(QTest.keyClick, running.window, Qt.Key.Key_Escape))
        assert running.screen.navigator.over == "", "Escape closes the sheet"

    played(play, tmp_path)
