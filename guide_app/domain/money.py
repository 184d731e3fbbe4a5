"""Money: integer minor units (cents, fen) with an ISO 4217 currency code beside them. No floating point anywhere.

Rounding is half away from zero, so that the refund of an amount is exactly the amount with its sign turned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from guide_app.domain.errors import BadInput, Defect

# Minor digits of ISO 4217 for the currencies a chain may trade in.
_EXPONENTS = {
    "AED": 2, "AUD": 2, "BHD": 3, "BRL": 2, "CAD": 2, "CHF": 2, "CNY": 2, "DKK": 2, "EUR": 2, "GBP": 2, "HKD": 2,
    "IDR": 2, "INR": 2, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "MOP": 2, "MXN": 2, "MYR": 2, "NOK": 2, "NZD": 2,
    "OMR": 3, "PHP": 2, "PLN": 2, "SAR": 2, "SEK": 2, "SGD": 2, "THB": 2, "TND": 3, "TWD": 2, "USD": 2, "VND": 0,
    "ZAR": 2,
}  # fmt: skip

_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_TYPED = re.compile(r"[0-9]{1,15}([.,][0-9]+)?|[0-9]{1,3}(([.,])[0-9]{3})(\3[0-9]{3})*(?!\3)[.,][0-9]+")

WHOLE = 10_000
"""Basis points in the whole: 10,000 = 100 %."""


def exponent(currency: str) -> int:
    """How many digits the minor unit has (CNY 2, JPY 0); ``BadInput("currency_unknown")``."""
    try:
        return _EXPONENTS[currency]
    except KeyError:
        raise BadInput("currency_unknown", currency[:8]) from None


def to_major(amount: int, currency: str) -> Decimal:
    """1234 CNY → Decimal("12.34")."""
    return Decimal(amount).scaleb(-exponent(currency))


def from_major(text: str, currency: str) -> int:
    """12.34 CNY → 1234; ``BadInput("amount_invalid")`` for no number, or more digits than the currency has."""
    if not _AMOUNT.fullmatch(text.strip()):
        raise BadInput("amount_invalid")
    minor = Decimal(text.strip()).scaleb(exponent(currency))
    if minor != minor.to_integral_value():
        raise BadInput("amount_invalid")
    return int(minor)


def typed(text: str, currency: str) -> int:
    """An amount as a person types it, a point or a comma before the cents: 12,50 CNY → 1250; 1,234.50 CNY → 123450.

    ``BadInput("amount_invalid")`` for what is negative or none, and for what may be read in two ways: 1,000 and 1.000
    are one or a thousand (a point only where the currency has three such digits, for that is how it is written here).
    """
    text = text.strip()
    if not _TYPED.fullmatch(text):
        raise BadInput("amount_invalid")
    point = max(text.rfind("."), text.rfind(","))
    if point < 0:
        return from_major(text, currency)
    whole, cents = text[:point].replace(",", "").replace(".", ""), text[point + 1 :]
    if len(cents) > exponent(currency) or (len(cents) == 3 and text[point] == ","):
        raise BadInput("amount_invalid")
    return from_major(f"{whole}.{cents}", currency)


def _rounded(numerator: int, denominator: int) -> int:
    """numerator / denominator (> 0), half away from zero."""
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def percent(amount: int, basis_points: int) -> int:
    """``basis_points`` of ``amount`` (minor units), half away from zero: percent(±105, 1000) = ±11."""
    return _rounded(amount * basis_points, WHOLE)


def split(amount: int, shares: Sequence[int]) -> list[int]:
    """``amount`` in proportion to ``shares`` (≥ 0) by largest remainder: the parts add up to ``amount`` exactly.

    Equal remainders go to the larger share first, then to the earlier one; so the order of unequal shares changes
    nothing, and split(-amount) is split(amount) with the signs turned. Only 0 can be split over no share (``Defect``).
    """
    total = sum(shares)
    if any(share < 0 for share in shares) or (total == 0 and amount != 0):
        raise Defect("money is split over shares of which none is negative and one at least is positive")
    if total == 0:
        return [0] * len(shares)
    parts, remainders = [], []
    for share in shares:
        part, remainder = divmod(abs(amount) * share, total)
        parts.append(part)
        remainders.append(remainder)
    left = abs(amount) - sum(parts)
    for i in sorted(range(len(shares)), key=lambda i: (-remainders[i], -shares[i], i))[:left]:
        parts[i] += 1
    return parts if amount >= 0 else [-part for part in parts]
