"""How a shop sees to what customers ask of it: tickets open and solved, and what the customers said in the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple


class Case(NamedTuple):
    """A ticket as far as it is counted: in whose hand, "open" or "solved", 1 to 5 from the customer or 0."""

    guide_id: str
    state: str
    rating: int


class Score(NamedTuple):
    """How many tickets stand how. `rated`: the solved ones of which the customer said something, `stars` in all."""

    open: int = 0
    solved: int = 0
    rated: int = 0
    stars: int = 0

    @property
    def tenths(self) -> int | None:
        """The stars of one in the middle, in tenths, half a tenth up; None where no customer said anything."""
        return (20 * self.stars + self.rated) // (2 * self.rated) if self.rated else None


def scored(cases: Iterable[tuple[Case, int]]) -> dict[str, Score]:
    """Guide → how their tickets stand, each with how often there is one like it; "" is the whole shop."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for case, times in cases:
        if case.state not in ("open", "solved"):
            continue
        for whose in dict.fromkeys(("", case.guide_id)):
            counts[whose][case.state] += times
            if case.state == "solved" and case.rating:
                counts[whose].update(rated=times, stars=times * case.rating)
    return {whose: Score(**count) for whose, count in counts.items()}
