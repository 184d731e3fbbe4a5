"""Days of the real year: a tablet, HQ, and an SQL query of its own close them with the same figures."""

from __future__ import annotations

import asyncio
import io
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from rich.console import Console

from guide_app.domain import payments
from guide_app.domain.dayclose import Sale, Span, figures
from guide_app.domain.records import DayClose
from guide_app.domain.records.dayclose import Figures
from guide_app.operations.days import Close
from guide_app.operations.payments import PayBack
from guide_app.services.ports.writing import Draft
from tests.hq_server import serving
from tests.proxy import between
from tests.tablets import running
from tests.unit.local_store.fake_hq import uuid

pytestmark = pytest.mark.asyncio
HOUSEHOLDS, DAYS = 150, 40
_SOLD = """
    SELECT count(*), coalesce(sum(total), 0), coalesce(sum(lines_amount), 0), coalesce(sum(discounts_amount), 0),
        coalesce(sum((SELECT sum(qty) FROM order_line l WHERE l.order_id = o.id)), 0)
    FROM shop_order o
    WHERE state <> 'cancelled' AND (placed_at AT TIME ZONE 'Asia/Shanghai')::date = %(day)s
"""
_BY = """
    SELECT {key}, count(*), sum(total) FROM shop_order
    WHERE state <> 'cancelled' AND (placed_at AT TIME ZONE 'Asia/Shanghai')::date = %(day)s GROUP BY 1
"""
_PAID = """
    SELECT leg ->> 'method', coalesce(leg ->> 'kind', 'paid'), count(*), sum((leg ->> 'amount')::bigint)
    FROM shop_order, jsonb_array_elements(payments) leg
    WHERE (coalesce((leg ->> 'at')::timestamptz, placed_at) AT TIME ZONE 'Asia/Shanghai')::date = %(day)s GROUP BY 1, 2
"""


async def test_tablet_hq_and_sql_close_every_day_alike(hq_database: str, tmp_path: Path) -> None:
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    store, guide_id = await asyncio.to_thread(_loaded, today)
    with serving() as url:
        async with between(url) as proxy, running(tmp_path / "tablet", guide_id, proxy) as tablet:
            await tablet.enrol(await asyncio.to_thread(_code, store))
            await tablet.in_step()
            back = await _given_back_today(tablet)
            await tablet.in_step()
            today = datetime.now(ZoneInfo("Asia/Shanghai")).date()  # it may be past midnight by now
            days = [today - timedelta(days=n) for n in range(DAYS)]
            here = [await _here(tablet, day) for day in days]
            close = Close(close_id=uuid(), day=today.isoformat(), currency="CNY", figures=here[0])
            await tablet.commit(Draft(kind="day.close", body=close))
            await tablet.in_step()
    there = await asyncio.to_thread(lambda: [_there(store, day) for day in days])
    for day, on_tablet, at_hq in zip(days, here, there, strict=True):
        assert on_tablet == at_hq, day
    with psycopg.connect(hq_database) as connection:
        for day, told in zip(days, here, strict=True):
            assert _of_sql(connection, day) == _in_short(told), day
    assert sum(bool(told.sales.count) for told in here) > DAYS // 2
    assert sum(moved.given_back.amount for told in here[:2] for moved in told.methods.values()) == back
    kept = await asyncio.to_thread(_closes, store, today)
    assert [one.figures for one in kept] == [here[0]]


async def _given_back_today(tablet: Any) -> int:
    """Cash of an order of an earlier day is given back: it is today's money, and no sale of today's."""
    rows = await tablet.container.read.orders.list(limit=50, offset=500)
    order, amount = next(row for row in rows if payments.received(row.order) > 500), 500
    body = PayBack(order_id=order.id, leg_id=uuid(), method="cash", amount=amount, reason="slip")
    await tablet.commit(Draft(kind="order.pay_back", body=body))
    return amount


async def _here(tablet: Any, day: date) -> Figures:
    span = Span.of(day.isoformat(), "Asia/Shanghai")
    rows = await tablet.container.do.days._days.sales(since=span.since, until=span.until)
    return figures([Sale(row.id, row.order) for row in rows], span)


def _there(store: Any, day: date) -> Figures:
    from hq.days import services

    found: Figures = services.shop_day(store, day).figures
    return found


def _closes(store: Any, day: date) -> list[DayClose]:
    from hq.days import services

    return [close for close, since in services.shop_day(store, day).closes if not since]


def _of_sql(connection: Any, day: date) -> dict[str, Any]:
    told = {"day": day}
    sold = connection.execute(_SOLD, told).fetchone()
    return {
        "sales": tuple(int(one) for one in sold),
        "guides": {str(one): (n, int(total)) for one, n, total in connection.execute(_BY.format(key="guide_id"), told)},
        "hours": {
            f"{int(one):02d}": (n, int(total))
            for one, n, total in connection.execute(
                _BY.format(key="extract(hour FROM placed_at AT TIME ZONE 'Asia/Shanghai')"), told
            )
        },
        "money": {(one, kind): (n, int(amount)) for one, kind, n, amount in connection.execute(_PAID, told)},
    }


def _in_short(told: Figures) -> dict[str, Any]:
    off = sum(one.amount for one in told.discounts.values())
    return {
        "sales": (told.sales.count, told.sales.amount, told.before_discounts, off, told.pieces),
        "guides": {one: (count.count, count.amount) for one, count in told.guides.items()},
        "hours": {one: (count.count, count.amount) for one, count in told.hours.items()},
        "money": {
            (one, kind): (count.count, count.amount)
            for one, moved in told.methods.items()
            for kind, count in (("paid", moved.received), ("refunded", moved.given_back))
            if count.count
        },
    }


def _loaded(today: date) -> tuple[Any, str]:
    """Loads one store of the real year; the store, and somebody who works there."""
    from hq.load.complete_journey import load
    from hq.load.plan import Plan
    from hq.staff.models import Staff
    from hq.stores.models import Store

    load(Plan(as_of=today, stores=1, households=HOUSEHOLDS), Console(file=io.StringIO()))
    store = Store.objects.get()
    return store, str(Staff.objects.filter(store_id=store.id)[0].id)


def _code(store: Any) -> str:
    from django.utils import timezone

    from hq.devices import services as devices

    return devices.new_code(store, timezone.now()).code
