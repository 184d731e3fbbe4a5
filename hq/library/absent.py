"""Which tablets do not have a published version yet, why, and since when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from hq.devices.models import Device
from hq.library.measures import WHY
from hq.materials.models import MaterialPlace, MaterialVersion
from hq.outcomes.models import MaterialOnTablet
from hq.protocol import scopes
from hq.stores.models import Store
from sync.protocol.messages import LACKING_NAMED

SILENT = timedelta(hours=1)
"""A tablet that was not heard of for so long has no network, or is off: what it said last may be over."""


class Absent(NamedTuple):
    """A tablet without the version: why in words, and since when (None: never heard of)."""

    device: Device
    store: Store
    why: str
    since: datetime | None


class Spread(NamedTuple):
    """How many tablets are to have the version, how many have it, and those that have it not."""

    all: int
    here: int
    absent: list[Absent]


def spread(version: MaterialVersion, stores: Collection[Store], now: datetime) -> Spread:
    """Of the tablets in use of those of the stores that the version is for."""
    placed = set(MaterialPlace.objects.filter(material=version.material_id).values_list("scope", flat=True))
    chain = scopes.of_chain()
    reached = {one.id: one for one in stores if placed & {chain, one.region.scope, one.scope}}
    devices = list(Device.objects.filter(store_id__in=reached, revoked_at=None))
    told = MaterialOnTablet.objects.filter(
        material=version.material_id, version=version.version, device_id__in=[one.id for one in devices]
    )
    rows = {one.device_id: one for one in told}
    absent = [
        Absent(one, reached[one.store_id], *_why(one, rows.get(one.id), version, now))
        for one in devices
        if one.id not in rows or rows[one.id].why
    ]
    absent.sort(key=lambda one: (one.since is not None, one.since or now, one.device.name))
    return Spread(len(devices), len(devices) - len(absent), absent)


def _why(
    device: Device, row: MaterialOnTablet | None, version: MaterialVersion, now: datetime
) -> tuple[str, datetime | None]:
    seen = device.last_seen_at
    if seen is None:
        return _("it was never heard of"), None
    if row is not None:
        words = str(WHY.get(row.why, row.why))
        return (_("%s; it has not been heard of since") % words, seen) if seen < now - SILENT else (words, row.since)
    if version.published_at is not None and seen < version.published_at:
        return _("it has not been heard of since this was published"), seen
    if sum(device.lacks.values()) > LACKING_NAMED:
        return _("it lacks %d in all and has not named this one") % sum(device.lacks.values()), device.told_at
    return _("it has not said yet that it is there"), version.published_at
