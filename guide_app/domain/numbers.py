"""The number of an order or a member: unique with no network, also between clones of a tablet, and readable aloud.

    101      AB              7K                     0042             3
    store    the device's    two characters of      running number   check
    code     two letters     the database file's    of that file     character
    3-6      from HQ         incarnation            4-10 digits

Letters: A-Z without I, L and O. The first incarnation character and the check character are of 31 symbols (2-9 and
those letters); the second incarnation character is always a letter. Because of that letter the text can be cut into
its parts in one way only, and no mistyped character can shift the cut: a digit for a letter, or the other way round,
never fits.

Check: a symbol's value is its place in "0123456789ABCDEFGHJKMNPQRSTUVWXYZ" modulo 31 (so Y = 0 and Z = 1, which
cannot meet the digits 0 and 1: those never stand where a letter may). The character at place i (from 0) weighs
1 + i mod 30. The check character makes the weighted sum of the whole text divisible by 31. As 31 is prime, weights
are never 0 and neighbours' weights differ, every single wrong character and every swap of two unequal neighbours is
found.

Examples: 101AB7K00423, written 101-AB7K-0042-3; 123456ZZ9Y9999999999V, written 123456-ZZ9Y-9999999999-V.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple
from uuid import UUID

from guide_app.domain.errors import BadInput, Defect

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
MIXED = "23456789" + LETTERS
_VALUES = {symbol: i % 31 for i, symbol in enumerate("0123456789" + LETTERS)}
_CHECK = {_VALUES[symbol]: symbol for symbol in MIXED}
_STEM = re.compile(rf"([0-9]{{3,6}})([{LETTERS}]{{2}})([{MIXED}][{LETTERS}])([0-9]{{4}}|[1-9][0-9]{{4,9}})")
_FORM = re.compile(rf"{_STEM.pattern}([{MIXED}])")
_SEPARATORS = re.compile(r"[\s\-‐-―−]+")


class Parts(NamedTuple):
    """What a number is made of."""

    store_code: str
    device_letters: str
    incarnation: str
    n: int
    check: str


def _weighted(text: str) -> int:
    return sum(_VALUES[symbol] * (1 + i % 30) for i, symbol in enumerate(text)) % 31


def compose(store_code: str, device_letters: str, incarnation: str, n: int) -> str:
    """The whole number, its check character included; parts that are not of the scheme are a ``Defect``."""
    stem = f"{store_code}{device_letters}{incarnation}{n:04d}"
    fits = _STEM.fullmatch(stem)
    if fits is None or fits.groups()[:3] != (store_code, device_letters, incarnation):
        raise Defect("these parts make no number")
    return stem + _CHECK[-_weighted(stem) * pow(1 + len(stem) % 30, -1, 31) % 31]


def parse(text: str) -> Parts:
    """What was typed, scanned or read aloud, in any case, with spaces and dashes.

    ``BadInput("number_invalid")`` when it is no such number, ``BadInput("number_check")`` when a character is wrong.
    """
    compact = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper() if len(text) <= 64 else ""
    found = _FORM.fullmatch(compact)
    if found is None:
        raise BadInput("number_invalid")
    if _weighted(compact) != 0:
        raise BadInput("number_check")
    store_code, letters, incarnation, running, check = found.groups()
    return Parts(store_code, letters, incarnation, int(running), check)


def made_on(text: str, store_code: str, device_letters: str) -> bool:
    """Whether this device of the store drew the number, also where HQ gave it a suffix."""
    try:
        parts = parse(text.partition("-")[0])
    except BadInput:
        return False
    return (parts.store_code, parts.device_letters) == (store_code, device_letters)


def group(text: str) -> str:
    """For reading aloud: "101AB7K00423" → "101-AB7K-0042-3". Errors as ``parse``."""
    parts = parse(text)
    return f"{parts.store_code}-{parts.device_letters}{parts.incarnation}-{parts.n:04d}-{parts.check}"


def incarnation_chars(incarnation: str) -> str:
    """The two characters (one of 31, then one of 23) that stand for an incarnation's id (a UUID) in its numbers."""
    first, second = divmod(UUID(incarnation).int % (len(MIXED) * len(LETTERS)), len(LETTERS))
    return MIXED[first] + LETTERS[second]
