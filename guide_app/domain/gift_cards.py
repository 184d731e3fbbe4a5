"""Numbers of gift cards: sixteen digits that can be typed or scanned, the last a check digit (Luhn, ISO/IEC 7812).

Every wrong digit is found, and every swap of neighbours but of 0 and 9. `6012` in front tells them from bank cards of
the shop's terminal and from barcodes of goods. Example: 6012 0000 0000 0425.
"""

from __future__ import annotations

import re
import unicodedata

from guide_app.domain.errors import BadInput

PREFIX, LENGTH = "6012", 16
PIN_LENGTH = 6
_SEPARATORS = re.compile(r"[\s\-‐-―−]+")


def numbered(running: int) -> str:
    """The number with these eleven digits (0 to 10**11 - 1) between the prefix and the check digit."""
    stem = f"{PREFIX}{running:011d}"
    return stem + str(-_luhn(stem + "0") % 10)


def parse(text: str) -> str:
    """The number as HQ has it, from what was typed or scanned. Raises BadInput("card_number_invalid") where it is none,
    BadInput("number_check") where a digit is wrong."""
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)) if len(text) <= 64 else ""
    if not re.fullmatch(rf"{PREFIX}[0-9]{{{LENGTH - len(PREFIX)}}}", digits):
        raise BadInput("card_number_invalid")
    if _luhn(digits) % 10:
        raise BadInput("number_check")
    return digits


def group(number: str) -> str:
    """For reading aloud: "6012000000000425" → "6012 0000 0000 0425"."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def last(number: str) -> str:
    """What is shown of a number."""
    return number[-4:]


def _luhn(digits: str) -> int:
    doubled = (2 * int(digit) if place % 2 else int(digit) for place, digit in enumerate(reversed(digits)))
    return sum(one - 9 if one > 9 else one for one in doubled)
