"""The address that the provider of payments tells: no session, no cookie; the provider's signature alone counts.

200 only once it is booked, or was booked before: else the provider tells it again. What is not the provider's, or is of
a payment that HQ never asked for, is refused and said in the log, without anything of what was in it.
"""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from guide_app.domain.clock import SystemClock
from guide_app.domain.errors import Refused
from hq.ledger.port import Clash, Transient
from hq.payments.port import NotGenuine
from hq.sync_api import payments
from hq.sync_api.gate import Attempts
from hq.sync_api.problems import Problem

AN_ADDRESS, FORGED = 600, 20
"""Notifications a minute from one address; and such as are not the provider's."""

_log = logging.getLogger(__name__)


class Notices:
    """The view; one for a process, for its counts."""

    def __init__(self) -> None:
        clock, given = SystemClock(), settings.ENVIRONMENT
        self._addresses = Attempts(clock, limit=AN_ADDRESS, path=given.shared_file("payment-notices"))
        self._forged = Attempts(clock, limit=FORGED, path=given.shared_file("payment-forgeries"))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers a notification."""
        address = str(request.META.get("REMOTE_ADDR", ""))
        try:
            for attempts in (self._addresses, self._forged):
                attempts.check(address)
            self._addresses.count(address)
            return self._answer(request, address)
        except Problem as problem:
            return HttpResponse(status=429, headers={"Retry-After": str(problem.retry_after)})
        except (Transient, Clash):
            return HttpResponse(status=503, headers={"Retry-After": "2"})

    def _answer(self, request: HttpRequest, address: str) -> HttpResponse:
        provider, now = payments.given(), timezone.now()
        if provider is None:
            return HttpResponse(status=404)
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            event = provider.event(headers, request.body, now)
            payments.paying(provider).told(payments.branch_of, event, now)
        except NotGenuine as problem:
            self._forged.count(address)
            _log.warning("a notification that is not the provider's was refused: %s", problem.code)
            return HttpResponse(status=401)
        except Refused as refused:
            _log.error("a notification of the provider's was refused: %s", refused.code)
            return HttpResponse(status=409)
        return HttpResponse(provider.thanks(), content_type="application/json")


def view() -> Any:
    """The view for `hq.urls`: the provider's signature is the authority, so no cookie is asked to prove anything."""
    return csrf_exempt(require_POST(Notices()))
