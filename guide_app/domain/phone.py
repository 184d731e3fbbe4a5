"""Phone numbers: stored and compared as E.164, shown in the shop's own way. Rules: Google's libphonenumber.

``region`` is the shop's country as ISO 3166 code ("CN"); a number typed without "+" belongs to it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from guide_app.domain.errors import BadInput

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

# The library is imported by what needs it: the lock must not wait for it when the app starts.

_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_TYPED = re.compile(r"\+?[\d\s()./-]+", re.ASCII)


def _plain(text: str) -> str:
    """Full-width forms as ASCII, every dash as "-", invisible marks (pasted contacts carry them) gone."""
    out = []
    for char in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(char)
        if category != "Cf":
            out.append("-" if category == "Pd" else " " if category == "Zs" else char)
    return "".join(out).strip()


def normalise(text: str, region: str) -> str:
    """What was typed or scanned as E.164; ``BadInput("phone_invalid")`` for what is no number anybody can have.

    Letters and extensions are refused: a name typed into the wrong field must not become a number.
    """
    import phonenumbers

    plain = _plain(text)
    if len(plain) > 40 or not _TYPED.fullmatch(plain):
        raise BadInput("phone_invalid")
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        raise BadInput("phone_invalid") from None
    if not phonenumbers.is_valid_number(number):
        raise BadInput("phone_invalid")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_valid_e164(text: str) -> bool:
    """Whether this is a valid number in exactly the form that ``normalise`` gives."""
    import phonenumbers

    if not _E164.fullmatch(text):
        return False
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return False
    return (
        phonenumbers.is_valid_number(number)
        and phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == text
    )


def tail(e164: str, n: int = 4) -> str:
    """The last ``n`` digits: how a customer names their number at the counter."""
    return e164[-n:]


def national(e164: str) -> str:
    """The digits as they are dialled in the number's own country; what is no E.164 stands as it is."""
    import phonenumbers

    number = _parsed(e164)
    return phonenumbers.national_significant_number(number) if number else e164


def _parsed(e164: str) -> PhoneNumber | None:
    import phonenumbers

    try:
        return phonenumbers.parse(e164, None) if _E164.fullmatch(e164) else None
    except phonenumbers.NumberParseException:
        return None


def _is_home(number: PhoneNumber, region: str) -> bool:
    import phonenumbers

    return number.country_code == phonenumbers.country_code_for_region(region)


def display(e164: str, region: str) -> str:
    """For reading: "138 1234 1234" at home, "+86 138 1234 1234" abroad; what is no E.164 is shown as it is."""
    import phonenumbers

    number = _parsed(e164)
    if number is None:
        return e164
    forms = phonenumbers.PhoneNumberFormat
    form = forms.NATIONAL if _is_home(number, region) else forms.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def mask(e164: str, region: str) -> str:
    """For those who need not know it: "138****1234", abroad "+86 138****1234". At least four digits are hidden.

    Never raises (logs use it): what is no E.164 becomes "****".
    """
    import phonenumbers

    number = _parsed(e164)
    if number is None:
        return "****"
    national = phonenumbers.national_significant_number(number)
    shown_tail = max(0, min(4, len(national) - 4))
    shown_head = max(0, min(3, len(national) - 8))
    hidden = len(national) - shown_head - shown_tail
    masked = national[:shown_head] + "*" * hidden + national[len(national) - shown_tail :]
    return masked if _is_home(number, region) else f"+{number.country_code} {masked}"
