"""The keyboard alone: Tab comes by every control of a page, and Enter does what a tap does."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtQuick import QQuickWindow
from PySide6.QtTest import QTest

from tests.qt.test_whole_app import played, promised_and_raised
from tests.qt.walker import controls, label
from tests.qt.whole_app import App, outside

MOST = 150
"""Presses of Tab after which a page has been gone round."""


def tabbed(window: QQuickWindow) -> set[str]:
    """Everything that had the focus while Tab was pressed all the way round."""
    window.requestActivate()
    met: list[str] = []
    for _ in range(MOST):
        QTest.keyClick(window, Qt.Key.Key_Tab)
        item = window.activeFocusItem()
        if item is not None:
            met.append(label(item))
        if met.count(met[0]) > 2:
            break
    return set(met)


def missed(window: QQuickWindow) -> list[str]:
    """The controls that Tab did not come by."""
    there = controls(window.contentItem())
    met = tabbed(window)
    return [one for one in there if one not in met]


def press(window: QQuickWindow, name: str) -> None:
    """Tab until the control of this object name has the focus, then Enter."""
    for _ in range(MOST):
        item = window.activeFocusItem()
        if item is not None and item.objectName() == name:
            QTest.keyClick(window, Qt.Key.Key_Return)
            return
        QTest.keyClick(window, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not come by {name}")


@pytest.mark.parametrize(
    "page", ["Today", "Members", "SignUp", "Order", "Orders", "Tickets", "Library", "Attention", "Settings"]
)
def test_tab_comes_by_every_control(page: str, qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await running.open(page)
        assert await outside(partial(missed, running.window)) == []

    played(play, tmp_path)


@pytest.mark.parametrize("sheet", ["Find", "Message", "MakePromise", "RaiseTicket", "ServiceFigures", "Keys"])
def test_tab_comes_by_every_control_of_a_sheet_and_escape_closes_it(sheet: str, qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        member_id, _ = await promised_and_raised(running)
        await running.open("Tickets")
        about = {"text": "许安然"} if sheet == "Find" else {"memberId": member_id, "situation": "thanks"}
        running.screen.navigator.sheet(sheet, about)
        await running.rest()
        assert await outside(partial(missed, running.window)) == []
        await outside(partial(QTest.keyClick, running.window, Qt.Key.Key_Escape))
        assert running.screen.navigator.over == "", "Escape closes the sheet"

    played(play, tmp_path)


@pytest.mark.parametrize("page", ["Members", "Tickets", "Today"])
def test_tab_comes_by_every_control_of_a_member_a_ticket_and_a_full_day(
    page: str, qapp: object, tmp_path: Path
) -> None:
    async def play(running: App) -> None:
        member_id, ticket_id = await promised_and_raised(running)
        about = {"Members": {"memberId": member_id}, "Tickets": {"ticketId": ticket_id}}
        await running.open(page, **about.get(page, {}))
        assert await outside(partial(missed, running.window)) == []

    played(play, tmp_path)


def test_a_ticket_is_raised_and_solved_by_keys(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        row = (await running.container.read.members.search("许安然"))[0]
        await running.open("Members", memberId=row.id)
        running.screen.navigator.sheet("RaiseTicket", {"memberId": row.id})
        await running.rest()
        for name in ("ticket-question", "ticket-save"):
            await outside(partial(press, running.window, name))
        await running.until(lambda: running.screen.navigator.over == "", "the ticket")
        (ticket,) = await running.container.read.service.tickets(member_id=row.id)
        await running.open("Tickets", ticketId=ticket.id)
        await outside(partial(press, running.window, "ticket-solve"))
        await running.until(lambda: running.model("Tickets")._row.ticket.state == "solved", "that it is solved")
        await running.rest()
        await outside(
            partial(QTest.keyClick, running.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        )  # fmt: skip
        await running.until(lambda: running.model("Tickets")._row.ticket.state == "open", "that it is taken back")

    played(play, tmp_path)


def test_a_talk_is_logged_by_keys_and_tab_stays_in_the_sheet(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        row = (await running.container.read.members.search("许安然"))[0]
        await running.open("Members", memberId=row.id)
        running.screen.navigator.sheet("LogTalk", {"memberId": row.id})
        await running.rest()
        assert await outside(partial(missed, running.window)) == []
        for name in ("talk-phone", "talk-interested", "talk-care"):
            await outside(partial(press, running.window, name))
        await running.until(lambda: running.model("LogTalk")._logged, "the talk")
        await outside(partial(QTest.keyClick, running.window, Qt.Key.Key_Escape))
        assert running.screen.navigator._sheet == "", "Escape closes the sheet"

    played(play, tmp_path)
