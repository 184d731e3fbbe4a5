"""Follow-ups and marks on the morning lists at HQ: they move with their member."""

from __future__ import annotations

from guide_app.domain.records import Ref
from guide_app.operations.reminders import SetReminder
from guide_app.operations.talks import SetFollowup
from hq.handlers.base import Desk, Handler


class FollowupHandler(Handler[SetFollowup]):
    """A follow-up whose member moved is the new store's."""

    def elsewhere(self, body: SetFollowup, desk: Desk) -> str:
        return desk.strangers.get(body.followup_id, "")


class ReminderHandler(Handler[SetReminder]):
    """A mark lies where its member does: only their home has them on its lists."""

    def elsewhere(self, body: SetReminder, desk: Desk) -> str:
        return desk.home_of(Ref("member", body.member_id))
