"""How often the form's pages may be asked for, by address and by form, in all processes of an HQ."""

from __future__ import annotations

from django.conf import settings

from guide_app.domain.clock import SystemClock
from hq.sync_api.gate import Attempts

AN_ADDRESS, A_FORM, NO_LINKS = 240, 30, 20
"""Requests a minute: a whole shop may share one address; links that are none are guesses."""


class Limits:
    """Counts requests. Raises Problem 429 through `Attempts`."""

    def __init__(self) -> None:
        clock, shared = SystemClock(), settings.ENVIRONMENT.shared_file
        self._addresses = Attempts(clock, limit=AN_ADDRESS, path=shared("join-addresses"))
        self._forms = Attempts(clock, limit=A_FORM, path=shared("join-forms"))
        self._guesses = Attempts(clock, limit=NO_LINKS, path=shared("join-guesses"))

    def knock(self, address: str, token: str) -> None:
        """Somebody asks for the page of this token. Raises Problem 429."""
        for attempts, who in ((self._addresses, address), (self._forms, token)):
            attempts.check(who)
            attempts.count(who)

    def guessed(self, address: str) -> None:
        """The token was none. Raises Problem 429 after too many: not before, others at this address have good links."""
        self._guesses.check(address)
        self._guesses.count(address)
