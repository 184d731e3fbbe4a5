"""What HQ is told of how a tablet stands."""

from __future__ import annotations

import pytest

from sync.protocol.messages import Health
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PHONES, Bench, sign_up

pytestmark = pytest.mark.asyncio


async def test_work_that_goes_out_now_does_not_count_as_waiting(bench: Bench) -> None:
    for phone in PHONES[:3]:
        await bench.do(sign_up(uuid(), phone))
    behind = (await bench.store.sync.outgoing(max_ops=1)).health
    assert (behind.waiting, bool(behind.oldest)) == (2, True)
    assert (await bench.store.sync.outgoing()).health.waiting == 0


async def test_in_a_quiet_shop_nothing_is_told_that_changes(bench: Bench) -> None:
    first = (await bench.store.sync.outgoing()).health
    await bench.do(sign_up(uuid(), PHONES[0]))
    await bench.drain()
    assert (await bench.store.sync.outgoing()).health == first == Health(low_space=first.low_space)


async def test_without_its_reserve_the_disk_counts_as_nearly_full(bench: Bench) -> None:
    await bench.store.sync.tidy()
    assert not (await bench.store.sync.outgoing()).health.low_space
    next(bench.path.parent.glob("*ballast*")).unlink()
    assert (await bench.store.sync.outgoing()).health.low_space
