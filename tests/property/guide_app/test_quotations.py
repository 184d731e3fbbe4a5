"""Quotations: whatever two tablets do with one, and in whatever order HQ hears of it, no two orders come of it."""

from __future__ import annotations

import uuid
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.records import Order, PriceListUsed, Quotation, Ref, Totals
from guide_app.operations import OPERATIONS, Body, Context, Snapshot, perform
from guide_app.operations.orders import Cancel, Place, PlacedLine, WantedFulfilment
from guide_app.operations.quotations import Quote, TakeQuote, VoidQuote


def uid(n: int) -> str:
    return str(uuid.UUID(int=n, version=4))


QUOTATION, GUIDE, ORDERS = uid(1), uid(2), (uid(10), uid(11), uid(12))
LINE = PlacedLine(line_id=uid(3), product_id=uid(4), qty=1, unit_price=500, amount=500)
PROMISED: dict[str, Any] = {
    "number": "Q", "lines": (LINE,), "totals": Totals(lines=500, discounts=0, total=500),
    "price_list": PriceListUsed(id=uid(5), version=1),
}  # fmt: skip
MAKE: tuple[str, Body] = ("quote.make", Quote(quotation_id=QUOTATION, valid_until="2026-12-05", **PROMISED))
VOID: tuple[str, Body] = ("quote.void", VoidQuote(quotation_id=QUOTATION, reason="mistake"))


def of_order(order_id: str) -> list[tuple[str, Body]]:
    """What a tablet does with one order, in its order."""
    from guide_app.domain.records import PaymentIntent

    sale = Place(
        order_id=order_id, fulfilment=WantedFulfilment(kind="take_away"),
        payment_intent=PaymentIntent(method="till", amount=500), **PROMISED,
    )  # fmt: skip
    return [
        ("order.place", sale),
        ("quote.take", TakeQuote(quotation_id=QUOTATION, order_id=order_id)),
        ("order.cancel", Cancel(order_id=order_id, reason="changed_mind")),
    ]


@st.composite
def heard(draw: st.DrawFn) -> list[tuple[str, Body]]:
    """What several tablets did, mixed as HQ may hear it: each tablet's own in its order; some were broken off."""
    queues = [of_order(order_id)[: draw(st.integers(1, 3))] for order_id in ORDERS]
    queues += [[MAKE], [VOID][: draw(st.integers(0, 1))]]
    mixed = []
    while any(queues):
        queue = draw(st.sampled_from([queue for queue in queues if queue]))
        mixed.append(queue.pop(0))
    return mixed


@given(heard())
def test_at_most_one_order_that_stands_came_of_it_in_any_order_of_arrival(ops: list[tuple[str, Body]]) -> None:
    state = Snapshot({Ref("order", one): None for one in ORDERS} | {Ref("quotation", QUOTATION): None})
    for n, (kind, body) in enumerate(ops):
        at = f"2026-11-21T10:{n:02d}:00.000Z"
        context = Context(op_id=uid(100 + n), store_id=uid(6), guide_id=GUIDE, made_at=at, now=at, currency="CNY")
        perform(OPERATIONS[kind], body, state, context)
        quotation = state.get(Ref("quotation", QUOTATION), Quotation) or Quotation()
        orders = {one: state.get(Ref("order", one), Order) for one in ORDERS}
        stand = [one for one, order in orders.items() if order and order.quotation_id and order.state != "cancelled"]
        assert stand == ([quotation.order_id] if quotation.order_id else [])
        assert (quotation.state == "ordered") == bool(quotation.order_id)
    assert all(state.get(Ref("order", one), Order) for one in ORDERS), "no sale is lost"
