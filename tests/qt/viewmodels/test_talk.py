"""The talk sheet: the third tap saves, once; notes and next steps are added to the same talk, over a real store."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.errors import NotSaved
from guide_app.domain.records import Talk
from tests.qt.viewmodels.on_store import GUIDE, OTHER, OnStore
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import followup

pytestmark = pytest.mark.asyncio


async def opened(shop: OnStore, followup_id: str = "") -> Any:
    member_id = await signed_up(shop.do)
    if followup_id:
        await shop.bench.do(followup(member_id, followup_id))
    shop.talk.enter({"memberId": member_id, "followupId": followup_id})
    await shop.settle()
    return shop.talk


def taps(model: Any) -> None:
    model.choose("channel", "phone")
    model.choose("outcome", "thinking")
    model.choose("topic", "price")


async def logged(shop: OnStore, followup_id: str = "") -> Any:
    model = await opened(shop, followup_id)
    taps(model)
    await shop.settle()
    return model


def of(shop: OnStore, kind: str) -> int:
    return shop.do.outbox().count(kind)


async def due(shop: OnStore) -> list[tuple[str, str]]:
    rows = await shop.bench.store.today.followups(until_day="2027-12-31")
    return [(row.followup.due_on, row.followup.note) for row in rows]


async def test_each_tap_leads_to_the_next_and_the_third_saves(shop: OnStore) -> None:
    model = await opened(shop)
    assert (model.memberName, model.taps, model.stepWords, model.saved) == ("陈静", 0, "How did you talk?", False)
    model.choose("channel", "phone")
    assert (model.taps, model.stepWords) == (1, "What came of it?")
    model.choose("channel", "wechat")
    model.choose("nothing", "x")
    model.choose("outcome", "bought")
    assert (model.taps, model.stepWords) == (2, "What was it about?")
    assert of(shop, "talk.log") == 0
    model.choose("topic", "size")
    await shop.settle()
    assert (model.saved, model.stepWords) == (True, "Saved. Add a note or a next step if you like.")
    assert [row.key for row in model.channels.rows if row.selected] == ["wechat"]
    assert [row.label for row in model.next.days.rows] == [
        "Tomorrow",
        "In 3 days",
        "In a week",
        "In two weeks",
        "In a month",
    ]
    assert model.next.days.rows[0].key == "2026-11-22"


async def test_the_third_tap_saves_once_however_often_it_is_made(shop: OnStore) -> None:
    model = await opened(shop)
    gate = shop.slow_journal.hold("commit")
    taps(model)
    model.choose("topic", "price")
    await shop.until_held()
    model.choose("topic", "size")
    gate.set()
    await shop.settle()
    model.choose("topic", "care")
    await shop.settle()
    assert of(shop, "talk.log") == 1
    assert [row.key for row in model.topics.rows if row.selected] == ["price"]


async def test_taps_before_the_member_is_there_are_not_lost(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    shop.talk.enter({"memberId": member_id})
    taps(shop.talk)
    await shop.settle()
    assert (shop.talk.saved, of(shop, "talk.log")) == (True, 1)


async def test_a_full_disk_lets_the_third_tap_be_made_again(shop: OnStore, monkeypatch: pytest.MonkeyPatch) -> None:
    model = await opened(shop)

    async def full(*_: object, **__: object) -> None:
        raise NotSaved("disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(shop.bench.store.journal, "commit", full)
        taps(model)
        await shop.settle()
    assert (shop.heard.problems, model.saved, model.taps) == (["disk_full"], False, 2)
    model.choose("topic", "price")
    await shop.settle()
    assert (model.saved, of(shop, "talk.log")) == (True, 1)


async def test_a_talk_settles_its_follow_up_and_taken_back_opens_it_again(shop: OnStore) -> None:
    model = await opened(shop, uuid())
    assert (model.settlesWords, await due(shop)) == ("Settles: call", [("2026-11-21", "call")])
    taps(model)
    await shop.settle()
    assert await due(shop) == []
    model.takeBack()
    model.takeBack()
    await shop.settle()
    assert (model.saved, model.taps, model.next.days.rows) == (False, 0, ())
    assert (await due(shop), shop.heard.said) == ([("2026-11-21", "call")], ["The talk was taken back"])
    assert of(shop, "talk.log") == 2
    taps(model)
    await shop.settle()
    assert await due(shop) == []


async def test_a_note_and_a_day_given_at_once_are_both_kept(shop: OnStore) -> None:
    """Leaving the note's field for a day's button makes both at the same moment."""
    model = await logged(shop)
    gate = shop.slow_journal.hold("commit")
    model.setNote(" wants size 36 ")
    model.next.choose("2026-11-24")
    await shop.until_held()
    gate.set()
    await shop.settle()
    assert (model.note, await due(shop)) == ("wants size 36", [("2026-11-24", "wants size 36")])
    model.next.choose("2026-11-28")
    await shop.settle()
    assert await due(shop) == [("2026-11-28", "wants size 36")]
    assert [row.key for row in model.next.days.rows if row.selected] == ["2026-11-28"]
    model.takeBack()
    await shop.settle()
    assert (await due(shop), model.note) == ([], "")


async def test_a_follow_up_without_a_note_says_whom_to_ask(shop: OnStore) -> None:
    model = await logged(shop)
    model.setNote("  ")
    model.next.choose("2026-11-22")
    await shop.settle()
    assert (await due(shop), shop.heard.said) == ([("2026-11-22", "Ask 陈静 again")], ["Follow-up on 22 November"])


async def test_the_channel_used_last_is_suggested_and_each_guide_has_their_own(shop: OnStore) -> None:
    model = await logged(shop)
    member_id = model.memberId
    model.enter({"memberId": member_id})
    await shop.settle()
    assert (model.taps, model.stepWords, model.saved) == (1, "What came of it?", False)
    assert [row.key for row in model.channels.rows if row.selected] == ["phone"]
    model.enter({"memberId": member_id, "channel": "wechat", "topic": "birthday"})
    await shop.settle()
    assert (model.taps, model.saved, of(shop, "talk.log")) == (2, False, 1)
    model.choose("outcome", "interested")
    await shop.settle()
    assert (model.saved, model.summary) == (True, "WeChat · Interested · Birthday")
    shop.do.session.lock()
    await shop.signed_in(OTHER)
    model.enter({"memberId": member_id})
    await shop.settle()
    assert model.taps == 0, "what a colleague used last is theirs"


async def test_who_taps_quicker_than_the_store_answers_gets_no_suggestion(shop: OnStore) -> None:
    model = await logged(shop)
    model.enter({"memberId": model.memberId})
    model.choose("topic", "care")
    model.choose("outcome", "solved")
    await shop.settle()
    assert (model.taps, model.saved, model.stepWords) == (2, False, "How did you talk?")


async def test_the_next_step_is_handed_to_a_colleague_with_one_tap(shop: OnStore) -> None:
    model = await logged(shop)
    people = [(row.label, row.selected) for row in model.next.people.rows]
    assert people == [("I do it", True), ("Li Wei", False), ("赵敏", False)]
    model.next.handTo(OTHER)
    await shop.settle()
    rows = await shop.bench.store.today.followups(until_day="2027-12-31")
    assert [(row.followup.guide_id, row.followup.due_on) for row in rows] == [(OTHER, "2026-11-22")]
    assert shop.heard.said == ["Follow-up on 22 November for Li Wei"]
    model.next.handTo(GUIDE)
    await shop.settle()
    rows = await shop.bench.store.today.followups(guide_id=GUIDE, until_day="2027-12-31")
    assert [row.followup.due_on for row in rows] == ["2026-11-22"]


async def test_a_follow_up_that_was_set_or_moved_is_taken_back_alone(shop: OnStore) -> None:
    model = await logged(shop)

    async def undone() -> None:
        assert shop.heard.undo is not None
        shop.heard.undo()
        await shop.settle()

    def chosen() -> list[str]:
        days, people = model.next.days.rows, model.next.people.rows
        return [row.key for row in (*days, *people) if row.selected]

    model.next.choose("2026-11-24")
    await shop.settle()
    model.next.handTo(OTHER)
    await shop.settle()
    assert chosen() == ["2026-11-24", OTHER]
    await undone()
    assert (chosen(), await due(shop), model.saved) == (
        ["2026-11-24", GUIDE], [("2026-11-24", "Ask 陈静 again")], True,
    )  # fmt: skip
    model.next.choose("2026-11-28")
    await shop.settle()
    await undone()
    assert (chosen(), [day for day, _ in await due(shop)]) == (["2026-11-24", GUIDE], ["2026-11-24"])
    undo = shop.heard.undo
    model.enter({"memberId": model.memberId})
    await shop.settle()
    taps(model)
    await shop.settle()
    model.next.choose("2026-12-01")
    await shop.settle()
    assert undo is not None
    undo()
    await shop.settle()
    assert chosen() == ["2026-12-01", GUIDE], "another talk by now"
    assert [day for day, _ in await due(shop)] == ["2026-11-24", "2026-12-01"], "each has its own"


async def test_of_two_quick_changes_of_a_follow_up_the_last_is_taken_back_alone(shop: OnStore) -> None:
    model = await logged(shop)
    gate = shop.slow_journal.hold("commit")
    model.next.choose("2026-11-24")
    await shop.until_held()
    model.next.choose("2026-11-28")
    gate.set()
    await shop.settle()
    assert [day for day, _ in await due(shop)] == ["2026-11-28"]
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert [day for day, _ in await due(shop)] == ["2026-11-24"]


async def test_another_day_is_typed_and_what_is_no_day_to_come_is_said(shop: OnStore) -> None:
    model = await logged(shop)
    model.next.typed("2-30")
    await shop.settle()
    assert (model.next.dayProblem, await due(shop)) == ("No day to come: write it as 12-31", [])
    model.next.typed("12-6")
    await shop.settle()
    assert (model.next.dayProblem, [day for day, _ in await due(shop)]) == ("", ["2026-12-06"])
    assert (model.next.days.rows[-1].label, model.next.days.rows[-1].selected) == ("6 December", True)


async def test_products_shown_are_found_scanned_and_taken_out_again(shop: OnStore) -> None:
    model = await opened(shop)
    model.scanned("6900000000011")
    await shop.settle()
    assert shop.heard.said[-1:] == ["This code is not known here: 6900000000011"]
    taps(model)
    await shop.settle()
    offered = [row.key for row in model.products.offered.rows]
    assert offered, "what sells here is offered unasked"
    model.products.toggle(offered[0])
    await shop.settle()
    model.products.toggle(offered[1])
    model.setNote("both")
    await shop.settle()
    model.products.toggle(offered[0])
    await shop.settle()
    talk = (await shop.bench.store.members.timeline(model.memberId))[0].record
    assert isinstance(talk, Talk)
    assert (talk.products, talk.note) == ((offered[1],), "both")
    model.products.search("no such product")
    await shop.settle()
    assert (model.products.nothing, [row.key for row in model.products.offered.rows]) == (True, [offered[1]])
    assert of(shop, "talk.log") == 5


async def test_before_the_third_tap_nothing_can_be_added(shop: OnStore) -> None:
    model = await opened(shop)
    model.setNote("x")
    model.next.choose("2026-11-22")
    model.takeBack()
    await shop.settle()
    assert (model.note, shop.do.outbox()) == ("", ["member.sign_up"])


async def test_the_sheet_opened_last_is_the_one_that_counts(shop: OnStore) -> None:
    first, second = await signed_up(shop.do, 1), await signed_up(shop.do, 2, name="王小明")
    gate = shop.slow_members.hold("get")
    shop.talk.enter({"memberId": first})
    await shop.until_held()
    shop.talk.enter({"memberId": second})
    await shop.until_held()
    gate.set()
    await shop.settle()
    assert shop.talk.memberId == second


async def test_nothing_of_the_last_guide_stays_even_of_work_under_way(shop: OnStore) -> None:
    model = await opened(shop)
    gate = shop.slow_journal.hold("commit")
    taps(model)
    await shop.until_held()
    shop.do.session.lock()
    gate.set()
    await shop.settle()
    assert (model.saved, model.taps, model.memberName, model.next.days.rows, model.note) == (False, 0, "", (), "")
    assert of(shop, "talk.log") == 1
    await shop.signed_in(OTHER)
    model.takeBack()
    await shop.settle()
    assert of(shop, "talk.log") == 1


async def test_the_language_is_switched_on_the_open_sheet(shop: OnStore) -> None:
    model = await logged(shop)
    with shop.chinese(model):
        assert model.next.days.rows[0].label != "Tomorrow"
        assert [row.label for row in model.channels.rows][:2] != ["In the shop", "Phone"]
        assert model.stepWords != "Saved. Add a note or a next step if you like."
