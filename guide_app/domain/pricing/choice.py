"""Steps 2 and 3 for the promotions that compete: own prices, and for each piece the promotion that is best.

Lines that no set binds together are judged alone, exactly. Lines that sets compete for are a knot: there the sets are
tried in every order, and up to `LEAVE` promotions are left out in every combination, so that one more promotion can
never make it dearer. Where a knot is larger, or the effort for one basket is spent, some orders are tried, and `exact`
says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from guide_app.domain.money import percent
from guide_app.domain.pricing.offers import Offer
from guide_app.domain.pricing.sets import Table, Taking, taking
from guide_app.domain.pricing.shelf import Shelf

LEAVE = 4


class Effort:
    """How many trials are left for a basket: a count, not a time, so that every machine finds the same price."""

    def __init__(self, trials: int) -> None:
        self.left = trials
        self.wanting = False
        """Whether more was asked for than there was."""

    def spend(self, trials: int = 1) -> bool:
        """Whether there was anything left to spend."""
        if self.left <= 0:
            self.wanting = True
            return False
        self.left -= trials
        return True


class Own(NamedTuple):
    """The price of one piece after step 2, and the offer that gives it, None: the list price."""

    price: int
    offer: Offer | None


class Rate(NamedTuple):
    """What the best promotion that judges pieces alone takes off one piece."""

    worth: int
    offer: Offer | None


@dataclass
class Settled:
    """What steps 2 and 3 come to for some lines; all by line. `saved`: minor units in all."""

    own: dict[int, Own] = field(default_factory=dict)
    rates: dict[int, Rate] = field(default_factory=dict)
    free: dict[int, int] = field(default_factory=dict)
    takings: list[tuple[Offer, Taking]] = field(default_factory=list)
    saved: int = 0
    exact: bool = True

    def join(self, other: Settled) -> None:
        """Takes in what was settled for other lines."""
        self.own |= other.own
        self.rates |= other.rates
        self.free |= other.free
        self.takings += other.takings
        self.saved += other.saved
        self.exact = self.exact and other.exact


class Choice:
    """Chooses among the offers of a basket; what was found for the same offers on the same lines is found once."""

    def __init__(self, shelf: Shelf, effort: Effort, leave_out: bool) -> None:
        self._shelf, self._effort, self._leave_out = shelf, effort, leave_out
        self._known: dict[tuple[str, ...], Settled] = {}

    def settle(self, offers: Sequence[Offer]) -> Settled:
        """The best choice for the customer among these offers, of steps 2 and 3."""
        sets = [offer for offer in offers if offer.competes and not offer.is_rate]
        singly = [offer for offer in offers if offer.is_own or (offer.competes and offer.is_rate)]
        knots = _knots(sets)
        bound = frozenset[int]().union(*(places for places, _ in knots))
        alone = [n for n in range(len(self._shelf.lines)) if n not in bound]
        settled = _judged(self._shelf, alone, singly, [], self._effort)
        for places, knot in knots:
            theirs = [offer for offer in singly if offer.cover & places]
            key = tuple(offer.id for offer in (*theirs, *knot))
            if key not in self._known:
                self._known[key] = self._knot(places, theirs, knot)
            settled.join(self._known[key])
        return settled

    def _knot(self, places: frozenset[int], singly: list[Offer], sets: list[Offer]) -> Settled:
        best = _judged(self._shelf, places, singly, sets, self._effort)
        if not self._leave_out or (len(sets) == 1 and (not singly or _is_exact(sets[0]))):
            return best
        everyone = [*singly, *sets]
        if len(everyone) > LEAVE:
            best.exact = False
            return best
        for out in (out for count in range(1, len(everyone)) for out in combinations(everyone, count)):
            if not self._effort.spend():
                break
            some, fewer = ([offer for offer in kind if offer not in out] for kind in (singly, sets))
            tried = _judged(self._shelf, places, some, fewer, self._effort)
            if tried.saved > best.saved:
                best = tried
        return best


def _knots(sets: Sequence[Offer]) -> list[tuple[frozenset[int], list[Offer]]]:
    """Sets that share a line, directly or through others, with all their lines."""
    knots: list[tuple[frozenset[int], list[Offer]]] = []
    for offer in sets:
        places, members, apart = offer.cover, [offer], []
        for knot in knots:
            if knot[0] & places:
                places, members = places | knot[0], knot[1] + members
            else:
                apart.append(knot)
        knots = [*apart, (places, members)]
    return knots


def _is_exact(offer: Offer) -> bool:
    """Whether `sets.taking` is known to find the best pieces of this one."""
    if offer.promotion.cap:
        return False
    parts = [places for places, _ in offer.parts()]
    disjoint = all(not one & two for one, two in combinations(parts, 2))
    return offer.kind == "buy_get" or (offer.kind == "bundle" and disjoint)


def _judged(
    shelf: Shelf, places: Iterable[int], singly: Sequence[Offer], sets: Sequence[Offer], effort: Effort
) -> Settled:
    """The own price of each line, its best rate, and the sets in the best order that is found."""
    settled = Settled()
    owns = [offer for offer in singly if offer.is_own]
    rates = [offer for offer in singly if not offer.is_own]
    for n in places:
        line = shelf.lines[n]
        settled.own[n] = own = _own(shelf, n, owns)
        settled.rates[n] = rate = _rate(n, own.price, rates)
        settled.free[n] = line.qty
        settled.saved += line.qty * (line.price - own.price + rate.worth)
    if sets:
        settled.takings = _Search(_table(shelf, settled), sets, effort).best()
    for _, taken in settled.takings:
        settled.saved += taken.gain
        for n, count in taken.pieces.items():
            settled.free[n] -= count
    return settled


def _own(shelf: Shelf, n: int, offers: Sequence[Offer]) -> Own:
    line = shelf.lines[n]
    best = Own(line.price, None)
    for offer in offers:
        if n in offer.cover:
            one = offer.promotion
            price = one.prices.get(line.product_id, line.price - percent(line.price, one.percent))
            if price < best.price:
                best = Own(price, offer)
    return best


def _rate(n: int, price: int, offers: Sequence[Offer]) -> Rate:
    best = Rate(0, None)
    for offer in offers:
        if n in offer.cover and offer.off is not None and (worth := offer.off(price)) > best.worth:
            best = Rate(worth, offer)
    return best


def _table(shelf: Shelf, settled: Settled) -> Table:
    count = len(shelf.lines)
    price, worth, free = [0] * count, [0] * count, [0] * count
    for n, own in settled.own.items():
        price[n], worth[n], free[n] = own.price, settled.rates[n].worth, settled.free[n]
    return Table(price, [line.price for line in shelf.lines], worth, free)


_Path = tuple[tuple[int, Taking], ...]
"""The sets in the order tried: their places, and what each took."""


class _Search:
    """Sets in several orders. Up to `LEAVE` sets: in every order that matters. More: those first that gain most in all,
    those that gain most on each piece, then each of them first once, as far as the effort goes.
    """

    def __init__(self, table: Table, sets: Sequence[Offer], effort: Effort) -> None:
        self._table, self._effort = table, effort
        alone = [(taken, offer) for offer in sets if (taken := taking(offer, table))]
        alone.sort(key=lambda one: (-one[0].gain, one[1].rank))
        self._alone = [taken for taken, _ in alone]
        self._sets = [offer for _, offer in alone]
        self._best: tuple[int, list[tuple[Offer, Taking]]] = (0, [])

    def best(self) -> list[tuple[Offer, Taking]]:
        """The takings of the best order that was found."""
        by_gain = tuple(range(len(self._sets)))
        if len(by_gain) <= LEAVE:
            self._go(self._table.free, (), frozenset(), 0, by_gain)
            return self._best[1]
        dense = sorted(by_gain, key=lambda n: (-self._alone[n].gain // sum(self._alone[n].pieces.values()), n))
        self._down(by_gain)
        self._down(dense)
        for first in dense[1:]:
            if self._effort.left <= 0:
                break
            self._effort.spend(self._down([first, *(n for n in dense if n != first)]))
        return self._best[1]

    def _down(self, order: Sequence[int]) -> int:
        """One order; how many sets had to be looked at anew."""
        free, path, touched, gain, looked = self._table.free, list[tuple[int, Taking]](), frozenset[int](), 0, 0
        for place in order:
            looked += bool(self._sets[place].cover & touched)
            if (made := self._taking(place, free, touched)) is not None:
                free, touched, gain = _less(free, made), touched.union(made.pieces), gain + made.gain
                path.append((place, made))
        self._keep(gain, path)
        return looked

    def _keep(self, gain: int, path: Iterable[tuple[int, Taking]]) -> None:
        if gain > self._best[0]:
            self._best = (gain, [(self._sets[place], taken) for place, taken in path])

    def _taking(self, place: int, free: list[int], touched: frozenset[int]) -> Taking | None:
        """What it takes of the pieces that are free; of lines that nobody touched that is what it takes alone."""
        if self._sets[place].cover & touched:
            return taking(self._sets[place], self._table._replace(free=free))
        return self._alone[place]

    def _go(self, free: list[int], path: _Path, touched: frozenset[int], gain: int, rest: tuple[int, ...]) -> None:
        self._keep(gain, path)
        if gain + sum(self._alone[place].gain for place in rest) <= self._best[0]:
            return
        for place in rest:
            offer, last = self._sets[place], path[-1][0] if path else place
            if place < last and not offer.cover & self._sets[last].cover:
                continue  # the other order of these two gives the same
            if (made := self._taking(place, free, touched)) is None:
                continue
            later = tuple(one for one in rest if one != place)
            self._go(_less(free, made), (*path, (place, made)), touched.union(made.pieces), gain + made.gain, later)


def _less(free: list[int], taken: Taking) -> list[int]:
    """The pieces that are still free after it."""
    left = list(free)
    for n, count in taken.pieces.items():
        left[n] -= count
    return left
