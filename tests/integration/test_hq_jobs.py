"""HQ's periodic work: due in time, one process at a time, loud and stubborn about errors, ended in good order."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.utils import timezone

from guide_app.domain.clock import ManualClock, SystemClock
from hq.jobs.loop import RETRY_S, Job, JobLoop, run_once, running
from hq.ledger.port import Transient
from tests import shop as shops
from tests.ops import new_id


class Work:
    """Counts its runs; raises `error` instead where one is set."""

    def __init__(self) -> None:
        self.runs = 0
        self.error: Exception | None = None
        self.ran = threading.Event()

    def __call__(self) -> int:
        self.runs += 1
        self.ran.set()
        if self.error is not None:
            raise self.error
        return 1


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 22, tzinfo=UTC))


def test_each_job_runs_at_once_and_then_in_its_own_time(hq_database: str, clock: ManualClock) -> None:
    often, seldom = Work(), Work()
    loop = JobLoop([Job("often", 10, often), Job("seldom", 100, seldom)], clock)
    assert loop.run_due() == 10
    for _ in range(3):
        clock.advance(10)
        loop.run_due()
    assert (often.runs, seldom.runs) == (4, 1)
    clock.advance(70)
    assert loop.run_due() == 10
    assert (often.runs, seldom.runs) == (5, 2)


@pytest.mark.expects_log
@pytest.mark.parametrize(
    ("error", "level"), [(ZeroDivisionError(), logging.ERROR), (Transient("gone"), logging.WARNING)]
)
def test_a_job_that_fails_is_said_and_tried_again_soon(
    hq_database: str, clock: ManualClock, caplog: pytest.LogCaptureFixture, error: Exception, level: int
) -> None:
    broken, other = Work(), Work()
    broken.error = error
    loop = JobLoop([Job("broken", 86_400, broken), Job("other", 86_400, other)], clock)
    assert loop.run_due() == RETRY_S
    assert ["broken" in record.getMessage() for record in caplog.records if record.levelno == level] == [True]
    assert other.runs == 1
    broken.error = None
    clock.advance(RETRY_S)
    assert loop.run_due() == 86_400 - RETRY_S
    assert (broken.runs, other.runs) == (2, 1)


def test_while_another_process_runs_a_job_it_is_left_alone(hq_database: str, clock: ManualClock) -> None:
    mine, free = Work(), Work()
    loop = JobLoop([Job("mine", 10, mine), Job("free", 10, free)], clock)
    with psycopg.connect(hq_database, autocommit=True) as other:
        taken = _keys_taken_by("mine")
        other.execute("SELECT pg_advisory_lock(%s, %s)", taken)
        loop.run_due()
        assert (mine.runs, free.runs) == (0, 1)
        other.execute("SELECT pg_advisory_unlock(%s, %s)", taken)
        clock.advance(10)
        loop.run_due()
        assert (mine.runs, free.runs) == (1, 2)
        assert other.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone() == (0,)


def _keys_taken_by(name: str) -> tuple[int, int]:
    """The advisory lock that PostgreSQL shows while the job runs."""
    found: list[tuple[int, int]] = []

    def look() -> int:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT classid::int, objid::bigint FROM pg_locks WHERE locktype = 'advisory'")
            (row,) = cursor.fetchall()
        found.append((row[0], row[1] - 2**32 if row[1] >= 2**31 else row[1]))
        return 0

    run_once(Job(name, 1, look))
    return found[0]


def test_by_hand_a_job_waits_its_turn_and_tells_its_error(hq_database: str) -> None:
    work = Work()
    assert run_once(Job("work", 1, work)) == 1
    work.error = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        run_once(Job("work", 1, work))
    with psycopg.connect(hq_database) as other:
        assert other.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone() == (0,)


def test_the_thread_runs_until_its_context_ends(hq_database: str) -> None:
    work = Work()
    with running(JobLoop([Job("work", 0.01, work)], SystemClock())):
        assert work.ran.wait(20)
        work.ran.clear()
        assert work.ran.wait(20)
    assert "hq-jobs" not in {thread.name for thread in threading.enumerate()}


def test_long_work_holds_up_no_quick_job(hq_database: str) -> None:
    from hq.jobs.registry import ASKED, BROUGHT, JOBS, LONG, QUICK

    quick, ends = Work(), threading.Event()
    stuck = Job("stuck", 60, lambda: int(ends.wait(60)))
    clock = SystemClock()
    with running(JobLoop([stuck], clock)), running(JobLoop([Job("quick", 0.01, quick)], clock)):
        for _ in range(2):
            assert quick.ran.wait(20)
            quick.ran.clear()
        ends.set()
    long = {"erasures-begun", "radars", "erasures", "levels", "operations-keyed", "tidy", "promotions-over"}
    long |= {"counters-old", "files-unnamed", "material-placed", "near-stock", "uploads-left"}
    assert {job.name for job in LONG} == long
    assert set(JOBS) == {*QUICK, *LONG, *ASKED, *BROUGHT}


def test_steps_that_are_done_go_and_open_ones_stay(hq_database: str) -> None:
    from hq.history.jobs import tidy
    from hq.ledger.postgres import PostgresLedger
    from hq.protocol.models import Step

    ledger = PostgresLedger()
    with ledger.transaction():
        ledger.add_steps(new_id(), [("one", "{}"), ("two", "{}"), ("three", "{}")])
    old, young, _open = ledger.open_steps(3)
    for step, days in ((old, 8), (young, 6)):
        with ledger.transaction():
            assert ledger.take_step(step.store_id, step.step_id)
        ledger.finish_step(step, timezone.now() - timedelta(days=days))
    tidy()
    assert sorted(Step.objects.values_list("kind", flat=True)) == ["three", "two"]
    with psycopg.connect(hq_database) as connection:
        assert [str(one) for (one,) in connection.execute("SELECT step_id FROM step_taken")] == [young.step_id]


def test_what_expired_a_day_ago_is_taken_back_and_stores_without_it_are_not_looked_at(hq_database: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from hq.leases import services
    from hq.leases.models import Instrument, Lease
    from hq.sync_api.directory import release_leases

    chain = shops.make_chain()
    shop, _other = shops.make_shop(chain), shops.make_shop(chain)
    card = services.name_of("card", shop.store_id, "")
    services.put(shop.store_id, card, "", 100)
    Instrument.objects.update(held=40)
    ago = timezone.now() - timedelta(hours=25)
    Lease.objects.create(
        id=new_id(), store_id=shop.store_id, ver=1, scope=shop.scope, instrument_kind=card.kind, instrument_id=card.id,
        amount=40, spent=15, granted_at=ago, expires_at=ago,
    )  # fmt: skip
    assert release_leases() == 1
    assert Instrument.objects.get().held == 15
    with CaptureQueriesContext(connection) as asked:
        assert release_leases() == 0
    assert sum('FROM "lease"' in query["sql"] for query in asked) == 1
