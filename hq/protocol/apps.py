"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProtocolConfig(AppConfig):
    """Names the app."""

    name = "hq.protocol"
    verbose_name = _("Sync protocol")
