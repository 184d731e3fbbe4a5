"""An order made of a priced basket, as a tablet places it: for tests of what comes back of it."""

from __future__ import annotations

from guide_app.domain.pricing import Basket, Priced, price
from guide_app.domain.records import Discount, Order, OrderLine, PricedBy, Totals
from guide_app.domain.records.pricing import Rounding

GUIDE = "00000000-0000-4000-8000-000000000002"


def order_of(basket: Basket, priced: Priced | None = None) -> Order:
    """The order, `priced_by` what the basket was."""
    sold = priced or price(basket)
    gross = sum(line.qty * line.price for line in sold.lines)
    return Order(
        number="101AB7K00423", state="accepted", guide_id=GUIDE, placed_at="2026-11-20T10:00:00.000Z", currency="CNY",
        lines=tuple(
            OrderLine(
                line_id=line.line_id, product_id=line.product_id, qty=line.qty, unit_price=line.price,
                amount=line.amount,
                discounts=tuple(
                    Discount(kind=one.kind, amount=one.amount, step=one.step, source_id=one.source_id)
                    for one in line.reductions
                ),
            )
            for line in sold.lines
        ),
        totals=Totals(lines=gross, discounts=gross - sold.total, total=sold.total),
        priced_by=PricedBy(points=basket.points, rounding=basket.rounding or Rounding()),
    )  # fmt: skip
