"""The price of a basket: the one function that the tablet and HQ both price by. `docs/pricing.md` tells its order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from guide_app.domain.pricing.basket import Basket, Line
from guide_app.domain.pricing.choice import LEAVE, Choice, Effort
from guide_app.domain.pricing.closing import pay_with_points, round_total, take_by_hand
from guide_app.domain.pricing.desk import Desk
from guide_app.domain.pricing.following import Coupons, follow, is_even, spend_coupons
from guide_app.domain.pricing.offers import Offer, offers
from guide_app.domain.pricing.priced import NotApplied, Priced, PricedLine, Why
from guide_app.domain.pricing.shelf import Shelf

TRIALS = 60
"""The effort for one basket: trials of sets that compete, and of promotions left out."""
UNBOUND = 1_000_000
"""For so few promotions that every combination is tried."""
A_PRICING = 15
"""What pricing the whole basket once more costs, in trials."""
SELECTIONS = 8
"""At most so many ways to choose one of each group are weighed against each other."""
WITHOUT = 6
"""At most so many promotions of a larger basket are left out, one at a time, to see whether it is cheaper."""


@dataclass(frozen=True)
class _Outcome:
    """A basket priced with some promotions in play."""

    desk: Desk
    in_play: frozenset[str]
    coupons: Coupons
    points: int
    by_hand: dict[str, Why]
    exact: bool


def price(basket: Basket) -> Priced:
    """The basket's price: the cheapest for the customer that the promotions allow, with every reason. A gift card costs
    its list price, and all else what it would without it.

    Depends on nothing but the basket, and not on the order of its lines, promotions, coupons or manual discounts.
    """
    shelf = Shelf(basket.lines)
    found, refused = offers(basket, shelf)
    return _told(basket, shelf, found, refused, _Pricing(basket, shelf, found, refused).best())


class _Pricing:
    """Tries which promotions come into play."""

    def __init__(self, basket: Basket, shelf: Shelf, found: Sequence[Offer], refused: dict[str, Why]) -> None:
        self._basket, self._shelf, self._found, self._refused = basket, shelf, found, refused
        self._by_themselves = [offer for offer in found if offer.kind not in ("coupon", "points")]
        self._uneven = bool(self._by_themselves) and not self._is_even()
        self._small = len(self._by_themselves) <= LEAVE
        self._effort = Effort(UNBOUND if self._small else TRIALS)
        self._choice = Choice(shelf, self._effort, leave_out=not (self._small and self._uneven))

    def best(self) -> _Outcome:
        """The cheapest outcome; of equal ones the first that was tried."""
        groups = self._groups()
        if self._uneven and self._small:
            tried = [self._priced(in_play) for in_play in _subsets(self._by_themselves, groups)]
            return replace(min(tried, key=_total), exact=True)
        best, exact = self._selected(groups)
        if self._uneven:
            best, exact = self._left_out(best), False
        return replace(best, exact=exact and best.exact and not self._effort.wanting)

    def _left_out(self, best: _Outcome) -> _Outcome:
        """Whether it is cheaper without one of the promotions: what follows them may then take off more."""
        in_play = best.in_play
        for promotion_id in sorted(best.desk.applied() & in_play)[:WITHOUT]:
            if not self._effort.spend(A_PRICING):
                break
            best = min(best, self._priced(in_play - {promotion_id}), key=_total)
        return best

    def _selected(self, groups: list[list[str]]) -> tuple[_Outcome, bool]:
        """With the best choice of one of each group; whether all choices were weighed."""
        everyone = frozenset(offer.id for offer in self._by_themselves)
        free = everyone.difference(*groups)
        count = 1
        for group in groups:
            count *= len(group)
        if count <= SELECTIONS:
            return min((self._priced(free.union(chosen)) for chosen in product(*groups)), key=_total), True
        chosen = [group[0] for group in groups]
        best = self._priced(free.union(chosen))
        for place, group in enumerate(groups):  # one group after the other
            for one in group[1:SELECTIONS]:
                tried = self._priced(free.union([*chosen[:place], one, *chosen[place + 1 :]]))
                if _total(tried) < _total(best):
                    best, chosen[place] = tried, one
        return best, False

    def _priced(self, in_play: frozenset[str]) -> _Outcome:
        basket = self._basket
        offers = [offer for offer in self._by_themselves if offer.id in in_play]
        first = [offer for offer in offers if offer.is_own or offer.competes]
        settled = self._choice.settle(first)
        desk = Desk(self._shelf, settled)
        follow(desk, [offer for offer in offers if not (offer.is_own or offer.competes)])
        coupons = spend_coupons(desk, basket.coupons, self._found, self._refused)
        by_hand = take_by_hand(desk, basket.manual)
        points = pay_with_points(desk, basket.points, self._found)
        round_total(desk, basket.rounding)
        return _Outcome(desk, in_play, coupons, points, by_hand, settled.exact)

    def _groups(self) -> list[list[str]]:
        groups: dict[str, list[str]] = {}
        for offer in self._by_themselves:
            if offer.promotion.group:
                groups.setdefault(offer.promotion.group, []).append(offer.id)
        return [members for _, members in sorted(groups.items()) if len(members) > 1]

    def _is_even(self) -> bool:
        """Whether what follows the choice depends on nothing but its sum: then the best choice is the largest."""
        everywhere = frozenset(n for n, line in enumerate(self._shelf.lines) if line.qty and line.price)
        if any(one.line_id for one in self._basket.manual):
            return False
        chosen = {one.promotion_id for one in self._basket.coupons}
        for offer in self._found:
            if offer.kind == "coupon" and offer.id not in chosen:
                continue
            if offer.kind == "points":
                if self._basket.points and not everywhere <= offer.cover:
                    return False
            elif not (offer.is_own or offer.competes or is_even(offer, everywhere)):
                return False
        return True


def _total(outcome: _Outcome) -> int:
    return outcome.desk.total


def _subsets(offers: Sequence[Offer], groups: list[list[str]]) -> Iterator[frozenset[str]]:
    """Every set of them with at most one of each group, the larger first."""
    for count in range(len(offers), -1, -1):
        for chosen in combinations([offer.id for offer in offers], count):
            in_play = frozenset(chosen)
            if all(len(in_play.intersection(group)) <= 1 for group in groups):
                yield in_play


def _told(basket: Basket, shelf: Shelf, found: Sequence[Offer], refused: dict[str, Why], outcome: _Outcome) -> Priced:
    desk = outcome.desk
    by_id = {
        line.line_id: PricedLine(
            line_id=line.line_id, product_id=line.product_id, qty=line.qty, price=line.price,
            amount=desk.left[n], reductions=desk.reductions(n),
        )
        for n, line in enumerate(shelf.lines)
    }  # fmt: skip
    cards = sum(line.qty * line.price for line in shelf.cards)
    return Priced(
        lines=tuple(by_id.get(line.line_id) or _as_listed(line) for line in basket.lines),
        gross=shelf.value(range(len(shelf.lines))) + cards,
        total=desk.total + cards,
        not_applied=tuple(_not_applied(basket, found, refused, outcome)),
        coupons=outcome.coupons.used,
        points=outcome.points,
        exact=outcome.exact,
    )


def _as_listed(card: Line) -> PricedLine:
    return PricedLine(
        line_id=card.line_id, product_id=card.product_id, qty=card.qty, price=card.price, amount=card.qty * card.price
    )


def _not_applied(
    basket: Basket, found: Sequence[Offer], refused: dict[str, Why], outcome: _Outcome
) -> Iterator[NotApplied]:
    silent = ("coupon", "points")
    for promotion_id, why in sorted(refused.items()):
        if basket.promotions[promotion_id].kind not in silent:
            yield NotApplied(source_id=promotion_id, promotion_id=promotion_id, why=why)
    applied = outcome.desk.applied()
    for offer in sorted(found, key=lambda offer: offer.id):
        if offer.kind not in silent and offer.id not in applied:
            yield NotApplied(source_id=offer.id, promotion_id=offer.id, why=_beaten(offer, found, outcome))
    for coupon_id, promotion_id, why in outcome.coupons.not_used:
        yield NotApplied(source_id=coupon_id, promotion_id=promotion_id, why=why)
    for manual_id, why in sorted(outcome.by_hand.items()):
        yield NotApplied(source_id=manual_id, why=why)


def _beaten(offer: Offer, found: Sequence[Offer], outcome: _Outcome) -> Why:
    """Which promotion stands where this one would have applied."""
    group = offer.promotion.group
    for other in found:
        if group and other.promotion.group == group and other.id in outcome.desk.applied():
            return Why(code="one_of_group", values={"applied": other.id})
    taken = outcome.desk.taken(offer.cover)
    if not taken:
        return Why(code="nothing_left")
    return Why(code="better", values={"applied": min(taken, key=lambda one: (-taken[one], one))})
