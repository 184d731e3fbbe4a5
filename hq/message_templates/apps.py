"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessageTemplatesConfig(AppConfig):
    """Names the app."""

    name = "hq.message_templates"
    verbose_name = _("Message templates")
