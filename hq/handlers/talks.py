"""Follow-ups at HQ: they move with their member."""

from __future__ import annotations

from guide_app.operations.talks import SetFollowup
from hq.handlers.base import Desk, Handler


class FollowupHandler(Handler[SetFollowup]):
    """A follow-up whose member moved is the new store's."""

    def elsewhere(self, body: SetFollowup, desk: Desk) -> str:
        return desk.strangers.get(body.followup_id, "")
