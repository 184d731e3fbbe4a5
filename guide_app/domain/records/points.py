"""Points: by which terms orders earn them and when they expire, as HQ's settings say it.

What they mean is `guide_app.domain.points`; `docs/points.md` shows it by examples.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from guide_app.domain.records.base import Names, Part
from guide_app.domain.records.promotion import DayOrOpen, Selection

Expiry = Literal["never", "months", "year_end"]
EarnedWhen = Literal["placed", "paid"]


class Earning(Part, frozen=True):
    """`points` for every whole `amount` (minor units), from (inclusive) until (exclusive), days of the shop."""

    amount: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    points: Annotated[int, msgspec.Meta(ge=1, le=9999)] = 1
    valid_from: DayOrOpen = ""
    valid_until: DayOrOpen = ""


class Bonus(Part, frozen=True):
    """These goods, for these members, count `times` as much (basis points: 20,000 is double; 0: not at all).

    Everything that is said must hold; `levels`: one of them.
    """

    names: Names
    times: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    goods: Selection = Selection()
    levels: tuple[str, ...] = ()
    birthday_month: bool = False
    valid_from: DayOrOpen = ""
    valid_until: DayOrOpen = ""


class PointsPlan(Part, frozen=True):
    """How points are earned and expire. Of several `earnings` in force the one that began last counts.

    `when`: at once, or not before an order is paid. `expiry`: so many `months` after they were earned, to the day, or
    at the end of that year.
    """

    earnings: tuple[Earning, ...] = ()
    bonuses: tuple[Bonus, ...] = ()
    when: EarnedWhen = "placed"
    expiry: Expiry = "never"
    months: Annotated[int, msgspec.Meta(ge=0, le=120)] = 12
