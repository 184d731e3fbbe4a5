"""How many taps, keys and seconds a guide needs, counted on the real window: `python -m tests.qt.taps` prints it.

The app's seconds are measured, from the first tap until what was wanted stands on the screen. Those of the hand are
reckoned after the keystroke-level model (Card, Moran, Newell 1983): 1.1 s to reach a place and tap it, 0.3 s a key.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest
from qasync import QEventLoop

from guide_app.domain.records import Member
from guide_app.operations.joining import of_form
from sync.protocol import invitation
from tests.qt.whole_app import PIN, App, app, outside
from ui.runtime.windows import load_fonts

TAP_S, KEY_S = 1.1, 0.3


class Count(msgspec.Struct, frozen=True):
    """What one task took. `app_s`: the app's own time, measured; `hand_s`: the hand's, reckoned."""

    task: str
    taps: int
    keys: int
    app_s: float

    @property
    def hand_s(self) -> float:
        """Seconds of the hand."""
        return self.taps * TAP_S + self.keys * KEY_S


class Hand:
    """Taps and types on the window as a person does, and counts."""

    def __init__(self, running: App) -> None:
        self.running = running
        self.taps = self.keys = 0

    async def tap(self, name: str, nth: int = 0, across: float = 0.5) -> None:
        """Taps the nth item of this object name that is there to be tapped, so far from its left edge."""
        await self.running.until(lambda: len(self._all(name)) > nth, name)
        at = await self._still(name, nth, across)
        inside = self.running.window.contentItem()
        assert inside.contains(QPointF(at)), f"{name} is not on the screen"
        self.taps += 1
        await outside(
            partial(QTest.mouseClick, self.running.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0), at)
        )

    async def _still(self, name: str, nth: int, across: float) -> QPoint:
        """Where it is once it no longer moves: nobody taps what still slides in."""
        before: QPoint | None = None
        while True:
            item = self._all(name)[nth]
            at = item.mapToScene(QPointF(item.width() * across, item.height() / 2)).toPoint()
            if at == before:
                return at
            before = at
            await asyncio.sleep(0.03)

    async def swipe_to(self, name: str) -> None:
        """Swipes up what holds the item until that is seen whole; each swipe counts as a tap."""
        await self.running.until(lambda: bool(self._all(name)), name)
        item = self._all(name)[0]
        seen = next(each for each in _above(item) if each.inherits("QQuickFlickable"))
        for _ in range(10):
            top = item.mapToItem(seen, QPointF(0, 0)).y()
            if top >= 0 and top + item.height() <= seen.height():
                return
            self.taps += 1
            await self._swipe(seen, 0.9, 0.1)
        raise AssertionError(f"{name} is out of reach")

    async def _swipe(self, over: QQuickItem, start: float, end: float) -> None:
        """From one height to another of what scrolls, and still before the finger lifts: it is not thrown."""
        window, button, plain = self.running.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)

        def at(share: float) -> QPoint:
            return over.mapToScene(QPointF(4, over.height() * share)).toPoint()

        await outside(partial(QTest.mousePress, window, button, plain, at(start)))
        for step in range(1, 21):
            await outside(partial(QTest.mouseMove, window, at(start + (end - start) * min(step, 15) / 15), 10))
        await outside(partial(QTest.mouseRelease, window, button, plain, at(end)))
        await self.running.until(lambda: not over.property("moving"), "the end of the swipe")
        await self.running.rest()

    async def types(self, text: str) -> None:
        """Types into what has the focus, one key after the other, slower than a scanner."""
        for letter in text:
            self.keys += 1
            key = Qt.Key.Key_Space if letter == " " else Qt.Key(ord(letter.upper()))
            await outside(partial(QTest.keyClick, self.running.window, key))
            await asyncio.sleep(0.04)

    def _all(self, name: str) -> list[QQuickItem]:
        """From top to bottom; a list keeps rows that it will use again somewhere above itself."""
        found = [
            (item.mapToScene(QPointF(0, 0)).y(), item) for item in _below(self.running.window.contentItem())
            if item.objectName() == name and item.isVisible() and item.isEnabled()
        ]  # fmt: skip
        return [item for y, item in sorted(found, key=lambda one: one[0]) if y >= 0]


def _above(item: QQuickItem) -> Iterator[QQuickItem]:
    while (parent := item.parentItem()) is not None:
        yield parent
        item = parent


def _below(item: QQuickItem) -> list[QQuickItem]:
    return [item, *(each for child in item.childItems() for each in _below(child))]


async def find(hand: Hand, text: str, name: str) -> None:
    """From Today to the profile of the one who is found first."""
    await hand.tap("search-on-top")
    await hand.types(text)
    finder = hand.running.model("Find")
    await hand.running.until(lambda: finder.found.rows and finder._answered == text, "who is looked for")
    await hand.tap("found-member")
    await hand.running.until(lambda: hand.running.model("Members").name == name, "the profile")


async def by_tail(hand: Hand) -> None:
    """By the last four digits of the phone, as the customer says them."""
    await find(hand, "0003", "谢安宁")


async def by_initials(hand: Hand) -> None:
    """By the initials of the name."""
    await find(hand, "xar", "许安然")


async def withdraw(hand: Hand) -> None:
    """From the profile: what they agreed to stands below the rest, where a swipe brings it; a swipe counts as a tap."""
    members = hand.running.model("Members")
    await hand.swipe_to("agrees-terms")
    assert _granted(members, "terms")
    await hand.tap("agrees-terms")
    await hand.running.until(lambda: not _granted(members, "terms"), "the consent withdrawn")


def _granted(members: Any, kind: str) -> bool:
    return any(line.key == kind and line.granted for line in members.consents.rows)


async def sign_up(hand: Hand) -> None:
    """From wherever: phone, name, two consents, saved."""
    await hand.tap("quick-sign-up")
    await hand.tap("phone")
    await hand.types("13800138000")
    await hand.tap("name")
    await hand.types("tangyutong")
    await hand.tap("consent-terms", across=0.25)
    await hand.tap("consent-marketing_phone", across=0.25)
    await hand.tap("save-member")
    await hand.running.until(lambda: hand.running.model("Members").name == "tangyutong", "the new member")


async def talk(hand: Hand) -> None:
    """From the profile: a talk in its taps, and the next follow-up with its day."""
    for name in ("log-talk", "talk-in_store", "talk-interested", "talk-care"):
        await hand.tap(name)
    await followed_up(hand)


async def next_talk(hand: Hand) -> None:
    """The same once more: how they talked is suggested now."""
    await hand.tap("log-talk")
    sheet = hand.running.model("LogTalk")
    await hand.running.until(lambda: sheet.taps == 1, "the suggestion")
    for name in ("talk-interested", "talk-care"):
        await hand.tap(name)
    await followed_up(hand)


async def followed_up(hand: Hand) -> None:
    """In three days, and done."""
    sheet = hand.running.model("LogTalk")
    await hand.running.until(lambda: sheet.saved, "the talk")
    await hand.tap("talk-day-1")
    await hand.running.until(lambda: sheet._logged and sheet._logged.followup, "the follow-up")
    await hand.tap("talk-done")
    await hand.running.until(lambda: not hand.running.screen.navigator.over, "the profile again")


async def change_of_guide(hand: Hand) -> None:
    """Another guide takes over: their name, six digits, Today."""
    shell = hand.running.screen.pages.shell
    await outside(shell.lock)
    await hand.running.until(lambda: shell.standing == "lock", "the lock")
    await hand.tap("guide-顾明珊")
    for digit in PIN:
        await hand.tap(f"key-{digit}")
    await hand.running.until(lambda: shell.standing == "work", "Today")


async def own_phone(hand: Hand) -> None:
    """From the form: the customer fills it in on their own phone, and their profile opens."""
    running = hand.running
    await hand.tap("own-phone")
    await running.until(lambda: running.model("OwnPhone").link, "the code")
    link = invitation.read(running.model("OwnPhone").link.rpartition("/")[2]).invitation
    running.hq.publish("member", of_form(link.form_id).member_id, newcomer(running))
    running.container.sync.nudge()  # as HQ's events do
    await running.until(lambda: running.model("Members").name == "林夏", "the profile")


def newcomer(running: App) -> Member:
    """Who signed up on their own phone, as HQ publishes them."""
    return Member(
        member_no="101AB7K00015", phone="+8613800138000", name="林夏", joined_at=running.hq.now,
        home_store_id=running.hq.store_id, owner_id=running.guide_id,
    )  # fmt: skip


def _holds(order: Any, pieces: int) -> bool:
    return bool(order.pieces == pieces)


async def five_lines(hand: Hand) -> None:
    """Five products tapped in the catalogue, and the order placed."""
    running = hand.running
    order = running.model("Order")
    for n in range(5):
        await hand.tap("product-card", n)
        await running.until(partial(_holds, order, n + 1), "the product in the basket")
    await hand.tap("place-order")
    await running.until(lambda: running.screen.navigator._page == "Orders", "the order")


async def chosen_piece(hand: Hand) -> None:
    """The newest order, and a piece of its first line."""
    await hand.tap("order-row")
    await hand.tap("take-back")
    await hand.tap("back-line")
    await hand.running.until(lambda: hand.running.model("TakeBack").ready, "what it is worth")


async def give_back(hand: Hand) -> None:
    """A piece comes back, and its money goes."""
    await chosen_piece(hand)
    await hand.tap("back-save")
    await hand.running.until(lambda: hand.running.model("Orders").comesTo, "the return on the order")


async def exchange(hand: Hand) -> None:
    """A piece comes back and another one goes: one order more."""
    running = hand.running
    await chosen_piece(hand)
    await hand.tap("back-exchange")
    await running.until(lambda: running.model("Order").credit, "the credit")
    await hand.tap("product-card")
    await running.until(lambda: running.model("Order").pieces == 1, "the product in the basket")
    await hand.tap("place-order")
    await running.until(lambda: running.screen.navigator._page == "Orders", "the order")


TASKS: tuple[tuple[str, str, Callable[[Hand], Awaitable[None]]], ...] = (
    ("find by phone tail", "Today", by_tail),
    ("find by initials", "Today", by_initials),
    ("log a talk with follow-up, the first of a guide", "", talk),
    ("log a talk with follow-up, each further one", "", next_talk),
    ("withdraw a consent", "", withdraw),
    ("sign up", "Today", sign_up),
    ("sign up by own phone, from the form", "SignUp", own_phone),
    ("an order of five lines", "Order", five_lines),
    ("a return", "Orders", give_back),
    ("an exchange", "Orders", exchange),
    ("another guide takes over", "Today", change_of_guide),
)
"""Task, the page where it begins (empty: where the one before ended), and its way."""


async def counted(folder: Path) -> list[Count]:
    """All tasks, one after the other, on one tablet."""
    done = []
    async with app(folder) as running:
        for task, page, way in TASKS:
            if page:
                await running.open(page)
            await running.rest()
            running.screen.toasts.close()
            hand, began = Hand(running), time.perf_counter()
            await way(hand)
            waited = hand.keys * 0.04  # our own, between keys
            done.append(Count(task, hand.taps, hand.keys, time.perf_counter() - began - waited))
            await running.rest()
    return done


def table(counts: list[Count]) -> str:
    """The counts as a table of a page."""
    head = ["| task | taps | keys | the app, s | with a hand, s |", "| --- | --- | --- | --- | --- |"]
    rows = [f"| {c.task} | {c.taps} | {c.keys} | {c.app_s:.1f} | {c.app_s + c.hand_s:.1f} |" for c in counts]
    return "\n".join([*head, *rows])


def play(folder: Path) -> list[Count]:
    """The tasks in Qt's own event loop."""
    application = QCoreApplication.instance() or QGuiApplication(sys.argv)
    load_fonts()
    with asyncio.Runner(loop_factory=lambda: QEventLoop(application, already_running=False)) as runner:
        return runner.run(counted(folder))


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as told:
        print(table(play(Path(told))))
