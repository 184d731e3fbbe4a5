"""The days and ids of a load, the words of products, and what the committed translations promise."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from guide_app.domain.names import search_keys
from hq.load import groups, words
from hq.load.plan import SOURCE_LAST_DAY, TIME_ZONE, Plan
from hq.load.source import Source, files


@pytest.mark.parametrize("day", [date(2026, 11, 22) + timedelta(days=n) for n in range(7)])
def test_the_year_ends_on_the_last_sunday_before_the_day(day: date) -> None:
    plan = Plan(as_of=day)
    assert plan.last_day < day <= plan.last_day + timedelta(days=7)
    assert plan.last_day.isoweekday() == 7


def test_a_stamp_keeps_its_weekday_and_its_hour_in_the_shop() -> None:
    plan = Plan(as_of=date(2026, 11, 25))
    stored = datetime(2017, 12, 31, 22, 30, tzinfo=UTC)  # half past five in the afternoon in a shop at UTC-5
    here = stored + plan.shift + plan.offset
    assert (here.date(), here.hour, here.minute) == (date(2026, 11, 22), 17, 30)
    assert (plan.last_day - SOURCE_LAST_DAY).days % 7 == 0


def test_now_is_midnight_in_the_shops() -> None:
    assert Plan(as_of=date(2026, 11, 22)).now == datetime(2026, 11, 21, 16, tzinfo=UTC), TIME_ZONE


def test_sql_and_python_make_the_same_ids(tmp_path: Path) -> None:
    plan = Plan(as_of=date(2026, 11, 22), seed=7)
    source = Source(plan, tmp_path)
    try:
        (made,) = source.rows("SELECT made_id('category:DELI/CHEESES')")[0]
        (timed,) = source.rows("SELECT timed_id(1763769600123, 'order:1')")[0]
    finally:
        source.close()
    assert made == plan.made_id("category:DELI/CHEESES")
    assert int(timed.replace("-", "")[:12], 16) == 1763769600123
    assert UUID(timed).version == 7


def test_stores_are_shared_out_evenly(tmp_path: Path) -> None:
    source = Source(Plan(as_of=date(2026, 11, 22)), tmp_path)
    try:
        groups.group_stores(source, 4)
        baskets = source.rows(
            "SELECT shop, count(DISTINCT basket_id) FROM transactions JOIN store_group USING (store_id) GROUP BY shop"
        )
        stores = source.rows("SELECT count(*), count(DISTINCT store_id) FROM store_group")
    finally:
        source.close()
    assert stores == [(457, 457)]
    assert max(n for _, n in baskets) < 1.02 * min(n for _, n in baskets)


def test_every_category_and_department_has_its_own_chinese_words() -> None:
    import duckdb

    table = words.translations()
    products = duckdb.read_parquet(str(files() / "products.parquet"))
    for kind, column in (("department", "department"), ("category", "product_category")):
        rows = [row for row in table if row["kind"] == kind]
        wanted = {name for (name,) in products.select(column).distinct().fetchall() if name is not None}
        assert {row["source"] for row in rows} == wanted
        for language in ("en", "zh"):
            twice = [name for name, n in Counter(row[language] for row in rows).items() if n > 1 or not name]
            assert not twice, kind


@pytest.mark.parametrize(("size", "said"), [
    ("16 OZ", "16 盎司"), ("1.5 L", "1.5 升"), ("750 ML", "750 毫升"), ("(100) 1 CT", "(100) 1 CT"), ("XLRG", "XLRG"),
])  # fmt: skip
def test_sizes_in_chinese(size: str, said: str) -> None:
    assert words.in_chinese(size) == said


def test_brands_are_distinct_and_found_by_their_pinyin() -> None:
    made = [words.brand(place, own=False) for place in range(6500)]
    assert len({zh for _, zh, _, _ in made}) == len(made)
    for _, zh, pinyin, initials in made[::500]:
        assert (pinyin, initials) == (search_keys(zh).pinyin, search_keys(zh).initials)
    assert words.brand(3, own=True)[:2] == ("House", "自有")


def test_titles() -> None:
    assert words.titled("YOGURT NOT MULTI-PACKS") == "Yogurt Not Multi-Packs"
