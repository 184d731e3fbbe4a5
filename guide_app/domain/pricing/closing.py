"""The last steps: what people take off by hand, what points pay, and the rounding of what is to pay."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from guide_app.domain.money import percent
from guide_app.domain.pricing.desk import Cause, Desk, caused
from guide_app.domain.pricing.offers import Offer
from guide_app.domain.pricing.priced import Step, Why
from guide_app.domain.records.pricing import Manual, Rounding


def take_by_hand(desk: Desk, manual: Sequence[Manual]) -> dict[str, Why]:
    """Step 6: of lines before of the order, percentages before amounts; why one took nothing off."""
    places = {line.line_id: n for n, line in enumerate(desk.shelf.lines)}
    cards = {line.line_id for line in desk.shelf.cards}
    refused: dict[str, Why] = {}
    for one in sorted(manual, key=lambda one: (not one.line_id, not one.percent, one.manual_id)):
        if one.line_id and one.line_id not in places:
            refused[one.manual_id] = Why(code="gift_card") if one.line_id in cards else Why(code="line_unknown")
            continue
        chosen = [places[one.line_id]] if one.line_id else range(len(desk.left))
        bases = {n: desk.left[n] for n in chosen if desk.left[n]}
        base = sum(bases.values())
        cause = Cause(Step.MANUAL, "manual", one.manual_id, label=one.label, approved_by=one.approved_by)
        if not desk.spread(cause, min(base, percent(base, one.percent) if one.percent else one.amount), bases):
            only_cards = cards and not desk.shelf.lines
            refused[one.manual_id] = Why(code="gift_card") if only_cards else Why(code="nothing_left")
    return refused


def pay_with_points(desk: Desk, points: int, offers: Sequence[Offer]) -> int:
    """Step 7: by the best rate that there is; how many points were used, the last of them perhaps not wholly."""
    rates = [offer for offer in offers if offer.kind == "points"]
    if not points or not rates:
        return 0
    offer = max(rates, key=lambda offer: Fraction(offer.promotion.amount, offer.promotion.points))
    one = offer.promotion
    bases = {n: desk.left[n] for n in offer.cover if desk.left[n]}
    base = sum(bases.values())
    worth = min(points * one.amount // one.points, percent(base, one.cap_share), one.cap or base)
    taken = desk.spread(caused(offer, Step.POINTS), worth, bases)
    return -(-taken * one.points // one.amount)


def round_total(desk: Desk, rounding: Rounding) -> None:
    """Step 8: what the goods cost becomes a multiple of the unit."""
    total, unit = desk.total, rounding.unit
    over = total % unit
    if rounding.mode == "nearest" and 2 * over >= unit:
        over -= unit
    bases = {n: left for n, left in enumerate(desk.left) if left}
    desk.spread(Cause(Step.ROUNDING, "rounding"), over, bases)
