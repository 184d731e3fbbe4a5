"""Somebody between the two: the password was right, the second factor was not asked yet. They are nobody so far."""

from __future__ import annotations

import hmac
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from hq.two_factor import codes, sealing

LIFE_S = 600
_KEPT = "two_factor"


class Half(NamedTuple):
    """`onward`: where they wanted to go; `instead`: they have an app, showed a code of it, and want another."""

    user: User
    onward: str
    instead: bool
    secret: codes.Secret


def begin(request: HttpRequest, user: User, onward: str, *, instead: bool = False) -> None:
    """From now on, for ten minutes; with a secret of their own, should they have to set the second factor up."""
    request.session.cycle_key()
    request.session[_KEPT] = {
        "user": user.pk, "hash": user.get_session_auth_hash(), "at": timezone.now().timestamp(), "onward": onward,
        "instead": instead, "secret": sealing.seal(codes.new_secret().content, user.pk),
    }  # fmt: skip


def of(request: HttpRequest) -> Half | None:
    """Who it is; None when it is nobody, when it was too long ago, and when their password was changed since."""
    kept: dict[str, Any] | None = request.session.get(_KEPT)
    if kept is None:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True, is_staff=True).first()
    fresh = 0 <= timezone.now().timestamp() - kept["at"] <= LIFE_S
    if user is None or not fresh or not hmac.compare_digest(kept["hash"], user.get_session_auth_hash()):
        end(request)
        return None
    return Half(user, kept["onward"], kept["instead"], codes.Secret(sealing.opened(kept["secret"], user.pk)))


def end(request: HttpRequest) -> None:
    """They are signed in now, or have to begin again."""
    request.session.pop(_KEPT, None)
