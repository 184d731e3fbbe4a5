"""What a guide looked at that is masked: it leaves a trace at HQ and changes no row."""

from __future__ import annotations

from typing import ClassVar, Literal

from guide_app.domain.records import Ref
from guide_app.domain.records.base import Uuid
from guide_app.operations.base import Body, Context, Effect, Operation, Snapshot

Shown = Literal["phone", "phone_copied", "phone_qr"]
"""What was shown or taken along: the number on the screen, in the clipboard, as a QR for another phone."""


class Reveal(Body, frozen=True):
    """One showing. Nothing in it is written freely: it outlives the person, of whom it then tells the id alone."""

    member_id: Uuid
    what: Shown


class MemberReveal(Operation[Reveal]):
    """A masked phone was shown on purpose."""

    kind: ClassVar[str] = "member.reveal"
    body = Reveal

    def touches(self, body: Reveal) -> tuple[Ref, ...]:
        return (Ref("member", body.member_id),)

    def effect(self, body: Reveal, state: Snapshot, context: Context) -> Effect:
        return Effect({})
