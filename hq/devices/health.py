"""Which tablets somebody should look at, and why: one rule for the list of tablets, the first page and the metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hq.devices.models import Device

SILENT = timedelta(days=1)
"""A tablet that works is heard of at least each time its shop opens."""
STUCK = timedelta(hours=1)
"""Work that waits longer although the tablet was heard of since: something holds it back."""


@dataclass(frozen=True)
class Trouble:
    """A kind of trouble, its words, and which tablets have it."""

    name: str
    words: Promise
    having: Q


def troubles(now: datetime) -> tuple[Trouble, ...]:
    """Every kind, as of now; revoked tablets have none."""
    used = Q(revoked_at=None)
    silent = Q(last_seen_at=None) | Q(last_seen_at__lt=now - SILENT)
    return (
        Trouble("silent", _("not heard of for a day"), used & silent),
        Trouble("stuck", _("work waits for over an hour"), used & Q(waiting__gt=0, oldest_waiting_at__lt=now - STUCK)),
        Trouble("parked", _("parked operations"), used & Q(parked__gt=0)),
        Trouble("differs", _("rows differ from HQ's"), used & Q(differs=True)),
        Trouble("mended", _("rows had to be mended"), used & Q(mended__gt=0)),
        Trouble("low_space", _("disk nearly full"), used & Q(low_space=True)),
    )


def count(now: datetime, devices: QuerySet[Device] | None = None) -> dict[str, int]:
    """Name of a trouble → how many tablets have it, in one query; `used`: how many are in use. `devices`: of these."""
    asked = {trouble.name: Count("id", filter=trouble.having) for trouble in troubles(now)}
    among = Device.objects.all() if devices is None else devices
    return among.aggregate(used=Count("id", filter=Q(revoked_at=None)), **asked)
