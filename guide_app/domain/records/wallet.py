"""A member's wallet as a summary: what HQ's instruments come to. HQ alone writes it; its id is the member's."""

from __future__ import annotations

from guide_app.domain.records.base import Day, Names, Part, Record
from guide_app.domain.records.lease import InstrumentKind, Share


class Coupon(Part, frozen=True):
    """A coupon of the member's; `uses` that are left of it, `until`: its last day, empty where it has none."""

    title: Names
    uses: Share = 1
    until: Day | str = ""


class Card(Part, frozen=True):
    """A card with money on it; `digits`: the last of its number; `balance` in minor units."""

    kind: InstrumentKind = "card"
    title: Names = Names()
    digits: str = ""
    balance: Share = 0


class Wallet(Record, frozen=True):
    """What the member has: `points` in all, coupons that end soonest first, cards."""

    points: Share = 0
    coupons: tuple[Coupon, ...] = ()
    cards: tuple[Card, ...] = ()
