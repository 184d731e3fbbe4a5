"""HQ as it leases value to the tablet of a bench."""

from __future__ import annotations

from datetime import timedelta

from guide_app.domain.clock import to_text
from guide_app.domain.errors import NoNetwork
from guide_app.domain.records import Instrument, Lease
from guide_app.services.ports.chain import Granted
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import Bench


class Lender:
    """`free`: what it has of each instrument yet, by its id; of others as much as is asked for. `down`: no network."""

    def __init__(self, bench: Bench) -> None:
        self.free: dict[str, int] = {}
        self.down = False
        self.asked: list[tuple[int, str]] = []
        self._bench = bench

    async def lease(
        self, instrument: Instrument, amount: int, request_id: str, lease_id: str = "", owner_id: str = ""
    ) -> Granted:
        self.asked.append((amount, owner_id))
        if self.down:
            raise NoNetwork("no_network")
        granted = min(amount, self.free.get(instrument.id, amount))
        if instrument.id in self.free:
            self.free[instrument.id] -= granted
        if granted:
            await self._grant(instrument, granted, lease_id)
        return Granted(amount=granted)

    async def _grant(self, instrument: Instrument, amount: int, lease_id: str) -> None:
        hq, now = self._bench.hq, self._bench.clock.now()
        before: Lease | None = hq.record("lease", lease_id) if lease_id else None
        hq.publish("lease", lease_id or uuid(), Lease(
            amount=amount + (before.amount if before else 0), spent=before.spent if before else 0,
            instrument=instrument, granted_at=to_text(now), expires_at=to_text(now + timedelta(days=3)),
        ))  # fmt: skip
        await self._bench.drain()
