"""The sign-up page in the whole app: all that it can ask for, and what a sign-up costs a guide."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QPoint, Qt
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from guide_app.domain.records import Names, Policy, Settings, TouchPoint
from tests.qt.pictures import LANDSCAPE, PORTRAIT, Look
from tests.qt.test_whole_app import faults, played
from tests.qt.whole_app import App, outside
from tests.unit.local_store.fake_hq import uuid

TAP_S, KEY_S = 1.1, 0.28
"""Seconds that a person's hand takes to point and press, and to type a character (keystroke-level model)."""
GOAL_S = 20.0
LOOKS = (Look(LANDSCAPE, "en"), Look(LANDSCAPE, "zh_CN"), Look(PORTRAIT, "zh_CN", dark=True, text_scale=1.3))


async def asked_for_all(running: App) -> None:
    """HQ names a gift and what brings people, and wants the chain's terms signed."""
    product = next(row for row in await running.container.read.catalogue.search("", limit=9) if row.on_hand)
    ((settings_id, settings),) = [
        (row[1].id, running.hq.record("settings", row[1].id)) for row in running.hq.rows if row[1].entity == "settings"
    ]
    assert isinstance(settings, Settings)
    poster = TouchPoint(code="poster-3", names=Names(en="Window poster", zh="橱窗海报"), source="event")
    more = msgspec.structs.replace(settings, gift_product_id=product.id, touch_points=(poster,))
    running.hq.publish("settings", settings_id, more)
    text = Names(en="Your picture may stand in our window.", zh="您的照片可以放在橱窗里。")
    title = Names(en="Pictures", zh="照片")
    running.hq.publish("policy", uuid(), Policy(kind="pictures", version="2", title=title, text=text, signed=True))
    running.container.sync.nudge()
    await running.until(lambda: running.container.sync.view().phase == "idle", "HQ's word")
    for _ in range(200):
        if len(await running.container.read.shop.policies()) == 3:
            return
        await running.rest()
    raise AssertionError("the policy never came")


def named(item: QQuickItem, name: str) -> QQuickItem | None:
    """The visible item with this objectName."""
    if item.objectName() == name and item.isVisible():
        return item
    return next((found for child in item.childItems() if (found := named(child, name)) is not None), None)


class Hand:
    """Taps and types in the window, and counts."""

    def __init__(self, running: App) -> None:
        self._running = running
        self.taps = self.keys = 0

    async def tap(self, name: str, across: float = 0.5) -> None:
        """Presses the item, so far from its left edge."""
        item = named(self._running.window.contentItem(), name)
        assert item is not None, name
        at = item.mapToScene(QPoint(int(item.width() * across), int(item.height() / 2)).toPointF())
        await outside(partial(QTest.mouseClick, self._running.window, Qt.MouseButton.LeftButton, _NONE, at.toPoint()))
        self.taps += 1
        await self._running.rest()

    async def type(self, text: str) -> None:
        """Types where the focus is."""
        for letter in text:
            await outside(partial(QTest.keyClick, self._running.window, letter, _NONE))
            self.keys += 1
        await self._running.rest()


_NONE = Qt.KeyboardModifier.NoModifier


def test_all_that_it_can_ask_for_stands_in_the_easiest_and_the_hardest_look(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await asked_for_all(running)
        await running.open("SignUp")
        model: Any = running.model("SignUp")
        friend = (await running.container.read.members.search("许安然"))[0]
        model.setPhone("138 0013 8000")
        model.setField("name", "唐雨桐")
        model.setField("referrer", friend.member_no)
        model.setField("touch_point", "poster-3")
        for kind in ("terms", "marketing_phone", "pictures"):
            model.answer(kind, True)
        model.giveGift(True)
        model.sign("M60 240L180 90L240 300L330 120L420 280L640 160L700 260L930 140")
        await running.rest()
        assert (model.ready, model.referrerKnown, model.giftGiven) == (True, True, True)
        assert not (found := await faults(running, "SignUpWhole", LOOKS)), "\n".join(found)

    played(play, tmp_path)


def test_a_sign_up_costs_five_taps_and_less_than_twenty_seconds(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await running.open("SignUp")
        hand, began = Hand(running), time.perf_counter()
        await hand.tap("phone")
        await hand.type("13800138000")
        await hand.tap("name")
        await hand.type("tangyutong")
        await hand.tap("consent-terms", 0.25)
        await hand.tap("consent-marketing_phone", 0.75)
        await hand.tap("save-member")
        await running.until(lambda: running.screen.navigator._page == "Members", "the new member")
        machine = time.perf_counter() - began
        whole = hand.taps * TAP_S + hand.keys * KEY_S
        print(f"sign-up: {hand.taps} taps, {hand.keys} keys, {whole:.1f} s of hands, {machine:.1f} s played")
        assert (hand.taps, hand.keys) == (5, 21)
        assert whole < GOAL_S
        assert await running.container.read.members.by_phone("+8613800138000") is not None

    played(play, tmp_path)
