"""Orders priced by promotions, as a tablet makes them."""

from __future__ import annotations

from typing import Any

import msgspec

from guide_app.domain import pricing
from guide_app.domain.pricing import Basket
from guide_app.domain.records import Promotion


def told(basket: Basket) -> dict[str, Any]:
    """Those fields of the body of `order.place` that come of pricing a basket."""
    priced = pricing.price(basket)
    lines = [
        {
            "line_id": line.line_id, "product_id": line.product_id, "qty": line.qty, "unit_price": line.price,
            "amount": line.amount, "discounts": msgspec.to_builtins(pricing.discounts(line)),
        }
        for line in priced.lines
    ]  # fmt: skip
    return {
        "lines": lines,
        "totals": {"lines": priced.gross, "discounts": priced.discounts, "total": priced.total},
        "payment_intent": {"method": "cash", "amount": priced.total},
        "priced_by": msgspec.to_builtins(pricing.priced_by(basket)),
    }


def current(promotions: dict[str, Promotion], moment: str) -> dict[str, Promotion]:
    """Those by which a basket is priced at that time."""
    return {row_id: one for row_id, one in promotions.items() if one.current(moment)}
