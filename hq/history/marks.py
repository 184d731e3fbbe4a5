"""How old a position of a feed is: once a day it is written down how far each scope has come."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from hq.history.models import FeedMark
from hq.ledger.port import ScopeKey

APART = timedelta(hours=20)
"""Between two marks of a scope."""


def mark(now: datetime) -> int:
    """Marks every scope that moved since its last mark; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feed_mark (store_id, scope, at, head) SELECT h.store_id, h.scope, %s, h.head FROM scope_head h"
            " LEFT JOIN LATERAL (SELECT m.at, m.head FROM feed_mark m WHERE m.scope = h.scope ORDER BY m.at DESC"
            " LIMIT 1) last ON true WHERE h.head > coalesce(last.head, 0) AND (last.at IS NULL OR last.at <= %s)",
            [now, now - APART],
        )
        return int(cursor.rowcount)


def at(before: datetime) -> dict[ScopeKey, int]:
    """The highest position of each scope that was given before that time, as far as it was marked."""
    found = FeedMark.objects.filter(at__lte=before).order_by("scope", "-at").distinct("scope")
    return {ScopeKey(str(one.store_id), one.scope): one.head for one in found}


def forget(before: datetime) -> None:
    """Drops the marks that a younger one, old enough itself, stands for."""
    kept = FeedMark.objects.filter(at__lte=before).order_by("scope", "-at").distinct("scope").values("id")
    FeedMark.objects.filter(at__lte=before).exclude(id__in=list(kept.values_list("id", flat=True))).delete()
