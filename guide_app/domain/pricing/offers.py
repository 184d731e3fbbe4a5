"""Promotions as this basket meets them: which lines each covers, and which of the steps it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from guide_app.domain.money import percent
from guide_app.domain.pricing.basket import Basket
from guide_app.domain.pricing.eligibility import barred, short_of
from guide_app.domain.pricing.priced import Why
from guide_app.domain.pricing.shelf import Shelf
from guide_app.domain.records.promotion import Promotion, TierStep

Off = Callable[[int], int]
"""What is taken off one piece of this price."""


class Offer:
    """One promotion whose goods are in the basket. `id` decides last between equals."""

    def __init__(self, promotion_id: str, promotion: Promotion, cover: frozenset[int], shelf: Shelf) -> None:
        self.id, self.promotion, self.cover = promotion_id, promotion, cover
        self.kind = promotion.kind
        self.rank = (-promotion.priority, promotion_id)
        self._shelf = shelf

    @cached_property
    def step(self) -> TierStep | None:
        """The highest step of a tier that the goods in the basket reach."""
        have = self._have(self.promotion.measure == "pieces")
        return next((step for step in reversed(self.promotion.steps) if step.at <= have), None)

    @cached_property
    def off(self) -> Off | None:
        """What is taken off each piece; None where it is not told piece by piece."""
        one = self.promotion
        rate = self.step.percent if self.kind == "tier" and self.step else one.percent
        if rate and self.kind in ("percentage", "tier"):
            return lambda price: percent(price, rate)
        if self.kind == "amount" and one.each:
            return lambda price: min(one.amount, price)
        return None

    @property
    def is_own(self) -> bool:
        """Whether it is a price of its own for members or staff."""
        return self.kind in ("member_price", "staff")

    @property
    def competes(self) -> bool:
        """Whether it takes pieces for itself in step 3."""
        one = self.promotion
        early = self.kind in ("buy_get", "bundle") or (
            self.kind in ("percentage", "amount", "tier") and one.reach == "pieces"
        )
        return early and not one.stacks

    @property
    def is_rate(self) -> bool:
        """Of those that compete: whether each piece is judged alone, with nothing that binds pieces together."""
        return self.off is not None and not self.promotion.cap

    def short(self) -> Why | None:
        """What its condition lacks in the basket at list price, whoever takes the pieces."""
        one = self.promotion
        if self.kind == "buy_get":
            return self._missing("pieces_missing", one.buy + one.get, self._have(True))
        if self.kind == "bundle":
            return self._short_of_part()
        if self.kind == "tier" and self.step is None:
            pieces = one.measure == "pieces"
            return self._missing("pieces_missing" if pieces else "amount_missing", one.steps[0].at, self._have(pieces))
        return short_of(one, self._have(True), self._have(False))

    def _short_of_part(self) -> Why | None:
        for n, part in enumerate(self.promotion.parts, 1):
            have = self._shelf.pieces(self._shelf.among(part.goods))
            if have < part.pieces:
                return Why(code="set_incomplete", values={"part": n, "need": part.pieces, "have": have})
        return None

    def parts(self) -> list[tuple[frozenset[int], int]]:
        """The parts of a bundle: the lines that serve for each, and the pieces; those with the fewest pieces first."""
        made = [(self._shelf.among(part.goods), part.pieces) for part in self.promotion.parts]
        return sorted(made, key=lambda part: (self._shelf.pieces(part[0]), sorted(part[0]), part[1]))

    def _have(self, pieces: bool) -> int:
        return self._shelf.pieces(self.cover) if pieces else self._shelf.value(self.cover)

    @staticmethod
    def _missing(code: str, need: int, have: int) -> Why | None:
        return Why(code=code, values={"need": need, "have": have}) if have < need else None


def _no_goods(promotion: Promotion, shelf: Shelf) -> Why:
    return Why(code="gift_card") if shelf.means_cards(promotion) else Why(code="no_goods")


def offers(basket: Basket, shelf: Shelf) -> tuple[list[Offer], dict[str, Why]]:
    """The promotions that can be had, by rank, and why the others cannot."""
    found: list[Offer] = []
    refused: dict[str, Why] = {}
    for promotion_id, promotion in sorted(basket.promotions.items()):
        why = barred(promotion_id, basket)
        if why is None:
            offer = Offer(promotion_id, promotion, shelf.covered(promotion), shelf)
            why = offer.short() if offer.cover else _no_goods(promotion, shelf)
            if why is None:
                found.append(offer)
                continue
        refused[promotion_id] = why
    return sorted(found, key=lambda offer: offer.rank), refused
