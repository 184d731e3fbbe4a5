"""The line between tablets and HQ: every request and answer hangs in the air until the world decides its fate."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from guide_app.domain.errors import NoNetwork
from sync.protocol import codec
from sync.protocol.errors import ProtocolError
from sync.protocol.messages import (
    EnrolRequest,
    EnrolResponse,
    LeaseRequest,
    LeaseResponse,
    LookupRequest,
    LookupResponse,
    PayRequest,
    PayResponse,
    RadarResponse,
    SyncRequest,
    SyncResponse,
    VerifyRequest,
    VerifyResponse,
)
from sync.remote import HqBusy, Received, Sender

LEASE, LOOKUP, VERIFY, RADAR = b"/v1/lease ", b"/v1/lookup ", b"/v1/verify ", b"/v1/radar "
PAYMENT = b"/v1/payment "
"""What stands before a request that is not for `/v1/sync`."""
TIMEOUT_S = 60.0
"""After that a tablet gives an answer up."""
_REMEMBERED = 12
"""Requests of a device that may come again late."""

T = TypeVar("T")
Reply = bytes | Exception
Asked = Callable[[str, bytes, int], Reply]
"""(device, request, when it was signed) → what HQ says."""


@dataclass(eq=False)
class Exchange:
    """One request on its way, or its answer. `future` is None once nobody waits for it any more."""

    device_id: str
    plain: bytes
    created: int
    sent_at: float
    future: asyncio.Future[bytes] | None
    reply: Reply | None = None

    @property
    def answered(self) -> bool:
        return self.reply is not None


@dataclass
class Network:
    """All that is in the air, and what was sent before."""

    ask: Asked
    now: Callable[[], float]
    air: list[Exchange] = field(default_factory=list)
    sent: list[Exchange] = field(default_factory=list)
    page_bytes: Callable[[], int | None] = lambda: None
    """How many bytes of rows HQ sends at most this time; None: as many as were asked for."""

    def send(self, device_id: str, plain: bytes, created: int) -> asyncio.Future[bytes]:
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        exchange = Exchange(device_id, plain, created, self.now(), future)
        self.air.append(exchange)
        self.sent = [*self.sent[-_REMEMBERED:], exchange]
        return future

    def reach(self, exchange: Exchange) -> None:
        """The request comes to HQ; its answer is in the air."""
        exchange.reply = self.ask(exchange.device_id, exchange.plain, exchange.created)
        if exchange.future is None:
            self.air.remove(exchange)

    def arrive(self, exchange: Exchange, reply: Reply | None = None) -> None:
        """The answer (or another one) comes to the tablet."""
        self.air.remove(exchange)
        future, told = exchange.future, reply if reply is not None else exchange.reply
        if future is not None and not future.done():
            if isinstance(told, bytes):
                future.set_result(told)
            else:
                future.set_exception(told or NoNetwork("no_network"))

    def give_up(self, exchange: Exchange, *, still_travels: bool) -> None:
        """The tablet stops waiting; the request may still come to HQ."""
        future, exchange.future = exchange.future, None
        if future is not None and not future.done():
            future.set_exception(NoNetwork("no_network", "timeout"))
        if exchange.answered or not still_travels:
            self.air.remove(exchange)

    def forget(self, device_id: str, mine: Callable[[asyncio.Future[bytes]], bool]) -> None:
        """A process is gone: its requests travel on, its answers find nobody."""
        for exchange in [*self.air]:
            if exchange.future is not None and exchange.device_id == device_id and mine(exchange.future):
                exchange.future = None
                if exchange.answered:
                    self.air.remove(exchange)


class Line:
    """The Remote port of one tablet."""

    def __init__(self, network: Network, enrol: Callable[[EnrolRequest], EnrolResponse]) -> None:
        self._network, self._enrol = network, enrol
        self.waits: set[asyncio.Future[bytes]] = set()
        """Answers that this tablet's process waits for."""
        self.come_again_at = 0.0
        """Not before that, as HQ told this process."""
        self.hurried = 0
        """Requests that came before it."""

    async def enrol(self, sender: Sender, request: EnrolRequest) -> EnrolResponse:
        return self._enrol(request)

    async def sync(self, sender: Sender, request: SyncRequest) -> Received:
        answer = await self._in_time(sender, codec.encode(request))
        return Received(_read(answer, SyncResponse), len(answer))

    async def lease(self, sender: Sender, request: LeaseRequest) -> LeaseResponse:
        return _read(await self._told(sender, LEASE + codec.encode(request)), LeaseResponse)

    async def lookup(self, sender: Sender, request: LookupRequest) -> LookupResponse:
        return _read(await self._told(sender, LOOKUP + codec.encode(request)), LookupResponse)

    async def payment(self, sender: Sender, request: PayRequest) -> PayResponse:
        return _read(await self._told(sender, PAYMENT + codec.encode(request)), PayResponse)

    async def verify(self, sender: Sender, request: VerifyRequest) -> VerifyResponse:
        return _read(await self._in_time(sender, VERIFY + codec.encode(request)), VerifyResponse)

    async def radar(self, sender: Sender, version: str, first: int) -> RadarResponse | None:
        told = _read(await self._in_time(sender, RADAR + codec.encode(first)), RadarResponse)
        return None if told.version == version else told

    async def _in_time(self, sender: Sender, plain: bytes) -> bytes:
        """What the tablet asks by itself, not a person at it: that is to wait as long as HQ said."""
        self.hurried += self._network.now() < self.come_again_at
        try:
            return await self._told(sender, plain)
        except HqBusy as busy:
            self.come_again_at = self._network.now() + busy.retry_s
            raise

    async def _told(self, sender: Sender, plain: bytes) -> bytes:
        future = self._network.send(sender.keyid, plain, sender.created)
        self.waits.add(future)
        try:
            return await future
        finally:
            self.waits.discard(future)

    async def aclose(self) -> None:
        """Nothing is held."""


def _read(answer: bytes, kind: type[T]) -> T:
    """Half an answer or a portal's page is no network."""
    try:
        return codec.decode(answer, kind)
    except ProtocolError as error:
        raise NoNetwork("no_network", error.code) from error
