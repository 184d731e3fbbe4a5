"""Things that can be done to a row besides editing it: asked on a page of their own, done by its button (a POST)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True)
class Done:
    """What the page says afterwards; `shown` (a code, a PIN) is shown large, this once."""

    words: Words
    shown: str = ""


@dataclass(frozen=True)
class Deed:
    """One deed. `fits` says whether it makes sense for a row; `perform` does it."""

    name: str
    label: Words
    question: Words
    perform: Callable[[Any, HttpRequest], Done]
    fits: Callable[[Any], bool] = lambda _item: True

    def page(self, owner: admin.ModelAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks (GET) or does it (POST)."""
        item = owner.get_object(request, object_id)
        if item is None or not self.fits(item):
            raise Http404
        if not owner.has_change_permission(request, item):
            raise PermissionDenied
        done = None
        if request.method == "POST":
            with transaction.atomic():
                done = self.perform(item, request)
                owner.log_change(request, item, str(self.label))
        context = {
            **owner.admin_site.each_context(request), "opts": owner.opts, "title": self.label, "subtitle": str(item),
            "item": item, "deed": self, "done": done,
        }  # fmt: skip
        response = TemplateResponse(request, "console/deed.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response
