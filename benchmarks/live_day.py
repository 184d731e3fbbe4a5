"""`live-day`: the day live of 500 stores, as one reader renews it every few seconds, beside the same figures counted
from the rows of orders, members and talks, as they are grouped by the database.

Goal: ≤ 0.5× of the baseline.
"""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from benchmarks import harness, hq_server

STORES, ORDERS, SIGN_UPS, TALKS, RUNS = 500, 200, 10, 60, 7
ZONE = "Asia/Shanghai"
GOAL = 0.5
_COPIES = """
INSERT INTO {table} SELECT c.* FROM (SELECT * FROM {table} LIMIT 1) AS t, store AS s, generate_series(%s, %s) AS n,
  jsonb_populate_record(NULL::{table}, to_jsonb(t) || jsonb_build_object(
    'id', gen_random_uuid(), 'store_id', s.id, '{moment}', %s - interval '9 minutes' * (n %% 80), {more})) AS c
"""


def main() -> None:
    """Measures and reports."""
    report = harness.report("live-day")
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        mine, baseline = hq_server.apart(_measured, Path(folder) / "hq")
    report.figures[f"{STORES} stores, {STORES * ORDERS:,} orders today"] = harness.figure(mine, "ms")
    report.baselines["the same from the rows"] = harness.figure(baseline, "ms")
    took = report.figures[f"{STORES} stores, {STORES * ORDERS:,} orders today"].median
    ratio = took / report.baselines["the same from the rows"].median
    report.ratios["live against the rows"] = harness.Ratio(value=ratio, goal=GOAL)
    report.finish()


def _measured(data: Path) -> list[list[float]]:
    from hq.database.opening import migrate, opened

    data.parent.chmod(0o711)  # the server's own account passes through it
    with opened(data):
        from hq.console import live

        migrate()
        stores, now = _filled()
        if (told := live.today(stores, now)) != _by_rows(stores, now) or not told.stores[stores[0].id].counts["orders"]:
            raise SystemExit("the counters are not what the rows come to")
        return harness.in_turn(
            RUNS,
            lambda: harness.timed(lambda: live.today(stores, now)) * 1000,
            lambda: harness.timed(lambda: _by_rows(stores, now)) * 1000,
        )


def _filled() -> tuple[list[Any], datetime]:
    """The chain at nine in the evening of a full day, and what other days brought; the time."""
    from django.db import connection

    from hq.members.models import Member
    from hq.orders.models import Order, OrderState
    from hq.stores import services
    from hq.stores.models import Region, Store
    from hq.talks.models import Talk
    from hq.tallies import folding

    now = datetime.now(ZoneInfo(ZONE)).replace(hour=21, minute=0, second=0, microsecond=0)
    region = services.save_region(Region(code="r", name_en="R", name_zh="R"))
    for number in range(STORES):
        services.save_store(Store(code=f"{100 + number}", name_en="S", name_zh="S", region=region, time_zone=ZONE))
    one = UUID(int=1)
    Order(
        id=one, store_id=one, number="", state=OrderState.PLACED, guide_id=one, placed_at=now, currency="CNY",
        lines_amount=100, discounts_amount=0, total=100, fulfilment_kind="", held=100,
    ).save(force_insert=True)  # fmt: skip
    Member(id=one, store_id=one, member_no="", joined_at=now).save(force_insert=True)
    Talk(id=one, store_id=one, member_id=one, guide_id=one, at=now).save(force_insert=True)
    with connection.cursor() as cursor:
        for table, moment, number, more in (
            ("shop_order", "placed_at", ORDERS, "'number', n::text, 'held', n"),
            ("talk", "at", TALKS, "'ver', 1"),
            ("member", "joined_at", SIGN_UPS, "'member_no', n::text"),
        ):
            for days in (0, 1):
                cursor.execute(_COPIES.format(table=table, moment=moment, more=more), (
                    days * 100_000 + 1, days * 100_000 + number, now - timedelta(days=days),
                ))  # fmt: skip
        folding.fold()
        cursor.execute("ANALYZE")
    return list(Store.objects.filter(active=True)), now


def _by_rows(stores: list[Any], now: datetime) -> Any:
    """What `live.today` tells, by two queries each of the orders, members and talks: by store, and by the hour."""
    from django.db.models import Count, Sum
    from django.db.models.functions import ExtractHour

    from hq.console.live import Day, Figures, Hours
    from hq.members.models import Member
    from hq.orders.models import Order
    from hq.talks.models import Talk

    zone, ids = ZoneInfo(ZONE), [store.id for store in stores]
    day, begin = Day({one: Figures() for one in ids}, Hours()), now.replace(hour=0)
    span = (begin, begin + timedelta(days=1))
    orders = Order.objects.filter(store_id__in=ids, placed_at__range=span).exclude(state="cancelled").order_by()
    summed = {"count": Count("pk"), "held": Sum("held")}
    for row in orders.values("store_id", "currency").annotate(**summed):
        day.stores[row["store_id"]].counts["orders"] += row["count"]
        day.stores[row["store_id"]].sales[row["currency"]] += row["held"]
    by_hour = orders.annotate(hour=ExtractHour("placed_at", tzinfo=zone)).values("hour", "currency")
    for row in by_hour.annotate(**summed):
        day.hours.counts["orders", row["hour"]] += row["count"]
        day.hours.sales[row["currency"], row["hour"]] += row["held"]
    for measure, kind, moment in (("sign_ups", Member, "joined_at"), ("talks", Talk, "at")):
        rows = kind._default_manager.filter(store_id__in=ids, **{f"{moment}__range": span}).order_by()
        for row in rows.values("store_id").annotate(count=Count("pk")):
            day.stores[row["store_id"]].counts[measure] += row["count"]
        hours = rows.annotate(hour=ExtractHour(moment, tzinfo=zone)).values("hour")
        for row in hours.annotate(count=Count("pk")):
            day.hours.counts[measure, row["hour"]] += row["count"]
    return day


if __name__ == "__main__":
    main()
