"""A store, a key source and an HQ in memory for the engine's own tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

import msgspec

from guide_app.domain.clock import ManualClock, to_text
from sync.ports import Care, Device, Divergence, LoadState, Outgoing, RadarWanted, Taken
from sync.protocol.messages import (
    Batch,
    EnrolRequest,
    EnrolResponse,
    Grant,
    Health,
    LeaseRequest,
    LeaseResponse,
    LookupRequest,
    LookupResponse,
    PayRequest,
    PayResponse,
    RadarResponse,
    Result,
    Row,
    ScopeState,
    SyncRequest,
    SyncResponse,
    VerifyRequest,
    VerifyResponse,
)
from sync.remote import HqRefused, Received, Sender
from tests.virtual_time import START

DEVICE_ID = "00000000-0000-4000-8000-0000000000d1"
INCARNATION = "00000000-0000-4000-8000-000000000001"


class MemoryKeys:
    warning = ""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def store(self, name: str, secret: bytes) -> None:
        self.kept[name] = secret


@dataclass
class MemoryStore:
    """The SyncStore port over plain lists; `calls` tells what the engine asked for beside rounds."""

    known: Device | None = None
    pending: list[str] = field(default_factory=list)
    bootstrap: str = "ready"
    calls: list[str] = field(default_factory=list)
    taken: list[SyncResponse] = field(default_factory=list)
    differ: list[tuple[str, ...]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    in_doubt: bool = False
    health: Health = field(default_factory=Health)
    batch: int = 2
    due: list[Care] = field(default_factory=list)
    mended: int | None = 1
    rows: int = 0
    at: int = 0
    next_seq: int = 1
    wanted: list[RadarWanted] = field(default_factory=list)

    async def device(self) -> Device | None:
        return self.known

    async def enrolled(self, hq_url: str, device_name: str, answer: EnrolResponse) -> None:
        self.calls.append(f"enrolled {device_name}")
        self.bootstrap = "loading"
        self.known = Device(
            device_id=answer.device_id, store_id=answer.store_id, hq_url=hq_url, epoch=answer.epoch, offset_ms=0,
            authorised_until=answer.authorised_until, last_in_step="",
        )  # fmt: skip

    async def outgoing(self, *, max_ops: int = 200, max_bytes: int = 256 * 1024) -> Outgoing:
        ops = tuple(msgspec.Raw(f'"{op}"'.encode()) for op in self.pending[: self.batch])
        return Outgoing(
            incarnation=INCARNATION,
            epoch="e1",
            next_seq=self.next_seq,
            ops=ops,
            after={"s": self.at},
            more=len(self.pending) > self.batch,
            health=self.health,
        )

    async def take(self, sent: Outgoing, answer: SyncResponse) -> Taken:
        if self.fails:
            raise self.fails.pop(0)
        self.taken.append(answer)
        closed = len(answer.results)
        del self.pending[:closed]
        self.rows += len(answer.rows)
        if state := answer.scopes.get("s"):
            self.at = answer.rows[-1].q if state.more and answer.rows else state.head
        more = any(state.more for state in answer.scopes.values())
        loaded = self.bootstrap == "loading" and not more
        if loaded:
            self.bootstrap = "indexing"
        return Taken(rows=len(answer.rows), closed=closed, more=more, loaded=loaded)

    async def resend_after(self, last_seq: int) -> None:
        self.calls.append(f"resend_after {last_seq}")

    async def fork(self) -> None:
        self.calls.append("fork")

    async def new_epoch(self, epoch: str, last_seq: int, scopes: dict[str, ScopeState]) -> None:
        self.calls.append(f"new_epoch {epoch}")

    async def refetch(self, scopes: tuple[str, ...]) -> None:
        self.calls.append(f"refetch {','.join(scopes)}")

    async def differing(self) -> tuple[str, ...]:
        return self.differ.pop(0) if self.differ else ()

    async def care(self) -> Care:
        return self.due.pop(0) if self.due else Care(compare=False, bucket=None, scopes={})

    async def sums(self, scope: str) -> list[str]:
        return ["0" * 16] * 256

    async def mend(self, scope: str, at: int, bucket: int, brought: tuple[Row, ...]) -> int | None:
        self.calls.append(f"mend {scope} at {at}: {bucket} by {len(brought)}")
        return self.mended

    async def cared(self, *, compared: bool = False, bucket: int | None = None, refetched: int = 0) -> None:
        self.calls.append(f"cared {'compared' if compared else bucket}")

    async def divergence(self) -> Divergence:
        return Divergence(rows=0, scopes=0, last_at="")

    async def load_state(self) -> LoadState:
        state = LoadState(bootstrap="ready", done=self.rows, total=10, by_step={"members": self.rows})
        return msgspec.convert({**msgspec.to_builtins(state), "bootstrap": self.bootstrap}, LoadState)

    async def finish_loading(self) -> None:
        self.calls.append("finish_loading")
        self.bootstrap = "ready"

    async def set_clock_offset(self, offset_ms: int) -> None:
        self.calls.append(f"offset {offset_ms}")

    async def take_lease(self, answer: LeaseResponse) -> bool:
        self.calls.append(f"lease {answer.granted}")
        return not self.in_doubt

    async def radar_wanted(self) -> RadarWanted | None:
        return self.wanted.pop(0) if self.wanted else None

    async def take_radar(self, wanted: RadarWanted, answer: RadarResponse | None) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.calls.append(f"radar {wanted.first}: {len(answer.buckets) if answer else 'newest'}")

    async def forget_radar(self) -> None:
        self.calls.append("forget_radar")

    async def lock_out(self) -> None:
        self.calls.append("lock_out")

    async def tidy(self) -> int:
        self.calls.append("tidy")
        return 0


Reply = SyncResponse | Exception | Callable[[SyncRequest], SyncResponse]


class ScriptedHq:
    """The Remote port: gives the next of `script`, or else says that all is well and takes every op."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.script: list[Reply] = []
        self.enrol_script: list[EnrolResponse | Exception] = []
        self.lease_script: list[LeaseResponse | Exception] = []
        self.payment_script: list[PayResponse | Exception] = []
        self.payments: list[PayRequest] = []
        self.lookup_script: list[LookupResponse | Exception] = []
        self.lookups: list[LookupRequest] = []
        self.leases: list[tuple[Sender, LeaseRequest]] = []
        self.requests: list[tuple[Sender, SyncRequest]] = []
        self.enrolments: list[tuple[Sender, EnrolRequest]] = []
        self.held: asyncio.Event | None = None
        self.closed = 0
        self.questions: list[VerifyRequest] = []
        self.verify_script: list[VerifyResponse | Exception] = []
        self.radars: list[tuple[str, int]] = []
        self.radar_script: list[RadarResponse | Exception | None] = []

    async def enrol(self, sender: Sender, request: EnrolRequest) -> EnrolResponse:
        self.enrolments.append((sender, request))
        reply = self.enrol_script.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def sync(self, sender: Sender, request: SyncRequest) -> Received:
        self.requests.append((sender, request))
        if self.held is not None:
            await self.held.wait()
        reply = self.script.pop(0) if self.script else well
        if isinstance(reply, Exception):
            raise reply
        answer = reply(request) if callable(reply) else reply
        server_time = to_text(self.clock.now())
        return Received(answer if answer.server_time else msgspec.structs.replace(answer, server_time=server_time), 100)

    async def lease(self, sender: Sender, request: LeaseRequest) -> LeaseResponse:
        self.leases.append((sender, request))
        reply = self.lease_script.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def payment(self, sender: Sender, request: PayRequest) -> PayResponse:
        self.payments.append(request)
        reply = self.payment_script.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def lookup(self, sender: Sender, request: LookupRequest) -> LookupResponse:
        self.lookups.append(request)
        reply = self.lookup_script.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def verify(self, sender: Sender, request: VerifyRequest) -> VerifyResponse:
        self.questions.append(request)
        reply = self.verify_script.pop(0) if self.verify_script else VerifyResponse(status="ok")
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def radar(self, sender: Sender, version: str, first: int) -> RadarResponse | None:
        self.radars.append((version, first))
        reply = self.radar_script.pop(0) if self.radar_script else HqRefused(404, "not_found")
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def aclose(self) -> None:
        self.closed += 1


class MemoryEvents:
    """The EventSource port: says what is put into `said`."""

    def __init__(self) -> None:
        self.senders: list[Sender] = []
        self.said: asyncio.Queue[str] = asyncio.Queue()
        self.standing = 0
        self.closed = 0

    async def follow(self, sender: Sender) -> AsyncGenerator[str, None]:
        self.senders.append(sender)
        self.standing += 1
        try:
            while True:
                yield await self.said.get()
        finally:
            self.standing -= 1

    async def aclose(self) -> None:
        self.closed += 1


def answer(**fields: object) -> SyncResponse:
    """An answer of HQ's; its time is filled in when it is given."""
    usual: dict[str, object] = {
        "batch": Batch(status="ok", last_seq=0), "server_time": "", "next_sync_after_ms": 30_000,
        "authorised_until": "2026-12-22T10:00:00.000Z",
    }  # fmt: skip
    return SyncResponse(**{**usual, **fields})  # type: ignore[arg-type]  # the fields of SyncResponse, given by name


def well(request: SyncRequest) -> SyncResponse:
    """Takes every op, and has no rows."""
    results = [Result(seq=n + 1, op_id=INCARNATION, status="applied") for n in range(len(request.ops))]
    return answer(results=results)


def enrol_answer(device_id: str = DEVICE_ID) -> EnrolResponse:
    return EnrolResponse(
        device_id=device_id, store_id="00000000-0000-4000-8000-0000000000a1", store_code="101", device_letters="AB",
        region="CN", time_zone="Asia/Shanghai", currency="CNY", languages=["zh_CN", "en"], epoch="e1",
        grants=[Grant(scope="s", kind="store", name="One")], authorised_until="2026-12-22T10:00:00.000Z",
        server_time=to_text(START), hq_public_keys=[],
    )  # fmt: skip
