"""What guides do with material, at HQ: each showing, reading and sharing is kept, in its store, to be counted."""

from __future__ import annotations

from guide_app.domain.records import Ref
from guide_app.operations import Context, Effect
from guide_app.operations.library import Read, Show
from guide_app.operations.sharing import Handed
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


class ShareHandler(Handler[Handed]):
    """As a showing; it is counted without the member, and so still once they are erased."""

    def amend(self, effect: Effect, body: Handed, desk: Desk, context: Context) -> Effect:
        return _counted(effect, body, "shared", context)


def _counted(effect: Effect, body: Show | Read | Handed, what: str, context: Context) -> Effect:
    event = MaterialEvent(
        material=body.material, version=body.version, what=what, at=context.bounded(context.made_at),
        guide_id=context.guide_id, scope=context.device_scope,
    )  # fmt: skip
    return Effect({**effect.changes, Ref("material_event", context.op_id): event}, effect.code)
