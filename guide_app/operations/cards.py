"""Gift cards behind the payments of an order: what goes back on which, and what their leases have then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from guide_app.domain import leases, payments
from guide_app.domain.ids import derived_id
from guide_app.domain.records import CreditOf, FromCard, Lease, Order, Payment, Record, Ref
from guide_app.operations.base import Refusal, Snapshot, unique

CANCELLED = "cancelled"
"""Why money went back on a card: its order is none any more."""
EXCHANGE = "exchange"
"""By what goods that came back pay for what was taken instead."""


class Credit(NamedTuple):
    """A part of an exchange's credit, minor units: what the payment `of` the old order was by a `card`, or `paid` in
    another way; of no payment that has a name ("" and None)."""

    of: str
    amount: int
    card: FromCard | None = None
    paid: CreditOf | None = None


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
    """The parts of an exchange's credit: what cards paid of the old order and is not back first, then what was paid at
    the till, the last first (what an import says only by its method behind the others), then by a provider. Those that
    the order has already as they are there."""
    paid = _to_credit(order) if order else []
    known = {leg.id: leg.amount for leg in order.payments} if order else {}
    names = {leg.of: credit_leg(return_id, "out", leg.of) for leg in paid}
    done = not known.keys().isdisjoint((*names.values(), credit_leg(return_id, "out", "")))
    parts, rest = list[Credit](), amount
    for leg in paid:
        part = known.get(names[leg.of], 0) if done else max(0, min(rest, leg.amount))
        rest -= part
        parts += [leg._replace(amount=part)] if part else []
    return (*parts, Credit("", rest)) if rest > 0 else tuple(parts)


def _to_credit(order: Order) -> list[Credit]:
    """What a credit may be of, in the order in which it is of it, with what is left of each."""
    legs = [leg for leg in reversed(order.payments) if leg.kind == "paid" and leg.id]
    named = [
        (payments.tender(leg), Credit(leg.id, payments.left_of(order, leg.id) - payments.on_its_way(order, leg.id),
                                      leg.card, _behind(leg)))
        for leg in legs
    ]  # fmt: skip
    told = {leg.method for leg in order.payments if leg.kind == "paid" and not leg.id} & set(payments.TILL)
    left, ids = payments.unnamed(order), {method: payments.imported(method) for method in sorted(told)}
    others = [
        (method, Credit(of, left.get(method, 0), None, CreditOf(leg_id=of, method=method)))
        for method, of in ids.items()
    ]
    ranks = {payments.GIFT_CARD: 0, payments.QR: 2}
    return [one for _, one in sorted((*named, *others), key=lambda told: ranks.get(told[0], 1))]


def _behind(leg: Payment) -> CreditOf | None:
    """What a credit of this payment was paid by; None of a card, which is named itself, and where nobody knows."""
    if leg.card or (leg.method == EXCHANGE and leg.credit is None):
        return None
    return leg.credit or CreditOf(leg_id=leg.id, method=leg.method)


def credit_back(
    given: tuple[Payment, ...], new: Order | None, return_id: str
) -> tuple[tuple[Payment, ...], tuple[Payment, ...]]:
    """What an undone return turns, of the old order and of the new one. Of a credit no more than the customer was not
    given out of the new order meanwhile, on the card or in another way: the old one owes that again."""
    came = {leg.id: leg for leg in new.payments} if new else {}
    old, others = list[Payment](), list[Payment]()
    for gone in given:
        ours = gone.id == credit_leg(return_id, "out", gone.of)  # not what went back at once, perhaps of that payment
        leg, there = gone, came.get(credit_leg(return_id, "in", gone.of)) if ours else None
        if there is not None and new is not None:
            known = came.get(derived_id("leg", there.id, "undone"))
            back = known.amount if known else _creditable(new, there)
            others += [msgspec.structs.replace(there, amount=back)] if back else []
            leg = msgspec.structs.replace(gone, amount=back)
        old += [leg] if leg.amount else []
    return tuple(old), tuple(others)


def _creditable(new: Order, came: Payment) -> int:
    """What of a credit the customer was not given out of the new order. What paid for a further exchange is that one's
    to turn; what is a card's is on it, or is not."""
    if came.card:
        return payments.left_of(new, came.id)
    ways = (leg for leg in new.payments if (leg.kind, leg.of) == ("refunded", came.id) and leg.method != EXCHANGE)
    return max(0, came.amount - sum(leg.amount for leg in ways))


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
