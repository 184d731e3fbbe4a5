"""Setting up the second factor, asking for it, taking it away. Each of these stands in the audit log."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from guide_app.domain.errors import Refused
from hq.audit.models import Act
from hq.audit.services import Told, note
from hq.rights import reach
from hq.two_factor import codes, sealing
from hq.two_factor.models import Authenticator, RecoveryCode

TRIES = 5
"""Wrong codes one after the other until nobody is asked for a while."""
_LOCKED, _LONGEST = timedelta(minutes=15), timedelta(days=1)
_FEATURE = "two_factor.authenticator"


class Answer(StrEnum):
    """What came of a code."""

    RIGHT = "right"
    WRONG = "wrong"
    USED = "used"
    LOCKED = "locked"
    SEALED = "sealed"


class Checked(NamedTuple):
    """`minutes`: how long nobody is asked, where that is so; `left`: recovery codes, where one was used."""

    answer: Answer
    minutes: int = 0
    left: int | None = None


def is_asked(user: User) -> bool:
    """Whether this person signs in with a code as well: their role has to, or they set it up themselves."""
    role = reach.of(user).role
    return (role is not None and role.value in settings.ENVIRONMENT.two_factor) or has(user)


def has(user: User) -> bool:
    """Whether the person set it up."""
    return Authenticator.objects.filter(user_id=user.pk).exists()


def enrol(user: User, secret: codes.Secret, typed: str, *, instead: bool = False) -> list[str] | None:
    """Sets up the person's app with a code of it; the recovery codes to be shown once, None for a wrong code.

    `instead`: of the app that they have. Raises Refused("two_factor_there") where they have one and it is not.
    """
    now = timezone.now()
    step = codes.step_of(secret, codes.plain(typed), now.timestamp())
    if step is None:
        return None
    with transaction.atomic():
        list(User.objects.select_for_update().filter(pk=user.pk))  # one after the other
        before = Authenticator.objects.filter(user_id=user.pk)
        if before.exists() and not instead:
            raise Refused("two_factor_there")
        before.delete()
        row = Authenticator(user_id=user.pk, secret=sealing.seal(secret.content, user.pk), since=now, last_step=step)
        row.save(force_insert=True)
        _noted(user, user, "set up")
        return _recovery(row)


def renew_recovery(user: User) -> list[str]:
    """New recovery codes in place of all that are left."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(user_id=user.pk)
        _noted(user, user, "new recovery codes")
        return _recovery(row)


def check(user: User, typed: str) -> Checked:
    """Whether the code is this person's, now and for the first time. What it changes is kept at once."""
    now = timezone.now()
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(user_id=user.pk)
        if row.locked_until is not None and row.locked_until > now:
            return Checked(Answer.LOCKED, _minutes(row.locked_until - now))
        found = _matched(row, codes.plain(typed), now)
        if found.answer is Answer.RIGHT:
            row.failures, row.locked_until = 0, None
        else:
            row.failures += 1
            if row.failures % TRIES == 0:
                away = min(_LOCKED * 2 ** min(row.failures // TRIES - 1, 10), _LONGEST)
                row.locked_until, found = now + away, Checked(Answer.LOCKED, _minutes(away))
            note(Told(Act.WRONG_CODE, user.get_username(), feature=_FEATURE, key=str(user.pk), told=found.answer))
        row.save()
        return found


def _matched(row: Authenticator, typed: str, now: datetime) -> Checked:
    if codes.is_recovery(typed):
        used, _each = row.recovery_codes.filter(digest=sealing.digest(typed, row.pk)).delete()
        if used:
            left = row.recovery_codes.count()
            _noted(row.user, row.user, "recovery code used")
            return Checked(Answer.RIGHT, left=left)
        return Checked(Answer.WRONG)
    secret = codes.Secret(sealing.opened(row.secret, row.pk))
    step = codes.step_of(secret, typed, now.timestamp())
    if step is None:
        return Checked(Answer.WRONG)
    if step <= row.last_step:
        return Checked(Answer.USED)
    row.last_step = step
    return Checked(Answer.RIGHT)


def reset(user: User, by: User | None) -> None:
    """Forgets the person's app and codes and ends their sessions: their next sign-in sets it up anew. `by`: who of the
    console does it, None for the command line."""
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk).delete()
        end_sessions(user)
        if by is None:
            note(Told(Act.CHANGED, "guide-hq", feature=_FEATURE, key=str(user.pk), told="reset"))
        else:
            _noted(by, user, "reset")


def end_sessions(user: User) -> None:
    """Signs the person out everywhere."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


def left(user: User) -> int:
    """How many recovery codes the person has."""
    return RecoveryCode.objects.filter(authenticator_id=user.pk).count()


def _recovery(row: Authenticator) -> list[str]:
    row.recovery_codes.all().delete()
    made = codes.new_recovery()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(authenticator=row, digest=sealing.digest(codes.plain(code), row.pk)) for code in made
    )
    return made


def _noted(by: User, about: User, told: str) -> None:
    role = reach.of(by).role
    note(Told(
        Act.CHANGED, by.get_username(), role.value if role else "", feature=_FEATURE, key=str(about.pk), told=told
    ))  # fmt: skip


def _minutes(away: timedelta) -> int:
    return max(1, -int(-away.total_seconds() // 60))
