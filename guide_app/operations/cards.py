"""Gift cards behind the payments of an order: what goes back on which, and what their leases have then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from guide_app.domain import leases, payments
from guide_app.domain.ids import derived_id
from guide_app.domain.records import FromCard, Lease, Order, Payment, Record, Ref
from guide_app.operations.base import Refusal, Snapshot, unique

CANCELLED = "cancelled"
"""Why money went back on a card: its order is none any more."""


class Credit(NamedTuple):
    """A part of an exchange's credit, minor units: of what a payment `of` the old order by a `card` was, or of all
    others ("" and None)."""

    of: str
    amount: int
    card: FromCard | None


def leased(order: Order | None) -> tuple[Ref, ...]:
    """The leases of the cards that the order was paid from."""
    return unique(Ref("lease", leg.card.lease_id) for leg in (order.payments if order else ()) if leg.card)


def unknown(order: Order | None, told: Iterable[tuple[str, str | None]]) -> Refusal | None:
    """Money for a card goes back on the one that it came from: HQ waits for a payment that it does not know yet.

    `told`: the method of each leg, and which payment it takes back. Of an order that came of an exchange it may be a
    credit that HQ found to be no card's: that leg is not booked, and what it told of is to be refunded."""
    for method, of in told:
        known = order is None or order.exchange_of or payments.card_of(order, of or "") is not None
        if method == payments.GIFT_CARD and of and not known:
            return Refusal("parked", "payment_unknown")
    return None


def booked(order: Order, legs: Iterable[Payment]) -> tuple[Payment, ...]:
    """The legs as they stand on the order: those that it has already as they are there. What goes back on a card names
    it, and is no more than was paid from it and is not back yet, nor than the shop still has of the order's money: two
    tablets never put money on a card twice."""
    known = {leg.id: leg for leg in order.payments}
    after = order
    told = list[Payment]()
    for leg in legs:
        there = known.get(leg.id) or _bounded(after, leg)
        if there.amount:
            told.append(there)
            after = payments.with_legs(after, (there,))
    return tuple(told)


def given_back(order: Order, at: str, guide_id: str) -> Iterator[Payment]:
    """What goes back on the cards because the order is cancelled: no more than the shop still has of its money: some
    may have gone another way, as into an exchange. Each leg as it is where that is done already."""
    known = {leg.id: leg for leg in order.payments}
    there = _there(order)
    for leg in order.payments:
        if leg.kind != "paid" or leg.card is None:
            continue
        name = derived_id("leg", leg.id, CANCELLED)
        if name in known:
            yield known[name]
        elif left := min(there, payments.left_of(order, leg.id)):
            there -= left
            yield Payment(
                id=name, kind="refunded", method=payments.GIFT_CARD, amount=left, at=at, guide_id=guide_id,
                reason=CANCELLED, of=leg.id, card=leg.card,
            )  # fmt: skip


def credit_leg(return_id: str, side: str, of: str) -> str:
    """The id of a part of an exchange's credit; `side`: "out" of the old order, "in" to the new one."""
    return derived_id("leg", return_id, side, *((of,) if of else ()))


def credit(order: Order | None, amount: int, return_id: str) -> tuple[Credit, ...]:
    """The parts of an exchange's credit: what cards paid of the old order and is not back first, the rest last. Those
    that the order has already as they are there."""
    cards = [leg for leg in order.payments if leg.kind == "paid" and leg.card and leg.id] if order else []
    known = {leg.id: leg.amount for leg in order.payments} if order else {}
    names = {leg.id: credit_leg(return_id, "out", leg.id) for leg in cards}
    done = not known.keys().isdisjoint((*names.values(), credit_leg(return_id, "out", "")))
    parts, rest = list[Credit](), amount
    for leg in cards:
        left = payments.left_of(order, leg.id) if order else 0
        part = known.get(names[leg.id], 0) if done else min(rest, left)
        rest -= part
        parts += [Credit(leg.id, part, leg.card)] if part else []
    return (*parts, Credit("", rest, None)) if rest > 0 else tuple(parts)


def credit_back(
    given: tuple[Payment, ...], new: Order | None, return_id: str
) -> tuple[tuple[Payment, ...], tuple[Payment, ...]]:
    """What an undone return turns, of the old order and of the new one. Of a card's credit no more than did not go back
    on the card from the new order: the old one owes that again."""
    came = {leg.id: leg for leg in new.payments} if new else {}
    old, others = list[Payment](), list[Payment]()
    for gone in given:
        leg, there = gone, came.get(credit_leg(return_id, "in", gone.of))
        if there is not None and new is not None:
            known = came.get(derived_id("leg", there.id, "undone"))
            left = payments.left_of(new, there.id) if there.card else there.amount
            back = known.amount if known else left
            others += [msgspec.structs.replace(there, amount=back)] if back else []
            leg = msgspec.structs.replace(gone, amount=back) if there.card else gone
        old += [leg] if leg.amount else []
    return tuple(old), tuple(others)


def moved(legs: Iterable[Payment], changes: Mapping[Ref, Record], state: Snapshot) -> dict[Ref, Record]:
    """The changes, with what the leases of these legs' cards have then; those that are not there are passed over."""
    told = dict(changes)
    for leg in legs:
        if leg.card is None:
            continue
        ref = Ref("lease", leg.card.lease_id)
        lease = told.get(ref) or state.get(ref, Lease)
        if isinstance(lease, Lease):
            back = min(leg.amount, lease.spent)  # a lease that came before its order has it back already
            told[ref] = leases.spend(lease, leg.amount) if leg.kind == "paid" else leases.refund(lease, back)
    return told


def _bounded(order: Order, leg: Payment) -> Payment:
    if leg.method != payments.GIFT_CARD or leg.kind != "refunded":
        return leg
    card = payments.card_of(order, leg.of)
    if card is None:
        return msgspec.structs.replace(leg, amount=0) if order.exchange_of and leg.of else leg
    there = min(leg.amount, payments.left_of(order, leg.of), _there(order))
    return msgspec.structs.replace(leg, card=card, amount=there)


def _there(order: Order) -> int:
    """What the shop has of the order's money."""
    return max(0, payments.received(order))
