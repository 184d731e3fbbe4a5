"""The orders of a day: placed on it, or paid, given back or cancelled on it, also in a file of before this version."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from guide_app.domain.dayclose import Span
from guide_app.domain.records import DayClose, Order, Payment, Totals
from guide_app.domain.records.dayclose import Figures
from guide_app.domain.records.order import Refund, Return
from local_store.connection import connect
from local_store.migrations import m0015_moved
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, KEY, Bench, place

pytestmark = pytest.mark.asyncio
DAY = Span.of("2026-11-20", "Asia/Shanghai")
BEFORE, NOON = "2026-11-01T04:00:00.000Z", "2026-11-20T04:00:00.000Z"


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path / "store.db")
    await bench.enrol()
    yield bench
    bench.store.close()


def order(**more: Any) -> Order:
    made: dict[str, Any] = {"placed_at": BEFORE, "state": "accepted", **more}
    totals = Totals(lines=1000, discounts=0, total=1000)
    return Order(number=f"N{uuid()[:8]}", guide_id=GUIDE, currency="CNY", lines=(), totals=totals, **made)


ORDERS = {
    "placed": order(placed_at=NOON),
    "paid": order(payments=(Payment(method="cash", amount=1000, at=NOON, id="p"),)),
    "cancelled": order(state="cancelled", cancelled_at=NOON),
    "returned": order(returns=(Return(return_id="r", guide_id=GUIDE, at=NOON, refund=Refund(money=1)),)),
    "neither": order(payments=(Payment(method="cash", amount=1000, at=BEFORE, id="p"),)),
}


async def filled(bench: Bench) -> dict[str, str]:
    ids = {name: uuid() for name in ORDERS}
    for name, record in ORDERS.items():
        bench.hq.publish("order", ids[name], record)
    await bench.drain()
    return ids


async def found(bench: Bench) -> set[str]:
    return {row.id for row in await bench.store.days.sales(since=DAY.since, until=DAY.until)}


async def test_what_moved_on_a_day_is_found_whatever_day_it_was_placed_on(bench: Bench) -> None:
    ids = await filled(bench)
    assert await found(bench) == {id_ for name, id_ in ids.items() if name != "neither"}


async def test_an_older_file_learns_when_money_moved(bench: Bench) -> None:
    await filled(bench)
    before = bench.sql("SELECT id, moved_at FROM shop_order ORDER BY id")
    bench.store.close()
    connection = connect(bench.path, KEY, cache_mb=1)
    connection.execute("UPDATE shop_order SET moved_at = ''")
    connection.execute(m0015_moved.FILL)
    connection.commit()
    connection.close()
    bench.store = bench.opened()
    assert bench.sql("SELECT id, moved_at FROM shop_order ORDER BY id") == before
    assert sum(bool(moved_at) for _, moved_at in before) == len(ORDERS) - 1


async def test_an_order_that_waits_is_marked_and_closes_stand_by_their_day(bench: Bench) -> None:
    order_id = uuid()
    await bench.do(place(order_id, [("00000000-0000-4000-8000-000000000100", 1)]))
    today = Span.of("2026-11-21", "Asia/Shanghai")
    rows = await bench.store.days.sales(since=today.since, until=today.until)
    assert [(row.id, row.waiting) for row in rows] == [(order_id, True)]
    await bench.drain()
    rows = await bench.store.days.sales(since=today.since, until=today.until)
    assert [row.waiting for row in rows] == [False]
    for hour, day in ((9, "2026-11-21"), (8, "2026-11-21"), (7, "2026-11-20")):
        at = f"2026-11-21T{hour:02d}:00:00.000Z"
        bench.hq.publish(
            "day_close", uuid(), DayClose(day=day, guide_id=GUIDE, closed_at=at, currency="CNY", figures=Figures())
        )  # fmt: skip
    await bench.drain()
    assert [close.closed_at[11:13] for close in await bench.store.days.closes("2026-11-21")] == ["08", "09"]
