"""How often a member buys: the rule behind "replenishment due" and "not here for long".

A member's rhythm is the median of the days between one purchase and the next (the inter-purchase time of the marketing
literature; the median, for one long holiday must not move it), over the distinct days of the shop on which they bought.
It is told from three purchases on. Of a product, or of a category, it makes a prediction only where it is steady: where
the median deviation of those intervals from it (the MAD, Hampel 1974) is at most a quarter of it.

Days are ordinals of the shop's calendar (`datetime.date.toordinal`), intervals are whole days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

ENOUGH = 3
"""Purchases, on days of their own, from which on somebody has a rhythm."""
MIN_REFILL = 14
"""Days: what is bought more often than this brings the member here before anybody could call."""
MAX_MARGIN = 7
MIN_LAPSED = 30
"""Days: nobody is missed sooner."""
Kind = Literal["product", "category"]


class Bought(NamedTuple):
    """One product bought on one day; `category_id` is empty where it has none."""

    day: int
    product_id: str
    category_id: str


class Visits(NamedTuple):
    """On how many days a member bought, the last of them, and their rhythm: None with too few days."""

    times: int
    last: int
    usual: int | None

    @property
    def lapsed(self) -> int | None:
        """The first day on which they are missed by their own rhythm."""
        return None if self.usual is None else missed_from(self.last, self.usual)


class Refill(NamedTuple):
    """What a member buys in a steady rhythm: a product, or a category with whatever product."""

    kind: Kind
    what: str
    times: int
    last: int
    usual: int

    @property
    def expected(self) -> int:
        """The day on which the next purchase is predicted."""
        return self.last + self.usual

    @property
    def due(self) -> int:
        """The first day on which to say so: a seventh of the rhythm earlier, at most a week."""
        return self.expected - min(MAX_MARGIN, self.usual // 7)

    @property
    def until(self) -> int:
        """The last day: after twice the rhythm it is a habit no more."""
        return self.last + 2 * self.usual


def median(values: Sequence[int]) -> int:
    """The middle one of them; of two middle ones the mean, rounded up: rather a day late. Raises on none."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else -(-(ordered[half - 1] + ordered[half]) // 2)


def usual(days: Iterable[int]) -> int | None:
    """The rhythm of these days of purchase, in whatever order and however often each is told."""
    ordered = sorted(set(days))
    return median(_gaps(ordered)) if len(ordered) >= ENOUGH else None


def visits(days: Iterable[int]) -> Visits | None:
    """How a member buys at all; None where they never did."""
    distinct = set(days)
    return Visits(len(distinct), max(distinct), usual(distinct)) if distinct else None


def refills(bought: Iterable[Bought]) -> tuple[Refill, ...]:
    """What a member buys in a steady rhythm of at least `MIN_REFILL` days, products first.

    A product that gave way to another of its category since is left out: they have what they need.
    """
    products, categories, lies_in = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set), dict[str, str]()
    for one in bought:
        products[one.product_id].add(one.day)
        if one.category_id:
            categories[one.category_id].add(one.day)
            lies_in[one.product_id] = one.category_id
    current = {
        what: days
        for what, days in products.items()
        if what not in lies_in or max(categories[lies_in[what]]) == max(days)
    }
    told = [*(_steady("product", *item) for item in current.items())]
    told += [_steady("category", *item) for item in categories.items()]
    return tuple(sorted(one for one in told if one is not None))[::-1]


def missed_from(last: int, rhythm: int) -> int:
    """The first day on which somebody is missed: more than twice their rhythm, and more than `MIN_LAPSED` days."""
    return last + missed_after(rhythm) + 1


def missed_after(rhythm: int) -> int:
    """How many days without a purchase are still nothing to speak of."""
    return max(2 * rhythm, MIN_LAPSED)


def _steady(kind: Kind, what: str, days: set[int]) -> Refill | None:
    if len(days) < ENOUGH:
        return None
    ordered = sorted(days)
    gaps = _gaps(ordered)
    rhythm = median(gaps)
    spread = median([abs(gap - rhythm) for gap in gaps])
    if rhythm < MIN_REFILL or 4 * spread > rhythm:
        return None
    return Refill(kind, what, len(ordered), ordered[-1], rhythm)


def _gaps(ordered: Sequence[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(ordered)]
