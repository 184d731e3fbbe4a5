"""HQ's epoch: new when the database is not the one that tablets know (a restored backup, a failover with loss)."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from hq.protocol import feed
from hq.protocol.models import Epoch

_NEXT = timedelta(milliseconds=1)


def current() -> str:
    """The epoch of this database; a new one when PostgreSQL's identity or timeline has changed since it was written."""
    with transaction.atomic():
        identity, timeline = _server()
        latest = Epoch.objects.order_by("-began_at").first()
        if latest is None:
            return _begin(identity, timeline, "first start")
        if (latest.system_identifier, latest.timeline) != (identity, timeline):
            return _begin(identity, timeline, "another server or timeline")
        return latest.epoch


def continues(epoch: str) -> bool:
    """Whether this database holds that epoch: it was restored from a backup made in it or behind it."""
    return Epoch.objects.filter(epoch=epoch).exists()


def begin(reason: str) -> str:
    """Begins a new epoch by hand: after a restore that PostgreSQL itself cannot tell (a dump, say)."""
    return _begin(*_server(), reason)


@transaction.atomic
def _begin(identity: int, timeline: int, reason: str) -> str:
    """The newest from now on, also where this server's clock was put back since the last one began."""
    last = Epoch.objects.aggregate(at=Max("began_at"))["at"]
    if last is not None:
        feed.leap()
    now = timezone.now()
    row = Epoch.objects.create(
        epoch=secrets.token_hex(6),
        system_identifier=identity,
        timeline=timeline,
        began_at=now if last is None else max(now, last + _NEXT),
        reason=reason,
    )
    return row.epoch


def _server() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, timeline_id FROM pg_control_system() CROSS JOIN pg_control_checkpoint()"
        )
        identity, timeline = cursor.fetchone()
    return identity, timeline
