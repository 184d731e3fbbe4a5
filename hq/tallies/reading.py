"""What the counters say: each question is one statement over what is folded in and what is not yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from hq.database import statements

By = Literal["material", "store_id", "day", "guide_id"]
_TODAY = """
SELECT store_id, hour, measure, currency, sum(n)::bigint, sum(amount)::bigint
FROM (
  SELECT store_id, extract(hour FROM slot AT TIME ZONE %s)::int AS hour, measure, currency, n, amount FROM (
    SELECT store_id, slot, measure, currency, n, amount FROM live_count WHERE slot >= %s AND slot < %s
    UNION ALL
    SELECT store_id, slot, measure, currency, n, amount FROM live_count_new WHERE slot >= %s AND slot < %s
  ) AS told WHERE store_id = ANY(%s::uuid[])
) AS counted
GROUP BY GROUPING SETS ((store_id, measure, currency), (hour, measure, currency))
HAVING sum(n) <> 0 OR sum(amount) <> 0
"""


class Counted(NamedTuple):
    """What was counted of one measure and currency: by one store all day, or in one hour by all of them together."""

    store_id: UUID | None
    hour: int | None
    measure: str
    currency: str
    n: int
    amount: int


class Chosen(NamedTuple):
    """Of which days (both inclusive), stores (None: all) and material (None: all) it is asked."""

    since: date
    until: date
    stores: Collection[str] | None = None
    material: str | None = None


def today(store_ids: Collection[str], zone: str, begin: datetime, end: datetime) -> list[Counted]:
    """What these stores counted from `begin` (inclusive) to `end` (exclusive), by store, and by the hours of the time
    zone: not by both, which would be read by nobody and is as many rows as all together."""
    span = (begin, end)
    return [Counted(*row) for row in statements.rows(_TODAY, (zone, *span, *span, [*store_ids]))]


def counted(by: By, chosen: Chosen) -> dict[tuple[str, str], int]:
    """(material, store, day or guide; what was done) → how often. What all together comes to is kept apart, so that a
    chain's whole quarter need not be added up from its shops' days."""
    return {(it, what): n for it, what, n in _summed((by,), _table(by, chosen), chosen)}


def by_store(chosen: Chosen) -> dict[str, dict[tuple[str, str], int]]:
    """Store → (material; what was done) → how often."""
    found = defaultdict[str, dict[tuple[str, str], int]](dict)
    for store, material, what, n in _summed(("store_id", "material"), "material_count", chosen):
        found[store][material, what] = n
    return dict(found)


def _summed(columns: tuple[By, ...], table: str, chosen: Chosen) -> list[tuple[Any, ...]]:
    """(the columns as texts, what was done, how often), without what came to nothing."""
    where, given = ["day BETWEEN %s AND %s"], list[object]([chosen.since, chosen.until])
    if chosen.stores is not None:
        where.append("store_id = ANY(%s::uuid[])")
        given.append([*chosen.stores])
    if chosen.material is not None:
        where.append("material = %s::uuid")
        given.append(chosen.material)
    named = ", ".join(columns)
    rows = [
        f"SELECT {named}, what, n FROM {one} WHERE {' AND '.join(where)}"  # ours, all of it
        for one in (table, "material_count_new")
    ]
    texts = ", ".join(f"{column}::text" for column in columns)
    return statements.rows(
        f"SELECT {texts}, what, sum(n)::bigint FROM ({' UNION ALL '.join(rows)}) AS counted"
        f" GROUP BY {named}, what HAVING sum(n) <> 0",
        (*given, *given),
    )


def _table(by: By, chosen: Chosen) -> str:
    """The smallest that can tell."""
    if by in ("material", "day") and chosen.stores is None and (by == "material" or chosen.material is not None):
        return "material_day"
    return "material_store_day" if by in ("store_id", "day") and chosen.material is None else "material_count"
