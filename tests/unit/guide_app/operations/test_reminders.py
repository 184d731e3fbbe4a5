"""Marks on rows of the morning lists."""

from __future__ import annotations

from typing import Any

import msgspec

from guide_app.domain.records import Ref, Reminder
from guide_app.domain.records.reminder import reminder_ref
from guide_app.operations import OPERATIONS, Snapshot, perform
from guide_app.operations.reminders import SetReminder
from tests.unit.guide_app.operations.kit import GUIDE, MADE, MEMBER, NOW, OTHER, context, member, snapshot

ROW = reminder_ref(MEMBER, "birthday", "2026-11-21")
SURVIVOR = "00000000-0000-4000-8000-00000000aaaa"


def body(**more: Any) -> SetReminder:
    given: dict[str, Any] = {"member_id": MEMBER, "list": "birthday", "cycle": "2026-11-21", "state": "done", **more}
    return SetReminder(**given)


def marked(state: Snapshot, said: SetReminder, guide: str = GUIDE, made_at: str = MADE) -> None:
    perform(OPERATIONS["reminder.set"], said, state, context(guide, made_at))


def mark(state: Snapshot, ref: Ref = ROW) -> Reminder:
    found = state.get(ref, Reminder)
    assert found is not None
    return found


def test_two_tablets_mark_one_row_and_the_later_word_stands() -> None:
    state = snapshot({Ref("member", MEMBER): member()})
    marked(state, body(state="snoozed", until="2026-11-23", guide_id=OTHER))
    assert mark(state) == Reminder(
        member_id=MEMBER, list="birthday", cycle="2026-11-21", state="snoozed", until="2026-11-23", guide_id=OTHER,
        set_by=GUIDE, set_at=MADE,
    )  # fmt: skip
    marked(state, body(), OTHER)
    assert (mark(state).state, mark(state).until, mark(state).guide_id, mark(state).set_by) == ("done", "", "", OTHER)


def test_each_list_and_cycle_has_its_own_mark() -> None:
    state = snapshot({Ref("member", MEMBER): member()})
    others = (body(cycle="2027-11-21"), body(list="lapsed"), body(member_id=OTHER))
    for said in others:
        marked(state, said)
    assert state.get(ROW, Reminder) is None
    assert len(state.changed) == len(others)


def test_a_mark_is_named_by_the_survivor_of_a_merge() -> None:
    state = snapshot({Ref("member", SURVIVOR): member()}, {MEMBER: SURVIVOR})
    marked(state, body())
    marked(state, body(member_id=SURVIVOR, state="snoozed", until="2026-11-30"))
    assert state.changed == {reminder_ref(SURVIVOR, "birthday", "2026-11-21")}
    found = mark(state, reminder_ref(SURVIVOR, "birthday", "2026-11-21"))
    assert (found.member_id, found.until) == (SURVIVOR, "2026-11-30")


def test_what_takes_a_mark_back_leaves_what_was_before() -> None:
    state = snapshot({Ref("member", MEMBER): member()})
    before = body(state="snoozed", until="2026-11-23", guide_id=OTHER)
    marked(state, before)
    kept = mark(state)
    marked(state, body())
    marked(state, before)
    assert mark(state) == kept
    marked(state, body(state="open"))
    assert mark(state) == msgspec.structs.replace(kept, state="open", until="", guide_id="")


def test_a_fast_clock_marks_nothing_in_the_future() -> None:
    state = snapshot({})
    marked(state, body(), made_at="2030-01-01T00:00:00.000Z")
    assert mark(state).set_at == NOW
