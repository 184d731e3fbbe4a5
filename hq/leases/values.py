"""Instruments: value that HQ leases to tablets. HQ's own aggregate; it never travels."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from guide_app.domain.records import Names, Part, Record
from guide_app.domain.records.lease import InstrumentKind, Share
from guide_app.domain.records.wallet import Card, Coupon, Wallet, soonest


class CardFace(Part, frozen=True):
    """What a gift card is besides its value: the number on it, the `amount` that it is sold with (minor units), the
    order that it was sold by. Without value until it is `active`; nothing is leased of one that is `blocked`."""

    number: str
    amount: Share
    sold_by: str = ""
    active: bool = False
    blocked: bool = False


class Value(Record, frozen=True):
    """What an instrument is worth, in its unit (points, minor units, uses, pieces): `balance` is all that was put in,
    less what HQ itself took out; `held` is what its leases hold: granted and not come back, spent or not.

    ``balance - held`` is free to be leased. What orders spent is ``held`` less what is left in the leases.
    """

    kind: InstrumentKind
    owner_id: str = ""
    """The member whose it is, or the product that is promised."""
    balance: Share = 0
    held: Share = 0
    title: Names = Names()
    digits: str = ""
    """The last of a card's number."""
    until: str = ""
    """The last day on which it counts; empty: no end."""
    promotion: str = ""
    """Of a coupon: the promotion that says what it is worth."""
    source: Names = Names()
    """Of a coupon: the paid membership or level that it goes with."""
    taken: bool = False
    """Of such a coupon: it came back together with what it goes with."""
    owed: Share = 0
    """What HQ took back though leases held it: the next that is put in pays it first."""
    card: CardFace | None = None
    """Of a gift card with a number. A card is the chain's: its row stands in the store that had to do with it last."""

    @property
    def free(self) -> int:
        """What can be leased."""
        if self.card is not None and self.card.blocked:
            return 0
        return max(0, self.balance - self.held - self.owed)


class LeaseAsked(Record, frozen=True):
    """What became of a tablet's request for a lease: the same request again is given the same answer."""

    lease_id: str
    granted: Share
    code: str = ""
    at: str = ""


def put_in(value: Value, amount: int) -> Value:
    """The value with more in it, what is owed being paid first; or (negative) with less: never below what its leases
    hold."""
    paid = min(value.owed, max(0, amount))
    balance = max(value.held, value.balance + amount - paid)
    return msgspec.structs.replace(value, balance=balance, owed=value.owed - paid)


def taken_back(value: Value, amount: int) -> Value:
    """The value without what was put in before: exactly that much less, the part that leases hold being owed."""
    there = min(amount, value.balance - value.held)
    return msgspec.structs.replace(value, balance=value.balance - there, owed=value.owed + amount - there)


def summary(values: Iterable[tuple[str, Value, int]]) -> Wallet:
    """What instruments come to; each by its id, with what orders spent of it. Promised stock is no part of a wallet."""
    points, coupons, cards = 0, list[Coupon](), list[Card]()
    for row_id, value, spent in values:
        left = max(0, value.balance - value.owed - spent)
        match value.kind:
            case "points":
                points += left
            case "coupon" if left:
                coupons.append(
                    Coupon(
                        title=value.title,
                        uses=left,
                        until=value.until,
                        id=row_id,
                        promotion=value.promotion,
                        source=value.source,
                    )
                )
            case "card" if value.card is None or value.card.active:
                blocked = value.card is not None and value.card.blocked
                cards.append(
                    Card(
                        title=value.title, digits=value.digits, balance=left, id=row_id, until=value.until,
                        blocked=blocked,
                    )
                )  # fmt: skip
    return Wallet(points=points, coupons=soonest(tuple(coupons)), cards=tuple(cards))
