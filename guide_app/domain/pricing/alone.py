"""What one piece costs this customer when nothing else is bought: the price that a catalogue shows."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from guide_app.domain.pricing.basket import Basket, Line
from guide_app.domain.pricing.eligibility import barred
from guide_app.domain.pricing.engine import price


def prices_alone(basket: Basket, lines: Iterable[Line]) -> dict[str, int]:
    """Line id → minor units for one piece of each. Of the basket its promotions, buyer, moment and rounding count;
    coupons, points and discounts by hand are chosen for a basket, and are left aside.
    """
    promotions = {
        promotion_id: one for promotion_id, one in basket.promotions.items() if barred(promotion_id, basket) is None
    }
    bare = msgspec.structs.replace(basket, promotions=promotions, coupons=(), manual=(), points=0)
    return {
        line.line_id: price(msgspec.structs.replace(bare, lines=(msgspec.structs.replace(line, qty=1),))).total
        for line in lines
    }
