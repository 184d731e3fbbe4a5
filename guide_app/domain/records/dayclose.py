"""A day of the shop that somebody closed, with the figures as they saw them."""

from __future__ import annotations

from typing import Literal, get_args

from guide_app.domain.records.base import Day, Minor, Part, Record


class Count(Part, frozen=True):
    """How many, and how much in minor units."""

    count: int = 0
    amount: Minor = 0


class MethodCount(Part, frozen=True):
    """Money that moved by one method of payment."""

    received: Count = Count()
    given_back: Count = Count()


class Figures(Part, frozen=True):
    """The figures of a day (`guide_app.domain.dayclose` says what counts). `discounts` by kind, `methods` by method,
    `guides` by the guide's id, `hours` by the hour of the shop's clock, "00" to "23"; `returns`: goods that came back;
    `seen`: by the ends of their ids, the orders that were counted."""

    sales: Count = Count()
    pieces: int = 0
    before_discounts: Minor = 0
    discounts: dict[str, Count] = {}
    owed: Count = Count()
    cancelled: Count = Count()
    returns: Count = Count()
    methods: dict[str, MethodCount] = {}
    guides: dict[str, Count] = {}
    hours: dict[str, Count] = {}
    seen: tuple[str, ...] = ()


Reason = Literal["", "miscounted", "wrong_change", "petty_cash", "not_booked", "unknown"]
"""Why the drawer holds something else than the figures say."""
REASONS: tuple[Reason, ...] = get_args(Reason)[1:]


class Counted(Part, frozen=True):
    """The cash of the day that was counted, `difference`: what it is more than the figures say, and why."""

    amount: Minor
    difference: Minor
    reason: Reason = ""


class DayClose(Record, frozen=True):
    """A close: a day may be closed more than once, each stays as it was. `waiting`: what of the day HQ did not have yet
    on the tablet that closed it."""

    day: Day
    guide_id: str
    closed_at: str
    currency: str
    figures: Figures
    waiting: Count = Count()
    counted: Counted | None = None
