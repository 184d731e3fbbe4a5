"""Whether every number of a day is on the tablet, and at HQ."""

from __future__ import annotations

import pytest

from guide_app.services.ports.engine import WorkProof
from local_store.connection import connect
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import KEY, PHONES, Bench, sign_up, talk

pytestmark = pytest.mark.asyncio
DAY = {"since": "2026-11-20T16:00:00.000Z", "until": "2026-11-21T16:00:00.000Z"}
"""The shop's day of the bench, which begins at 10:00 UTC of 21 November."""
NEXT = {"since": "2026-11-21T16:00:00.000Z", "until": "2026-11-22T16:00:00.000Z"}
HOUR = 3600


def proof(
    first: int, last: int, waiting: int = 0, parked: tuple[int, ...] = (), missing: tuple[int, ...] = ()
) -> WorkProof:
    return WorkProof(first=first, last=last, waiting=waiting, parked=parked, missing=missing)


async def worked(bench: Bench, count: int) -> None:
    """So many talks."""
    member_id = uuid()
    for _ in range(count):
        await bench.do(talk(uuid(), member_id))


async def test_what_hq_answered_is_at_hq_and_the_rest_waits(bench: Bench) -> None:
    assert await bench.store.outbox.proof(**DAY) == proof(0, 0)
    await worked(bench, 3)
    assert await bench.store.outbox.proof(**DAY) == proof(1, 3, waiting=3)
    await bench.drain()
    await worked(bench, 2)
    assert await bench.store.outbox.proof(**DAY) == proof(1, 5, waiting=2)
    await bench.drain()
    assert await bench.store.outbox.proof(**DAY) == proof(1, 5)


async def test_a_day_has_its_own_numbers(bench: Bench) -> None:
    await worked(bench, 2)
    bench.clock.advance(6 * HOUR - 2)
    await worked(bench, 3)
    assert await bench.store.outbox.proof(**DAY) == proof(1, 2, waiting=2)
    assert await bench.store.outbox.proof(**NEXT) == proof(3, 5, waiting=3)


async def test_a_clock_that_is_put_back_loses_no_number(bench: Bench) -> None:
    await worked(bench, 2)
    bench.clock.advance(8 * HOUR)
    await worked(bench, 2)
    bench.clock.advance(1)
    bench.clock.set(bench.clock.now().replace(day=21, hour=11))
    await worked(bench, 2)
    assert await bench.store.outbox.proof(**DAY) == proof(1, 6, waiting=6)


async def test_a_long_day_and_many_days_before_it_are_counted_whole(bench: Bench) -> None:
    await worked(bench, 230)
    bench.clock.advance(8 * HOUR)
    await worked(bench, 430)
    assert await bench.store.outbox.proof(**NEXT) == proof(231, 660, waiting=430)
    assert await bench.store.outbox.proof(**DAY) == proof(1, 230, waiting=230)


async def test_a_number_that_is_not_there_is_named(bench: Bench) -> None:
    await worked(bench, 5)
    writing = connect(bench.path, KEY, cache_mb=1)
    writing.execute("DELETE FROM outbox WHERE seq IN (2, 4)")
    writing.close()
    assert await bench.store.outbox.proof(**DAY) == proof(1, 5, waiting=3, missing=(2, 4))


async def test_what_hq_could_not_run_is_named(bench: Bench) -> None:
    await worked(bench, 1)
    bench.hq.verdict["member.sign_up"] = ("parked", "failed")
    await bench.do(sign_up(uuid(), PHONES[0]))
    await bench.drain()
    assert await bench.store.outbox.proof(**DAY) == proof(1, 2, parked=(2,))


async def test_after_a_fork_all_is_told_again_under_new_numbers(bench: Bench) -> None:
    await worked(bench, 3)
    await bench.drain()
    await bench.store.sync.fork()
    assert await bench.store.outbox.proof(**DAY) == proof(1, 3, waiting=3)
    await bench.drain()
    assert await bench.store.outbox.proof(**DAY) == proof(1, 3)
