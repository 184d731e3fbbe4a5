"""What a page about material's use is asked for: days, region, store, one material; of the stores of one's reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from hq.library import rows
from hq.materials.models import Material
from hq.rights.reach import current, narrowed
from hq.stores.models import Region, Store
from hq.tallies.reading import Chosen

USUAL, MOST = 30, 366


@dataclass(frozen=True)
class Asked:
    """What was asked for. `stores`: those that it is about; `every`: all of the chain."""

    since: date
    until: date
    regions: list[Region]
    choices: list[Store]
    stores: list[Store]
    region: str
    store: str
    material: Material | None
    every: bool

    @property
    def chosen(self) -> Chosen:
        """As the counters are asked."""
        stores = None if self.every else [str(one.id) for one in self.stores]
        return Chosen(self.since, self.until, stores, str(self.material.pk) if self.material else None)

    @property
    def days(self) -> list[date]:
        """All of them."""
        return [self.since + timedelta(days=n) for n in range((self.until - self.since).days + 1)]


def asked(request: HttpRequest) -> Asked:
    """What cannot be, or is not within somebody's reach, is as if it had not been asked for."""
    until = _day(request, "until") or timezone.localdate()
    since = min(_day(request, "since") or until - timedelta(days=USUAL - 1), until)
    choices = list(narrowed(Store.objects.select_related("region")).order_by("code"))
    regions = sorted({one.region for one in choices}, key=lambda one: one.code)
    region, store = request.GET.get("region", ""), request.GET.get("store", "")
    region = region if region in {str(one.id) for one in regions} else ""
    store = store if store in {str(one.id) for one in choices} else ""
    stores = [one for one in choices if store in ("", str(one.id)) and region in ("", str(one.region_id))]
    return Asked(
        since=max(since, until - timedelta(days=MOST - 1)), until=until, regions=regions, choices=choices,
        stores=stores, region=region, store=store, material=_material(request.GET.get("material", "")),
        every=current().chain and not region and not store,
    )  # fmt: skip


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def _material(told: str) -> Material | None:
    try:
        found = narrowed(Material.objects.filter(pk=UUID(told))).first()
    except ValueError:
        return None
    if found is not None:
        rows.fill([found])
    return found
