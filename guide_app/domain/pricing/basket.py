"""What is priced: the lines, who buys, what they and the guide chose, and the rules that are in reach."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from guide_app.domain.records.base import Part
from guide_app.domain.records.pricing import ChosenCoupon, Manual, Rounding
from guide_app.domain.records.promotion import Amount, Promotion


class Line(Part, frozen=True):
    """So many pieces of one product at its list price. `categories`: the product's and all those above it;
    `gift_card`: a piece is a gift card, which is money: it costs its list price whatever else there is."""

    line_id: str
    product_id: str
    qty: Annotated[int, msgspec.Meta(ge=0, le=9999)]
    price: Amount
    categories: tuple[str, ...] = ()
    brand: str = ""
    gift_card: bool = False


class Buyer(Part, frozen=True):
    """The member as far as prices ask for them. `birth_month`: 1 to 12, 0 not told; `joined`: ``YYYY-MM-DD`` or "".

    `tags`: those given by hand and those of the rules. `times`: how much all that they buy counts for points by what
    they pay for, basis points.
    """

    level: str = ""
    staff: bool = False
    tags: tuple[str, ...] = ()
    birth_month: int = 0
    joined: str = ""
    times: int = 10_000


class Basket(Part, frozen=True):
    """All that a price depends on. `at`: the moment by the shop's clock, in its zone; `promotions`: id → record.

    `met`: an order that is priced again names the promotions whose audience its buyer was in; the buyer is not asked.
    """

    at: datetime
    lines: tuple[Line, ...] = ()
    promotions: dict[str, Promotion] = {}
    buyer: Buyer | None = None
    met: tuple[str, ...] | None = None
    coupons: tuple[ChosenCoupon, ...] = ()
    manual: tuple[Manual, ...] = ()
    points: Annotated[int, msgspec.Meta(ge=0)] = 0
    rounding: Rounding = Rounding()
