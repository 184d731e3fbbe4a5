"""The Django app: templates and the stylesheet; it has no tables."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JoinFormConfig(AppConfig):
    """Names the app."""

    name = "hq.join_form"
    verbose_name = _("Form for customers")
