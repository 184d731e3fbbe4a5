"""Talks and follow-ups as records and as tables."""

from __future__ import annotations

from typing import cast

from guide_app.domain import clock
from guide_app.domain.records import Followup as FollowupRecord
from guide_app.domain.records import Reminder as ReminderRecord
from guide_app.domain.records import Talk as TalkRecord
from guide_app.domain.records.reminder import MorningList, ReminderState
from guide_app.domain.records.talk import FollowupState
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row
from hq.talks.models import Followup, Reminder, Talk


class TalkMapping(FlatMapping[Talk, TalkRecord]):
    """The table `talk`."""

    entity = "talk"
    kind = TalkRecord
    model = Talk

    def to_record(self, item: Talk) -> TalkRecord:
        return TalkRecord(
            member_id=convert.id_text(item.member_id), guide_id=convert.id_text(item.guide_id), channel=item.channel,
            outcome=item.outcome, topic=item.topic, at=convert.moment_text(item.at), note=item.note,
            products=tuple(item.products), materials=tuple(item.materials), void=item.void,
        )  # fmt: skip

    def from_record(self, row: Row, record: TalkRecord) -> Talk:
        return Talk(
            id=row.ref.id, store_id=row.store_id, ver=row.ver, member_id=convert.reference(record.member_id),
            guide_id=convert.reference(record.guide_id), channel=record.channel, outcome=record.outcome,
            topic=record.topic, at=clock.from_text(record.at), note=record.note, products=list(record.products),
            materials=list(record.materials), void=record.void,
        )  # fmt: skip


class FollowupMapping(FlatMapping[Followup, FollowupRecord]):
    """The table `followup`."""

    entity = "followup"
    kind = FollowupRecord
    model = Followup

    def to_record(self, item: Followup) -> FollowupRecord:
        return FollowupRecord(
            member_id=convert.id_text(item.member_id), guide_id=convert.id_text(item.guide_id),
            due_on=convert.day_text(item.due_on), state=cast("FollowupState", item.state), note=item.note,
            set_at=convert.moment_text(item.set_at),
        )  # fmt: skip

    def from_record(self, row: Row, record: FollowupRecord) -> Followup:
        return Followup(
            id=row.ref.id, store_id=row.store_id, ver=row.ver, member_id=convert.reference(record.member_id),
            guide_id=convert.reference(record.guide_id), due_on=convert.day(record.due_on), state=record.state,
            note=record.note, set_at=convert.moment(record.set_at),
        )  # fmt: skip


class ReminderMapping(FlatMapping[Reminder, ReminderRecord]):
    """The table `reminder`."""

    entity = "reminder"
    kind = ReminderRecord
    model = Reminder

    def to_record(self, item: Reminder) -> ReminderRecord:
        return ReminderRecord(
            member_id=convert.id_text(item.member_id), list=cast("MorningList", item.list), cycle=item.cycle,
            state=cast("ReminderState", item.state), until=convert.day_text(item.until) if item.until else "",
            guide_id=convert.id_text(item.guide_id), set_by=convert.id_text(item.set_by),
            set_at=convert.moment_text(item.set_at),
        )  # fmt: skip

    def from_record(self, row: Row, record: ReminderRecord) -> Reminder:
        return Reminder(
            id=row.ref.id, store_id=row.store_id, ver=row.ver, member_id=convert.reference(record.member_id),
            list=record.list, cycle=record.cycle, state=record.state,
            until=convert.day(record.until) if record.until else None, guide_id=convert.id_value(record.guide_id),
            set_by=convert.id_value(record.set_by), set_at=convert.moment(record.set_at),
        )  # fmt: skip


TALK = TalkMapping()
FOLLOWUP = FollowupMapping()
REMINDER = ReminderMapping()
