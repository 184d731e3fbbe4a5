"""Whether the shop keeps its word: what became of a promise by a day, and how often."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

Outcome = Literal["open", "late", "kept", "kept_late", "broken", "dropped", "void"]


class Word(NamedTuple):
    """A promise as far as it is counted; days of the shop."""

    guide_id: str
    state: str
    due_on: str
    settled_on: str


class Tally(NamedTuple):
    """How many promises came to what. `kept`: by their day; `late`: after it, or past it and not yet at all."""

    open: int = 0
    kept: int = 0
    late: int = 0
    broken: int = 0


def outcome(word: Word, today: str) -> Outcome:
    """What became of a promise until `today`. A day is late when it is over: what is done on the day is in time."""
    match word.state:
        case "open":
            return "late" if word.due_on < today else "open"
        case "kept":
            return "kept_late" if word.settled_on > word.due_on else "kept"
        case "broken":
            return "broken"
        case "dropped":
            return "dropped"
        case _:
            return "void"


def tallied(words: Iterable[tuple[Word, int]], today: str) -> dict[str, Tally]:
    """Guide → what became of their promises, each with how often there is one like it; "" is the whole shop. What was
    dropped (the customer changed their mind) is nobody's merit or fault."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for word, times in words:
        for whose in dict.fromkeys(("", word.guide_id)):
            counts[whose][outcome(word, today)] += times
    return {
        whose: Tally(open=c["open"], kept=c["kept"], late=c["late"] + c["kept_late"], broken=c["broken"])
        for whose, c in counts.items()
        if c["open"] or c["kept"] or c["late"] or c["kept_late"] or c["broken"]
    }
