"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Names the app; its pages are those of the models of `hq.materials`."""

    name = "hq.library"
