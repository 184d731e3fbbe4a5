"""Figures that stand in the database: looked up when somebody asks, by few and indexed queries."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count
from django.utils import timezone

from hq.devices import health
from hq.observe.metrics import Figure
from hq.protocol.models import OpLog, Step


def figures() -> Iterator[Figure]:
    """Tablets by trouble, operations that wait at HQ by code, steps that are not done."""
    yield Figure(
        "guide_hq_tablets", "Tablets in use, and those with a trouble", "trouble", health.count(timezone.now())
    )
    parked = OpLog.objects.filter(status="parked").values_list("code").annotate(Count("op_id")).order_by("code")
    yield Figure("guide_hq_parked_operations", "Operations that wait for a mend", "code", dict(parked))
    steps = Step.objects.filter(done_at=None).values_list("kind").annotate(Count("step_id")).order_by("kind")
    yield Figure("guide_hq_open_steps", "Second steps that are not done yet", "kind", dict(steps))
