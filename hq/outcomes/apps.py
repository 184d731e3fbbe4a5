"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    """Names the app; its page is `hq.library.became`."""

    name = "hq.outcomes"
