"""The day live: orders, sales, sign-ups and talks of today by store and hour, and how the tablets stand.

Read anew every few seconds by whoever has the page open, from counters that each order, sign-up and talk moves in its
own transaction (`hq.tallies`), and kept for a moment for all who ask for the same stores.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hq.console import bars, html
from hq.devices import health
from hq.devices.models import Device
from hq.rights.reach import narrowed
from hq.stores.models import Store
from hq.tallies import reading

EVERY_S = 5
_KEPT_S = 2
SHOWN_STORES, SHOWN_TABLETS = 50, 30
MEASURES: dict[str, Promise] = {"orders": _("Orders"), "sign_ups": _("Sign-ups"), "talks": _("Talks")}


@dataclass
class Hours:
    """What all stores together did today: (measure, hour of each store's own day) → how many; (currency, hour) → sales
    in minor units."""

    counts: Counter[tuple[str, int]] = field(default_factory=Counter)
    sales: Counter[tuple[str, int]] = field(default_factory=Counter)

    def of(self, measure: str) -> list[int]:
        """From midnight."""
        return [self.counts[measure, hour] for hour in range(24)]

    def sold(self, currency: str) -> list[int]:
        """From midnight."""
        return [self.sales[currency, hour] for hour in range(24)]

    def currencies(self) -> list[str]:
        """Those that were sold in."""
        return sorted({currency for currency, _hour in self.sales})


@dataclass
class Figures:
    """What one store did today: measure → how many, currency → sales in minor units."""

    counts: Counter[str] = field(default_factory=Counter)
    sales: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Day:
    """The day of some stores: of each, and of all by the hour."""

    stores: Mapping[UUID, Figures]
    hours: Hours


def today(stores: Collection[Store], now: datetime) -> Day:
    """The figures of each store's own day; one query a time zone."""
    day = Day({store.id: Figures() for store in stores}, Hours())
    for zone in sorted({store.time_zone for store in stores}):
        ids = [str(store.id) for store in stores if store.time_zone == zone]
        begin = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        for one in reading.today(ids, zone, begin, begin + timedelta(days=1)):
            if one.store_id is not None:
                own = day.stores[one.store_id]
                own.counts[one.measure] += one.n
                own.sales.update({one.currency: one.amount} if one.currency else {})
            elif one.hour is not None:
                day.hours.counts[one.measure, one.hour] += one.n
                day.hours.sales.update({(one.currency, one.hour): one.amount} if one.currency else {})
    return day


def shown(request: HttpRequest) -> dict[str, object]:
    """What the page shows to whoever asks: their stores, and no others."""
    now = timezone.now()
    stores = list(narrowed(Store.objects.filter(active=True)).order_by("code"))
    told = "".join(str(store.id) for store in stores)
    key = f"live-{hashlib.sha256(told.encode()).hexdigest()}"
    day = cache.get(key)
    if day is None:
        day = today(stores, now)
        cache.set(key, day, _KEPT_S)
    hours: Hours = day.hours
    paused = "paused" in request.GET
    return {
        "figures": [(words, sum(hours.of(measure))) for measure, words in MEASURES.items()],
        "sales": [html.amount(sum(hours.sold(one)), one) for one in hours.currencies()],
        "plots": list(_plots(hours)), "stores": _stores(stores, day.stores), "tablets": _tablets(stores, now),
        "unshown": max(0, len(stores) - SHOWN_STORES), "now": now, "every": EVERY_S, "paused": paused,
    }  # fmt: skip


def _plots(hours: Hours) -> Iterator[object]:
    for measure, words in MEASURES.items():
        yield bars.by_hour(words, hours.of(measure), str)
    for currency in hours.currencies():

        def told(minor: int, currency: str = currency) -> str:
            return html.amount(minor, currency)

        yield bars.by_hour(_("Sales"), hours.sold(currency), told)


def _stores(stores: list[Store], figures: Mapping[UUID, Figures]) -> list[dict[str, object]]:
    """The busiest first."""
    order = sorted(stores, key=lambda store: (-figures[store.id].counts["orders"], store.code))
    return [
        {
            "store": store, "counts": [figures[store.id].counts[measure] for measure in MEASURES],
            "sales": [html.amount(held, one) for one, held in sorted(figures[store.id].sales.items())],
        }
        for store in order[:SHOWN_STORES]
    ]  # fmt: skip


def _tablets(stores: list[Store], now: datetime) -> list[dict[str, object]]:
    """Those that somebody should look at first, then the longest unheard of."""
    names = {store.id: str(store) for store in stores}
    used = narrowed(Device.objects.filter(revoked_at=None))
    devices = used.order_by(F("last_seen_at").asc(nulls_first=True))
    found = [(device, [one.words for one in health.troubles(now) if _has(device, one.name, now)]) for device in devices]
    found.sort(key=lambda one: not one[1])
    return [
        {"device": device, "store": names.get(device.store_id, ""), "troubles": troubles}
        for device, troubles in found[:SHOWN_TABLETS]
    ]


def _has(device: Device, trouble: str, now: datetime) -> bool:
    """As the queries of `health.troubles` have it, of a row that is read already."""
    oldest = device.oldest_waiting_at
    return {
        "silent": device.last_seen_at is None or device.last_seen_at < now - health.SILENT,
        "stuck": device.waiting > 0 and oldest is not None and oldest < now - health.STUCK,
        "parked": device.parked > 0, "differs": device.differs, "mended": device.mended > 0,
        "low_space": device.low_space,
    }[trouble]  # fmt: skip
