"""Which lines of a basket a promotion speaks of, whether it applies to them or not, and of which none does."""

from __future__ import annotations

from collections.abc import Mapping

from guide_app.domain.pricing.basket import Basket
from guide_app.domain.pricing.shelf import Shelf


def cards_in(basket: Basket) -> frozenset[str]:
    """The ids of the lines that are gift cards: no promotion means them."""
    return frozenset(line.line_id for line in basket.lines if line.gift_card)


def covered(basket: Basket) -> Mapping[str, frozenset[str]]:
    """Promotion id → the ids of the lines whose goods it means."""
    shelf = Shelf(basket.lines)
    return {
        promotion_id: frozenset(shelf.lines[n].line_id for n in shelf.covered(promotion))
        for promotion_id, promotion in basket.promotions.items()
    }
