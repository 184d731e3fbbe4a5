"""Gift cards behind the payments of an order: what goes back on which, and what their leases have then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from guide_app.domain import leases, payments
from guide_app.domain.ids import derived_id
from guide_app.domain.records import Lease, Order, Payment, Record, Ref
from guide_app.operations.base import Refusal, Snapshot, unique

CANCELLED = "cancelled"
"""Why money went back on a card: its order is none any more."""


def leased(order: Order | None) -> tuple[Ref, ...]:
    """The leases of the cards that the order was paid from."""
    return unique(Ref("lease", leg.card.lease_id) for leg in (order.payments if order else ()) if leg.card)


def unknown(order: Order | None, told: Iterable[tuple[str, str | None]]) -> Refusal | None:
    """Money for a card goes back on the one that it came from: HQ waits for a payment that it does not know yet.

    `told`: the method of each leg, and which payment it takes back."""
    for method, of in told:
        if method == payments.GIFT_CARD and of and order and payments.card_of(order, of) is None:
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
                id=name, kind="refunded", method=leg.method, amount=left, at=at, guide_id=guide_id, reason=CANCELLED,
                of=leg.id, card=leg.card,
            )  # fmt: skip


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
    card = payments.card_of(order, leg.of) if leg.method == payments.GIFT_CARD and leg.kind == "refunded" else None
    if card is None:
        return leg
    there = min(leg.amount, payments.left_of(order, leg.of), _there(order))
    return msgspec.structs.replace(leg, card=card, amount=there)


def _there(order: Order) -> int:
    """What the shop has of the order's money."""
    return max(0, payments.received(order))
