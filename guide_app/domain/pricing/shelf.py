"""The goods in one order of their own, whatever order they came in, and which of them a selection of goods means.

Gift cards are no goods: they lie beside, so that no step of pricing, and nothing that counts goods, ever sees them.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from guide_app.domain.errors import Defect
from guide_app.domain.pricing.basket import Line
from guide_app.domain.records.promotion import Promotion, Selection


class Shelf:
    """The goods of a basket by place, and its `cards`; two lines of one id are a ``Defect``."""

    def __init__(self, lines: Iterable[Line]) -> None:
        every = sorted(lines, key=lambda line: (line.product_id, line.price, line.line_id))
        if len({line.line_id for line in every}) < len(every):
            raise Defect("each line of a basket has its own id")
        self.lines = [line for line in every if not line.gift_card]
        self.cards = [line for line in every if line.gift_card]
        self._all = frozenset(n for n, line in enumerate(self.lines) if line.qty)
        self._of: dict[tuple[str, str], set[int]] = {}
        for n in self._all:
            line = self.lines[n]
            for key in (("p", line.product_id), ("b", line.brand), *(("c", one) for one in line.categories)):
                self._of.setdefault(key, set()).add(n)

    def among(self, goods: Selection) -> frozenset[int]:
        """The places of the lines whose product is of the goods."""
        if goods.products or goods.categories or goods.brands:
            found = self._any(goods.products, goods.categories, goods.brands)
        else:
            found = self._all
        if goods.without or goods.without_categories:
            found -= self._any(goods.without, goods.without_categories, ())
        return found

    def covered(self, promotion: Promotion) -> frozenset[int]:
        """The places of the lines with pieces that the promotion may take part in."""
        if promotion.kind == "bundle":
            return frozenset[int]().union(*(self.among(part.goods) for part in promotion.parts))
        found = self.among(promotion.goods)
        if promotion.prices and not promotion.percent:
            return frozenset(n for n in found if self.lines[n].product_id in promotion.prices)
        return found

    def means_cards(self, promotion: Promotion) -> bool:
        """Whether there are gift cards that it would be of, if they were goods."""
        as_goods = [msgspec.structs.replace(line, gift_card=False) for line in self.cards]
        return bool(as_goods and Shelf(as_goods).covered(promotion))

    def pieces(self, places: Iterable[int]) -> int:
        """Pieces of these lines."""
        return sum(self.lines[n].qty for n in places)

    def value(self, places: Iterable[int]) -> int:
        """What these lines cost at list price, minor units."""
        return sum(self.lines[n].qty * self.lines[n].price for n in places)

    def _any(self, products: Iterable[str], categories: Iterable[str], brands: Iterable[str]) -> frozenset[int]:
        found: set[int] = set()
        for letter, names in (("p", products), ("c", categories), ("b", brands)):
            for name in names:
                found |= self._of.get((letter, name), set())
        return frozenset(found)
