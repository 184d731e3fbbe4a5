"""What stands around every page: headers for the browser, and a limit to guessing passwords."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guide_app.domain.clock import SystemClock
from hq.sync_api.gate import Attempts
from hq.sync_api.problems import Problem

# The admin's theme evaluates expressions in its attributes (Alpine) and sets styles in place; scripts are ours alone.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "media-src 'self'; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
Answer = Callable[[HttpRequest], HttpResponse]


def content_security_policy(get_response: Answer) -> Answer:
    """Adds the Content-Security-Policy to every answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware


def limit_guessing(get_response: Answer) -> Answer:
    """Signs nobody in for a while under a name for which too many wrong passwords came from the same address."""
    attempts = Attempts(SystemClock(), path=settings.ENVIRONMENT.shared_file("logins"))

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or request.path != reverse("admin:login"):
            return get_response(request)
        who = f"{request.META.get('REMOTE_ADDR', '')} {request.POST.get('username', '').strip().casefold()[:150]}"
        try:
            attempts.check(who)
        except Problem as problem:
            words = _("Too many wrong passwords. Wait a minute, then try again.")
            wait = {"Retry-After": str(problem.retry_after)}
            return HttpResponse(words, status=problem.status, content_type="text/plain; charset=utf-8", headers=wait)
        response = get_response(request)
        if response.status_code == 200:  # the form again: who is signed in is sent on
            attempts.count(who)
        return response

    return middleware
