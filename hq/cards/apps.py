"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CardsConfig(AppConfig):
    """Names the app."""

    name = "hq.cards"
    verbose_name = _("Gift cards")
