"""The day live: orders, sales, sign-ups and talks of today by store and hour, and how the tablets stand.

Read anew every few seconds by whoever has the page open, from counters that each order, sign-up and talk moves in its
own transaction (`hq.tallies`), and kept for a moment for all who ask for the same stores.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator
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
class Figures:
    """What a store did today, or all of them: (measure, hour of the store's own day) → how many; sales in minor units
    by currency and hour."""

    counts: Counter[tuple[str, int]] = field(default_factory=Counter)
    sales: Counter[tuple[str, int]] = field(default_factory=Counter)

    def of(self, measure: str) -> int:
        """All day."""
        return sum(count for (name, _hour), count in self.counts.items() if name == measure)

    def hours(self, measure: str) -> list[int]:
        """By the hour, from midnight."""
        return [self.counts[measure, hour] for hour in range(24)]

    def currencies(self) -> list[str]:
        """Those that were sold in."""
        return sorted({currency for currency, _hour in self.sales})

    def sold(self, currency: str) -> list[int]:
        """Sales by the hour."""
        return [self.sales[currency, hour] for hour in range(24)]

    def add(self, other: Figures) -> None:
        """Takes another store's into this."""
        self.counts += other.counts
        self.sales += other.sales


def today(stores: Collection[Store], now: datetime) -> dict[UUID, Figures]:
    """The figures of each store's own day; one query a time zone."""
    found = {store.id: Figures() for store in stores}
    for zone in sorted({store.time_zone for store in stores}):
        ids = [str(store.id) for store in stores if store.time_zone == zone]
        begin = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        for one in reading.hours(ids, zone, begin, begin + timedelta(days=1)):
            own = found[one.store_id]
            own.counts[one.measure, one.hour] += one.n
            if one.currency:
                own.sales[one.currency, one.hour] += one.amount
    return found


def shown(request: HttpRequest) -> dict[str, object]:
    """What the page shows to whoever asks: their stores, and no others."""
    now = timezone.now()
    stores = list(narrowed(Store.objects.filter(active=True)).order_by("code"))
    told = "".join(str(store.id) for store in stores)
    key = f"live-{hashlib.sha256(told.encode()).hexdigest()}"
    figures = cache.get(key)
    if figures is None:
        figures = today(stores, now)
        cache.set(key, figures, _KEPT_S)
    whole = Figures()
    for one in figures.values():
        whole.add(one)
    paused = "paused" in request.GET
    return {
        "figures": [(words, whole.of(measure)) for measure, words in MEASURES.items()],
        "sales": [html.amount(sum(whole.sold(one)), one) for one in whole.currencies()],
        "plots": list(_plots(whole)), "stores": _stores(stores, figures), "tablets": _tablets(stores, now),
        "unshown": max(0, len(stores) - SHOWN_STORES), "now": now, "every": EVERY_S, "paused": paused,
    }  # fmt: skip


def _plots(whole: Figures) -> Iterator[object]:
    for measure, words in MEASURES.items():
        yield bars.by_hour(words, whole.hours(measure), str)
    for currency in whole.currencies():

        def told(minor: int, currency: str = currency) -> str:
            return html.amount(minor, currency)

        yield bars.by_hour(_("Sales"), whole.sold(currency), told)


def _stores(stores: list[Store], figures: dict[UUID, Figures]) -> list[dict[str, object]]:
    """The busiest first."""
    order = sorted(stores, key=lambda store: (-figures[store.id].of("orders"), store.code))
    return [
        {
            "store": store, "counts": [figures[store.id].of(measure) for measure in MEASURES],
            "sales": [html.amount(sum(figures[store.id].sold(one)), one) for one in figures[store.id].currencies()],
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
