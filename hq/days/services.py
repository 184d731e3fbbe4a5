"""The figures of a store's day from HQ's own rows, by the rule that the tablets have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from guide_app.domain import dayclose
from guide_app.domain.clock import from_text
from guide_app.domain.dayclose import Sale, Since, Span
from guide_app.domain.records import DayClose as DayCloseRecord
from guide_app.domain.records import Order as OrderRecord
from guide_app.domain.records.dayclose import Figures
from hq.database import statements
from hq.days.mapping import DAY_CLOSE
from hq.days.models import DayClose
from hq.orders.mapping import ORDER, ORDER_COPY
from hq.orders.models import Order, OrderCopy
from hq.stores.models import Store

_INSIDE = (
    "coalesce(jsonb_path_exists({}, '$[*] ? (@.at >= $since && @.at < $until)',"
    " jsonb_build_object('since', %s::text, 'until', %s::text)), false)"
)
_TOUCHED = (
    "SELECT id FROM shop_order WHERE store_id = %s AND ((placed_at >= %s AND placed_at < %s)"
    " OR (cancelled_at >= %s AND cancelled_at < %s)"
    f" OR (placed_at < %s AND ({_INSIDE.format('payments')} OR {_INSIDE.format('returns')})))"
)
"""The orders that were placed or cancelled between two instants, or of which money or goods came or went."""


class ShopDay(NamedTuple):
    """A day of a store as it stands now, and its closes with what is different since, the first first."""

    store: Store
    day: date
    figures: Figures
    closes: tuple[tuple[DayCloseRecord, Since], ...]


def sales(store: Store, span: Span) -> list[Sale]:
    """The orders that have to do with the span: placed, paid, given back or cancelled in it."""
    since, until = from_text(span.since), from_text(span.until)
    texts = (span.since, span.until) * 2
    values = (store.id, since, until, since, until, since, *texts)
    ids = [id_ for (id_,) in statements.rows(_TOUCHED, values)]
    copies = OrderCopy.objects.filter(store_id=store.id).order_by("order_id")
    rows = [*ORDER.rows(list(Order.objects.filter(id__in=ids))), *ORDER_COPY.rows(list(copies))]
    return [Sale(row.ref.id, row.record) for row in rows if isinstance(row.record, OrderRecord)]


def shop_day(store: Store, day: date) -> ShopDay:
    """A store's day."""
    span = Span.of(day.isoformat(), store.time_zone)
    there = sales(store, span)
    rows = DAY_CLOSE.rows(list(DayClose.objects.filter(store_id=store.id, day=day).order_by("closed_at")))
    closes = [row.record for row in rows if isinstance(row.record, DayCloseRecord)]
    changed = ((close, dayclose.since(close, there, span)) for close in closes)
    return ShopDay(store, day, dayclose.figures(there, span), tuple(changed))


def shop_days(day: date, stores: Iterable[Store]) -> Iterator[ShopDay]:
    """The same day of each of the stores, in their order."""
    for store in stores:
        yield shop_day(store, day)
