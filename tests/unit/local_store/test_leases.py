"""Leases on the tablet: spent at once, never beyond what is there, and not when time cannot be told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from guide_app.domain.clock import to_text
from guide_app.domain.errors import Refused
from guide_app.domain.records import Instrument, Lease, encode
from guide_app.operations.leases import Return, Spending
from guide_app.services.ports.writing import Draft
from sync.protocol.messages import LeaseResponse, Row
from tests.unit.local_store.fake_hq import DEVICE, uuid
from tests.unit.local_store.kit import PRODUCTS, START, Bench, cancel, place

pytestmark = pytest.mark.asyncio
POINTS = Instrument(kind="points", id="00000000-0000-4000-8000-000000000900")
LEASE_ID = "00000000-0000-4000-8000-000000000901"


def lease(**more: Any) -> Lease:
    until = to_text(START + timedelta(days=1))
    return Lease(**{"amount": 100, "instrument": POINTS, "granted_at": to_text(START), "expires_at": until, **more})


def spending(amount: int, order_id: str = "") -> Draft:
    draft = place(order_id or uuid(), [(PRODUCTS[0], 1)])
    spends = (Spending(lease_id=LEASE_ID, amount=amount),)
    return Draft(kind=draft.kind, body=msgspec.structs.replace(draft.body, spends=spends))


def give_back(left: int) -> Draft:
    return Draft(kind="lease.return", body=Return(lease_id=LEASE_ID, left=left))


async def leased(bench: Bench, **more: Any) -> None:
    bench.hq.publish("lease", LEASE_ID, lease(**more))
    await bench.drain()


async def left(bench: Bench) -> list[tuple[int, bool]]:
    return [(row.lease.left, row.usable) for row in await bench.store.leases.rows()]


async def test_a_spend_counts_at_once_and_once_after_hq_took_it(bench: Bench) -> None:
    await leased(bench)
    await bench.do(spending(30))
    assert await left(bench) == [(70, True)]
    await bench.round(lost=True)
    assert await left(bench) == [(70, True)]
    await bench.drain()
    assert await left(bench) == [(70, True)]
    assert bench.hq.record("lease", LEASE_ID).spent == 30


async def test_no_more_than_is_there_can_be_spent_and_then_nothing_is_written(bench: Bench) -> None:
    await leased(bench)
    await bench.do(spending(80))
    with pytest.raises(Refused, match="overspent"):
        await bench.do(spending(21))
    assert await left(bench) == [(20, True)]
    assert len(bench.sql("SELECT 1 FROM outbox")) == 1
    with pytest.raises(Refused, match="overspent"):
        await bench.do(give_back(21))


async def test_a_cancel_gives_it_back(bench: Bench) -> None:
    await leased(bench)
    order_id = uuid()
    await bench.do(spending(30, order_id))
    await bench.do(cancel(order_id))
    assert await left(bench) == [(100, True)]
    await bench.drain()
    assert bench.hq.record("lease", LEASE_ID) == lease()


async def test_a_lease_that_is_given_back_is_gone_from_the_desk_at_once(bench: Bench) -> None:
    await leased(bench)
    await bench.do(give_back(100))
    assert await left(bench) == []
    for refused in (spending(1), give_back(0)):
        with pytest.raises(Refused, match=r"lease_expired|lease_unknown"):
            await bench.do(refused)
    await bench.drain()
    assert bench.hq.record("lease", LEASE_ID).returned == 100


async def test_expiry_is_not_put_off_by_a_clock_that_is_put_back(bench: Bench) -> None:
    await leased(bench)
    bench.clock.advance(25 * 3600)
    bench.clock.set(START)
    assert await left(bench) == [(100, False)]
    with pytest.raises(Refused, match="lease_expired"):
        await bench.do(spending(1))


async def test_after_a_start_nothing_is_spent_until_hq_has_answered(bench: Bench) -> None:
    await leased(bench)
    bench.store.close()
    bench.store = bench.opened()
    assert await left(bench) == [(100, False)]
    with pytest.raises(Refused, match="lease_expired"):
        await bench.do(spending(1))
    await bench.round()
    await bench.do(spending(1))
    assert await left(bench) == [(99, True)]


async def test_an_order_that_was_made_stays_even_when_its_lease_turns_out_smaller(bench: Bench) -> None:
    await leased(bench)
    order_id = uuid()
    await bench.do(spending(80, order_id))
    bench.hq.publish("lease", LEASE_ID, lease(spent=60))  # by a clone
    bench.hq.verdict["order.place"] = ("parked", "product_unknown")
    await bench.drain()
    assert await left(bench) == [(0, True)]
    assert await bench.store.orders.get(order_id) is not None


async def test_the_answer_to_a_request_is_a_row_that_the_feed_brings_again(bench: Bench) -> None:
    row = Row(s=DEVICE, q=bench.hq.heads[DEVICE] + 1, e="lease", id=LEASE_ID, v=1, o="put",
              d=msgspec.Raw(encode(lease())))  # fmt: skip
    await bench.store.sync.take_lease(LeaseResponse(server_time=to_text(START), granted=100, lease=row))
    assert await left(bench) == [(100, True)]
    await bench.do(spending(40))
    await leased(bench)
    assert await left(bench) == [(60, True)]
    assert await bench.store.sync.differing() == ()


@pytest.mark.parametrize("given_back", [False, True])
async def test_a_lease_that_left_unheard_before_the_first_page_of_its_scope_goes_with_it(
    bench: Bench, given_back: bool
) -> None:
    assert bench.sql("SELECT seq FROM scope WHERE scope = ?", DEVICE) == [(0,)]
    row = Row(s=DEVICE, q=1, e="lease", id=LEASE_ID, v=1, o="put", d=msgspec.Raw(encode(lease())))
    await bench.store.sync.take_lease(LeaseResponse(server_time=to_text(START), granted=100, lease=row))
    assert await left(bench) == [(100, True)]
    if given_back:
        await bench.do(give_back(100))
    bench.hq.heads[DEVICE] = 2  # it was released, and its tombstone is forgotten
    await bench.drain()
    assert await left(bench) == []
    assert bench.sql("SELECT 1 FROM other_row WHERE scope = ?", DEVICE) == []
    assert await bench.store.sync.differing() == ()


async def test_a_row_of_a_scope_that_is_not_granted_is_not_taken(bench: Bench) -> None:
    row = Row(s="strange", q=1, e="lease", id=LEASE_ID, v=1, o="put", d=msgspec.Raw(encode(lease())))
    await bench.store.sync.take_lease(LeaseResponse(server_time=to_text(START), granted=100, lease=row))
    assert await left(bench) == []


async def test_a_cancel_whose_answer_was_lost_is_not_counted_twice_in_a_lease_that_is_asked_for_again(
    bench: Bench,
) -> None:
    await leased(bench, amount=1)
    first = uuid()
    await bench.do(spending(1, first))
    await bench.drain()
    await bench.do(cancel(first))
    await bench.round(lost=True)
    await bench.do(spending(1))
    known = bench.hq.record("lease", LEASE_ID)
    assert known.spent == 0
    row = Row(s=DEVICE, q=bench.hq.heads[DEVICE], e="lease", id=LEASE_ID, v=3, o="put", d=msgspec.Raw(encode(known)))
    assert not await bench.store.sync.take_lease(LeaseResponse(server_time=to_text(START), lease=row))
    assert await left(bench) == [(0, True)]
    with pytest.raises(Refused, match="overspent"):
        await bench.do(spending(1))
    await bench.drain()
    assert await left(bench) == [(0, True)]
    assert bench.hq.record("lease", LEASE_ID).spent == 1
