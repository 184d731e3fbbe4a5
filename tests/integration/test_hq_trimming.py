"""What HQ lets go with time, and not before: old orders and talks, outcomes, tombstones, requests for leases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.hq_data import NOW, Made, make_all
from tests.ops import new_id

On = Callable[[timedelta, Callable[[], int]], int]


@pytest.fixture
def made(hq_database: str) -> Made:
    return make_all()


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> On:
    """Does a job so long after everything was made."""

    def do(later: timedelta, job: Callable[[], int]) -> int:
        from django.utils import timezone

        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda: NOW + later)
            return job()

    return do


def _days(days: int) -> timedelta:
    return timedelta(days=days)


@pytest.mark.parametrize(("values", "stays", "leaves"), [({}, 394, 396), ({"history_months": 1}, 29, 31)])
def test_orders_and_talks_leave_after_as_many_months_as_hq_chose(
    made: Made, on: On, values: dict[str, Any], stays: int, leaves: int
) -> None:
    from hq.history import jobs
    from hq.orders.models import Order
    from hq.policies import services as policies
    from hq.policies.models import ScopeSettings
    from hq.protocol.models import FeedRow

    if values:
        policies.save_settings(ScopeSettings(scope=made.region.scope, values=values))

    def standing() -> dict[str, str]:
        return dict(FeedRow.objects.filter(scope=made.store.scope).values_list("entity", "op"))

    on(_days(stays), jobs.tidy)
    assert (standing()["order"], standing()["talk"]) == ("put", "put")
    on(_days(leaves), jobs.tidy)
    assert (standing()["order"], standing()["talk"], standing()["member"]) == ("left", "left", "put")
    assert Order.objects.count() == 1, "HQ's tables keep it"


def test_an_outcome_is_gone_after_35_days_and_its_tombstone_60_days_later(made: Made, on: On) -> None:
    from django.db import transaction

    from hq.history import jobs
    from hq.protocol.feed import Change, publish
    from hq.protocol.models import FeedRow, ScopeHead

    scope, outcome = made.rows["devices.device"].scope, new_id()
    with transaction.atomic():
        publish([Change(str(made.store.id), scope, "op_outcome", outcome, 1, "put", "{}")])

    def standing(day: int) -> list[tuple[str, int]]:
        on(_days(day), jobs.tidy)
        floor = ScopeHead.objects.get(scope=scope).floor
        return [(op, floor) for op in FeedRow.objects.filter(entity_id=outcome).values_list("op", flat=True)]

    assert [standing(day) for day in (0, 34)] == [[("put", 0)]] * 2
    assert [standing(day) for day in (36, 37, 96)] == [[("gone", 0)]] * 3
    assert standing(98) == []
    head = ScopeHead.objects.get(scope=scope)
    assert head.floor == head.head > 0


def test_a_request_for_a_lease_is_known_for_a_day(made: Made, on: On) -> None:
    from hq.leases.models import LeaseRequest
    from hq.sync_api.directory import release_leases

    on(timedelta(hours=23), release_leases)
    assert LeaseRequest.objects.count() == 1
    on(timedelta(hours=25), release_leases)
    assert LeaseRequest.objects.count() == 0
