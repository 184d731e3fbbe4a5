"""Promotions: what HQ takes off prices, from when until when, for whom, on which goods and by how much.

How they are applied, in which order and which of them win is `guide_app.domain.pricing`; `docs/pricing.md` says it.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from guide_app.domain.records.base import BasisPoints, Instant, Names, Part, Record, Uuid

Amount = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=9999)]
Weekday = Annotated[int, msgspec.Meta(ge=1, le=7)]
Time = Annotated[str, msgspec.Meta(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?\Z")]
DayOrOpen = Annotated[str, msgspec.Meta(pattern=r"^(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?\Z")]
Kind = Literal[
    "percentage", "amount", "member_price", "buy_get", "bundle", "tier", "coupon", "points", "staff"
]  # fmt: skip
Reach = Literal["pieces", "order"]
Measure = Literal["amount", "pieces"]


class Selection(Part, frozen=True):
    """Goods: of the named products, of the categories (each with those below it) or of the brands; all of it empty:
    every product. What `without` and `without_categories` name is never among them.
    """

    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    without_categories: tuple[str, ...] = ()


class Audience(Part, frozen=True):
    """For whom: everything that is said must hold. `levels`, `tags`: one of them; `new_days`: joined within so many."""

    members: bool = False
    staff: bool = False
    levels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    new_days: Count = 0
    birthday_month: bool = False


class BundlePart(Part, frozen=True):
    """So many pieces of these goods belong to one set."""

    goods: Selection
    pieces: Annotated[int, msgspec.Meta(ge=1, le=99)] = 1


class TierStep(Part, frozen=True):
    """From `at` on (minor units or pieces): a percentage, or an amount."""

    at: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    percent: BasisPoints = 0
    amount: Amount = 0


class Promotion(Record, frozen=True):
    """One promotion, in one version. What each field says for which kind: `docs/pricing.md`.

    A version is a row of its own that never changes, except that it ends. `of` names the promotion whose version it is;
    it was current from `since` (inclusive) until `until_moment` (exclusive), UTC by HQ's clock; `until_moment` is empty
    while it is the current one. `of` and `since` are empty only where a promotion is tried and not yet published.

    Valid from (inclusive) until (exclusive), days of the shop, empty: open; `weekdays` 1 (Monday) to 7, none: every
    day; `from_time` (inclusive) until `until_time` (exclusive) by the shop's clock. `percent` in basis points off;
    `amount` in minor units: off, off each piece (`each`), the price of a bundle, or the worth of `points` points;
    `prices`: product → its price for members or staff. `min_pieces` and `min_amount` (at list price) are the condition.
    `repeats`: how often in one order (0: without limit); `cap`: the most that it takes off an order; `cap_share`: the
    most of an order that points may pay. Of one `group` at most one applies; `stacks`: may follow others on the same
    pieces. `priority` decides between equal savings, the higher first.
    """

    names: Names
    kind: str
    of: Uuid = ""
    since: Instant = ""
    until_moment: Instant = ""
    version: Annotated[int, msgspec.Meta(ge=1)] = 1
    active: bool = True
    valid_from: DayOrOpen = ""
    valid_until: DayOrOpen = ""
    weekdays: tuple[Weekday, ...] = ()
    from_time: Time = ""
    until_time: Time = ""
    audience: Audience = Audience()
    goods: Selection = Selection()
    reach: Reach = "pieces"
    min_pieces: Count = 0
    min_amount: Amount = 0
    percent: BasisPoints = 0
    amount: Amount = 0
    each: bool = False
    prices: dict[str, Amount] = {}
    buy: Count = 0
    get: Count = 0
    parts: Annotated[tuple[BundlePart, ...], msgspec.Meta(max_length=10)] = ()
    measure: Measure = "amount"
    steps: Annotated[tuple[TierStep, ...], msgspec.Meta(max_length=10)] = ()
    points: Count = 0
    repeats: Count = 1
    cap: Amount = 0
    cap_share: BasisPoints = 10_000
    group: str = ""
    stacks: bool = False
    priority: int = 0

    def current(self, moment: str) -> bool:
        """Whether it was what the promotion said at an RFC 3339 time in UTC."""
        return self.since <= moment and (not self.until_moment or moment < self.until_moment)
