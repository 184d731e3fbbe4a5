"""Messages that HQ writes and a guide sends from their own phone: what may stand in them, and how they are filled.

A text is plain words with variables in braces: ``Happy birthday, {name}!``. There is nothing else to it: no conditions,
no formats. What is not in `VARIABLES` is refused where HQ writes it; what has no value here leaves the message unsent,
but for what is only said `BY_THE_WAY`: its sentence is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

from guide_app.domain.contact import Purpose

Situation = Literal["birthday", "followup", "replenishment", "thanks", "promise_due", "arrival", "welcome"]
SITUATIONS: tuple[Situation, ...] = get_args(Situation)
ASKED_FOR: frozenset[Situation] = frozenset({"thanks", "promise_due", "arrival", "welcome"})
"""About something that they bought or asked for; all others are offers, and need a consent for their channel."""
Variable = Literal["name", "guide", "store", "product", "date", "points"]
VARIABLES: tuple[Variable, ...] = get_args(Variable)
BY_THE_WAY: frozenset[Variable] = frozenset({"points"})
"""What a message can do without."""
LONGEST = 500
"""Characters of one text: a message that is read on a phone, and fits a QR code that a phone reads at once."""
_SENTENCE = re.compile(r".+?(?:[。！？\n]+|[.!?]+(?=\s|$)|$)\s*", re.DOTALL)
_PIECE = re.compile(r"\{([^{}]*)\}|([{}])")


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a text: a variable that there is none of, or a brace alone (`word` empty)."""

    word: str
    at: int


def purpose(situation: str) -> Purpose:
    """What a message of a situation is for, by the rule of `guide_app.domain.contact`."""
    return "service" if situation in ASKED_FOR else "marketing"


def faults(text: str) -> tuple[Fault, ...]:
    """Everything in a text that cannot be filled, in order."""
    return tuple(
        Fault(word=piece[1] or "", at=piece.start())
        for piece in _PIECE.finditer(text)
        if piece[2] or piece[1] not in VARIABLES
    )


def used(text: str) -> tuple[Variable, ...]:
    """The variables of a text, each once, in order."""
    found = [piece[1] for piece in _PIECE.finditer(text)]
    return tuple(name for name in VARIABLES if name in found)


def fill(text: str, values: Mapping[Variable, str]) -> tuple[str, tuple[Variable, ...]]:
    """The message, and the variables that have no value: then it is not to be sent."""
    text = _without(text, {name for name in BY_THE_WAY if not values.get(name)})
    missing = tuple(name for name in used(text) if not values.get(name))
    named: dict[str, str] = {str(name): value for name, value in values.items() if value}
    return _PIECE.sub(lambda piece: named.get(piece[1] or "", piece[0]), text), missing


def _without(text: str, unknown: set[Variable]) -> str:
    """The text without the sentences that speak of these; as it is, where nothing else would be left."""
    said = [sentence for sentence in _SENTENCE.findall(text) if not unknown & set(used(sentence))]
    return "".join(said).rstrip() if said and unknown & set(used(text)) else text
