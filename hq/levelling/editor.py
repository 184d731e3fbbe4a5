"""A page of the settings with forms of its own: it shows them (GET), or checks and saves what was typed (POST)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from guide_app.domain.records import Settings
from hq.console import choices
from hq.console.deeds import Words
from hq.console.refusal import REFUSED, refusal
from hq.levelling import desk
from hq.levelling.desk import Desk


class Shown(NamedTuple):
    """A page to be shown."""

    template: str
    context: dict[str, object]


class Changed(NamedTuple):
    """What was typed is sound: the settings that it comes to, what the history says of it, and the page as it was, for
    the case that it cannot be saved."""

    after: Settings
    said: str
    page: Shown


class Editor(ABC):
    """One page. `name` is the last part of its address, `label` what its link says."""

    name: ClassVar[str]
    label: ClassVar[Words]

    @property
    def fits(self) -> Callable[[Any], bool]:
        """It is there for all settings."""
        return lambda _item: True

    def may(self, owner: admin.ModelAdmin[Any], request: HttpRequest) -> bool:
        """Who may change the settings."""
        return owner.has_change_permission(request)

    @abstractmethod
    def answer(self, at: Desk, request: HttpRequest) -> Shown | Changed:
        """What was asked for, by address and form."""

    def page(self, owner: admin.ModelAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
        """The page; once something was saved, the way back to it. What is refused is said, with all that was typed."""
        item = owner.get_object(request, object_id)
        if item is None:
            raise Http404
        if not self.may(owner, request):
            raise PermissionDenied
        at = desk.desk(item)
        told, refused = self.answer(at, request), ""
        if isinstance(told, Changed):
            try:
                with transaction.atomic():
                    desk.save(at, told.after, _seen(request))
                    owner.log_change(request, item, told.said)
            except REFUSED as error:
                refused = refusal(error)
            else:
                owner.message_user(request, told.said)
                return HttpResponseRedirect(request.path)
        shown = told.page if isinstance(told, Changed) else told
        context = {
            **owner.admin_site.each_context(request), "opts": owner.opts, "title": self.label,
            "subtitle": choices.scope_name(item.scope),
            "at": at, "here": request.path, "refused": refused, "seen": _seen(request) or item.ver,
            "back": reverse("admin:policies_scopesettings_change", args=[item.pk]), **shown.context,
        }  # fmt: skip
        return TemplateResponse(request, shown.template, context)


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("seen_ver", "")
    return int(text) if text.isdecimal() else 0
