"""Promotions that follow others on what is left: those of step 3 that stack, those of the order, and coupons.

One that stacks takes part in all that is left of its goods. One that does not takes only pieces that no promotion has
taken part in yet, its condition must be met by these alone, and it has them for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from guide_app.domain.money import percent
from guide_app.domain.pricing.desk import Desk, caused
from guide_app.domain.pricing.eligibility import short_of
from guide_app.domain.pricing.offers import Offer
from guide_app.domain.pricing.priced import Step, Why
from guide_app.domain.pricing.sets import Table, taking
from guide_app.domain.records.pricing import ChosenCoupon


class Coupons(NamedTuple):
    """The coupons that took something off, and why the others did not: (coupon, its template, reason)."""

    used: tuple[str, ...]
    not_used: tuple[tuple[str, str, Why], ...]


def follow(desk: Desk, offers: Sequence[Offer]) -> None:
    """Steps 3 (those that stack) and 4. `offers`: those in play that do not compete, by rank."""
    pieces = [offer for offer in offers if offer.promotion.reach == "pieces" or offer.kind in ("buy_get", "bundle")]
    order = [offer for offer in offers if offer not in pieces]
    for offer in sorted(pieces, key=_in_turn):
        _apply(desk, offer, Step.PIECES)
    alone = [offer for offer in order if not offer.promotion.stacks]
    while alone:
        best = max(alone, key=lambda offer: _worth(desk, offer))  # of equal ones the first by rank
        alone.remove(best)
        _apply(desk, best, Step.ORDER)
    for offer in sorted((offer for offer in order if offer.promotion.stacks), key=_in_turn):
        _apply(desk, offer, Step.ORDER)


def spend_coupons(
    desk: Desk, chosen: Sequence[ChosenCoupon], offers: Sequence[Offer], refused: dict[str, Why]
) -> Coupons:
    """Step 5: the coupons that were chosen, each once."""
    templates = {offer.id: offer for offer in offers if offer.kind == "coupon"}
    used: list[str] = []
    not_used: list[tuple[str, str, Why]] = []
    counts: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    known = [one for one in chosen if one.promotion_id in templates]
    for one in chosen:
        if one.promotion_id not in templates:
            why = refused.get(one.promotion_id, Why(code="coupon_unknown"))
            not_used.append((one.coupon_id, one.promotion_id, why))
    for one in sorted(known, key=lambda one: (_in_turn(templates[one.promotion_id]), one.coupon_id)):
        offer, count = templates[one.promotion_id], counts.get(one.promotion_id, 0)
        if (one.coupon_id, one.promotion_id) in seen:
            continue
        seen.add((one.coupon_id, one.promotion_id))
        if offer.promotion.repeats and count >= offer.promotion.repeats:
            why = Why(code="coupons_at_once", values={"most": offer.promotion.repeats})
        elif _apply(desk, offer, Step.COUPON, one.coupon_id):
            counts[one.promotion_id] = count + 1
            used.append(one.coupon_id)
            continue
        else:
            why = _short(desk, offer) or Why(code="nothing_left")
        not_used.append((one.coupon_id, one.promotion_id, why))
    return Coupons(tuple(used), tuple(sorted(not_used, key=lambda one: one[:2])))


def is_even(offer: Offer, everywhere: frozenset[int]) -> bool:
    """Whether all that it takes off follows from what is left of the whole order, and from nothing else."""
    one = offer.promotion
    return one.stacks and not one.each and offer.kind not in ("buy_get", "bundle") and everywhere <= offer.cover


def _in_turn(offer: Offer) -> tuple[int, tuple[int, str]]:
    """Sets first; percentages before amounts: so the customer pays less."""
    if offer.kind in ("buy_get", "bundle"):
        return (0, offer.rank)
    if offer.kind == "tier":
        return (1 if offer.step and offer.step.percent else 2, offer.rank)
    return (2 if offer.kind == "amount" or not offer.promotion.percent else 1, offer.rank)


def _bases(desk: Desk, offer: Offer) -> dict[int, int]:
    """What is left of the pieces that it may take part in, by line."""
    if offer.promotion.stacks:
        return {n: desk.left[n] for n in offer.cover if desk.left[n]}
    return {n: min(desk.left[n], desk.free[n] * desk.price[n]) for n in offer.cover if desk.free[n] and desk.left[n]}


def _counted(desk: Desk, offer: Offer) -> tuple[int, int]:
    """Pieces, and minor units at list price, that count for its condition."""
    lines = desk.shelf.lines
    counts = {n: lines[n].qty if offer.promotion.stacks else desk.free[n] for n in offer.cover}
    return sum(counts.values()), sum(lines[n].price * count for n, count in counts.items())


def _short(desk: Desk, offer: Offer) -> Why | None:
    return short_of(offer.promotion, *_counted(desk, offer))


def _worth(desk: Desk, offer: Offer) -> int:
    """What it would take off now."""
    return 0 if _short(desk, offer) else _amount(desk, offer, sum(_bases(desk, offer).values()))


def _amount(desk: Desk, offer: Offer, base: int) -> int:
    one = offer.promotion
    pieces, value = _counted(desk, offer)
    if offer.kind == "tier":
        have = pieces if one.measure == "pieces" else value
        step = next((step for step in reversed(one.steps) if step.at <= have), None)
        off = 0 if step is None else step.amount or percent(base, step.percent)
    elif one.amount and offer.kind != "percentage":
        off = one.amount * (1 if offer.kind == "coupon" else _times(offer, pieces, value))
    else:
        off = percent(base, one.percent)
    return min(off, base, one.cap or off)


def _times(offer: Offer, pieces: int, value: int) -> int:
    """How often the condition is met."""
    one = offer.promotion
    times = [pieces // one.min_pieces] if one.min_pieces else []
    times += [value // one.min_amount] if one.min_amount else []
    times += [one.repeats] if one.repeats or not times else []
    return max(1, min(times))


def _apply(desk: Desk, offer: Offer, step: Step, source_id: str = "") -> int:
    cause = caused(offer, step, source_id)
    if offer.kind in ("buy_get", "bundle"):
        made = taking(offer, _as_left(desk))
        return desk.take(cause, made.off, made.pieces) if made else 0
    bases = _bases(desk, offer)
    if _short(desk, offer) or not bases:
        return 0
    if offer.promotion.each and offer.kind == "amount":
        taken = _each(desk, offer, step, bases)
    else:
        taken = desk.spread(cause, _amount(desk, offer, sum(bases.values())), bases)
    if taken and not offer.promotion.stacks:
        for n in bases:
            desk.free[n] = 0
    return taken


def _each(desk: Desk, offer: Offer, step: Step, bases: dict[int, int]) -> int:
    one, lines = offer.promotion, desk.shelf.lines
    counts = {n: lines[n].qty if one.stacks else desk.free[n] for n in bases}
    off = {n: min(base, one.amount * counts[n]) for n, base in bases.items()}
    total = sum(off.values())
    return desk.spread(caused(offer, step), min(total, one.cap or total), off)


def _as_left(desk: Desk) -> Table:
    """The whole basket at what is left of each piece, every piece free."""
    lines = desk.shelf.lines
    price = [left // max(1, line.qty) for left, line in zip(desk.left, lines, strict=True)]
    return Table(price, [line.price for line in lines], [0] * len(lines), [line.qty for line in lines])
