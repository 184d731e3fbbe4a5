"""People who work in the store, at HQ."""

from __future__ import annotations

from guide_app.domain.records import Ref, Staff
from guide_app.operations import Context, Refusal
from guide_app.operations.staff import SetPin
from hq.handlers.base import Desk, Handler


class SetPinHandler(Handler[SetPin]):
    """One's own PIN, and only while one works here."""

    def authority(self, body: SetPin, desk: Desk, context: Context) -> Refusal | None:
        person = desk.rows.get(Ref("staff", body.staff_id), Staff)
        return None if person is not None and person.active else Refusal("rejected", "not_allowed")
