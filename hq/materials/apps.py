"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MaterialsConfig(AppConfig):
    """Names the app."""

    name = "hq.materials"
    verbose_name = _("Material library")
