"""Today: my figures beside the shop's, the people to contact, and what a tap on one does."""

from __future__ import annotations

from typing import Any, cast

import pytest

from guide_app.domain.records import Ref
from guide_app.operations.talks import SetFollowup
from guide_app.services.ports import Change, DayFigures
from tests.qt.viewmodels.fakes import Counter, due, member
from ui.viewmodels.today import TodayViewModel


@pytest.fixture
def page(counter: Counter) -> Any:
    shelf = counter.shelf
    shelf.due = [
        due("f1", member("m1", "许安然", level="Gold"), "2026-11-19", "Tell her when stage 2 is in"),
        due("f2", member("m2", "陆思远"), "2026-11-21"),
    ]
    shelf.cakes = [member("m3", "沈佳宁", birthday="1994-11-22")]
    model = TodayViewModel(
        counter.desk, counter.today, counter.talks, counter.any_shelf, counter.session, counter.any_shelf
    )
    counter.sign_in()
    model.open()
    return model


def test_my_figures_stand_beside_the_shops(page: Any) -> None:
    assert (page.mySales, page.averageWords) == ("¥3,286", "¥547.67 an order")
    assert [(row.label, row.value) for row in page.counts.rows] == [("Orders", "6"), ("Sign-ups", "3"), ("Talks", "11")]
    assert [(row.value, row.mine, round(row.share, 2)) for row in page.shares.rows] == [
        ("¥8,940", "¥3,286 by me", 0.37),
        ("19", "6 by me", 0.32),
        ("5", "3 by me", 0.6),
        ("24", "11 by me", 0.46),
    ]


def test_a_day_without_sales_has_words(counter: Counter, page: Any) -> None:
    counter.shelf.mine = counter.shelf.all = DayFigures(sales=0, orders=0, sign_ups=0, talks=0)
    counter.shelf.tell(Change(refs=frozenset({Ref("order", "o")})))
    assert (page.mySales, page.averageWords) == ("¥0", "")
    assert {row.share for row in page.shares.rows} == {0.0}


def test_people_come_with_their_reason_and_day(page: Any) -> None:
    shown = [(row.name, row.tag, row.when, row.late) for row in page.people.rows]
    assert shown == [
        ("许安然", "Late", "2 day(s) late", True),
        ("陆思远", "Follow-up", "Today", False),
        ("沈佳宁", "Birthday", "Tomorrow", False),
    ]


def test_filters_carry_their_counts(page: Any) -> None:
    assert [row.label for row in page.filters.rows] == ["All 3", "Late 1", "Follow-up 2", "Birthday 1"]
    page.setFilter("birthday")
    assert [row.name for row in page.people.rows] == ["沈佳宁"]
    assert [row.key for row in page.filters.rows if row.selected] == ["birthday"]


def test_a_filter_that_runs_empty_gives_way_to_all(counter: Counter, page: Any) -> None:
    page.setFilter("birthday")
    counter.shelf.cakes = []
    counter.shelf.tell(Change(refs=frozenset({Ref("member", "m3")})))
    assert [row.key for row in page.filters.rows if row.selected] == ["all"]


def test_contact_opens_the_member_and_the_talk_sheet(counter: Counter, page: Any) -> None:
    page.contact("followup:f1")
    assert counter.heard.pages == [("Members", {"memberId": "m1"})]
    assert counter.heard.sheets == [("LogTalk", {"memberId": "m1", "followupId": "f1"})]


def test_a_followup_moves_to_tomorrow_and_back(counter: Counter, page: Any) -> None:
    page.tomorrow("followup:f2")
    assert counter.heard.said == ["陆思远 moved to tomorrow"]
    assert counter.heard.undo is not None
    counter.heard.undo()
    days = [cast(SetFollowup, draft.body).due_on for _, draft in counter.shelf.drafts]
    assert days == ["2026-11-22", "2026-11-21"]


def test_nobody_left_is_said(counter: Counter, page: Any) -> None:
    counter.shelf.due, counter.shelf.cakes = [], []
    page.open()
    assert page.nobody
    assert page.nobodyWords.startswith("Log a talk")


def test_the_next_guide_sees_nothing_of_the_last(counter: Counter, page: Any) -> None:
    counter.session.lock()
    assert (page.loading, page.mySales, page.people.count, page.filters.count) == (True, "", 0, 0)


def test_an_answer_that_comes_after_the_lock_is_dropped(counter: Counter, page: Any) -> None:
    async def locked_meanwhile(**_: object) -> DayFigures:
        counter.session.lock()
        return counter.shelf.mine

    counter.shelf.figures = locked_meanwhile  # type: ignore[method-assign]  # the lock falls into the reading
    page.open()
    assert page.loading
