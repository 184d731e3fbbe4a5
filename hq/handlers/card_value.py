"""When a gift card that was sold has its value, and the ledger of every card. Pure over the port.

A card has its value while the order that it was sold with is paid and the customer has its piece; what is taken back of
it though leases hold it is owed (`hq.leases.values.taken_back`). Of every card the sum of its ledger is its balance
less what it owes, less what orders spent of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from guide_app.domain import payments, returns
from guide_app.domain.ids import derived_id
from guide_app.domain.records import Order, Payment, Ref
from guide_app.operations import Versioned
from hq.cards.values import CardEntry, entry_ref
from hq.leases.values import Value, put_in, taken_back
from hq.ledger.port import Aggregates


def settle(aggregates: Aggregates, orders: Mapping[str, Order]) -> None:
    """Sees to what these orders, as they stand now, mean to the cards that they sold, and to those that paid them."""
    _entered(aggregates, orders)
    sold = {one.number: order_id for order_id, order in orders.items() for one in order.cards}
    ids = aggregates.cards(sold) if sold else {}
    refs = {number: Ref("instrument", card_id) for number, card_id in ids.items()}
    found = aggregates.load(refs.values()) if refs else {}
    rows: dict[Ref, Versioned] = {}
    for number, ref in refs.items():
        row, order_id = found[ref], sold[number]
        if row is None or not isinstance(row.record, Value) or row.record.card is None:
            continue
        face, counts = row.record.card, _counts(orders[order_id], number)
        if face.sold_by != order_id or face.active == counts:
            continue
        moved = put_in(row.record, face.amount) if counts else taken_back(row.record, face.amount)
        after = msgspec.structs.replace(moved, card=msgspec.structs.replace(face, active=counts))
        rows[ref] = Versioned(after, row.ver + 1)
        entry = CardEntry(
            card_id=ref.id, kind="sold" if counts else "unsold", amount=face.amount if counts else -face.amount,
            source=order_id, at=_last(orders[order_id]),
        )  # fmt: skip
        rows[entry_ref(ref.id, row.ver + 1)] = Versioned(entry, 1)
    if rows:
        aggregates.save(rows)


def _counts(order: Order, number: str) -> bool:
    """Whether the card with this number has its value: the order is paid, and the customer has its piece."""
    if order.state == "cancelled" or payments.owed(order):
        return False
    told = next(one for one in order.cards if one.number == number)
    before = [one.number for one in order.cards if one.line_id == told.line_id]
    return before.index(number) < returns.left(order).get(told.line_id, 0)


def _entered(aggregates: Aggregates, orders: Mapping[str, Order]) -> None:
    """The ledger has an entry for every payment from a card and everything that went back on one; never changed."""
    entries = {
        Ref("card_entry", derived_id("card_entry", leg.id)): _entry(order_id, leg)
        for order_id, order in orders.items()
        for leg in order.payments
        if leg.card is not None
    }
    known = aggregates.load(entries) if entries else {}
    if new := {ref: Versioned(entry, 1) for ref, entry in entries.items() if known[ref] is None}:
        aggregates.save(new)


def _entry(order_id: str, leg: Payment) -> CardEntry:
    assert leg.card is not None
    paid = leg.kind == "paid"
    return CardEntry(
        card_id=leg.card.id, kind="spent" if paid else "given_back", amount=-leg.amount if paid else leg.amount,
        source=order_id, at=leg.at,
    )  # fmt: skip


def _last(order: Order) -> str:
    """When the order was last paid, or taken back."""
    moments: Iterable[str] = (*(leg.at for leg in order.payments), order.cancelled_at, *(r.at for r in order.returns))
    return max((*moments, order.placed_at))
