"""Talks and follow-ups: logged in three taps, taken back in one."""

from __future__ import annotations

import msgspec

from guide_app.domain.clock import Clock, to_text
from guide_app.domain.ids import Ids
from guide_app.domain.records import Followup
from guide_app.domain.records.talk import Channel, FollowupState
from guide_app.operations.talks import FollowupSet, LogTalk, SetFollowup, TalkLog
from guide_app.services.ports.base import View
from guide_app.services.ports.writing import Draft, Journal
from guide_app.services.session import Session

OUTCOMES = ("interested", "bought", "thinking", "not_now", "no_answer", "solved")
TOPICS = ("product", "price", "size", "delivery", "care", "complaint", "birthday", "general")


class LoggedTalk(View, frozen=True):
    """A talk that is committed and can still be added to or taken back."""

    body: LogTalk
    settled: tuple[str, Followup] | None = None
    """The follow-up (id, record) that it settled."""
    followup: SetFollowup | None = None
    """The follow-up that was set with it."""


class TalkDesk:
    """The use cases of talks."""

    def __init__(self, journal: Journal, session: Session, clock: Clock, ids: Ids) -> None:
        self._journal, self._session, self._clock, self._ids = journal, session, clock, ids

    async def log(
        self,
        member_id: str,
        channel: Channel,
        outcome: str,
        topic: str,
        *,
        note: str = "",
        products: tuple[str, ...] = (),
        materials: tuple[str, ...] = (),
        done: tuple[str, Followup] | None = None,
    ) -> LoggedTalk:
        """Logs a talk in one commit; `materials`: what of the library was sent; `done` is the follow-up (id, record)
        that it settles. Raises NotSaved."""
        body = LogTalk(
            talk_id=self._ids.uuid7(),
            member_id=member_id,
            channel=channel,
            outcome=outcome,
            topic=topic,
            note=note,
            products=products,
            materials=materials,
            at=to_text(self._clock.now()),
        )
        drafts = [Draft(kind=TalkLog.kind, body=body)]
        if done is not None:
            drafts.append(_draft(_as_it_is(*done, "done")))
        await self._journal.commit(self._session.guide_id, *drafts)
        return LoggedTalk(body=body, settled=done)

    async def add(self, talk: LoggedTalk, *, note: str, products: tuple[str, ...] = ()) -> LoggedTalk:
        """Adds words and products to a talk that was just logged."""
        body = msgspec.structs.replace(talk.body, note=note, products=products)
        await self._journal.commit(self._session.guide_id, Draft(kind=TalkLog.kind, body=body))
        return msgspec.structs.replace(talk, body=body)

    async def take_back(self, talk: LoggedTalk) -> None:
        """Takes the talk back, and the follow-up that was set with it; the one that it settled is open again."""
        drafts = [Draft(kind=TalkLog.kind, body=msgspec.structs.replace(talk.body, void=True))]
        if talk.followup is not None:
            drafts.append(_draft(msgspec.structs.replace(talk.followup, state="dropped")))
        if talk.settled is not None:
            drafts.append(_draft(_as_it_is(*talk.settled, talk.settled[1].state)))
        await self._journal.commit(self._session.guide_id, *drafts)

    async def follow_up(self, talk: LoggedTalk, due_on: str, note: str, guide_id: str = "") -> LoggedTalk:
        """Sets (or moves) the follow-up of a talk; `due_on` is a day of the shop, `guide_id` who is to do it."""
        body = SetFollowup(
            followup_id=talk.followup.followup_id if talk.followup else self._ids.uuid7(),
            member_id=talk.body.member_id,
            due_on=due_on,
            note=note,
            state="open",
            guide_id=guide_id or self._session.guide_id,
        )
        await self._journal.commit(self._session.guide_id, _draft(body))
        return msgspec.structs.replace(talk, followup=body)

    async def put_back(self, talk: LoggedTalk, before: SetFollowup | None) -> LoggedTalk:
        """The follow-up of a talk is what it was before it was set or moved. Raises NotSaved."""
        if talk.followup is not None:
            back = before or msgspec.structs.replace(talk.followup, state="dropped")
            await self._journal.commit(self._session.guide_id, _draft(back))
        return msgspec.structs.replace(talk, followup=before)


def _as_it_is(followup_id: str, followup: Followup, state: FollowupState) -> SetFollowup:
    return SetFollowup(
        followup_id=followup_id, member_id=followup.member_id, due_on=followup.due_on, note=followup.note, state=state,
        guide_id=followup.guide_id or None,
    )  # fmt: skip


def _draft(body: SetFollowup) -> Draft:
    return Draft(kind=FollowupSet.kind, body=body)
