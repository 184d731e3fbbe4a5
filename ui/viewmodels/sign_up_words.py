"""The words of the sign-up: what is still missing, what is wrong, and who has the phone already."""

from __future__ import annotations

from guide_app.domain import phone
from guide_app.services.ports.members import MemberRow
from ui.viewmodels.base import Figures, tr
from ui.viewmodels.member_list import spelled

FIELD_OF = {"name_missing": "name", "consent_missing": "consents", "birthday_invalid": "birthday",
            "signature_missing": "signature"}  # fmt: skip
"""A problem's code → the field it stands beside; others are the phone's."""


def problem_words(code: str) -> str:
    """What is wrong with a field."""
    words = {
        "phone_invalid": tr("This is not a phone number. Please check the digits."),
        "name_missing": tr("Ask for the name"),
        "birthday_invalid": tr("Write the birthday as month-day, 05-20, or with the year, 1990-05-20"),
        "consent_missing": tr("The membership terms must be agreed to"),
        "phone_taken": tr("This number has a member already"),
        "signature_missing": tr("Ask the customer to sign"),
    }
    return words.get(code, code)


def missing_words(code: str) -> str:
    """The first thing that still hinders saving; empty for none."""
    words = {
        "phone": tr("Phone number first"),
        "duplicate": tr("This number has a member already"),
        "name": tr("Ask for the name"),
        "consents": tr("The membership terms must be agreed to"),
        "signature": tr("Ask the customer to sign"),
    }
    return words.get(code, "")


def asked_words(code: str) -> str:
    """As `missing_words`, said to the customer who holds the tablet."""
    words = {
        "phone": tr("Your phone number is missing"),
        "name": tr("Your name is missing"),
        "consents": tr("The membership terms must be agreed to"),
        "signature": tr("Please sign below"),
    }
    return words.get(code, "")


def duplicate_words(row: MemberRow, region: str, figures: Figures) -> str:
    """What tells the member who has the phone from others."""
    seen = figures.ago(row.last_contact_at) if row.last_contact_at else tr("never")
    parts = (spelled(row.pinyin), phone.mask(row.phone, region), row.member_no, tr("last contact %1", seen))
    return " · ".join(part for part in parts if part)


def referrer_words(told: str, row: MemberRow | None, region: str) -> str:
    """With whom who sent them was found; empty while nobody was told."""
    if not told.strip():
        return ""
    if row is None:
        return tr("Not a member of this shop: kept as told, HQ looks in the other shops")
    return " · ".join((row.name, phone.mask(row.phone, region), row.member_no))
