"""What an order was priced by. It is kept with the order, so that HQ, and whoever takes goods back, price it again to
the same cent: the promotions themselves are rows, of which those count that were in force when it was placed.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from guide_app.domain.records.base import BasisPoints, Part, Short, Uuid
from guide_app.domain.records.promotion import Amount


class ChosenCoupon(Part, frozen=True):
    """A coupon that the customer uses: its own id, and the promotion that is its template."""

    coupon_id: Short
    promotion_id: Short


class Manual(Part, frozen=True):
    """What a guide or manager takes off: a percentage or an amount of a line, or of the order (`line_id` empty).

    `label`: the reason in words; `approved_by`: the manager whose PIN allowed it.
    """

    manual_id: Short
    line_id: Short = ""
    percent: BasisPoints = 0
    amount: Amount = 0
    label: Short = ""
    approved_by: Short = ""


class Rounding(Part, frozen=True):
    """How the chain rounds what is to pay: to multiples of `unit` minor units, down or to the nearest (half up)."""

    unit: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    mode: Literal["down", "nearest"] = "down"


class PricedBy(Part, frozen=True):
    """All that a price depends on beside the lines, the moment and the promotions' own rows.

    `audience`: the promotions in force that are not for everybody and were for this customer. Nothing else is kept of
    who they were: an order that outlives its customer is priced as before, and tells nothing of them.
    """

    audience: Annotated[tuple[Uuid, ...], msgspec.Meta(max_length=500)] = ()
    coupons: Annotated[tuple[ChosenCoupon, ...], msgspec.Meta(max_length=20)] = ()
    manual: Annotated[tuple[Manual, ...], msgspec.Meta(max_length=200)] = ()
    points: Amount = 0
    rounding: Rounding = Rounding()
