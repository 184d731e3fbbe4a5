"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TagsConfig(AppConfig):
    """Names the app."""

    name = "hq.tags"
    verbose_name = _("Tag rules")
