"""The one gate: every address is in the table or closed; every row of an address is within the person's reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import unquote

from django.contrib import admin
from django.contrib.admin.utils import unquote as unquote_key
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.dispatch import Signal
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch

from hq.rights import reach
from hq.rights.guarded import Guarded
from hq.rights.table import FEATURES, OWN, PUBLIC

STANDARD = {"changelist": "view", "change": "view", "history": "view", "add": "add", "delete": "delete"}
"""The pages that every feature has, and the right that opens each."""
refused = Signal()
"""Sent with user, label, what and key whenever somebody who is signed in may not what they asked for."""
_KEYS = ("object_id", "id", "trial_id")
_ELSEWHERE = ("<path:object_id>/", "(?P<url>.*)$")
"""Ends of routes that only lead on to another address."""


class Page(NamedTuple):
    """A page of a feature: the model, and what it is in the table."""

    model: type[Model]
    name: str


def page_of(match: ResolverMatch) -> Page | None:
    """The feature's page behind an address of the console, None for one that belongs to no feature."""
    name = match.url_name or ""
    found = [model for model in admin.site._registry if name.startswith(f"{_prefix(model)}_")]
    model = max(found, key=lambda one: len(_prefix(one)), default=None)
    return Page(model, name.removeprefix(f"{_prefix(model)}_")) if model else None


def _prefix(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def is_open(match: ResolverMatch) -> bool:
    """Whether the address is in the table at all, or leads on to one that may be."""
    if "admin" not in match.namespaces:
        return match.route in PUBLIC
    if match.url_name in OWN or (match.url_name is None and match.route.endswith(_ELSEWHERE)):
        return True
    page = page_of(match)
    feature = FEATURES.get(page.model._meta.label_lower) if page else None
    if page is None or feature is None or not isinstance(admin.site._registry[page.model], Guarded):
        return False
    return page.name in STANDARD or page.name in feature.pages


class Gate:
    """Middleware after the one that knows who is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = reach.of(request.user) if request.path.startswith("/admin/") else reach.NOBODY
        with reach.during(person.reach):
            return self._get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]) -> None:
        """Raises Http404 for what is closed or another's, PermissionDenied for what the role may not."""
        match = request.resolver_match
        if match is None or not is_open(match):
            raise Http404
        page = page_of(match) if "admin" in match.namespaces and match.url_name not in OWN else None
        if page is None or not request.user.is_authenticated:
            return
        person, label = reach.of(request.user), page.model._meta.label_lower
        doing = request.method not in ("GET", "HEAD", "OPTIONS")
        what = "change" if page.name == "change" and doing else STANDARD.get(page.name, page.name)
        key = next((kwargs[name] for name in _KEYS if name in kwargs), None)
        within = key is None or _within(person.reach, page.model, key, writing=doing)
        if within and person.may(label, what, doing=doing):
            return
        refused.send(Gate, user=request.user, label=label, what=what, key=str(key or ""))
        if not within:
            raise Http404
        raise PermissionDenied


def _within(own: reach.Reach, model: type[Model], key: object, *, writing: bool) -> bool:
    if own.chain:
        return True
    kept = FEATURES[model._meta.label_lower].kept
    rows = model._base_manager.filter(own.writes(kept) if writing else own.rows(kept))
    try:
        return rows.filter(pk=unquote_key(unquote(str(key)))).exists()
    except (ValueError, ValidationError):
        return False
