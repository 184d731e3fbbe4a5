"""What a person who works here can change about themselves."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from guide_app.domain.records import Ref, Staff
from guide_app.domain.records.base import Uuid
from guide_app.operations.base import Body, Context, Effect, Operation, Refusal, Snapshot

PHC = r"^\$argon2id\$v=19\$m=\d{4,7},t=\d{1,2},p=\d{1,2}\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}\Z"
"""An argon2id hash in the PHC string format."""


class SetPin(Body, frozen=True):
    """`pin` is the new PIN's argon2id PHC string, made on the tablet."""

    staff_id: Uuid
    pin: Annotated[str, msgspec.Meta(pattern=PHC, max_length=300)]


class StaffSetPin(Operation[SetPin]):
    """A new PIN for oneself."""

    kind: ClassVar[str] = "staff.set_pin"
    body = SetPin

    def touches(self, body: SetPin) -> tuple[Ref, ...]:
        return (Ref("staff", body.staff_id),)

    def check(self, body: SetPin, state: Snapshot, context: Context) -> Refusal | None:
        own = body.staff_id == context.guide_id and state.get(Ref("staff", body.staff_id), Staff) is not None
        return None if own else Refusal("rejected", "not_allowed")

    def effect(self, body: SetPin, state: Snapshot, context: Context) -> Effect:
        ref = Ref("staff", body.staff_id)
        person = state.get(ref, Staff)
        if person is None:
            return Effect({})
        return Effect({ref: msgspec.structs.replace(person, pin=body.pin, pin_once=False)})
