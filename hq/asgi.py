"""HQ as one ASGI application: the sync API for /v1/*, Django for everything else, static files beside it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import cast

import django
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

from hq.shared.bodies import Application, Receive, Scope, Send, bounded

A_FORM, A_PAGE, WITH_FILES = 32 << 10, 2560 << 10, 64 << 20
"""Bytes of a body. A form of a customer is half as large, and refused in words where it is not; a notification of a
payment is a few KiB; what Django reads of a form without files ends where a page's body ends. A product's page takes
several pictures at once."""


def mounted(api: Application, metrics: Application, pages: Application) -> Application:
    """`api` for /v1/* and for `lifespan`, which Django refuses; `metrics` at its address; `pages` for the rest."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope.get("path", "").startswith("/v1/"):
            await api(scope, receive, send)
        elif scope["type"] == "http" and scope.get("path") == "/metrics":
            await metrics(scope, receive, send)
        else:
            await pages(scope, receive, send)

    return application


def largest(path: str) -> int:
    """Bytes that may be sent to a page."""
    if path.startswith("/static/"):
        return 0
    if path.startswith("/admin/catalogue/product/"):
        return WITH_FILES
    return A_FORM if path.startswith(("/join/", "/payments/")) else A_PAGE


def build(prepare: Callable[[], None] | None = None) -> Application:
    """The whole of HQ, its settings read from the environment.

    `prepare`: done before anybody is answered; without it, what a restored HQ must do first.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hq.settings")
    django.setup()
    from django.conf import settings

    from hq.history.opening import ready
    from hq.observe.app import MetricsApp
    from hq.observe.looked_up import figures
    from hq.observe.metrics import Metrics
    from hq.sync_api.app import build as build_api

    metrics = Metrics(settings.ENVIRONMENT.shared_file("figures"))
    metrics.look_up(figures)
    told = MetricsApp(metrics, settings.ENVIRONMENT.metrics_token)
    pages = ASGIStaticFilesHandler(get_asgi_application())
    # Django types a scope as a dict, the rest of the world does not
    return mounted(build_api(metrics, prepare or ready), told, bounded(cast("Application", pages), largest))
