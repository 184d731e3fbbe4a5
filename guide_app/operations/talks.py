"""Logging a talk and setting a follow-up. Neither is ever refused: what was said was said."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from guide_app.domain.records import Followup, Member, Record, Ref, Talk
from guide_app.domain.records.base import Day, Instant, Short, Text, Uuid
from guide_app.domain.records.talk import Channel, FollowupState
from guide_app.operations.base import Body, Context, Effect, Older, Operation, Snapshot


class LogTalk(Body, frozen=True):
    """`at` is when they talked, UTC. The same talk_id again replaces what was logged; `void` takes it back."""

    talk_id: Uuid
    member_id: Uuid
    channel: Channel
    outcome: Short
    topic: Short
    at: Instant
    note: Text = ""
    products: Annotated[tuple[Uuid, ...], msgspec.Meta(max_length=50)] = ()
    materials: Annotated[tuple[Uuid, ...], msgspec.Meta(max_length=50)] = ()
    void: bool = False


class SetFollowupV1(Body, frozen=True):
    """Version 1: a follow-up stays with who set it first."""

    followup_id: Uuid
    member_id: Uuid
    due_on: Day
    note: Text
    state: FollowupState


class SetFollowup(Body, frozen=True):
    """`due_on` is a day of the shop; `guide_id` is who is to do it: without, it stays with whom it is."""

    followup_id: Uuid
    member_id: Uuid
    due_on: Day
    note: Text
    state: FollowupState
    guide_id: Uuid | None = None


class TalkLog(Operation[LogTalk]):
    """One talk, and the member's last contact."""

    kind: ClassVar[str] = "talk.log"
    body = LogTalk

    def touches(self, body: LogTalk) -> tuple[Ref, ...]:
        return (Ref("talk", body.talk_id), Ref("member", body.member_id))

    def effect(self, body: LogTalk, state: Snapshot, context: Context) -> Effect:
        at = context.bounded(body.at)
        whose = state.resolve(Ref("member", body.member_id))
        talk = Talk(
            member_id=whose.id,
            guide_id=context.guide_id,
            channel=body.channel,
            outcome=body.outcome,
            topic=body.topic,
            at=at,
            note=body.note,
            products=body.products,
            materials=body.materials,
            void=body.void,
        )
        ref = Ref("talk", body.talk_id)
        before = state.get(ref, Talk)
        if before is not None and before.guide_id != context.guide_id:
            return Effect({}, "not_yours")
        changes: dict[Ref, Record] = {ref: talk}
        member = state.get(whose, Member)
        if member is not None and member.last_contact_at < at:
            changes[whose] = msgspec.structs.replace(member, last_contact_at=at)
        return Effect(changes)


class FollowupSet(Operation[SetFollowup]):
    """Makes or changes a follow-up, or hands it to a colleague; the latest by HQ's order stands."""

    kind: ClassVar[str] = "followup.set"
    version: ClassVar[int] = 2
    body = SetFollowup
    older = (Older(1, SetFollowupV1, lambda v1: SetFollowup(**msgspec.structs.asdict(v1))),)

    def touches(self, body: SetFollowup) -> tuple[Ref, ...]:
        return (Ref("followup", body.followup_id), Ref("member", body.member_id))

    def effect(self, body: SetFollowup, state: Snapshot, context: Context) -> Effect:
        ref = Ref("followup", body.followup_id)
        before = state.get(ref, Followup)
        followup = Followup(
            member_id=state.resolve(Ref("member", body.member_id)).id,
            guide_id=body.guide_id or (before.guide_id if before else context.guide_id),
            due_on=body.due_on,
            state=body.state,
            note=body.note,
            set_at=context.bounded(context.made_at),
        )
        return Effect({ref: followup})
