"""What HQ keeps of a sign-up for itself: what was handed over and signed, and who brought whom. It never travels."""

from __future__ import annotations

from guide_app.domain.records import Record
from guide_app.domain.records.lease import Share


class Joining(Record, frozen=True):
    """What was handed over and signed at one sign-up. `member_id`: whom the tablet signed up, whoever that is by now;
    `person`: a keyed hash of the phone, by which the chain knows a second gift. An erasure empties all three."""

    at: str
    member_id: str = ""
    person: str = ""
    product_id: str = ""
    signed: tuple[str, ...] = ()
    strokes: str = ""
    """An SVG path on a pad of 1000 by 400."""


class Referral(Record, frozen=True):
    """Who brought the member whose id the row has. `paid`: whether both have the points, or neither."""

    referrer_id: str
    points: Share
    paid: bool = True
