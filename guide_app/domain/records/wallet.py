"""A member's wallet as a summary: what HQ's instruments come to. HQ alone writes it; its id is the member's."""

from __future__ import annotations

from typing import Annotated

import msgspec

from guide_app.domain.records.base import Names, Part, Record
from guide_app.domain.records.lease import InstrumentKind, Share

DayOrNone = Annotated[str, msgspec.Meta(pattern=r"^(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?\Z")]


class Coupon(Part, frozen=True):
    """A coupon of the member's; `uses` that are left of it, `until`: its last day, empty where it has none.

    `id`: its instrument, of which tablets lease; `promotion`: its template, the promotion `of` which it is a coupon, ""
    where it is none of ours. `source`: the paid membership or level that it goes with, if any.
    """

    title: Names
    id: str = ""
    promotion: str = ""
    uses: Share = 1
    until: DayOrNone = ""
    source: Names = Names()


class Card(Part, frozen=True):
    """A card with money on it; `digits`: the last of its number; `balance` in minor units; `id`: its instrument;
    `until`: its last day, empty where it has none; `blocked` by HQ: nothing of it can be spent."""

    kind: InstrumentKind = "card"
    id: str = ""
    title: Names = Names()
    digits: str = ""
    balance: Share = 0
    until: DayOrNone = ""
    blocked: bool = False


class Wallet(Record, frozen=True):
    """What the member has: `points` in all, coupons that end soonest first, cards."""

    points: Share = 0
    coupons: tuple[Coupon, ...] = ()
    cards: tuple[Card, ...] = ()


def joined(ours: Wallet | None, theirs: Wallet | None) -> Wallet | None:
    """What two wallets come to, of two members who are one person."""
    if ours is None or theirs is None:
        return ours or theirs
    return Wallet(
        points=ours.points + theirs.points,
        coupons=soonest((*ours.coupons, *theirs.coupons)),
        cards=(*ours.cards, *theirs.cards),
    )


def soonest(coupons: tuple[Coupon, ...]) -> tuple[Coupon, ...]:
    """The coupons as they end, those without an end last."""
    return tuple(sorted(coupons, key=lambda coupon: coupon.until or "9999"))
