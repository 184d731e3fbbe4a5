"""Whose sale an order is, corrected: HQ alone knows who is a manager of the store, and who works in the chain."""

from __future__ import annotations

from guide_app.domain.records import Ref, Staff
from guide_app.operations import Context, Refusal
from guide_app.operations.reshares import Reshare
from hq.handlers.base import Desk, Handler, Needs


class ReshareHandler(Handler[Reshare]):
    """A manager who works in the store must have allowed it; guides of other stores may have helped."""

    def needs(self, body: Reshare, context: Context) -> Needs:
        refs = (*self.operation.touches(body), Ref("staff", body.approved_by))
        return Needs(refs=refs, staff=(context.guide_id, *(one.guide_id for one in body.shares)))

    def authority(self, body: Reshare, desk: Desk, context: Context) -> Refusal | None:
        if any(one.guide_id not in desk.staff for one in body.shares):
            return Refusal("parked", "guide_unknown")
        manager = desk.rows.get(Ref("staff", body.approved_by), Staff)
        allowed = manager is not None and manager.active and manager.role == "manager"
        return None if allowed else Refusal("rejected", "no_manager")
