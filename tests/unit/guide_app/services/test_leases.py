"""The desk of leases over a real store: asks HQ for what is lacking, once; gives back what is not needed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from guide_app.domain.clock import to_text
from guide_app.domain.errors import NoNetwork, Refused
from guide_app.domain.records import Instrument, Lease
from guide_app.services.leases import LeaseDesk, returning
from guide_app.services.ports.chain import Granted
from tests.unit.guide_app.services.kit import Counter
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, Bench

pytestmark = pytest.mark.asyncio
CARD = Instrument(kind="card", id=uuid())


class Office:
    """HQ with `free` to give; `lost`: answers that do not arrive."""

    def __init__(self, bench: Bench, free: int, lost: int = 0) -> None:
        self.bench, self.free, self.lost = bench, free, lost
        self.asked: list[tuple[int, str, str]] = []

    async def lease(
        self, instrument: Instrument, amount: int, request_id: str, lease_id: str = "", owner_id: str = ""
    ) -> Granted:
        self.asked.append((amount, request_id, lease_id))
        if self.lost:
            self.lost -= 1
            raise NoNetwork("no_network")
        granted = min(amount, self.free)
        self.free -= granted
        if granted:
            await publish(self.bench, lease_id or uuid(), granted)
        return Granted(amount=granted)


async def publish(bench: Bench, lease_id: str, more: int, hours: int = 48) -> None:
    before: Lease | None = bench.hq.record("lease", lease_id)
    now = bench.clock.now()
    bench.hq.publish("lease", lease_id, Lease(
        amount=more + (before.amount if before else 0), spent=before.spent if before else 0, instrument=CARD,
        granted_at=to_text(now), expires_at=to_text(now + timedelta(hours=hours)),
    ))  # fmt: skip
    await bench.drain()


def desk(counter: Counter, office: Office) -> LeaseDesk:
    bench = counter.bench
    return LeaseDesk(bench.store.leases, office, bench.store.journal, bench.store.shop, bench.clock, bench.ids)


async def test_what_is_here_needs_no_network(counter: Counter) -> None:
    office = Office(counter.bench, 0)
    await publish(counter.bench, uuid(), 10, hours=50)
    soonest = uuid()
    await publish(counter.bench, soonest, 10, hours=20)
    leases = desk(counter, office)
    assert await leases.left(CARD) == 20
    spends = await leases.need(CARD, 15)
    assert [one.amount for one in spends] == [10, 5]
    assert spends[0].lease_id == soonest
    assert not office.asked


async def test_what_lacks_is_asked_for_and_enlarges_the_lease_that_is_here(counter: Counter) -> None:
    office, lease_id = Office(counter.bench, 100), uuid()
    await publish(counter.bench, lease_id, 10)
    (spend,) = await desk(counter, office).need(CARD, 25)
    assert (spend.lease_id, spend.amount) == (lease_id, 25)
    assert [(amount, named) for amount, _id, named in office.asked] == [(15, lease_id)]


async def test_a_lost_answer_is_asked_for_again_as_the_same_request(counter: Counter) -> None:
    office = Office(counter.bench, 100, lost=1)
    assert sum(one.amount for one in await desk(counter, office).need(CARD, 25)) == 25
    assert len({request_id for _amount, request_id, _named in office.asked}) == 1
    office.lost = 2
    leases = desk(counter, office)
    with pytest.raises(NoNetwork):
        await leases.need(CARD, 50)
    await leases.need(CARD, 50)
    assert len({request_id for _amount, request_id, _named in office.asked[2:]}) == 1, "the next tap goes on with it"
    await leases.need(CARD, 60)
    assert len({request_id for _amount, request_id, _named in office.asked[2:]}) == 2


async def test_what_hq_does_not_have_is_refused(counter: Counter) -> None:
    leases = desk(counter, Office(counter.bench, 7))
    with pytest.raises(Refused, match="lease_too_little"):
        await leases.need(CARD, 8)
    assert await leases.left(CARD) == 7


async def test_leases_go_back_when_the_screen_is_locked_if_they_are_not_needed(counter: Counter) -> None:
    drained, kept, late = uuid(), uuid(), uuid()
    await publish(counter.bench, drained, 0)
    await publish(counter.bench, kept, 10)
    await publish(counter.bench, late, 10, hours=5)
    leases = desk(counter, Office(counter.bench, 0))

    async def nothing() -> list[Instrument]:
        return []

    async with returning(leases, counter.session, nothing):
        counter.session._set(None)  # nobody was here
        counter.session._set(counter.session.guide or (await counter.bench.store.shop.staff())[0])
        counter.session.lock()
        counter.session.lock()
        await asyncio.sleep(0)
    assert counter.outbox() == ["lease.return", "lease.return"]
    assert [row.id for row in await counter.bench.store.leases.rows()] == [kept]
    await counter.bench.drain()
    assert counter.bench.hq.record("lease", late).returned == 10
    counter.bench.clock.advance(24 * 3600)
    await counter.bench.round()
    assert await leases.tidy(GUIDE) == 1
    assert await leases.tidy(GUIDE) == 0
