"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class TalliesConfig(AppConfig):
    """Names the app."""

    name = "hq.tallies"
