"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Names the app, and lets it listen."""

    name = "hq.audit"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        """From here on every change, sign-in and refusal is noted."""
        from hq.audit import listening

        listening.begin()
