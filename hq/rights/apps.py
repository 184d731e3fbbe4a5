"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RightsConfig(AppConfig):
    """Names the app."""

    name = "hq.rights"
    verbose_name = _("Rights")
