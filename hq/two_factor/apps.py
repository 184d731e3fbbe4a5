"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TwoFactorConfig(AppConfig):
    """Names the app."""

    name = "hq.two_factor"
    verbose_name = _("Two-factor sign-in")
