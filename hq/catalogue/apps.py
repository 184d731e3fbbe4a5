"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """Names the app."""

    name = "hq.catalogue"
    verbose_name = _("Products and prices")
