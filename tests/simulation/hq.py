"""HQ in memory behind the Remote port: HQ's own code on its in-memory ledger, and a network that plays tricks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from guide_app.domain.clock import ManualClock, to_text
from guide_app.domain.errors import NoNetwork
from guide_app.domain.ids import derived_id
from guide_app.domain.records import encode
from hq.ledger.memory import MemoryAggregates
from hq.ledger.port import FeedRow, ScopeKey
from hq.sync_api.running import Shop
from hq.sync_api.service import Settings, SyncService
from hq.sync_api.session import Granted, Session
from sync.protocol import codec
from sync.protocol.messages import EnrolRequest, EnrolResponse, Grant, SyncRequest, SyncResponse, read_request
from sync.protocol.signature import CLOCK_TOLERANCE_S
from sync.remote import ClockRefused, HqBusy, Received, Sender
from tests.memory_hq import MemoryShop
from tests.virtual_time import START

Fault = Literal["", "lost request", "lost answer", "twice", "late copy", "busy", "hang"]
FAULTS: tuple[Fault, ...] = ("lost request", "lost answer", "twice", "late copy", "busy", "hang")
CHAIN = "00000000-0000-0000-0000-000000000000"
UNTIL = "2027-01-01T00:00:00.000Z"
EPOCH = "e1"


class SimulatedHq:
    """One shop's HQ; every device talks to it through a `Line`."""

    def __init__(self, random: Random) -> None:
        self.shop = MemoryShop()
        self.clock = ManualClock(START)
        self.random = random
        self.chain = ScopeKey(CHAIN, "c")
        self.service = SyncService(self.shop.ledger, self._aggregates, Settings())
        self._publish_furniture()

    def session(self, device_id: str) -> Session:
        store_id = self.shop.store_id
        granted = (
            Granted(Grant(scope=self.shop.scope.scope, kind="store", name="One"), self.shop.scope),
            Granted(Grant(scope=device_id[:12], kind="device", name=""), ScopeKey(store_id, device_id[:12])),
            Granted(Grant(scope="c", kind="chain", name=""), self.chain),
        )
        return Session(device_id, Shop(store_id, "CNY"), EPOCH, granted, UNTIL)

    def answer(self, device_id: str, plain: bytes) -> bytes:
        """What HQ says to a request's bytes."""
        request, ops = read_request(plain)
        self.clock.advance(0.05)
        return self.service.sync(self.session(device_id), request, ops, "0.1.0", self.clock.now())

    def feed(self) -> dict[tuple[str, str, str], tuple[int, str]]:
        """(scope, entity, id) → version and JSON of every row of the shop and the chain."""
        return {
            (key.scope, *ref): (row.ver, row.data or "")
            for (key, ref), row in self.shop.hq.state.feed.items()
            if row.kind == "put"
        }

    def _aggregates(self, session: Session) -> MemoryAggregates:
        return MemoryAggregates(self.shop.hq, session.shop.store_id)

    def _publish_furniture(self) -> None:
        with self.shop.ledger.transaction():
            for (store_id, ref), row in sorted(self.shop.hq.state.rows.items()):
                key = self.shop.scope if store_id else self.chain
                self.shop.ledger.publish(key, [FeedRow(ref, row.ver, encode(row.record).decode())])


@dataclass
class Line:
    """The Remote port of one device. `trouble`: how likely the next request meets a fault; `hanging`: one does now."""

    hq: SimulatedHq
    device_id: str
    trouble: float = 0.0
    hanging: bool = False
    told: list[str] = field(default_factory=list)
    _sent: list[bytes] = field(default_factory=list)

    async def enrol(self, sender: Sender, request: EnrolRequest) -> EnrolResponse:
        self._check_clock(sender)
        return EnrolResponse(
            device_id=self.device_id, store_id=self.hq.shop.store_id, store_code="101", device_letters="AB",
            region="CN", time_zone="Asia/Shanghai", currency="CNY", languages=["zh_CN"], epoch=EPOCH,
            grants=[granted.grant for granted in self.hq.session(self.device_id).granted], authorised_until=UNTIL,
            server_time=to_text(self.hq.clock.now()), hq_public_keys=[],
        )  # fmt: skip

    async def sync(self, sender: Sender, request: SyncRequest) -> Received:
        fault: Fault = self.hq.random.choice(FAULTS) if self.hq.random.random() < self.trouble else ""
        plain = codec.encode(request)
        self._sent.append(plain)
        self.told.append(fault or "well")
        if fault == "lost request":
            raise NoNetwork("no_network")
        if fault == "busy":
            raise HqBusy(5)
        self._check_clock(sender)
        if fault == "late copy":
            self.hq.answer(self.device_id, self.hq.random.choice(self._sent))
        answer = self.hq.answer(self.device_id, plain)
        if fault == "twice":
            answer = self.hq.answer(self.device_id, plain)
        if fault == "lost answer":
            raise NoNetwork("no_network")
        if fault == "hang":
            self.hanging = True
            await asyncio.Event().wait()
        return Received(codec.decode(answer, SyncResponse), len(answer))

    async def aclose(self) -> None:
        self.hanging = False

    def _check_clock(self, sender: Sender) -> None:
        if abs(sender.created - self.hq.clock.now().timestamp()) > CLOCK_TOLERANCE_S:
            self.told.append("clock")
            raise ClockRefused(to_text(self.hq.clock.now()))


def device_id(seed: int, name: str) -> str:
    """The same for the same seed."""
    return derived_id("simulation", str(seed), name)
