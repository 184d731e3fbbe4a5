"""Promotions that bind pieces together: which free pieces one of them takes, and what it takes off them.

Each piece has a price and a `worth`: what the best promotion that judges pieces alone would take off it. A set is
worth taking when it takes off more than the pieces in it would lose. Every function gives the best set for the
customer (`buy_get` exactly, the others by their best pieces first), and the same one whatever order the lines came in.
"""

from __future__ import annotations

from typing import NamedTuple

from guide_app.domain.money import percent, split
from guide_app.domain.pricing.offers import Offer

PILE = 3
"""From so many whole sets on in one line, all but the last are made of that line without weighing each piece."""
MULTIPLES = 10
"""How many multiples of a condition are weighed one by one; beyond it the largest is weighed too."""
STATES = 20_000
"""Up to so many steps a limited number of sets is chosen exactly; beyond it the dearest sets are taken."""


class Table(NamedTuple):
    """The pieces by line: price after step 2, list price, worth, and how many are free."""

    price: list[int]
    listed: list[int]
    worth: list[int]
    free: list[int]


class Taking(NamedTuple):
    """Pieces and minor units by line; `gain`: what it takes off beyond the worth of its pieces."""

    gain: int
    pieces: dict[int, int]
    off: dict[int, int]


def taking(offer: Offer, table: Table) -> Taking | None:
    """The pieces that the offer takes; None where the customer is better off without it."""
    places = [n for n in sorted(offer.cover) if table.free[n]]
    if not places:
        return None
    if offer.kind == "buy_get":
        made = _buy_get(offer, table, places)
    elif offer.kind == "bundle":
        made = _bundle(offer, table)
    elif offer.off is not None:
        return _capped(offer, table, places)
    else:
        made = _lump(offer, table, places)
    return _weighed(offer, table, *made)


def _weighed(offer: Offer, table: Table, pieces: dict[int, int], off: dict[int, int]) -> Taking | None:
    total, cap = sum(off.values()), offer.promotion.cap
    if cap and total > cap:
        places = list(off)
        total, off = cap, dict(zip(places, split(cap, [off[n] for n in places]), strict=True))
    gain = total - sum(table.worth[n] * count for n, count in pieces.items())
    return Taking(gain, pieces, off) if gain > 0 else None


def _buy_get(offer: Offer, table: Table, places: list[int]) -> tuple[dict[int, int], dict[int, int]]:
    """The dearest of a set are bought, the cheapest got: sets are made of neighbours by price, some pieces left out."""
    one = offer.promotion
    size = one.buy + one.get
    pieces: dict[int, int] = {}
    off: dict[int, int] = {}
    left = one.repeats or sum(table.free)
    row: list[tuple[int, int, int]] = []  # what it gets if it is got, its worth, its line
    for n in sorted(places, key=lambda n: (-table.price[n], table.worth[n], n)):
        got, count = percent(table.price[n], one.percent), table.free[n]
        if count > PILE * size and one.get * got > size * table.worth[n]:
            sets = min(left, count // size - PILE + 1)
            pieces[n], off[n] = sets * size, sets * one.get * got
            left, count = left - sets, count - sets * size
        row += [(got, table.worth[n], n)] * min(count, PILE * size)
    for n, got in _chosen(row, one.buy, size, left):
        pieces[n] = pieces.get(n, 0) + 1
        off[n] = off.get(n, 0) + got
    return pieces, off


def _chosen(row: list[tuple[int, int, int]], buy: int, size: int, sets: int) -> list[tuple[int, int]]:
    """Which pieces of the row make up to so many sets of `size`, by dynamic programming: (line, taken off).

    A state is how many pieces are taken; where the number of sets does not bind, how many of the set begun.
    """
    bound = sets < len(row) // size and sets * size * len(row) <= STATES
    states = sets * size + 1 if bound else size
    best: list[int | None] = [0] + [None] * (states - 1)
    took: list[set[int]] = []
    for got, worth, _ in row:
        then, chosen = list(best), set[int]()
        for state, before in enumerate(best):
            if before is None or (bound and state == states - 1):
                continue
            value, after = before - worth + (got if state % size >= buy else 0), (state + 1) % states
            now = then[after]
            if now is None or value > now:
                then[after] = value
                chosen.add(after)
        best = then
        took.append(chosen)
    state = max(range(0, states, size), key=lambda one: (best[one] or 0, -one))
    taken: list[tuple[int, int]] = []
    for (got, _, line), chosen in zip(reversed(row), reversed(took), strict=True):
        if state in chosen:
            state = (state - 1) % states
            taken.append((line, got if state % size >= buy else 0))
    return taken if bound else taken[::-1][: size * sets]  # the dearest sets, where there are too many to weigh all


def _bundle(offer: Offer, table: Table) -> tuple[dict[int, int], dict[int, int]]:
    """Sets of the pieces on which most is saved, as long as a set is worth it."""
    one, free, parts = offer.promotion, list(table.free), offer.parts()
    left = one.repeats or sum(free)
    pieces: dict[int, int] = {}
    off: dict[int, int] = {}
    while left and (picked := _one_set(parts, table, free)):
        places = sorted(picked)
        saved = sum(table.price[n] * picked[n] for n in places) - one.amount
        if saved <= sum(table.worth[n] * picked[n] for n in places):
            break
        sets = min(left, *(free[n] // picked[n] for n in places))
        left -= sets
        shares = split(saved * sets, [table.price[n] * picked[n] for n in places])
        for n, share in zip(places, shares, strict=True):
            free[n] -= picked[n] * sets
            pieces[n] = pieces.get(n, 0) + picked[n] * sets
            off[n] = off.get(n, 0) + share
    return pieces, off


def _one_set(parts: list[tuple[frozenset[int], int]], table: Table, free: list[int]) -> dict[int, int]:
    picked: dict[int, int] = {}
    for places, pieces in parts:
        need = pieces
        for n in sorted(places, key=lambda n: (table.worth[n] - table.price[n], n)):
            count = min(need, free[n] - picked.get(n, 0))
            if count:
                picked[n] = picked.get(n, 0) + count
                need -= count
        if need:
            return {}
    return picked


def _capped(offer: Offer, table: Table, places: list[int]) -> Taking | None:
    """Pieces on which it takes off most beyond their worth, until its cap is used up."""
    assert offer.off is not None
    rates = {n: offer.off(table.price[n]) for n in places}
    left, gain = offer.promotion.cap, 0
    pieces: dict[int, int] = {}
    off: dict[int, int] = {}
    for n in sorted(places, key=lambda n: (table.worth[n] - rates[n], n)):
        rate, worth = rates[n], table.worth[n]
        if rate <= worth or not left:
            break
        count = min(table.free[n], left // rate)
        taken = count * rate
        if count < table.free[n] and min(left - taken, rate) > worth:
            count, taken = count + 1, left
        if count:
            pieces[n], off[n] = count, taken
            gain, left = gain + taken - count * worth, left - taken
    return Taking(gain, pieces, off) if gain > 0 else None


def _lump(offer: Offer, table: Table, places: list[int]) -> tuple[dict[int, int], dict[int, int]]:
    """An amount off the pieces that meet the condition: as few as will do, those that lose least first."""
    by_loss = sorted(places, key=lambda n: (table.worth[n] * 10_000 // max(1, table.listed[n]), -table.listed[n], n))
    best: tuple[int, dict[int, int], int] = (0, {}, 0)
    for need_pieces, need_amount, amount in _conditions(offer, table, places):
        pieces = _enough(table, by_loss, need_pieces, need_amount)
        if pieces is None:
            continue
        taken = _used_up(table, by_loss, pieces, amount)
        gain = taken - sum(table.worth[n] * count for n, count in pieces.items())
        if gain > best[0]:
            best = (gain, pieces, taken)
    _, pieces, taken = best
    in_turn = sorted(pieces)
    shares = split(taken, [table.price[n] * pieces[n] for n in in_turn])
    return pieces, dict(zip(in_turn, shares, strict=True))


def _used_up(table: Table, by_loss: list[int], pieces: dict[int, int], amount: int) -> int:
    """Adds pieces until the amount is used up, as long as each is worth it; what is taken off."""
    left = amount - sum(table.price[n] * count for n, count in pieces.items())
    for n in by_loss:
        price, worth, had = table.price[n], table.worth[n], pieces.get(n, 0)
        if left <= 0 or price <= worth:
            continue
        count = min(table.free[n] - had, left // price)
        if count < table.free[n] - had and left - count * price > worth:
            count += 1
        if count:
            pieces[n], left = had + count, left - count * price
    return amount - max(0, left)


def _conditions(offer: Offer, table: Table, places: list[int]) -> list[tuple[int, int, int]]:
    """(pieces, amount at list price, taken off): the steps of a tier, or the multiples of a condition."""
    one = offer.promotion
    if offer.kind == "tier":
        pieces = one.measure == "pieces"
        return [(step.at, 0, step.amount) if pieces else (1, step.at, step.amount) for step in one.steps]
    if not (one.min_pieces or one.min_amount):
        return [(1, 0, one.amount)]
    times = [sum(table.free[n] for n in places) // one.min_pieces] if one.min_pieces else []
    times += [sum(table.free[n] * table.listed[n] for n in places) // one.min_amount] if one.min_amount else []
    most = min(*times, one.repeats) if one.repeats else min(times)
    wanted = [*range(1, min(most, MULTIPLES) + 1), *([most] if most > MULTIPLES else [])]
    return [(max(1, n * one.min_pieces), n * one.min_amount, n * one.amount) for n in wanted]


def _enough(table: Table, by_loss: list[int], pieces: int, amount: int) -> dict[int, int] | None:
    taken: dict[int, int] = {}
    for n in by_loss:
        if pieces <= 0 and amount <= 0:
            break
        for_amount = -(-max(0, amount) // max(1, table.listed[n]))
        taken[n] = count = min(table.free[n], max(pieces, for_amount))
        pieces, amount = pieces - count, amount - count * table.listed[n]
    return taken if pieces <= 0 and amount <= 0 else None
