"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    """Names the app."""

    name = "hq.policies"
    verbose_name = _("Policies and settings")
