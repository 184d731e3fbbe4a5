"""Today: my figures beside the shop's, the people to contact, and what a tap on one does."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest
from msgspec import structs

from guide_app.domain.records import Level, Names, Ref
from guide_app.domain.rhythm import Refill, Visits
from guide_app.operations.reminders import SetReminder
from guide_app.operations.talks import SetFollowup
from guide_app.services.ports.today import DayFigures, MorningFacts
from guide_app.services.ports.writing import Change
from tests.qt.viewmodels.fakes import MILK, ZHOU, Counter, due, member
from ui.viewmodels.today import TodayViewModel

DAY = date(2026, 11, 21).toordinal()


@pytest.fixture
def page(counter: Counter) -> Any:
    shelf = counter.shelf
    shelf.due = [
        due("f1", member("m1", "许安然", level="Gold"), "2026-11-19", "Tell her when stage 2 is in"),
        due("f2", member("m2", "陆思远"), "2026-11-21"),
    ]
    shelf.cakes = [member("m3", "沈佳宁", birthday="11-22")]
    tang, fang, he = member("m4", "唐雨桐"), member("m5", "方晨"), member("m6", "何佳怡", owner_id=ZHOU)
    shelf.habits = {
        tang: ((Refill("product", MILK, 4, DAY - 26, 28),), Visits(9, DAY - 26, 21)),
        fang: ((), Visits(5, DAY - 90, 20)),
        he: ((), Visits(1, DAY - 57, None)),
    }
    shelf.mute = {"m6"}
    model = TodayViewModel(
        counter.desk, counter.today, counter.morning, counter.any_shelf, counter.session, counter.any_shelf,
        counter.promises(), counter.ending(), counter.must(),
    )  # fmt: skip
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


def test_people_have_their_level_by_its_name(counter: Counter, page: Any) -> None:
    assert [row.level for row in page.people.rows][:1] == ["Gold"]
    names = Level(code="Gold", names=Names(en="Gold card", zh="金卡"))
    counter.shelf.rules = structs.replace(counter.shelf.rules, levels=(names,))
    counter.shelf.tell(Change(refs=frozenset({Ref("settings", "s")})))
    assert [row.level for row in page.people.rows][:1] == ["Gold card"]


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
        ("唐雨桐", "Refill", "by 23 November", False),
        ("方晨", "Away", "since 23 August", False),
    ]
    assert [row.reason for row in page.people.rows] == [
        "Tell her when stage 2 is in",
        "You promised to be in touch",
        "Birthday on 22 November: a good moment for a call",
        "Milk powder 2: usually every 28 days, last bought 26 days ago",
        "Not here for 90 days, and came every 20 days",
    ]


def test_who_has_an_unsolved_ticket_carries_its_mark(counter: Counter, page: Any) -> None:
    assert {row.tickets for row in page.people.rows} == {0}
    counter.shelf.cakes = [structs.replace(counter.shelf.cakes[0], tickets=2)]
    counter.shelf.tell(Change(refs=frozenset({Ref("ticket", "t1")})))
    assert [row.tickets for row in page.people.rows] == [0, 0, 2, 0, 0]


def test_filters_carry_their_counts(page: Any) -> None:
    assert [row.label for row in page.filters.rows] == [
        "All 5",
        "Late 1",
        "Follow-up 2",
        "Birthday 1",
        "Refill 1",
        "Away 1",
    ]
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


def test_the_sheets_know_what_the_row_is_about(counter: Counter, page: Any) -> None:
    for key in ("birthday:m3", "refill:m4", "lapsed:m5"):
        page.contact(key)
    assert [sheet[1].get("topic") for sheet in counter.heard.sheets] == ["birthday", "product", None]
    for key in ("birthday:m3", "refill:m4", "lapsed:m5", "followup:f1"):
        choose(page, key, "Write a message")
    assert counter.heard.sheets[3:] == [
        ("Message", {"memberId": "m3", "situation": "birthday"}),
        ("Message", {"memberId": "m4", "situation": "replenishment", "productId": MILK}),
        ("Message", {"memberId": "m5", "situation": ""}),
        ("Message", {"memberId": "m1", "situation": "followup", "followupId": "f1", "date": "2026-11-19"}),
    ]
    assert counter.heard.pages[-1] == ("Members", {"memberId": "m1"})
    page.setScope("shop")
    page.setFilter("here")
    page.more("lapsed:m6")
    assert "Write a message" not in [choice.label for choice in page.choices.rows], "who agreed to none gets none"


def choose(page: Any, key: str, label: str) -> None:
    """The guide takes a choice of the row's sheet."""
    page.more(key)
    page.choose(next(choice.key for choice in page.choices.rows if choice.label == label))


def test_a_followup_is_put_off_and_back(counter: Counter, page: Any) -> None:
    choose(page, "followup:f2", "Not before 22 November")
    assert counter.heard.said == ["陆思远 comes up again on 22 November"]
    assert counter.heard.undo is not None
    counter.heard.undo()
    days = [cast(SetFollowup, draft.body).due_on for _, draft in counter.shelf.drafts]
    assert days == ["2026-11-22", "2026-11-21"]
    assert page.moreName == ""


def test_a_row_is_done_and_back(counter: Counter, page: Any) -> None:
    page.done("refill:m4")
    assert counter.heard.said == ["唐雨桐 is done"]
    assert counter.heard.undo is not None
    counter.heard.undo()
    cycle = f"{MILK}:2026-10-26"
    done = SetReminder(member_id="m4", list="refill", cycle=cycle, state="done")
    assert [draft.body for _, draft in counter.shelf.drafts] == [done, structs.replace(done, state="open")]


def test_a_row_is_handed_to_a_colleague(counter: Counter, page: Any) -> None:
    page.more("lapsed:m5")
    assert (page.moreName, page.moreReason) == ("方晨", "Not here for 90 days, and came every 20 days")
    assert [choice.label for choice in page.choices.rows] == [
        "Write a message", "Done", "Not before 22 November", "Not before 24 November", "Not before 28 November",
        "Hand to Zhou Yuan", "Hand to 顾明珊",
    ]  # fmt: skip
    page.choose(f"guide:{ZHOU}")
    assert counter.heard.said == ["方晨 was handed to Zhou Yuan"]
    assert cast(SetReminder, counter.shelf.drafts[-1][1].body).guide_id == ZHOU
    choose(page, "followup:f1", "Hand to Zhou Yuan")
    assert cast(SetFollowup, counter.shelf.drafts[-1][1].body).guide_id == ZHOU


def test_the_whole_shops_rows_say_whose_they_are(counter: Counter, page: Any) -> None:
    counter.shelf.mute = set()
    assert (page.scope, [row.whose for row in page.people.rows if row.whose]) == ("mine", [])
    page.setScope("shop")
    counter.shelf.tell(Change(refs=frozenset({Ref("member", "m6")})))
    assert page.scope == "shop"
    assert [(row.name, row.whose, row.reason) for row in page.people.rows if row.whose] == [
        ("何佳怡", "Zhou Yuan", "Not here for 57 days; most come back within 56")
    ]


def test_who_must_not_be_called_stands_apart(counter: Counter, page: Any) -> None:
    page.setScope("shop")
    assert page.filters.rows[-1].label == "When here 1"
    page.setFilter("here")
    assert [(row.name, row.reachable) for row in page.people.rows] == [("何佳怡", False)]


def test_a_list_that_goes_on_says_so(counter: Counter, page: Any) -> None:
    counter.shelf.full = frozenset({"lapsed"})
    counter.shelf.tell(Change(refs=frozenset({Ref("order", "o")})))
    assert [row.label for row in page.filters.rows] == [
        "All 5+", "Late 1", "Follow-up 2", "Birthday 1", "Refill 1", "Away 1+",
    ]  # fmt: skip


def test_rows_are_read_anew_only_when_something_changed(counter: Counter, page: Any) -> None:
    asked: list[str] = []
    facts = counter.shelf.facts

    async def counted(today: date, *, guide_id: str = "", limit: int = 500) -> MorningFacts:
        asked.append(today.isoformat())
        return await facts(today, guide_id=guide_id, limit=limit)

    counter.shelf.facts = counted  # type: ignore[method-assign]  # watched from here on
    for _ in range(3):
        page.open()
    assert asked == []
    counter.shelf.tell(Change(refs=frozenset({Ref("order", "o")})))
    assert asked == ["2026-11-21"]
    counter.clock.advance(86_400)
    page.open()
    assert asked == ["2026-11-21", "2026-11-22"]


def test_nobody_left_is_said(counter: Counter, page: Any) -> None:
    counter.shelf.due, counter.shelf.cakes, counter.shelf.habits = [], [], {}
    counter.shelf.tell(Change(refs=frozenset({Ref("member", "m1")})))
    assert page.nobody
    assert page.nobodyWords.startswith("Log a talk")
    page.setScope("shop")
    assert page.nobodyWords == "Nothing is due in the whole shop."


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
