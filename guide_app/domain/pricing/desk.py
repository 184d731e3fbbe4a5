"""The basket while it is priced: what is left of each line, which pieces are still free, and each reason so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from guide_app.domain.money import split
from guide_app.domain.pricing.choice import Settled
from guide_app.domain.pricing.offers import Offer
from guide_app.domain.pricing.priced import Reduction, Step
from guide_app.domain.pricing.shelf import Shelf
from guide_app.domain.records.base import Names


class Cause(NamedTuple):
    """Whose a reduction is; as the fields of `Reduction`."""

    step: Step
    kind: str
    source_id: str = ""
    promotion_id: str = ""
    version: int = 0
    names: Names = Names()
    label: str = ""
    approved_by: str = ""


def caused(offer: Offer, step: Step, source_id: str = "") -> Cause:
    """The cause that a promotion is; `source_id`: the coupon, where it is one."""
    one = offer.promotion
    return Cause(step, offer.kind, source_id or offer.id, offer.id, one.version, one.names)


class Desk:
    """`left` in minor units and `free` pieces, by line; `price`: of one piece after step 2."""

    def __init__(self, shelf: Shelf, settled: Settled) -> None:
        self.shelf = shelf
        self.left = [line.qty * line.price for line in shelf.lines]
        self.free = [line.qty for line in shelf.lines]
        self.price = [settled.own[n].price for n in range(len(shelf.lines))]
        self._taken: list[list[tuple[Cause, int, int]]] = [[] for _ in shelf.lines]
        self._lay(settled)

    @property
    def total(self) -> int:
        """What is left to pay."""
        return sum(self.left)

    def reductions(self, n: int) -> tuple[Reduction, ...]:
        """Each reason why the line costs less, in the order of application."""
        return tuple(
            Reduction(amount=amount, pieces=pieces, **cause._asdict()) for cause, amount, pieces in self._taken[n]
        )

    def applied(self) -> frozenset[str]:
        """The promotions that took something off."""
        return frozenset(cause.promotion_id for line in self._taken for cause, _, _ in line if cause.promotion_id)

    def taken(self, places: Iterable[int]) -> dict[str, int]:
        """What each promotion took off these lines."""
        sums: dict[str, int] = {}
        for n in places:
            for cause, amount, _ in self._taken[n]:
                if cause.promotion_id:
                    sums[cause.promotion_id] = sums.get(cause.promotion_id, 0) + amount
        return sums

    def take(self, cause: Cause, off: Mapping[int, int], pieces: Mapping[int, int] | None = None) -> int:
        """Takes amounts off lines, none more than is left of its line; what was taken in all."""
        for n in sorted(off):
            if off[n]:
                self.left[n] -= off[n]
                self._taken[n].append((cause, off[n], pieces.get(n, 0) if pieces else 0))
        return sum(off.values())

    def spread(self, cause: Cause, amount: int, bases: Mapping[int, int]) -> int:
        """Takes an amount off several lines in proportion to these bases (largest remainder)."""
        places = sorted(bases)
        shares = split(amount, [bases[n] for n in places])
        return self.take(cause, dict(zip(places, shares, strict=True)))

    def _lay(self, settled: Settled) -> None:
        for n, line in enumerate(self.shelf.lines):
            own = settled.own[n]
            if own.offer is not None:
                off = {n: line.qty * (line.price - own.price)}
                self.take(caused(own.offer, Step.OWN), off, {n: line.qty})
        for offer, taken in settled.takings:
            self.take(caused(offer, Step.PIECES), taken.off, taken.pieces)
        for n, free in settled.free.items():
            self.free[n] = free
            rate = settled.rates[n]
            if rate.offer is not None and free:
                self.take(caused(rate.offer, Step.PIECES), {n: rate.worth * free}, {n: free})
                self.free[n] = 0
