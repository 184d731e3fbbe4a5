"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuotationsConfig(AppConfig):
    """Names the app."""

    name = "hq.quotations"
    verbose_name = _("Quotations")
