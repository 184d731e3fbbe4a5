"""The way through the pages: where one goes, what the page is told, and the way back."""

from __future__ import annotations

from typing import Any

import pytest

from ui.runtime.navigator import DEEPEST, FIRST, Navigator

Opened = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def navigator(qapp: object) -> Any:
    return Navigator()


def test_a_page_is_told_what_it_was_opened_with_also_on_the_way_back(navigator: Any) -> None:
    opened: Opened = []
    navigator.opened.connect(lambda page, arguments: opened.append((page, arguments)))
    navigator.open("Members", {"memberId": "m-1"})
    navigator.open("Order", {"memberId": "m-1"})
    navigator.back()
    assert opened == [
        ("Members", {"memberId": "m-1"}),
        ("Order", {"memberId": "m-1"}),
        ("Members", {"memberId": "m-1"}),
    ]
    assert navigator.page == "Members"


def test_what_a_page_was_told_to_do_is_not_done_again_on_the_way_back(navigator: Any) -> None:
    """A product that went into the basket went in once."""
    opened: Opened = []
    navigator.open("Order", {"memberId": "m-1", "productId": "p-1", "code": "690", "text": "milk"})
    navigator.open("Orders", {"orderId": "o-1"})
    navigator.opened.connect(lambda page, arguments: opened.append((page, arguments)))
    navigator.back()
    navigator.open("Orders", {})
    navigator.back()
    assert opened == [("Order", {"text": "milk"}), ("Orders", {}), ("Order", {"text": "milk"})]


def test_back_from_the_first_page_stays(navigator: Any) -> None:
    navigator.back()
    assert navigator.page == FIRST


def test_the_same_page_again_is_no_step_of_the_way(navigator: Any) -> None:
    navigator.open("Members")
    navigator.open("Members", {"text": "许"})
    navigator.back()
    assert navigator.page == FIRST


def test_a_sheet_lies_over_the_page_and_goes_with_it(navigator: Any) -> None:
    told: Opened = []
    navigator.sheetOpened.connect(lambda name, arguments: told.append((name, arguments)))
    navigator.open("Members")
    navigator.sheet("LogTalk", {"memberId": "m-1"})
    assert (navigator.page, navigator.sheetName) == ("Members", "LogTalk")
    navigator.closeSheet()
    assert (navigator.page, navigator.sheetName) == ("Members", "")
    navigator.showSheet("LogTalk")
    navigator.go("Today")
    assert navigator.sheetName == ""
    assert told == [("LogTalk", {"memberId": "m-1"}), ("LogTalk", {})]


def test_another_guide_finds_nothing_of_the_last_ones_way(navigator: Any) -> None:
    navigator.open("Members", {"memberId": "m-1"})
    navigator.sheet("LogTalk")
    navigator.reset()
    assert (navigator.page, navigator.sheetName) == (FIRST, "")
    navigator.back()
    assert navigator.page == FIRST


def test_a_day_long_way_does_not_grow_without_end(navigator: Any) -> None:
    for number in range(10 * DEEPEST):
        navigator.open(("Members", "Order")[number % 2])
    steps = 0
    before = ""
    while before != (before := navigator.page) or steps == 0:
        navigator.back()
        steps += 1
    assert steps <= DEEPEST + 2
