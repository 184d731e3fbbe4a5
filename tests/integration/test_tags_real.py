"""Rules over a part of the real year: a tablet, HQ, and an SQL query of its own find the same members."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from rich.console import Console

from guide_app.domain import rules
from guide_app.domain.clock import SystemClock
from tests.hq_server import serving
from tests.proxy import between
from tests.tablets import running

pytestmark = pytest.mark.asyncio
HOUSEHOLDS = 120
SALES = """sale AS (
    SELECT o.id, o.member_id, o.total, (o.placed_at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM shop_order o
    JOIN member m ON m.id = o.member_id AND m.store_id = o.store_id
    WHERE o.state NOT IN ('cancelled', 'returned')
      AND (o.placed_at AT TIME ZONE 'Asia/Shanghai')::date > %(today)s::date - 365
)"""
TALKS = """said AS (
    SELECT t.*, (t.at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM talk t
    WHERE NOT t.void AND (t.at AT TIME ZONE 'Asia/Shanghai')::date > %(today)s::date - 365
)"""
ABOVE = """above AS (
    SELECT id AS product_id, category_id FROM product
    UNION SELECT a.product_id, c.parent_id FROM above a JOIN category c ON c.id = a.category_id
)"""
QUERIES: dict[str, str] = {
    "orders.count >= 20 and days_since(orders.last) > 7": f"""WITH {SALES}
        SELECT member_id FROM sale GROUP BY 1 HAVING count(*) >= 20 AND %(today)s::date - max(day) > 7""",
    "orders.sum(90) >= 500": f"""WITH {SALES}
        SELECT member_id FROM sale WHERE day > %(today)s::date - 90 GROUP BY 1 HAVING sum(total) >= 50000""",
    'bought.category("{category}")': f"""WITH RECURSIVE {SALES}, {ABOVE}
        SELECT DISTINCT s.member_id FROM sale s JOIN order_line l ON l.order_id = s.id
        JOIN above a USING (product_id) JOIN category c ON c.id = a.category_id
        WHERE lower(c.name_en) = lower(%(category)s) OR lower(c.name_zh) = lower(%(category)s)""",
    'bought.brand("private") and orders.average_days < 6': f"""WITH {SALES}
        SELECT member_id FROM sale GROUP BY 1
        HAVING count(*) > 1 AND (max(day) - min(day))::numeric / (count(*) - 1) < 6
        INTERSECT SELECT s.member_id FROM sale s JOIN order_line l ON l.order_id = s.id
        JOIN product p ON p.id = l.product_id WHERE lower(p.brand) = 'private'""",
    "not (days_since(talks.last) <= 30)": f"""WITH {TALKS}
        SELECT id FROM member EXCEPT
        SELECT member_id FROM said GROUP BY 1 HAVING %(today)s::date - max(day) <= 30""",
    'talked.topic("{topic}") or days_until(birthday) <= 45': f"""WITH {TALKS}
        SELECT member_id FROM said WHERE topic = %(topic)s
        UNION SELECT id FROM member CROSS JOIN generate_series(0, 45) AS ahead
        WHERE birthday <> '' AND right(birthday, 5) = to_char(%(today)s::date + ahead, 'MM-DD')""",
    'consent("marketing_phone") and gender = "f" and not known(touch_point)': """
        SELECT m.id FROM member m JOIN member_consent c ON c.member_id = m.id
        WHERE c.kind = 'marketing_phone' AND c.granted AND m.gender = 'f' AND m.touch_point = ''""",
    'owner = "{owner}" and (age >= 40 or orders.count(30) = 0)': f"""WITH {SALES}
        SELECT m.id FROM member m JOIN staff s ON s.id = m.owner_id WHERE s.staff_no = %(owner)s AND (
            (length(birthday) = 10 AND extract(year FROM age(%(today)s::date, birthday::date)) >= 40)
            OR NOT EXISTS (SELECT 1 FROM sale o WHERE o.member_id = m.id AND o.day > %(today)s::date - 30))""",
}
"""Rule → the query. What stands in braces is taken from the data."""
ASKED = {
    "category": "SELECT name_en FROM category c WHERE EXISTS (SELECT 1 FROM category WHERE parent_id = c.id) "
    "ORDER BY (SELECT count(*) FROM category WHERE parent_id = c.id), name_en LIMIT 1",
    "topic": "SELECT topic FROM talk GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    "owner": "SELECT staff_no FROM staff s JOIN member m ON m.owner_id = s.id GROUP BY 1 ORDER BY count(*) DESC, 1 "
    "LIMIT 1",
}


async def test_tablet_hq_and_sql_agree_member_by_member(hq_database: str, tmp_path: Path) -> None:
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    written = await asyncio.to_thread(_loaded, hq_database, today)
    with psycopg.connect(hq_database) as connection:
        told = {"today": today, **{name: _one(connection, query) for name, query in ASKED.items()}}
        by_sql = {
            rule.format(**told): {str(row[0]) for row in connection.execute(query.encode(), told)}
            for rule, query in QUERIES.items()
        }
    texts = [rule.format(**told) for rule in QUERIES]
    by_hq = await asyncio.to_thread(_hq_says, written, texts)
    with serving() as url:
        by_tablet = await _tablet_says(url, written, by_hq, tmp_path)
    print("\n| rule | tablet | HQ | SQL | found by one of them alone |\n| --- | --- | --- | --- | --- |")
    for text in texts:
        tablet, hq, sql = by_tablet[text], by_hq[text], by_sql[text]
        alone = (tablet | hq | sql) - (tablet & hq & sql)
        print(f"| `{text}` | {len(tablet)} | {len(hq)} | {len(sql)} | {len(alone)} |")
    for text in texts:
        assert by_hq[text] == by_sql[text], text
        assert by_tablet[text] == by_sql[text], text
    found = [len(by_sql[text]) for text in texts]
    assert sum(0 < count < HOUSEHOLDS for count in found) >= 6, found  # rules that told members apart


def _one(connection: Any, query: str) -> str:
    (found,) = connection.execute(query).fetchall()
    return str(found[0])


def _loaded(database: str, today: Any) -> Any:
    """Loads one store of the real year; the store."""
    from hq.load.complete_journey import load
    from hq.load.plan import Plan
    from hq.stores.models import Store

    load(Plan(as_of=today, stores=1, households=HOUSEHOLDS), Console(file=io.StringIO()))
    return Store.objects.get()


def _hq_says(store: Any, texts: list[str]) -> dict[str, set[str]]:
    """Publishes the rules, and whom HQ finds by each."""
    from hq.protocol import scopes
    from hq.tags import services
    from hq.tags.judging import Judge
    from hq.tags.models import TagRule

    hits: dict[str, set[str]] = {}
    for n, text in enumerate(texts):
        services.save_rule(TagRule(scope=scopes.of_chain(), name_en=text, name_zh=text, tag=f"r{n}", expression=text))
        judge, after, hits[text] = Judge(store, rules.parse(text), SystemClock()), "", set()
        while True:
            judged = judge.batch(after, 50)
            hits[text] |= judged.hits.keys()
            if not (after := judged.last):
                break
    return hits


async def _tablet_says(url: str, store: Any, by_hq: dict[str, set[str]], folder: Path) -> dict[str, set[str]]:
    """Whom a tablet of the store tags, once it is loaded and tags as many as HQ."""
    expected = {f"r{n}": len(found) for n, found in enumerate(by_hq.values()) if found}
    async with between(url) as proxy, running(folder / "tablet", "", proxy) as tablet:
        await tablet.enrol(await asyncio.to_thread(_code, store))
        read = tablet.container.read.members

        async def judged() -> bool:
            return {one.tag: one.members for one in await read.tags() if one.tag in expected} == expected

        await tablet.until(judged, f"tagging {expected}")
        members = [row.id for row in await read.search("", limit=HOUSEHOLDS + 1)]
        assert len(members) == HOUSEHOLDS
        hits: dict[str, set[str]] = {text: set() for text in by_hq}
        for member_id in members:
            view = await read.get(member_id)
            for one in view.rule_tags if view else ():
                hits[one.names.en].add(member_id)
        return hits


def _code(store: Any) -> str:
    from django.utils import timezone

    from hq.devices import services as devices

    return devices.new_code(store, timezone.now()).code
