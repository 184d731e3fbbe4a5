"""What HQ keeps of points for itself: by which terms an order earns, and the ledger. It never travels."""

from __future__ import annotations

from guide_app.domain.ids import derived_id
from guide_app.domain.points import EntryKind, Terms
from guide_app.domain.records import Record, Ref
from guide_app.domain.records.lease import Share


class Earned(Record, frozen=True):
    """What the order whose id the row has means to its member's points: `earned` by its terms until now (None: by no
    rule), `used` from leases. `member_id`: who had it when it was first judged."""

    member_id: str
    terms: Terms | None = None
    earned: Share = 0
    used: Share = 0


class PointsEntry(Record, frozen=True):
    """One movement of the account `instrument_id`, never changed: `points` in or (negative) out. `source`: the order or
    act behind it; `until`: the last day of what was put in; `reason` and `by`: of HQ's people; `at`: RFC 3339 UTC."""

    instrument_id: str
    kind: EntryKind
    points: int
    source: str = ""
    at: str = ""
    until: str = ""
    reason: str = ""
    by: str = ""


def entry_ref(instrument_id: str, ver: int) -> Ref:
    """The entry that was written with this version of the account."""
    return Ref("points_entry", derived_id("points_entry", instrument_id, str(ver)))
