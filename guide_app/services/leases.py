"""Leases on the tablet: asking HQ for a share of a value that can then be spent with no network, and giving it back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager

from guide_app.domain import leases
from guide_app.domain.clock import Clock
from guide_app.domain.errors import EnvironmentProblem, NoNetwork, Refused
from guide_app.domain.ids import Ids
from guide_app.domain.records import Instrument
from guide_app.domain.records.order import Spend
from guide_app.domain.shopday import ShopDay
from guide_app.operations.leases import LeaseReturn, Return, Spending
from guide_app.services.ports.cards import LeaseReader, LeaseRow
from guide_app.services.ports.chain import LeaseOffice
from guide_app.services.ports.shop import ShopReader, StaffRow
from guide_app.services.ports.writing import Draft, Journal
from guide_app.services.session import Session

log = logging.getLogger(__name__)
_OF_BASKETS = ("coupon", "points")
"""What is leased when it is chosen in a basket."""


class LeaseDesk:
    """The use cases of leases."""

    def __init__(
        self, reader: LeaseReader, office: LeaseOffice, journal: Journal, shop: ShopReader, clock: Clock, ids: Ids
    ) -> None:
        self._reader, self._office, self._journal = reader, office, journal
        self._shop, self._clock, self._ids = shop, clock, ids
        self._asking: dict[tuple[Instrument, int, str], str] = {}
        """Requests of which no answer came."""

    async def left(self, instrument: Instrument) -> int:
        """What this tablet can spend of the instrument now, in its unit."""
        return sum(row.lease.left for row in await self._usable(instrument))

    async def limit_back(self, spent: Iterable[Spend], money: int, *, gone: bool) -> Mapping[str, int]:
        """What leases of a colleague's limit that are here get back by a return (`leases.limit_back`)."""
        known = {row.id: row.lease for row in await self._reader.rows()}
        return leases.limit_back(known, spent, money, gone=gone)

    async def need(self, instrument: Instrument, amount: int, owner_id: str = "") -> tuple[Spending, ...]:
        """How an order spends this much (≥ 1): from leases that are here, after asking HQ for what they lack.
        `owner_id`: of promised stock, whose pieces; of a staff purchase, whose limit.

        Raises Refused("lease_too_little") where HQ has not so much to give, NoNetwork where it had to be asked.
        """
        rows = await self._usable(instrument)
        missing = amount - sum(row.lease.left for row in rows)
        if missing > 0:
            await self._ask(instrument, missing, rows[0].id if rows else "", owner_id)
            rows = await self._usable(instrument)
        else:
            self._forget(instrument)
        spends = _divided(rows, amount)
        if sum(one.amount for one in spends) < amount:
            raise Refused("lease_too_little")
        return spends

    async def tidy(self, guide_id: str, chosen: Collection[Instrument] | None = None) -> int:
        """Gives back what is not needed here any more, in the guide's name; how many leases. `chosen`: the coupons and
        accounts of points that a basket is to use, None where nobody knows. Raises NotSaved."""
        tablet, now = await self._shop.tablet(), self._reader.hq_now()
        if tablet is None:
            return 0
        day = ShopDay(self._clock, tablet.time_zone)
        began, _ends = day.bounds(day.today())
        done = 0
        for row in await self._reader.rows():
            if leases.to_return(row.lease, now, began) or _idle(row.lease.instrument, chosen):
                done += await self._give_back(guide_id, row)
        return done

    async def _give_back(self, guide_id: str, row: LeaseRow) -> bool:
        """False where it was spent of meanwhile: the next time."""
        body = Return(lease_id=row.id, left=row.lease.left)
        try:
            await self._journal.commit(guide_id, Draft(kind=LeaseReturn.kind, body=body))
        except Refused as refused:
            log.info("a lease stays here for now: %s", refused)
            return False
        return True

    async def _usable(self, instrument: Instrument) -> Sequence[LeaseRow]:
        return [row for row in await self._reader.rows() if row.usable and row.lease.instrument == instrument]

    async def _ask(self, instrument: Instrument, amount: int, lease_id: str, owner_id: str) -> None:
        """Asks twice where the answer does not come, and goes on with it at the next tap: it is one request, so that
        nothing is granted twice."""
        asked = (instrument, amount, lease_id)
        request_id = self._asking.setdefault(asked, self._ids.uuid7())
        try:
            try:
                await self._office.lease(instrument, amount, request_id, lease_id, owner_id)
            except NoNetwork:
                await self._office.lease(instrument, amount, request_id, lease_id, owner_id)
        except Refused:
            self._forget(instrument)
            raise
        self._forget(instrument)

    def _forget(self, instrument: Instrument) -> None:
        """HQ was heard about it: what is asked next is a request of its own."""
        self._asking = {asked: request_id for asked, request_id in self._asking.items() if asked[0] != instrument}


def _idle(instrument: Instrument | None, chosen: Collection[Instrument] | None) -> bool:
    """Whether it was leased for a basket and no basket is to use it."""
    return chosen is not None and instrument is not None and instrument.kind in _OF_BASKETS and instrument not in chosen


def _divided(rows: Sequence[LeaseRow], amount: int) -> tuple[Spending, ...]:
    """The amount, as far as it is there, from the leases that expire first."""
    spends: list[Spending] = []
    for row in sorted(rows, key=lambda row: row.lease.expires_at):
        part = min(amount, row.lease.left)
        if part > 0:
            spends.append(Spending(lease_id=row.id, amount=part))
            amount -= part
    return tuple(spends)


@asynccontextmanager
async def returning(
    desk: LeaseDesk, session: Session, chosen: Callable[[], Awaitable[Collection[Instrument]]]
) -> AsyncIterator[None]:
    """Whenever the screen is locked, leases that are not needed go back in the name of the guide who left; `chosen`
    says what baskets are to use."""
    tasks: set[asyncio.Task[None]] = set()
    last: list[str] = []

    async def tidy(guide_id: str) -> None:
        try:
            await desk.tidy(guide_id, await chosen())
        except EnvironmentProblem as problem:
            log.info("leases stay here for now: %s", problem)

    def heard(person: StaffRow | None) -> None:
        if person is not None:
            last[:] = [person.id]
        elif last:
            task = asyncio.get_running_loop().create_task(tidy(last.pop()))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    session.subscribe(heard)
    try:
        yield
    finally:
        await asyncio.gather(*tasks, return_exceptions=True)
