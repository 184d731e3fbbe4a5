"""Pages of a row or a list besides its form: things that can be done, asked first and done by a button (a POST), and
things that are only looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise

from hq.console.refusal import REFUSED, refusal
from hq.rights import reach

Words = str | Promise


@dataclass(frozen=True)
class Done:
    """What the page says afterwards; `shown` (a code, a PIN) is shown large, this once. `failed`: nothing was done.
    `file`: a name and what is in it; the browser keeps it instead of showing a page."""

    words: Words
    shown: str = ""
    failed: bool = False
    file: tuple[str, bytes] | None = None


class ItemPage(Protocol):
    """A page of a row, linked from its form."""

    @property
    def name(self) -> str:
        """The last part of its address."""

    @property
    def label(self) -> Words:
        """What its link says."""

    @property
    def fits(self) -> Callable[[Any], bool]:
        """Whether it makes sense for a row."""

    def may(self, owner: admin.ModelAdmin[Any], request: HttpRequest) -> bool:
        """Whether the operator may open it."""

    def page(self, owner: admin.ModelAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
        """The page."""


@dataclass(frozen=True)
class Look:
    """A page that only shows something about a row. `shown`: what its template gets besides the row as `item`."""

    name: str
    label: Words
    template: str
    shown: Callable[[Any, HttpRequest], dict[str, object]]
    fits: Callable[[Any], bool] = lambda _item: True

    def may(self, owner: admin.ModelAdmin[Any], request: HttpRequest) -> bool:
        """Who may see the row."""
        return owner.has_view_permission(request)

    def page(self, owner: admin.ModelAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
        """Shows it."""
        if not self.may(owner, request):
            raise PermissionDenied
        item = owner.get_object(request, object_id)
        if item is None or not self.fits(item):
            raise Http404
        context = {
            **owner.admin_site.each_context(request), "opts": owner.opts, "title": self.label, "subtitle": str(item),
            "item": item, "back": _address(owner, "change", item.pk), **self.shown(item, request),
        }  # fmt: skip
        return TemplateResponse(request, self.template, context)


@dataclass(frozen=True)
class Deed:
    """One deed. `fits` says whether it makes sense for a row; `perform` does it.

    `reasons`: (code, words) of which the operator chooses one; it goes into the history. `alone`: it makes its own
    transactions and says nothing of the row's name to the history. `choices`: what a person must choose for it, as
    (value, words) that depend on the row; it comes as `choice` with the POST, and its words go into the history.
    `note`: what a person writes to it, which comes as `note` with the POST; empty: nothing is asked.
    """

    name: str
    label: Words
    question: Words
    perform: Callable[[Any, HttpRequest], Done]
    fits: Callable[[Any], bool] = lambda _item: True
    reasons: Sequence[tuple[str, Words]] = ()
    alone: bool = False
    choices: Callable[[Any], Sequence[tuple[str, str]]] = lambda _item: ()
    note: Words = ""

    def may(self, owner: admin.ModelAdmin[Any], request: HttpRequest) -> bool:
        """Whether the operator may do it."""
        return reach.of(request.user).may(owner.opts.label_lower, self.name)

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
            try:
                done = self._done(owner, request, item, chosen)
            except REFUSED as error:
                done = Done(refusal(error, whole=not self.alone), failed=True)
            if done.file:
                return _kept(*done.file)
        stays = owner.get_object(request, object_id) is not None
        back = _address(owner, "change", item.pk) if stays else _address(owner, "changelist")
        return _asked(owner, request, {"item": item, "deed": self, "done": done, "choices": self.choices(item)}, back)

    def _done(self, owner: admin.ModelAdmin[Any], request: HttpRequest, item: Any, reason: Words | None) -> Done:
        chosen = dict(self.choices(item)).get(request.POST.get("choice", ""))
        said = ": ".join(str(part) for part in (self.label, chosen, reason) if part)
        if self.alone:
            done = self.perform(item, request)
            if not done.failed:
                log_without_name(request, type(item), item.pk, said)
            return done
        with transaction.atomic():
            done = self.perform(item, request)
            if not done.failed:
                owner.log_change(request, item, said)
            return done


@dataclass(frozen=True)
class ListDeed:
    """A deed that is done to several rows of a list at once; `perform` writes each of them into the history."""

    name: str
    label: Words
    question: Words
    perform: Callable[[HttpRequest], Done]
    reasons: Sequence[tuple[str, Words]] = ()

    def may(self, owner: admin.ModelAdmin[Any], request: HttpRequest) -> bool:
        """Whether the operator may do it."""
        return reach.of(request.user).may(owner.opts.label_lower, self.name)

    def page(self, owner: admin.ModelAdmin[Any], request: HttpRequest) -> HttpResponse:
        """Asks (GET) or does it (POST)."""
        if not self.may(owner, request):
            raise PermissionDenied
        done = self._done(request) if request.method == "POST" else None
        shown = {"item": owner.opts.verbose_name_plural, "deed": self, "done": done}
        return _asked(owner, request, shown, _address(owner, "changelist"))

    def _done(self, request: HttpRequest) -> Done:
        try:
            return self.perform(request)
        except REFUSED as error:
            return Done(refusal(error, whole=False), failed=True)


@dataclass(frozen=True)
class ListLook:
    """A page that only shows something about the rows of a list. `shown`: what its template gets."""

    name: str
    label: Words
    template: str
    shown: Callable[[HttpRequest], dict[str, object]]

    def may(self, owner: admin.ModelAdmin[Any], request: HttpRequest) -> bool:
        """Who may see the list."""
        return owner.has_view_permission(request)

    def page(self, owner: admin.ModelAdmin[Any], request: HttpRequest) -> HttpResponse:
        """Shows it."""
        if not self.may(owner, request):
            raise PermissionDenied
        context = {
            **owner.admin_site.each_context(request), "opts": owner.opts, "title": self.label,
            "back": _address(owner, "changelist"), **self.shown(request),
        }  # fmt: skip
        return TemplateResponse(request, self.template, context)


def log_without_name(request: HttpRequest, kind: type[Model], key: object, said: str) -> None:
    """Writes into the admin's history what was done to a row, and nothing of what the row is called."""
    LogEntry.objects.create(
        user=cast(User, request.user), object_id=str(key), content_type=ContentType.objects.get_for_model(kind),
        action_flag=CHANGE, change_message=said,
    )  # fmt: skip


def _kept(name: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)


def _asked(owner: admin.ModelAdmin[Any], request: HttpRequest, shown: dict[str, Any], back: str) -> HttpResponse:
    context = {
        **owner.admin_site.each_context(request), "opts": owner.opts, "title": shown["deed"].label,
        "subtitle": str(shown["item"]), "back": back, **shown,
    }  # fmt: skip
    response = TemplateResponse(request, "console/deed.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _address(owner: admin.ModelAdmin[Any], page: str, *keys: object) -> str:
    return reverse(f"admin:{owner.opts.app_label}_{owner.opts.model_name}_{page}", args=keys)
