"""The pages behind `/join/<token>`: the form, what is wrong with it, thanks. The token alone is the authority.

There is no script, no session and no cookie: so nothing that another site could ride on, and no CSRF token either.
Whether a phone was a member's before is not told to whoever types it.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guide_app.domain.errors import Refused
from guide_app.domain.records import Policy as PolicyRecord
from guide_app.operations.joining import needs_a_hand, on_a_phone
from hq.join_form import links, reading, words
from hq.join_form.limits import Limits
from hq.join_form.links import Link
from hq.join_form.reading import EMPTY, Problems, Typed
from hq.ledger.port import Transient
from hq.ledger.postgres import PostgresLedger, translated
from hq.names import in_language
from hq.policies.mapping import POLICY
from hq.policies.models import Policy
from hq.sync_api import joining
from hq.sync_api.problems import Problem

LANGUAGES = ("en", "zh-hans")
LARGEST = 16 << 10
"""Bytes of a form as it is sent."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
_STATUS = {
    "link_invalid": 404,
    "link_expired": 410,
    "link_revoked": 410,
    "too_large": 413,
    "busy": 503,
    "too_often": 429,
}


class Sent(NamedTuple):
    """What came with the request. `language`: one that was chosen on the page, else empty; `submit`: it is to count."""

    form: Typed
    language: str = ""
    submit: bool = False


class PolicyShown(NamedTuple):
    """One thing to agree to, as the page shows it."""

    kind: str
    title: str
    text: str
    version: str
    required: bool
    answer: str
    problem: str


class JoinPage:
    """The view; one for a process, for its counts."""

    def __init__(self) -> None:
        self._limits = Limits()
        self._ledger = PostgresLedger()

    def __call__(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Answers GET and POST."""
        sent = _sent(request)
        with translation.override((sent and sent.language) or _asked(request)):
            response = self._answer(request, token, sent) if sent else _note(request, "too_large")
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    def _answer(self, request: HttpRequest, token: str, sent: Sent) -> HttpResponse:
        address = str(request.META.get("REMOTE_ADDR", ""))
        try:
            self._limits.knock(address, token)
            return self._page(request, self._found(address, token), sent)
        except Problem as problem:
            return _note(request, "too_often", sent, {"Retry-After": str(problem.retry_after)})
        except Refused as refused:
            return _note(request, refused.code, sent)
        except Transient:
            return _note(request, "busy", sent, {"Retry-After": "2"})

    def _found(self, address: str, token: str) -> Link:
        try:
            return links.find(token)
        except Refused:
            self._limits.guessed(address)
            raise

    def _page(self, request: HttpRequest, link: Link, sent: Sent) -> HttpResponse:
        became = joining.became_of(self._ledger, link.invitation.form_id)
        if became is not None:
            waits = became.status in ("parked", "rejected")  # of these no tablet hears
            return _again(request) if sent.submit else _note(request, "waits" if waits else "done", link=link)
        link.check(timezone.now())
        with translated():
            policies = [POLICY.to_record(one) for one in Policy.objects.filter(current=True)]
        if needs_a_hand(policies):
            raise Refused("needs_tablet")
        policies = on_a_phone(policies)
        if not sent.submit:
            return _form(request, link, policies, sent.form, {})
        with translated():
            settings = link.desk.branch.aggregates.settings()
        try:
            answers = reading.read(
                sent.form, policies, settings, link.invitation.touch_point, link.store.country
            )  # fmt: skip
        except Problems as problems:
            return _form(request, link, policies, sent.form, problems.codes)
        joining.take(self._ledger, link.desk, link.invitation, answers, timezone.now())
        return _again(request)


def _sent(request: HttpRequest) -> Sent | None:
    """What was sent, read by ourselves; None where it is more than a form can be."""
    if request.method != "POST":
        asked = request.GET.get("lang", "")
        return Sent(EMPTY, asked if asked in LANGUAGES else "")
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return None
    pairs = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    language = next((pairs[name] for name in ("switch", "lang") if pairs.get(name) in LANGUAGES), "")
    return Sent(reading.typed(pairs), language, submit="switch" not in pairs)


def _asked(request: HttpRequest) -> str:
    """The language that the browser asks for, whatever an operator chose for the console with a cookie."""
    for part in request.headers.get("Accept-Language", "").lower().split(","):
        for language in LANGUAGES:
            if part.strip().startswith(language[:2]):
                return language
    return translation.get_language() or LANGUAGES[0]


def _again(request: HttpRequest) -> HttpResponse:
    """Leads to the page that says thanks, so that to load it again sends nothing."""
    where = f"{request.path}?lang={translation.get_language()}"
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": where})


def _form(
    request: HttpRequest, link: Link, policies: Sequence[PolicyRecord], form: Typed, codes: Any
) -> HttpResponse:  # fmt: skip
    given = reading.answered(form, policies)
    shown = [
        PolicyShown(
            one.kind, in_language(one.title.en, one.title.zh), in_language(one.text.en, one.text.zh), one.version,
            one.required, {True: "yes", False: "no", None: ""}[given.get(one.kind)],
            words.problem(codes[name]) if (name := f"consent-{one.kind}") in codes else "",
        )
        for one in policies
    ]  # fmt: skip
    told = {
        "shop": _shop(link), "form": form.fields, "policies": shown, "longest": reading.LONGEST,
        "problems": {field: words.problem(code) for field, code in codes.items()},
    }  # fmt: skip
    return _rendered(request, "form", told, HTTPStatus.UNPROCESSABLE_ENTITY if codes else HTTPStatus.OK)


def _note(
    request: HttpRequest, code: str, sent: Sent | None = None, headers: dict[str, str] | None = None,
    link: Link | None = None,
) -> HttpResponse:  # fmt: skip
    """A page without a form; where trying again helps, what was typed goes with it."""
    again = sent.form if sent and sent.submit and code in ("busy", "too_often") else None
    told = {"note": words.note(code), "good": code == "done", "shop": _shop(link) if link else "", "again": again}
    response = _rendered(request, "note", told, _STATUS.get(code, 200))
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def _rendered(request: HttpRequest, name: str, told: dict[str, Any], status: int) -> HttpResponse:
    here = translation.get_language() or LANGUAGES[0]
    chinese = here.startswith("zh")
    told |= {
        "here": "zh-hans" if chinese else "en", "html_lang": "zh-Hans" if chinese else "en",
        "other": "en" if chinese else "zh-hans", "other_name": "English" if chinese else "中文",
        "action": request.path,
    }  # fmt: skip
    return render(request, f"join_form/{name}.html", told, status=status)


def _shop(link: Link) -> str:
    return in_language(link.store.name_en, link.store.name_zh)


def view() -> Any:
    """The view for `hq.urls`: the token is the authority, so no cookie is asked to prove anything."""
    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(JoinPage()))
