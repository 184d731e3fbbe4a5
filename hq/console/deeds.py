"""Things that can be done to a row besides editing it: asked on a page of their own, done by its button (a POST)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
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
    """One deed. `fits` says whether it makes sense for a row; `perform` does it.

    `reasons`: (code, words) of which the operator chooses one; it goes into the history. `alone`: it makes its own
    transactions and says nothing of the row's name to the history. `choices`: what a person must choose for it, as
    (value, words) that depend on the row; it comes as `choice` with the POST.
    """

    name: str
    label: Words
    question: Words
    perform: Callable[[Any, HttpRequest], Done]
    fits: Callable[[Any], bool] = lambda _item: True
    reasons: Sequence[tuple[str, Words]] = ()
    alone: bool = False
    right: str = "change"
    choices: Callable[[Any], Sequence[tuple[str, str]]] = lambda _item: ()

    def may(self, owner: admin.ModelAdmin[Any], request: HttpRequest) -> bool:
        """Whether the operator may do it."""
        right = get_permission_codename(self.right, owner.opts)
        return request.user.has_perm(f"{owner.opts.app_label}.{right}")

    def page(self, owner: admin.ModelAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks (GET) or does it (POST)."""
        item = owner.get_object(request, object_id)
        if item is None or not self.fits(item):
            raise Http404
        if not self.may(owner, request):
            raise PermissionDenied
        done = None
        chosen = dict(self.reasons).get(request.POST.get("reason", ""))
        if request.method == "POST" and (chosen or not self.reasons):
            done = self._done(owner, request, item, chosen)
        context = {
            **owner.admin_site.each_context(request), "opts": owner.opts, "title": self.label, "subtitle": str(item),
            "item": item, "deed": self, "done": done, "stays": owner.get_object(request, object_id) is not None,
            "choices": self.choices(item),
        }  # fmt: skip
        response = TemplateResponse(request, "console/deed.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _done(self, owner: admin.ModelAdmin[Any], request: HttpRequest, item: Any, reason: Words | None) -> Done:
        said = f"{self.label}: {reason}" if reason else str(self.label)
        if self.alone:
            done = self.perform(item, request)
            LogEntry.objects.create(
                user=cast(User, request.user), object_id=str(item.pk),
                content_type=ContentType.objects.get_for_model(item),
                action_flag=CHANGE, change_message=said,
            )  # fmt: skip
            return done
        with transaction.atomic():
            done = self.perform(item, request)
            owner.log_change(request, item, said)
            return done
