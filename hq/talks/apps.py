"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TalksConfig(AppConfig):
    """Names the app."""

    name = "hq.talks"
    verbose_name = _("Talks")
