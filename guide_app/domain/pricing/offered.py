"""What a customer could use for a basket: each coupon with what it would take off or why not, the best of them, and how
many points could pay. Pure, by the one function that prices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from msgspec.structs import replace

from guide_app.domain.pricing.basket import Basket
from guide_app.domain.pricing.engine import price
from guide_app.domain.pricing.offers import offers
from guide_app.domain.pricing.priced import Priced, Step, Why
from guide_app.domain.pricing.shelf import Shelf
from guide_app.domain.records.base import Part
from guide_app.domain.records.pricing import ChosenCoupon

AT_ONCE = 10
"""At most so many coupons in one order: what it spends of leases fits into its operation."""
TOGETHER = 5
"""Of so many coupons every set is weighed; of more the one that saves most is added until none saves more."""


class CouponOffered(Part, frozen=True):
    """A coupon beside those that are chosen: what it takes off, or would (minor units), or why nothing."""

    coupon: ChosenCoupon
    chosen: bool
    saves: int = 0
    why: Why | None = None


class PointsOffered(Part, frozen=True):
    """How many points can be used, and what these are worth in minor units; `why` nothing can."""

    points: int = 0
    worth: int = 0
    why: Why | None = None


def coupons_offered(basket: Basket, coupons: Sequence[ChosenCoupon]) -> tuple[CouponOffered, ...]:
    """Each of these coupons beside those that the basket has."""
    now = price(basket)
    chosen = {one.coupon_id for one in basket.coupons}
    return tuple(_offered(basket, now, one, one.coupon_id in chosen) for one in coupons)


def best_coupons(basket: Basket, coupons: Sequence[ChosenCoupon]) -> tuple[ChosenCoupon, ...]:
    """Those by which the basket costs least before points pay of it; of equal sets the fewest, then those that come
    first. Each of them takes something off. Of more than `TOGETHER` it is the best that was found."""
    bare = replace(basket, coupons=(), points=0)
    if len(coupons) > TOGETHER:
        return _one_by_one(bare, coupons)
    return min(_sets(coupons), key=lambda chosen: price(replace(bare, coupons=chosen)).total)  # of equal ones the first


def points_offered(basket: Basket, points: int) -> PointsOffered:
    """How many of so many points could be used beside the coupons that are chosen, and what they would pay."""
    found, refused = offers(basket, Shelf(basket.lines))
    if not any(one.kind == "points" for one in found):
        whys = (why for one, why in refused.items() if basket.promotions[one].kind == "points")
        return PointsOffered(why=next(whys, Why(code="no_rate")))
    priced = price(replace(basket, points=points))
    worth = paid_by_points(priced)
    why = None if worth or not points else Why(code="nothing_left")
    return PointsOffered(points=priced.points, worth=worth, why=why)


def paid_by_points(priced: Priced) -> int:
    """What points pay of it, in minor units."""
    return sum(one.amount for line in priced.lines for one in line.reductions if one.step == Step.POINTS)


def _offered(basket: Basket, now: Priced, coupon: ChosenCoupon, chosen: bool) -> CouponOffered:
    there = now if chosen else price(replace(basket, coupons=(*basket.coupons, coupon)))
    why = next((one.why for one in there.not_applied if one.source_id == coupon.coupon_id), None)
    if why is None and not chosen and set(now.coupons) - set(there.coupons):
        why = Why(code="not_beside_chosen")
    return CouponOffered(coupon=coupon, chosen=chosen, saves=0 if why else there.taken(coupon.coupon_id), why=why)


def _sets(coupons: Sequence[ChosenCoupon]) -> Iterator[tuple[ChosenCoupon, ...]]:
    """Every set of them, the smaller first."""
    for count in range(len(coupons) + 1):
        yield from combinations(coupons, count)


def _one_by_one(bare: Basket, coupons: Sequence[ChosenCoupon]) -> tuple[ChosenCoupon, ...]:
    chosen: tuple[ChosenCoupon, ...] = ()
    total = price(bare).total
    while len(chosen) < AT_ONCE:
        further = {one.promotion_id: one for one in reversed(coupons) if one not in chosen}  # of equal ones the first
        tried = [(price(replace(bare, coupons=(*chosen, one))).total, one) for one in coupons
                 if further.get(one.promotion_id) == one]  # fmt: skip
        best = min(tried, key=lambda one: one[0], default=None)
        if best is None or best[0] >= total:
            break
        total, chosen = best[0], (*chosen, best[1])
    return chosen
