"""What shops nearby have of the products that a shop keeps books of: told on the rows of its own stock.

Nearby are the open shops of the same region, in the order of their codes. HQ counts no further than `MOST` pieces, so
that a sale there moves a row here only where little is left. How old it is follows from when HQ last heard from a
tablet of the other shop, and is told anew once a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from guide_app.domain.clock import from_text, to_text
from guide_app.domain.records import Names, NearStock, Record
from guide_app.domain.records import Stock as StockRecord
from hq.catalogue.mapping import STOCK
from hq.catalogue.models import Stock
from hq.devices.models import Device
from hq.ledger.each import each
from hq.ledger.postgres import translated
from hq.protocol import saving
from hq.stores.models import Store

MOST = 10
"""Pieces that are counted."""
SHOPS = 5
"""Shops that are named."""
AGAIN = timedelta(days=1)
"""So old it is told anew, though nothing moved."""
_AT_ONCE = 200

Near = tuple[NearStock, ...]


class Neighbour(NamedTuple):
    """A shop nearby, and since when what HQ has of it may be old."""

    store_id: str
    names: Names
    heard: datetime


def tell() -> int:
    """Tells every open shop what those nearby have; how many rows changed. Raises Transient, once all the others are
    done, where one could not be."""
    return tell_at(timezone.now())


def tell_at(now: datetime) -> int:
    """As `tell`, at a moment."""
    told = 0
    stores = list(Store.objects.filter(active=True).order_by("region_id", "code"))
    heard = dict(
        Device.objects.filter(last_seen_at__isnull=False).values_list("store_id").annotate(Max("last_seen_at"))
    )

    def of(store: Store) -> None:
        nonlocal told
        around = [
            Neighbour(str(one.id), Names(en=one.name_en, zh=one.name_zh), heard[one.id])
            for one in stores
            if one.region_id == store.region_id and one.id != store.id and one.id in heard
        ]
        with translated():
            told += _tell(str(store.id), around, now)

    each(stores, of)
    return told


def near(pieces: Mapping[str, int], around: Sequence[Neighbour]) -> Near:
    """What is told of a product: `pieces` by shop; shops without any are left out."""
    found = [(one, pieces[one.store_id]) for one in around if pieces.get(one.store_id, 0) > 0][:SHOPS]
    return tuple(
        NearStock(
            store_id=one.store_id, at=one.names, on_hand=min(qty, MOST), as_of=to_text(one.heard), more=qty > MOST
        )
        for one, qty in found
    )


def differs(before: Near, after: Near, now: datetime) -> bool:
    """Whether it is worth a row: other shops or pieces, or it is a day old and HQ has heard from the shop since."""
    if [_without_age(one) for one in before] != [_without_age(one) for one in after]:
        return True
    pairs = zip(before, after, strict=True)
    return any(now - from_text(old.as_of) >= AGAIN and new.as_of > old.as_of for old, new in pairs)


def _without_age(one: NearStock) -> NearStock:
    return msgspec.structs.replace(one, as_of="")


def _tell(store_id: str, around: Sequence[Neighbour], now: datetime) -> int:
    there = _there(store_id, around)
    own = Stock.objects.filter(store_id=store_id).order_by("product_id").values_list("product_id", "near")
    changed = [
        str(product_id)
        for product_id, told in own.iterator()
        if differs(msgspec.convert(told or (), Near), near(there.get(product_id, {}), around), now)
    ]
    for ids in _blocks(changed):
        with transaction.atomic():
            rows = STOCK.load(store_id, ids, lock=True)
            records: dict[str, Record] = {
                row_id: msgspec.structs.replace(row.record, near=near(there.get(UUID(row_id), {}), around))
                for row_id, row in rows.items()
                if isinstance(row.record, StockRecord)
            }
            saving.save(STOCK, store_id, records)
    return len(changed)


def _there(store_id: str, around: Sequence[Neighbour]) -> Mapping[UUID, Mapping[str, int]]:
    """Product → shop nearby → pieces, of what this shop keeps books of and they have."""
    carried = Stock.objects.filter(store_id=store_id).values("product_id")
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    rows = Stock.objects.filter(store_id__in=[one.store_id for one in around], on_hand__gt=0, product_id__in=carried)
    for other_id, product_id, on_hand in rows.values_list("store_id", "product_id", "on_hand").iterator():
        found[product_id][str(other_id)] = on_hand
    return found


def _blocks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(ids), _AT_ONCE):
        yield ids[first : first + _AT_ONCE]
