"""Trials in the admin: asked for beside the editor, followed while they run, ended by a button."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from hq.catalogue.models import Product
from hq.console import html
from hq.console.admin_base import ReadOnlyAdmin
from hq.promoting import goods, trials
from hq.promoting.words import Words
from hq.promotions.models import Trial


class TrialAdmin(ReadOnlyAdmin):
    """What promotions would have done to real orders; kept for a month."""

    list_display = ["__str__", "asked_at", "asked_by", "state", "total", "seen", "touched", "shown_off"]
    list_filter = ["state"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<uuid:trial_id>/progress/", wrap(self._part), name="promotions_trial_progress"),
            path("<uuid:trial_id>/cancel/", wrap(self._cancel), name="promotions_trial_cancel"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The trial's page; what it has found so far comes by itself."""
        trial = self.get_object(request, object_id)
        if trial is None:
            raise Http404
        if not self.has_view_permission(request, trial):
            raise PermissionDenied
        record = trials.says(trial)
        words = Words(goods.called(goods.named_in([record])), trial.currency).line(record)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": str(trial), "trial": trial,
            "words": words, **_found(trial),
        }  # fmt: skip
        return TemplateResponse(request, "promotions/trial.html", context)

    def _cancel(self, request: HttpRequest, trial_id: UUID) -> HttpResponse:
        """Ends it."""
        if request.method != "POST" or not self.may(request, "cancel"):
            raise PermissionDenied
        trials.cancel(trial_id)
        return self._part(request, trial_id)

    def _part(self, request: HttpRequest, trial_id: UUID) -> HttpResponse:
        """How far it is, and what it has found."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        trial = Trial.objects.filter(id=trial_id).first()
        if trial is None:
            raise Http404
        response = TemplateResponse(request, "promotions/trial_found.html", {"trial": trial, **_found(trial)})
        response.headers["Cache-Control"] = "no-store"
        return response

    @admin.display(description=gettext_lazy("taken off in all"), ordering="off")
    def shown_off(self, trial: Trial) -> str:
        """The amount with its currency."""
        return html.amount(trial.off, trial.currency)


def _found(trial: Trial) -> dict[str, object]:
    """What the templates say of a trial."""
    most = max((abs(off) for _orders, off in trial.days.values()), default=0) or 1
    days = [
        (day, orders, html.amount(off, trial.currency), 100 * abs(off) // most)
        for day, (orders, off) in sorted(trial.days.items())
    ]
    lines = (line["product"] for one in trial.examples for line in one["lines"])
    names = {str(key): str(product) for key, product in Product.objects.in_bulk(list(set(lines))).items()}
    return {
        "found": html.amount(trial.off, trial.currency), "days": days,
        "percent": 100 * trial.seen // trial.total if trial.total else 100,
        "examples": [_example(one, names, trial.currency) for one in trial.examples],
    }  # fmt: skip


def _example(one: dict[str, Any], names: dict[str, str], currency: str) -> dict[str, object]:
    told = [
        (names.get(line["product"], "?"), line["qty"], *(html.amount(line[at], currency) for at in ("before", "after")))
        for line in one["lines"]
    ]
    amounts = {at: html.amount(one[at], currency) for at in ("before", "after")}
    return {**one, **amounts, "lines": told}
