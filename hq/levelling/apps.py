"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class LevellingConfig(AppConfig):
    """Names the app; its pages are those of the settings of `hq.policies`."""

    name = "hq.levelling"
