"""A showing at HQ: who saw what of whom is kept, in the store where it was seen."""

from __future__ import annotations

from guide_app.domain.records import Ref
from guide_app.operations import Context, Effect
from guide_app.operations.privacy import Reveal
from hq.handlers.base import Desk, Handler
from hq.privacy.values import Showing


class RevealHandler(Handler[Reveal]):
    """It has happened: also of somebody whose sign-up still waits, or of another store's member."""

    def amend(self, effect: Effect, body: Reveal, desk: Desk, context: Context) -> Effect:
        showing = Showing(
            member_id=desk.rows.resolve(Ref("member", body.member_id)).id, what=body.what,
            at=context.bounded(context.made_at), guide_id=context.guide_id, scope=context.device_scope,
        )  # fmt: skip
        return Effect({Ref("showing", context.op_id): showing}, effect.code)
