"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PromotingConfig(AppConfig):
    """Names the app; its pages are those of the models of `hq.promotions`."""

    name = "hq.promoting"
