"""What a basket costs: promotions, coupons, discounts by hand, points and rounding, each cent with its reason.

Pure: the tablet and HQ price by this same code. `docs/pricing.md` says by which rules.
"""

from __future__ import annotations

from guide_app.domain.pricing.again import Goods, basket_of, cards_sold, discounts, line_sold, priced_by
from guide_app.domain.pricing.alone import prices_alone
from guide_app.domain.pricing.basket import Basket, Buyer, Line
from guide_app.domain.pricing.by_hand import beyond
from guide_app.domain.pricing.changes import Change, changes
from guide_app.domain.pricing.eligibility import audience, flaw, out_of_force
from guide_app.domain.pricing.engine import price
from guide_app.domain.pricing.goods import cards_in, covered
from guide_app.domain.pricing.offered import (
    CouponOffered,
    PointsOffered,
    best_coupons,
    coupons_offered,
    paid_by_points,
    points_offered,
)
from guide_app.domain.pricing.priced import NotApplied, Priced, PricedLine, Reduction, Step, Why
from guide_app.domain.pricing.returns import Held, Returned, held_for, take_back
from guide_app.domain.records.pricing import ChosenCoupon, Manual, PricedBy, Rounding

__all__ = [
    "Basket",
    "Buyer",
    "Change",
    "ChosenCoupon",
    "CouponOffered",
    "Goods",
    "Held",
    "Line",
    "Manual",
    "NotApplied",
    "PointsOffered",
    "Priced",
    "PricedBy",
    "PricedLine",
    "Reduction",
    "Returned",
    "Rounding",
    "Step",
    "Why",
    "audience",
    "basket_of",
    "best_coupons",
    "beyond",
    "cards_in",
    "cards_sold",
    "changes",
    "coupons_offered",
    "covered",
    "discounts",
    "flaw",
    "held_for",
    "line_sold",
    "out_of_force",
    "paid_by_points",
    "points_offered",
    "price",
    "priced_by",
    "prices_alone",
    "take_back",
]
