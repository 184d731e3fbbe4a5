"""The jobs by which points and gift cards expire: once each, oldest first, never what a tablet has leased."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from guide_app.domain import points
from guide_app.domain.points import Entry
from hq.cards import services as cards
from hq.leases.mapping import INSTRUMENT
from hq.leases.models import Instrument
from hq.leases.values import Value
from hq.ledger.postgres import translated
from hq.points.mapping import ENTRY
from hq.points.models import PointsEntry
from hq.points.values import PointsEntry as EntryRecord
from hq.points.values import entry_ref
from hq.protocol.rows import Row
from hq.stores.models import Store

MOST = 500
"""Accounts that are looked at in one go; the rest in the next."""


def expire() -> int:
    """Takes out of every account what had its last day in its shop; how many points. Raises Transient."""
    with translated():
        now = timezone.now()
        latest = (now + timedelta(days=1)).date()  # no shop's day is further on
        due = PointsEntry.objects.filter(settled=False, until__lt=latest)
        accounts = due.order_by("until").values_list("instrument_id", "store_id").distinct()[:MOST]
        found = {(str(account), str(store_id)) for account, store_id in accounts}
        zones = dict(Store.objects.filter(id__in={store_id for _, store_id in found}).values_list("id", "time_zone"))
        today = {str(store_id): now.astimezone(ZoneInfo(zone)).date() for store_id, zone in zones.items()}
        return sum(_expire(store_id, account, today[store_id]) for account, store_id in sorted(found))


def expire_cards() -> int:
    """Takes what is left off every gift card that had its last day; how many cards. Raises Transient."""
    with translated():
        day = (timezone.now() - timedelta(hours=12)).date()  # in no shop it is earlier than this
        free = F("balance") - F("held") - F("owed")
        due = Instrument.objects.filter(kind="card", number__isnull=False, until__lt=day).annotate(free=free)
        return sum(cards.expire(card_id) for card_id in due.filter(free__gt=0).values_list("id", flat=True)[:MOST])


def _expire(store_id: str, account: str, today: date) -> int:
    """One account's. What a lease holds of it stays until the lease gives it back."""
    with transaction.atomic():
        row = INSTRUMENT.load(store_id, [account], lock=True).get(account)
        had_their_day = PointsEntry.objects.filter(instrument_id=account, until__lt=today)
        if row is None or not isinstance(row.record, Value):
            had_their_day.update(settled=True)
            return 0
        due = points.expired(_entries(account), today)
        gone = min(due, row.record.free)
        if gone:
            value = msgspec.structs.replace(row.record, balance=row.record.balance - gone)
            INSTRUMENT.save([replace(row, ver=row.ver + 1, record=value)])
            entry = EntryRecord(instrument_id=account, kind="expired", points=-gone)
            ENTRY.save([Row(entry_ref(account, row.ver + 1), 1, store_id, entry)])
        if gone == due:
            had_their_day.update(settled=True)
        return gone


def _entries(account: str) -> Iterable[Entry]:
    rows = ENTRY.rows(list(PointsEntry.objects.filter(instrument_id=account)))
    records = (row.record for row in rows)
    return [
        Entry(kind=one.kind, points=one.points, source=one.source or row.ref.id, at=one.at, until=one.until)
        for row, one in zip(rows, records, strict=True)
        if isinstance(one, EntryRecord)
    ]
