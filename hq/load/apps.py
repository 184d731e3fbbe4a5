"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LoadConfig(AppConfig):
    """Names the app."""

    name = "hq.load"
    verbose_name = _("Loaded data")
