"""Talks and follow-ups: logged in three taps, taken back in one."""

from __future__ import annotations

import msgspec

from guide_app.domain.clock import Clock, to_text
from guide_app.domain.ids import Ids
from guide_app.domain.records import Followup
from guide_app.domain.records.talk import Channel, FollowupState
from guide_app.operations.talks import FollowupSet, LogTalk, SetFollowup, TalkLog
from guide_app.services.ports import Draft, Journal, View
from guide_app.services.session import Session

OUTCOMES = ("interested", "bought", "thinking", "not_now", "no_answer", "solved")
TOPICS = ("product", "price", "size", "delivery", "care", "complaint", "birthday", "general")


class LoggedTalk(View, frozen=True):
    """A talk that is committed and can still be added to or taken back."""

    body: LogTalk
    followup_id: str = ""


class TalkDesk:
    """The use cases of talks."""

    def __init__(self, journal: Journal, session: Session, clock: Clock, ids: Ids) -> None:
        self._journal, self._session, self._clock, self._ids = journal, session, clock, ids

    async def log(
        self, member_id: str, channel: Channel, outcome: str, topic: str, *, done: tuple[str, Followup] | None = None
    ) -> LoggedTalk:
        """Logs a talk; `done` is the follow-up (id, record) that it settles. Raises NotSaved."""
        body = LogTalk(
            talk_id=self._ids.uuid7(),
            member_id=member_id,
            channel=channel,
            outcome=outcome,
            topic=topic,
            at=to_text(self._clock.now()),
        )
        drafts = [Draft(kind=TalkLog.kind, body=body)]
        if done is not None:
            drafts.append(_followup(done[0], done[1].member_id, done[1].due_on, done[1].note, "done"))
        await self._journal.commit(self._session.guide_id, *drafts)
        return LoggedTalk(body=body)

    async def add(self, talk: LoggedTalk, *, note: str, products: tuple[str, ...] = ()) -> LoggedTalk:
        """Adds words and products to a talk that was just logged."""
        body = msgspec.structs.replace(talk.body, note=note, products=products)
        await self._journal.commit(self._session.guide_id, Draft(kind=TalkLog.kind, body=body))
        return msgspec.structs.replace(talk, body=body)

    async def take_back(self, talk: LoggedTalk) -> None:
        """Takes the talk back, and the follow-up that was set with it."""
        drafts = [Draft(kind=TalkLog.kind, body=msgspec.structs.replace(talk.body, void=True))]
        if talk.followup_id:
            today = to_text(self._clock.now())[:10]
            drafts.append(_followup(talk.followup_id, talk.body.member_id, today, "", "dropped"))
        await self._journal.commit(self._session.guide_id, *drafts)

    async def follow_up(self, talk: LoggedTalk, due_on: str, note: str) -> LoggedTalk:
        """Sets (or moves) the follow-up of a talk; `due_on` is a day of the shop."""
        followup_id = talk.followup_id or self._ids.uuid7()
        draft = _followup(followup_id, talk.body.member_id, due_on, note, "open")
        await self._journal.commit(self._session.guide_id, draft)
        return msgspec.structs.replace(talk, followup_id=followup_id)

    async def set_followup(self, followup_id: str, followup: Followup, state: FollowupState, due_on: str = "") -> None:
        """Marks a follow-up done or dropped, or moves its day."""
        draft = _followup(followup_id, followup.member_id, due_on or followup.due_on, followup.note, state)
        await self._journal.commit(self._session.guide_id, draft)


def _followup(followup_id: str, member_id: str, due_on: str, note: str, state: FollowupState) -> Draft:
    body = SetFollowup(followup_id=followup_id, member_id=member_id, due_on=due_on, note=note, state=state)
    return Draft(kind=FollowupSet.kind, body=body)
