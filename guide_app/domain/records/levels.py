"""Levels of membership: by which rules a member has one, what paid membership there is, and the facts they follow from.

What they mean is `guide_app.domain.levels` and `guide_app.domain.memberships`; `docs/levels.md` shows it by examples.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from guide_app.domain.records.base import Day, Minor, Names, Part, Short, Uuid
from guide_app.domain.records.points import Expiry
from guide_app.domain.records.promotion import Amount, Count, DayOrOpen

Window = Literal["months", "year", "always"]
GivenBy = Literal["hand", "rules"]


class Level(Part, frozen=True):
    """A level of membership: `code` as a member's `level` has it."""

    code: Short
    names: Names


class PlanCoupon(Part, frozen=True):
    """Coupons that go with something: so many `pieces` of the coupon promotion `promotion` (its `of`), each time it
    begins or `every` month of it. `days`: how many days each counts, 0: as long as its promotion."""

    promotion: Uuid
    pieces: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    every: Literal["term", "month"] = "term"
    days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 0


PlanCoupons = Annotated[tuple[PlanCoupon, ...], msgspec.Meta(max_length=10)]


class LevelStep(Part, frozen=True):
    """From how much on a member has the level `code`: what was spent (minor units), orders, or points earned. One of
    them is enough; what is 0 is not asked for. `coupons`: what who reaches it by these rules is given, once."""

    code: Short
    spent: Amount = 0
    orders: Count = 0
    points: Amount = 0
    coupons: PlanCoupons = ()


class LevelRules(Part, frozen=True):
    """How levels are reached and kept, from `valid_from` (a day of the shop, "": always) until the next rules begin.

    What counts is what was bought in the `window`: the last `window_months` months, the calendar year, or always. A
    level that was reached is kept as `kept` and `months` say (as points are), and then `grace_days` more.
    """

    steps: Annotated[tuple[LevelStep, ...], msgspec.Meta(max_length=20)]
    valid_from: DayOrOpen = ""
    window: Window = "months"
    window_months: Annotated[int, msgspec.Meta(ge=1, le=12)] = 12
    kept: Expiry = "months"
    months: Annotated[int, msgspec.Meta(ge=1, le=120)] = 12
    grace_days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 0


class MembershipPlan(Part, frozen=True):
    """Paid membership: whoever pays for the product `product_id` is a member for `months`, piece by piece.

    Its fee is the product's price. While it lasts the member has at least the level `level`, and all that they buy
    counts `times` as much for points (basis points). Renewal is due `remind_days` before it ends. `coupons` are issued
    when it begins, by joining or by renewal, or in each of its months.
    """

    code: Short
    names: Names
    product_id: Uuid
    months: Annotated[int, msgspec.Meta(ge=1, le=120)]
    level: Short = ""
    times: Annotated[int, msgspec.Meta(ge=10_000, le=1_000_000)] = 10_000
    remind_days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 30
    coupons: PlanCoupons = ()


class Counted(Part, frozen=True):
    """What a day's orders come to as they stand now; minor units, points that they earned."""

    on: Day
    spent: Minor = 0
    orders: int = 0
    points: int = 0


class Given(Part, frozen=True):
    """The level that a member had on a day, from which the rules go on: HQ's people gave it, or older facts were put
    together to it. `until`: how long it is kept for sure, "": as long as the rules of that day keep one."""

    on: Day
    level: Short = ""
    until: DayOrOpen = ""
    by: GivenBy = "hand"


class Membership(Part, frozen=True):
    """A paid membership as it was sold: by the line `line_id` of an order, paid on a day of its shop.

    `plan`, `months` (of each of its `pieces`), `level`, `times` and `coupons` are the terms of then. `void`: it came
    back, or its order is not paid any more. `issued`: for how many periods HQ issued each of the coupons.
    """

    line_id: Uuid
    order_id: Uuid
    plan: Short
    paid_on: DayOrOpen
    months: Annotated[int, msgspec.Meta(ge=1, le=120)]
    pieces: int = 1
    level: Short = ""
    times: int = 10_000
    void: bool = False
    coupons: PlanCoupons = ()
    issued: tuple[int, ...] = ()
