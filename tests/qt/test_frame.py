"""The frame around every page: search and keys from everywhere, and a change of guide that leaves nothing behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

import ui
from tests.qt.runtime.test_camera import Frames
from tests.qt.test_whole_app import played
from tests.qt.whole_app import PIN, App, outside
from ui.runtime.pages import PAGES, STAGES

MARK = "ZQXJ"
"""Stands in everything that the first guide types, and in nothing that the shop has."""


def of_kind(root: str) -> set[str]:
    """The pages whose QML begins with this type: a page is an `Item`, a sheet a `BottomSheet`."""
    folder = Path(ui.__path__[0]) / "qml" / "Pages"
    begins = {page: re.search(r"^(\w+) \{", (folder / f"{page}.qml").read_text("utf-8"), re.M) for page in PAGES}
    return {page for page, found in begins.items() if found and found[1] == root}


SHEETS = of_kind("BottomSheet")


def shown(item: QQuickItem) -> Iterator[str]:
    """Every word on the screen and every name that a screen reader says."""
    if not item.isVisible():
        return
    for name in ("text", "title", "detail", "name", "hint"):
        value = item.property(name)
        if isinstance(value, str) and value:
            yield value
    for child in item.childItems():
        yield from shown(child)


def words(window: QQuickWindow) -> str:
    return "\n".join(shown(window.contentItem()))


async def leave_marks(running: App, member_id: str) -> None:
    """The first guide was everywhere, and finished nothing."""
    await running.open("Members", memberId=member_id, text=MARK)
    await running.open("Orders")
    running.model("Orders").search(MARK)
    await running.open("SignUp")
    running.model("SignUp").setField("name", MARK)
    await running.open("Tickets")
    running.model("Tickets").search(MARK)
    await running.open("Order", memberId=member_id)
    product = (await running.container.read.catalogue.search("", limit=1))[0]
    running.model("Order").add(product.id, 3)
    running.model("Order").setNote(MARK)
    running.model("Order").search(MARK)
    await running.rest()
    for sheet in ("Find", "Message", "MakePromise", "RaiseTicket", "LogTalk"):
        running.screen.navigator.sheet(sheet, {"text": MARK, "memberId": member_id})
        await running.rest()
    running.model("LogTalk").choose("channel", "phone")
    running.screen.toasts.say(MARK, lambda: None)
    await running.rest()


async def signed_in(running: App, name: str) -> None:
    staff = await running.container.read.shop.staff()
    guide = next(row.id for row in staff if row.staff.name == name)
    assert (await running.container.do.session.sign_in(guide, PIN)).ok
    await running.until(lambda: running.screen.pages.shell._stage == "work", "the frame")
    await running.rest()


def test_the_next_guide_sees_nothing_of_the_last_one_on_any_page(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.runtime.frames.QtFrames", lambda: Frames("no_camera"))

    async def play(running: App) -> None:
        member = (await running.container.read.members.search("许安然"))[0]
        await leave_marks(running, member.id)
        assert MARK in words(running.window), "the walk sees what is there"
        running.screen.pages.shell.lock()
        await running.rest()
        assert MARK not in words(running.window)
        await signed_in(running, "顾明珊")
        seen: dict[str, str] = {}
        for page in of_kind("Item") - set(STAGES.values()):
            await running.open(page)
            seen[page] = words(running.window)
        await running.open("Settings")  # a page that names no member under the sheets
        for sheet in SHEETS:
            running.screen.navigator.sheet(sheet, {})
            await running.rest()
            seen[sheet] = words(running.window)
        assert [page for page, text in seen.items() if MARK in text] == []
        assert [page for page, text in seen.items() if member.name in text and page in {"Order", *SHEETS}] == []
        assert running.model("Order").pieces == 0
        running.screen.pages.shell.lock()
        await signed_in(running, "林晓棠")
        await running.open("Order")
        assert (running.model("Order").pieces, running.model("Order").note) == (3, MARK), "one's own basket is kept"

    played(play, tmp_path)


def test_keys_find_open_and_lock_from_any_page(qapp: object, tmp_path: Path) -> None:
    async def press(running: App, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        await outside(partial(QTest.keyClick, running.window, key, held))
        await running.rest()

    async def play(running: App) -> None:
        running.window.requestActivate()
        await running.open("Settings")
        navigator = running.screen.navigator
        await press(running, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        assert navigator.over == "Find"
        for key in (Qt.Key.Key_X, Qt.Key.Key_A):
            await press(running, key)
        found = [row.title for row in running.model("Find").found.rows]
        assert len(found) >= 3, "everybody of these initials"
        await press(running, Qt.Key.Key_Down)
        await press(running, Qt.Key.Key_Return)
        assert (navigator.over, navigator._page) == ("", "Members")
        assert running.model("Members").name == found[1]
        await press(running, Qt.Key.Key_F1)
        assert navigator.over == "Keys"
        await press(running, Qt.Key.Key_Escape)
        assert navigator.over == ""
        await press(running, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
        assert navigator._page == "Order"
        await press(running, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert running.screen.pages.shell._stage == "lock"
        await press(running, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        assert navigator.over == "", "a locked tablet opens nothing"

    played(play, tmp_path)
