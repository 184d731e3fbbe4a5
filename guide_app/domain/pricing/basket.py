"""What is priced: the lines, who buys, what they and the guide chose, and the rules that are in reach."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from guide_app.domain.records.base import BasisPoints, Part
from guide_app.domain.records.promotion import Amount, Promotion


class Line(Part, frozen=True):
    """So many pieces of one product at its list price. `categories`: the product's and all those above it."""

    line_id: str
    product_id: str
    qty: Annotated[int, msgspec.Meta(ge=0, le=9999)]
    price: Amount
    categories: tuple[str, ...] = ()
    brand: str = ""


class Buyer(Part, frozen=True):
    """The member as far as prices ask for them. `birth_month`: 1 to 12, 0 not told; `joined`: ``YYYY-MM-DD`` or "".

    `tags`: those given by hand and those of the rules.
    """

    level: str = ""
    staff: bool = False
    tags: tuple[str, ...] = ()
    birth_month: int = 0
    joined: str = ""


class ChosenCoupon(Part, frozen=True):
    """A coupon that the customer uses: its own id, and the promotion that is its template."""

    coupon_id: str
    promotion_id: str


class Manual(Part, frozen=True):
    """What a guide or manager takes off: a percentage or an amount of a line, or of the order (`line_id` empty).

    `label`: the reason in words; `approved_by`: the manager whose PIN allowed it.
    """

    manual_id: str
    line_id: str = ""
    percent: BasisPoints = 0
    amount: Amount = 0
    label: str = ""
    approved_by: str = ""


class Rounding(Part, frozen=True):
    """How the chain rounds what is to pay: to multiples of `unit` minor units, down or to the nearest (half up)."""

    unit: Annotated[int, msgspec.Meta(ge=1)] = 1
    mode: Literal["down", "nearest"] = "down"


class Basket(Part, frozen=True):
    """All that a price depends on. `at`: the moment by the shop's clock, in its zone; `promotions`: id → record."""

    at: datetime
    lines: tuple[Line, ...] = ()
    promotions: dict[str, Promotion] = {}
    buyer: Buyer | None = None
    coupons: tuple[ChosenCoupon, ...] = ()
    manual: tuple[Manual, ...] = ()
    points: Annotated[int, msgspec.Meta(ge=0)] = 0
    rounding: Rounding = Rounding()
