"""Follow-ups and marks on the morning lists at HQ: they move with their member; a follow-up is handed to guides whom
the chain knows."""

from __future__ import annotations

import msgspec

from guide_app.domain.records import Followup, Record, Ref
from guide_app.operations import Context, Effect
from guide_app.operations.reminders import SetReminder
from guide_app.operations.talks import SetFollowup
from hq.handlers.base import Desk, Handler, Needs
from hq.handlers.hanging import HangingHandler


class FollowupHandler(HangingHandler[SetFollowup]):
    """A follow-up whose member moved is the new store's."""

    def needs(self, body: SetFollowup, context: Context) -> Needs:
        named = (body.guide_id,) if body.guide_id else ()
        return Needs(refs=self.operation.touches(body), staff=(context.guide_id, *named))

    def amend(self, effect: Effect, body: SetFollowup, desk: Desk, context: Context) -> Effect:
        """Handed to somebody who is nobody's colleague, it stays with whom it was: it must be on some list."""
        if body.guide_id is None or body.guide_id in desk.staff:
            return effect
        before = desk.rows.get(Ref("followup", body.followup_id), Followup)
        stays = before.guide_id if before else context.guide_id
        changes: dict[Ref, Record] = {
            ref: msgspec.structs.replace(record, guide_id=stays) if isinstance(record, Followup) else record
            for ref, record in effect.changes.items()
        }
        return Effect(changes, "colleague_unknown")


class ReminderHandler(Handler[SetReminder]):
    """A mark lies where its member does: only their home has them on its lists."""

    def elsewhere(self, body: SetReminder, desk: Desk) -> str:
        return desk.home_of(Ref("member", body.member_id))
