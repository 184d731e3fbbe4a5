"""Names that HQ keeps in two languages."""

from __future__ import annotations

from django.utils.translation import get_language


def in_language(en: str, zh: str) -> str:
    """The one of two names that fits the page's language; where it is empty, the other."""
    return (zh or en) if (get_language() or "en").startswith("zh") else (en or zh)
