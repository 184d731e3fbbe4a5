"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DevicesConfig(AppConfig):
    """Names the app."""

    name = "hq.devices"
    verbose_name = _("Tablets")
