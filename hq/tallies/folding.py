"""The jobs that fold into the counters what triggers appended."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from hq.database import statements

KEPT = timedelta(days=3)
"""Counters of the day live; every shop's today is within it."""
_LIVE = """
WITH moved AS (DELETE FROM live_count_new RETURNING slot, store_id, measure, currency, n, amount),
folded AS (
  INSERT INTO live_count AS t (slot, store_id, measure, currency, n, amount)
  SELECT slot, store_id, measure, currency, sum(n), sum(amount) FROM moved WHERE slot > %s GROUP BY 1, 2, 3, 4
  ON CONFLICT (slot, store_id, measure, currency) DO UPDATE
    SET n = t.n + excluded.n, amount = t.amount + excluded.amount
)
SELECT count(*) FROM moved
"""
_MATERIAL = """
WITH moved AS (DELETE FROM material_count_new RETURNING store_id, day, material, guide_id, what, n),
finest AS (
  INSERT INTO material_count AS t (store_id, day, material, guide_id, what, n)
  SELECT store_id, day, material, guide_id, what, sum(n) FROM moved GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT (store_id, day, material, guide_id, what) DO UPDATE SET n = t.n + excluded.n
),
of_material AS (
  INSERT INTO material_day AS t (day, material, what, n)
  SELECT day, material, what, sum(n) FROM moved GROUP BY 1, 2, 3
  ON CONFLICT (day, material, what) DO UPDATE SET n = t.n + excluded.n
),
of_stores AS (
  INSERT INTO material_store_day AS t (store_id, day, what, n)
  SELECT store_id, day, what, sum(n) FROM moved GROUP BY 1, 2, 3
  ON CONFLICT (store_id, day, what) DO UPDATE SET n = t.n + excluded.n
)
SELECT count(*) FROM moved
"""


def fold() -> int:
    """Folds all that was appended; how many rows that were. Only one process does it at a time: it is a job."""
    with transaction.atomic():
        ((live,),) = statements.rows(_LIVE, (timezone.now() - KEPT,))
        ((material,),) = statements.rows(_MATERIAL, ())
    return int(live) + int(material)


def forget() -> int:
    """Drops the counters of days of which no page tells the hours any more."""
    with transaction.atomic():
        gone = statements.rows("DELETE FROM live_count WHERE slot <= %s RETURNING 1", (timezone.now() - KEPT,))
    return len(gone)
