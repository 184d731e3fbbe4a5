"""Handing a material to a customer. Never refused: they have the link. What is over cannot be shared on a tablet, and
HQ's page behind the link says so of what ended later."""

from __future__ import annotations

from typing import ClassVar

from guide_app.domain.records import Ref, Share
from guide_app.domain.records.base import Uuid
from guide_app.domain.records.share import ShareChannel
from guide_app.operations.base import Body, Context, Effect, Operation, Snapshot
from guide_app.operations.library import Version


class Handed(Body, frozen=True):
    """`share_id`: the link's own; `version`: the one that was before them, which the page behind the link keeps to."""

    share_id: Uuid
    material: Uuid
    version: Version
    channel: ShareChannel
    member_id: Uuid | None = None


class MaterialShare(Operation[Handed]):
    """A row of its own, which nothing changes any more: it stands on the member's timeline, and HQ counts it."""

    kind: ClassVar[str] = "material.share"
    body = Handed

    def touches(self, body: Handed) -> tuple[Ref, ...]:
        share = Ref("share", body.share_id)
        return (share, Ref("member", body.member_id)) if body.member_id else (share,)

    def effect(self, body: Handed, state: Snapshot, context: Context) -> Effect:
        ref = Ref("share", body.share_id)
        if state.get(ref, Share) is not None:
            return Effect({})
        whose = state.resolve(Ref("member", body.member_id)).id if body.member_id else ""
        made = Share(
            material=body.material, version=body.version, guide_id=context.guide_id, channel=body.channel,
            member_id=whose, at=context.bounded(context.made_at),
        )  # fmt: skip
        return Effect({ref: made})
