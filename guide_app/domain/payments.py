"""What of an order is paid and what is owed. Legs are a set: neither their order nor a repetition matters.

A leg that was received is never refused afterwards, for the money is there; what is received beyond what is due is "to
be refunded". Amounts in minor units of the order's currency; none of these figures is ever negative.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec

from guide_app.domain.ids import derived_id
from guide_app.domain.records.order import FromCard, Order, Payment, Refunding

WAITING = frozenset({"placed", "accepted"})
"""States in which an order that was never paid waits for what is owed of it."""
TILL = ("cash", "card", "other")
"""How money is taken at the till: cash, the card terminal, anything else that the shop takes."""
GIFT_CARD = "gift_card"
"""From a gift card, whose value a tablet has leased."""
QR = "qr"
"""By a provider of payments: a code or link on the customer's phone."""


class Leg(Protocol):
    """What these figures need of a leg."""

    @property
    def amount(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> str: ...


class Sum(Protocol):
    """What an order comes to."""

    @property
    def total(self) -> int: ...


class Given(Protocol):
    """What the customer got for goods that came back."""

    @property
    def money(self) -> int: ...


class Back(Protocol):
    """What these figures need of a return."""

    @property
    def refund(self) -> Given: ...
    @property
    def risk(self) -> int: ...
    @property
    def void(self) -> bool: ...


class Way(Protocol):
    """What these figures need of money that a provider was asked to give back."""

    @property
    def amount(self) -> int: ...
    @property
    def of(self) -> str: ...
    @property
    def state(self) -> str: ...


class Owing(Protocol):
    """What these figures need of an order."""

    @property
    def state(self) -> str: ...
    @property
    def totals(self) -> Sum: ...
    @property
    def payments(self) -> Sequence[Leg]: ...
    @property
    def returns(self) -> Sequence[Back]: ...
    @property
    def refunding(self) -> Sequence[Way]: ...


def received(order: Owing) -> int:
    """What was received less what was given back; negative where more was given back than there was."""
    return sum(leg.amount if leg.kind == "paid" else -leg.amount for leg in order.payments)


def due(order: Owing) -> int:
    """What the order comes to today: its total less what the goods that came back were worth; nothing once it is
    cancelled."""
    if order.state == "cancelled":
        return 0
    return order.totals.total - sum(one.refund.money - one.risk for one in order.returns if not one.void)


def owed(order: Owing) -> int:
    """What the customer still owes."""
    return max(0, due(order) - received(order))


def paid_at(order: Order) -> str:
    """When all that the order comes to was there, RFC 3339 UTC; "" while something is owed."""
    if owed(order):
        return ""
    there, at = 0, order.placed_at
    for leg in order.payments:  # they stand by their time
        if there >= due(order):
            break
        there += leg.amount if leg.kind == "paid" else -leg.amount
        at = max(at, leg.at)
    return at


def to_refund(order: Owing) -> int:
    """What the customer has to get back."""
    return max(0, received(order) - due(order))


def on_its_way(order: Owing, leg_id: str = "") -> int:
    """What a provider was asked to give back and has not said of; of one leg, or of all."""
    return sum(one.amount for one in order.refunding if one.state == "asked" and leg_id in ("", one.of))


def to_give_back(order: Owing) -> int:
    """What somebody has to see to that the customer gets it back."""
    return max(0, to_refund(order) - on_its_way(order))


def asked_back(order: Order, asked: Refunding) -> Order:
    """The order, with what a provider is asked for now; of the same leg it takes the place of what failed before."""
    others = (one for one in order.refunding if one.id != asked.id and (one.of != asked.of or one.state == "asked"))
    return msgspec.structs.replace(order, refunding=(*others, asked))


def not_given_back(order: Order, refund_id: str) -> Order:
    """The order, once the provider said that it cannot."""
    return msgspec.structs.replace(
        order,
        refunding=tuple(
            msgspec.structs.replace(one, state="failed") if one.id == refund_id else one for one in order.refunding
        ),
    )


def waits(order: Owing) -> bool:
    """Whether it stands under "waits for payment". In a later state, as of a return that was taken back once its money
    had gone, only where this chain's own tablets or HQ took money for it: imported orders may lack theirs."""
    ours = order.state in WAITING or (order.state != "cancelled" and any(leg.id for leg in order.payments))
    return ours and owed(order) > 0


def with_legs(order: Order, legs: tuple[Payment, ...]) -> Order:
    """The order with these legs too, in the state that follows. Of one that it has already nothing changes. What was
    on its way back and is a leg by now is so no more."""
    known = {leg.id for leg in order.payments}
    new = tuple({leg.id: leg for leg in reversed(legs) if leg.id not in known}.values())
    if not new:
        return order
    ordered = tuple(sorted((*order.payments, *new), key=lambda leg: (leg.at, leg.id)))
    rest = tuple(one for one in order.refunding if one.id not in {leg.id for leg in new})
    return standing(msgspec.structs.replace(order, payments=ordered, refunding=rest))


def standing(order: Order) -> Order:
    """The order, `paid` once nothing is owed, and no more so when something is again. Later states stay."""
    if order.state in WAITING and not owed(order):
        return msgspec.structs.replace(order, state="paid")
    if order.state == "paid" and owed(order):
        return msgspec.structs.replace(order, state="accepted")
    return order


def left_of(order: Order, leg_id: str) -> int:
    """What of a leg was not given back yet."""
    taken = sum(leg.amount for leg in order.payments if leg.id == leg_id and leg.kind == "paid")
    back = sum(leg.amount for leg in order.payments if leg.of == leg_id and leg.kind == "refunded")
    return max(0, taken - back)


def imported(method: str) -> str:
    """By what id the payments without one, of imported orders, stand together: one for each method."""
    return derived_id("leg", "imported", method)


def unnamed(order: Order) -> dict[str, int]:
    """Method → what of the payments without an id was not given back yet; the methods in their order. What went back
    in no way that they have is taken from the last of them."""
    left, others = Counter[str](), 0
    for leg in order.payments:
        if leg.kind == "paid" and not leg.id:
            left[leg.method] += leg.amount
    ids = {imported(method): method for method in left}
    for leg in order.payments if left else ():
        if leg.id and leg.of in ids:
            left[ids[leg.of]] -= leg.amount if leg.kind == "refunded" else 0
        elif leg.kind == "refunded" and not leg.of:
            others += leg.amount - (part := max(0, min(leg.amount, left[leg.method])))
            left[leg.method] -= part
    for method in reversed(list(left)):
        others -= (part := max(0, min(others, left[method])))
        left[method] -= part
    return {method: amount for method, amount in left.items() if amount > 0}


def tender(leg: Payment) -> str:
    """How a leg goes back: as what it was paid by, and an exchange's credit as the payment behind it was."""
    if leg.card is not None:
        return GIFT_CARD
    return leg.credit.method if leg.credit else leg.method


def by_provider(leg: Payment) -> str:
    """The payment at the provider by which a leg goes back: its own, or the one behind an exchange's credit."""
    return leg.credit.leg_id if leg.credit else leg.id


class WayBack(NamedTuple):
    """So much of a leg goes back, by this method."""

    leg_id: str
    method: str
    amount: int


def ways_back(order: Order) -> tuple[WayBack, ...]:
    """How what has to be given back goes back, each part to where it came from: on gift cards first, by a provider
    last."""
    rest, ways = to_give_back(order), list[WayBack]()
    for leg in _given_back_from(order):
        part = min(rest, leg.amount)
        if part > 0:
            ways.append(WayBack(leg.id, tender(leg), part))
            rest -= part
    return tuple(ways)


def _given_back_from(order: Order) -> list[Payment]:
    """The payments by which money can go back, each with what is left of it, in the order in which they give it."""
    named = [
        msgspec.structs.replace(leg, amount=left_of(order, leg.id) - on_its_way(order, leg.id))
        for leg in order.payments
        if leg.kind == "paid" and leg.id
    ]
    others = [Payment(method=method, amount=left) for method, left in unnamed(order).items()]
    return sorted((*named, *others), key=lambda leg: (leg.card is None, tender(leg) == QR))


def card_of(order: Order, leg_id: str) -> FromCard | None:
    """The gift card that a leg was paid from; None where it was from none, or there is no such leg."""
    return next((leg.card for leg in order.payments if leg.id == leg_id and leg.kind == "paid"), None)


def from_leases(order: Order) -> Counter[str]:
    """Lease → what the order's payments still have of its card."""
    net = Counter[str]()
    for leg in order.payments:
        if leg.card is not None:
            net[leg.card.lease_id] += leg.amount if leg.kind == "paid" else -leg.amount
    return net


def from_cards(order: Order) -> Counter[str]:
    """Card → what the order's payments still have of it."""
    net = Counter[str]()
    for leg in order.payments:
        if leg.card is not None:
            net[leg.card.id] += leg.amount if leg.kind == "paid" else -leg.amount
    return net
