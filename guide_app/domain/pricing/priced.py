"""What comes of pricing: each line with every discount and its reason, and what did not apply and why."""

from __future__ import annotations

from enum import IntEnum

from guide_app.domain.records.base import Names, Part


class Step(IntEnum):
    """The order of application; 1 is the list price."""

    OWN = 2
    PIECES = 3
    ORDER = 4
    COUPON = 5
    MANUAL = 6
    POINTS = 7
    ROUNDING = 8


class Reduction(Part, frozen=True):
    """What one cause takes off a line, in minor units (negative only where a total is rounded up).

    `source_id`: the promotion, the coupon, or the manual discount; `pieces`: of how many pieces, 0 of the whole line.
    """

    step: Step
    kind: str
    amount: int
    source_id: str = ""
    promotion_id: str = ""
    version: int = 0
    pieces: int = 0
    names: Names = Names()
    label: str = ""
    approved_by: str = ""


class PricedLine(Part, frozen=True):
    """``amount = qty × price − Σ reductions``; never below zero."""

    line_id: str
    product_id: str
    qty: int
    price: int
    amount: int
    reductions: tuple[Reduction, ...] = ()


class Why(Part, frozen=True):
    """A reason as a code with values: minor units, counts, days or ids; the view makes words of it."""

    code: str
    values: dict[str, int | str] = {}


class NotApplied(Part, frozen=True):
    """A promotion or coupon that took nothing off, and why."""

    source_id: str
    why: Why
    promotion_id: str = ""


class Priced(Part, frozen=True):
    """``total = Σ line.amount = gross − Σ reductions``. `points`: how many were used; `coupons`: which were used.

    `exact`: every combination of promotions that could be cheaper was weighed; else it is the best of those tried.
    """

    lines: tuple[PricedLine, ...]
    gross: int
    total: int
    not_applied: tuple[NotApplied, ...] = ()
    coupons: tuple[str, ...] = ()
    points: int = 0
    exact: bool = True

    @property
    def discounts(self) -> int:
        """All that was taken off, in minor units."""
        return self.gross - self.total

    def taken(self, source_id: str) -> int:
        """What one promotion, coupon or manual discount took off in all."""
        return sum(one.amount for line in self.lines for one in line.reductions if one.source_id == source_id)
