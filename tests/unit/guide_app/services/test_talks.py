"""Talks and follow-ups, over a real store."""

from __future__ import annotations

import pytest

from guide_app.domain.records import Followup
from guide_app.services.ports.members import TimelineEntry
from tests.unit.guide_app.services.kit import Counter, signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, followup

pytestmark = pytest.mark.asyncio


async def timeline(counter: Counter, member_id: str) -> dict[str, TimelineEntry]:
    return {entry.id: entry for entry in await counter.bench.store.members.timeline(member_id)}


async def due(counter: Counter) -> list[tuple[str, str]]:
    """The open follow-ups of the year: id and day."""
    rows = await counter.bench.store.today.followups(until_day="2026-12-31")
    return [(row.id, row.followup.due_on) for row in rows]


async def planned(counter: Counter, member_id: str) -> tuple[str, Followup]:
    """A follow-up that is due, as a page holds it."""
    followup_id = uuid()
    await counter.bench.do(followup(member_id, followup_id))
    record = (await timeline(counter, member_id))[followup_id].record
    assert isinstance(record, Followup)
    return followup_id, record


async def test_a_talk_is_logged_and_counts_as_contact(counter: Counter) -> None:
    member_id = await signed_up(counter)
    counter.bench.clock.advance(3600)
    talk = await counter.talks.log(member_id, "phone", "thinking", "price")
    entry = (await timeline(counter, member_id))[talk.body.talk_id]
    assert (entry.kind, entry.guide_id, entry.at, entry.waiting) == ("talk", GUIDE, "2026-11-21T11:00:00.000Z", True)
    view = await counter.bench.store.members.get(member_id)
    assert view is not None
    assert view.member.last_contact_at == "2026-11-21T11:00:00.000Z"
    assert (await counter.hq_has("talk", talk.body.talk_id)).outcome == "thinking"


async def test_a_note_and_products_are_added_to_the_same_talk(counter: Counter) -> None:
    member_id, product = await signed_up(counter), uuid()
    talk = await counter.talks.log(member_id, "wechat", "interested", "size")
    talk = await counter.talks.add(talk, note="size 36", products=(product,))
    assert (talk.body.note, talk.body.products) == ("size 36", (product,))
    assert [entry.kind for entry in (await timeline(counter, member_id)).values()].count("talk") == 1
    hq = await counter.hq_has("talk", talk.body.talk_id)
    assert (hq.note, hq.products) == ("size 36", (product,))


async def test_a_follow_up_is_settled_by_the_talk_in_one_commit(counter: Counter) -> None:
    member_id = await signed_up(counter)
    done = await planned(counter, member_id)
    assert await due(counter) == [(done[0], "2026-11-21")]
    await counter.talks.log(member_id, "phone", "solved", "care", done=done)
    assert await due(counter) == []
    hq = await counter.hq_has("followup", done[0])
    assert (hq.state, hq.note, hq.due_on) == ("done", "call", "2026-11-21")


async def test_a_talk_taken_back_is_void_and_so_is_what_it_did(counter: Counter) -> None:
    member_id = await signed_up(counter)
    done = await planned(counter, member_id)
    talk = await counter.talks.log(member_id, "phone", "solved", "care", done=done)
    talk = await counter.talks.follow_up(talk, "2026-11-28", "ask again")
    assert talk.followup is not None
    assert await due(counter) == [(talk.followup.followup_id, "2026-11-28")]
    await counter.talks.take_back(talk)
    assert await due(counter) == [(done[0], "2026-11-21")]
    assert talk.body.talk_id not in await timeline(counter, member_id)
    assert (await counter.today.view()).mine.talks == 0
    assert (await counter.hq_has("talk", talk.body.talk_id)).void
    dropped = counter.bench.hq.record("followup", talk.followup.followup_id)
    assert (dropped.state, dropped.due_on, dropped.note) == ("dropped", "2026-11-28", "ask again")
    assert counter.bench.hq.record("followup", done[0]).state == "open"


async def test_the_next_step_is_moved_not_doubled(counter: Counter) -> None:
    member_id = await signed_up(counter)
    talk = await counter.talks.log(member_id, "in_store", "not_now", "general")
    talk = await counter.talks.follow_up(talk, "2026-11-24", "call")
    talk = await counter.talks.follow_up(talk, "2026-12-05", "call")
    assert talk.followup is not None
    assert await due(counter) == [(talk.followup.followup_id, "2026-12-05")]


async def test_a_follow_up_for_a_colleague_is_theirs_and_comes_back_with_undo(counter: Counter) -> None:
    member_id, colleague = await signed_up(counter), uuid()
    talk = await counter.talks.log(member_id, "phone", "thinking", "price")
    talk = await counter.talks.follow_up(talk, "2026-11-24", "call", colleague)
    assert talk.followup is not None
    followup_id = talk.followup.followup_id
    assert await counter.bench.store.today.followups(guide_id=GUIDE, until_day="2026-12-31") == []
    record = (await timeline(counter, member_id))[followup_id].record
    assert isinstance(record, Followup)
    assert record.guide_id == colleague
    await counter.talks.put_back(talk, None)
    dropped = (await timeline(counter, member_id))[followup_id].record
    assert isinstance(dropped, Followup)
    assert dropped.state == "dropped"
