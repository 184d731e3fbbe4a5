"""The morning lists over a part of the real year: a tablet and an SQL query of its own find the same members."""

from __future__ import annotations

import asyncio
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from rich.console import Console

from guide_app.domain import morning
from tests.hq_server import serving
from tests.proxy import between
from tests.tablets import running

pytestmark = pytest.mark.asyncio
HOUSEHOLDS = 120
_GAPS = """
    gap AS (SELECT {key}, day - lag(day) OVER (PARTITION BY {key} ORDER BY day) AS days FROM {days}),
    rhythm AS (
        SELECT {key}, count(*) + 1 AS times, ceil(percentile_cont(0.5) WITHIN GROUP (ORDER BY days)) AS usual
        FROM gap WHERE days IS NOT NULL GROUP BY {key} HAVING count(*) >= 2
    )"""
_SALES = """
    sale AS (
        SELECT o.id, o.member_id, (o.placed_at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM shop_order o
        WHERE o.member_id IS NOT NULL AND o.state NOT IN ('cancelled', 'returned')
    )"""
LAPSED = f"""
    WITH {_SALES}, visit AS (SELECT DISTINCT member_id, day FROM sale), {_GAPS.format(key="member_id", days="visit")},
    shop AS (SELECT ceil(percentile_cont(0.5) WITHIN GROUP (ORDER BY usual)) AS usual FROM rhythm),
    seen AS (
        SELECT v.member_id, max(v.day) AS last, coalesce(r.usual, (SELECT usual FROM shop)) AS usual
        FROM visit v LEFT JOIN rhythm r USING (member_id) GROUP BY v.member_id, r.usual
    )
    SELECT member_id::text, (%(today)s::date - last)::int, usual::int FROM seen
    WHERE %(today)s::date - last > greatest(2 * usual, 30) AND %(today)s::date - last <= 365
"""
REFILL = f"""
    WITH {_SALES},
    line AS (
        SELECT s.member_id, s.day, l.product_id, p.category_id FROM sale s JOIN order_line l ON l.order_id = s.id
        LEFT JOIN product p ON p.id = l.product_id
    ),
    thing AS (
        SELECT DISTINCT member_id, 'product' AS kind, product_id AS what, day, category_id FROM line
        UNION SELECT DISTINCT member_id, 'category', category_id, day, NULL::uuid FROM line
        WHERE category_id IS NOT NULL
    ),
    {_GAPS.format(key="member_id, kind, what", days="thing")},
    steady AS (
        SELECT r.* FROM rhythm r JOIN gap g USING (member_id, kind, what) WHERE g.days IS NOT NULL AND r.usual >= 14
        GROUP BY r.member_id, r.kind, r.what, r.times, r.usual
        HAVING 4 * ceil(percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(g.days - r.usual))) <= r.usual
    ),
    latest AS (SELECT member_id, kind, what, max(day) AS last FROM thing GROUP BY 1, 2, 3)
    SELECT s.member_id::text, s.kind, s.what::text, (%(today)s::date - a.last)::int, s.usual::int FROM steady s
    JOIN latest a USING (member_id, kind, what) LEFT JOIN product p ON s.kind = 'product' AND p.id = s.what
    LEFT JOIN latest c ON c.member_id = s.member_id AND c.kind = 'category' AND c.what = p.category_id
    WHERE (c.last IS NULL OR c.last = a.last)
      AND %(today)s::date - a.last BETWEEN s.usual - least(7, floor(s.usual / 7)) AND 2 * s.usual
"""


async def test_a_tablet_and_a_query_of_its_own_miss_and_refill_the_same(hq_database: str, tmp_path: Path) -> None:
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    store = await asyncio.to_thread(_loaded, today)
    with serving() as url:
        lapsed, refills = await _tablet_says(url, store, today, tmp_path)
    with psycopg.connect(hq_database) as connection:
        told = {"today": today}
        missed = {row[0]: row[1:] for row in connection.execute(LAPSED.encode(), told)}
        due = set(connection.execute(REFILL.encode(), told).fetchall())
    print("\n| list | tablet | SQL | not the same |\n| --- | --- | --- | --- |")
    print(f"| lapsed | {len(lapsed)} | {len(missed)} | {len(lapsed.items() ^ missed.items())} |")
    print(f"| to replenish | {len(refills)} | {len(due)} | {len(refills ^ due)} |")
    assert lapsed == missed
    assert refills == due
    assert 0 < len(missed) < HOUSEHOLDS
    assert {row[1] for row in due} == {"product", "category"}


def _loaded(today: date) -> Any:
    """Loads one store of the real year; the store."""
    from hq.load.complete_journey import load
    from hq.load.plan import Plan
    from hq.stores.models import Store

    load(Plan(as_of=today, stores=1, households=HOUSEHOLDS), Console(file=io.StringIO()))
    return Store.objects.get()


async def _tablet_says(
    url: str, store: Any, today: date, folder: Path
) -> tuple[dict[str, tuple[int, int]], set[tuple[str, str, str, int, int]]]:
    """Who is missed, by how many days and what rhythm; and what of whom runs out. Marks and talks are none of this."""
    async with between(url) as proxy, running(folder / "tablet", "", proxy) as tablet:
        await tablet.enrol(await asyncio.to_thread(_code, store))

        async def loaded() -> bool:
            info = await tablet.container.read.shop.tablet()
            return info is not None and info.bootstrap == "ready"

        await tablet.until(loaded, "its first load")
        reader = tablet.container.do.morning._morning
        while await reader.prepare():
            pass
        facts, now = await reader.facts(today, limit=100_000), today.toordinal()
    missed = [morning.lapsed(who, visits, facts.shop_usual, now) for who, visits in facts.visits.items()]
    due = [one for who, known in facts.refills.items() for one in morning.refill(who, known, now)]
    return (
        {one.member_id: (one.why.days, one.why.usual) for one in missed if one is not None},
        {(one.member_id, one.why.kind, one.why.what, one.why.days, one.why.usual) for one in due},
    )


def _code(store: Any) -> str:
    from django.utils import timezone

    from hq.devices import services as devices

    return devices.new_code(store, timezone.now()).code
