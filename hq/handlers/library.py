"""What guides do with material, at HQ: each showing and reading is kept, in the store where it was, to be counted."""

from __future__ import annotations

from guide_app.domain.records import Ref
from guide_app.operations import Context, Effect
from guide_app.operations.library import Read, Show
from hq.handlers.base import Desk, Handler
from hq.materials.values import MaterialEvent


class ShowHandler(Handler[Show]):
    """It has happened, whatever became of the material since."""

    def amend(self, effect: Effect, body: Show, desk: Desk, context: Context) -> Effect:
        return _counted(effect, body, "shown", context)


class ReadHandler(Handler[Read]):
    """As a showing."""

    def amend(self, effect: Effect, body: Read, desk: Desk, context: Context) -> Effect:
        return _counted(effect, body, "read", context)


def _counted(effect: Effect, body: Show | Read, what: str, context: Context) -> Effect:
    event = MaterialEvent(
        material=body.material, version=body.version, what=what, at=context.bounded(context.made_at),
        guide_id=context.guide_id, scope=context.device_scope,
    )  # fmt: skip
    return Effect({**effect.changes, Ref("material_event", context.op_id): event}, effect.code)
