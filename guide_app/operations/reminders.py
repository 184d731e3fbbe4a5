"""Marking a row of the morning lists. Never refused: who said "not today" said it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from guide_app.domain.records import Ref, Reminder
from guide_app.domain.records.base import Day, Short, Uuid
from guide_app.domain.records.reminder import MorningList, ReminderState, reminder_ref
from guide_app.operations.base import Body, Context, Effect, Older, Operation, Snapshot


class SetReminderV1(Body, frozen=True):
    """Version 1 knew no renewals."""

    member_id: Uuid
    list: Literal["birthday", "refill", "lapsed"]
    cycle: Annotated[Short, msgspec.Meta(min_length=1)]
    state: ReminderState
    until: Day | None = None
    guide_id: Uuid | None = None


class SetReminder(Body, frozen=True):
    """The whole mark: what is absent is taken off it. `until` and `guide_id` as in `Reminder`."""

    member_id: Uuid
    list: MorningList
    cycle: Annotated[Short, msgspec.Meta(min_length=1)]
    state: ReminderState
    until: Day | None = None
    guide_id: Uuid | None = None


class ReminderSet(Operation[SetReminder]):
    """Sets the mark of a row in its cycle; the latest by HQ's order stands. The mark is named by whom the member is
    today, so that it lies where the member does."""

    kind: ClassVar[str] = "reminder.set"
    version: ClassVar[int] = 2
    body = SetReminder
    older = (Older(1, SetReminderV1, lambda v1: SetReminder(**msgspec.structs.asdict(v1))),)

    def touches(self, body: SetReminder) -> tuple[Ref, ...]:
        return (Ref("member", body.member_id),)

    def follows(self, body: SetReminder, state: Snapshot) -> tuple[Ref, ...]:
        return (_ref(body, state),)

    def effect(self, body: SetReminder, state: Snapshot, context: Context) -> Effect:
        mark = Reminder(
            member_id=state.resolve(Ref("member", body.member_id)).id,
            list=body.list,
            cycle=body.cycle,
            state=body.state,
            until=body.until or "",
            guide_id=body.guide_id or "",
            set_by=context.guide_id,
            set_at=context.bounded(context.made_at),
        )
        return Effect({_ref(body, state): mark})


def _ref(body: SetReminder, state: Snapshot) -> Ref:
    return reminder_ref(state.resolve(Ref("member", body.member_id)).id, body.list, body.cycle)
