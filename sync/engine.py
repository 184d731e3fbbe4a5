"""The one sync loop: carries out what the machine says, through the ports. Asyncio, no Qt, no SQL, no HTTP.

Everything that differs from run to run (time, chance, waiting, network, disk) is injected: a simulation replays.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from guide_app.domain.clock import Clock, from_text, to_text
from guide_app.domain.errors import BadInput, Defect, EnvironmentProblem, NoNetwork, NotSaved, Refused
from guide_app.domain.records import Card, Instrument, Names
from guide_app.services.ports.chain import FoundOrder, Granted, PaymentShown, Token
from guide_app.services.ports.device import KeySource
from guide_app.services.ports.engine import SyncView
from sync import machine
from sync.ahead import Ahead
from sync.care import Carer
from sync.following import Follower
from sync.machine import Event, State
from sync.ports import Device, Outgoing, RadarWanted, SyncStore, Taken
from sync.progress import LoadMeter, grows
from sync.protocol import invitation, share
from sync.protocol.codec import MAX_WANT
from sync.protocol.invitation import LIFE_S, Invitation
from sync.protocol.messages import (
    EnrolRequest,
    EnrolResponse,
    Health,
    LeaseRequest,
    LookupRequest,
    LookupResponse,
    PayRequest,
    RadarResponse,
    SyncRequest,
    VerifyRequest,
    VerifyResponse,
)
from sync.protocol.signature import SigningKey, past_proof
from sync.protocol.versions import is_older
from sync.radar import RadarFetcher
from sync.remote import (
    AppTooOld,
    Background,
    ClockRefused,
    EventSource,
    HqBusy,
    HqRefused,
    HqRevoked,
    NoEvents,
    Nothing,
    Received,
    Remote,
    Sender,
)

TIDY_EVERY_S = 24 * 3600.0
_MS = timedelta(milliseconds=1)
_LONGEST_CODE = 200

log = logging.getLogger(__name__)


class SyncEngine:
    """The SyncControl port; `run` is its life. Every method is for the event loop's own thread."""

    def __init__(
        self,
        *,
        store: SyncStore,
        remote: Remote,
        events: EventSource | None = None,
        keys: KeySource,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        app_version: str,
        platform: str,
        files: Background | None = None,
    ) -> None:
        """Without `events` the tablet only asks; without `files` none are fetched."""
        self._store, self._remote, self._keys = store, remote, keys
        self._clock, self._random_bytes, self._sleep = clock, random_bytes, sleep
        self._app_version, self._platform = app_version, platform
        self._state = State()
        self._view = SyncView(phase=machine.shown(self._state.phase))
        self._listeners: list[Callable[[SyncView], None]] = []
        self._mailbox: asyncio.Queue[Event] = asyncio.Queue()
        self._nudge_waits = False
        self._talking = asyncio.Lock()
        self._turn = 0  # of the machine's last piece of work: what comes of an earlier one is not told
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.Task[None] | None = None
        self._timer_at = 0.0
        self._told: Health | None = None
        self._device: Device | None = None
        self._key: SigningKey | None = None
        self._offset_ms = 0
        self._heard_at: tuple[datetime, float] | None = None  # HQ's time when it last told it, and the steady clock's
        self._last_in_step = ""
        self._meter = LoadMeter(clock)
        self._tidied_at: float | None = None
        self._ahead = Ahead(self._ask)
        self._carer = Carer(
            store, self._verify, self._talking, clock, chance=self._chance(), nudge=self.nudge,
        )  # fmt: skip

        self._files = files or Nothing()
        self._radar = RadarFetcher(store, self._ask_radar, self._talking, clock, chance=self._chance)
        self._follower = Follower(
            events or NoEvents(), self._sender_now, clock, sleep, chance=self._chance, nudge=self.nudge
        )

    # -------------------------------------------------------------- what the screens see

    def view(self) -> SyncView:
        return self._view

    def subscribe(self, listener: Callable[[SyncView], None]) -> Callable[[], None]:
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return leave

    def nudge(self) -> None:
        if not self._nudge_waits:
            self._nudge_waits = True
            self._mailbox.put_nowait(machine.Nudge())

    async def enrol(self, hq_url: str, code: str, device_name: str) -> None:
        """As the port says. A repetition asks with the same key for the same code, so a lost answer is found again."""
        code = code.strip()
        if not 0 < len(code) <= _LONGEST_CODE:
            raise Refused("enrol_code")
        async with self._talking:
            seed = await asyncio.to_thread(self._enrolling_seed, code)
            key = SigningKey(seed)
            request = EnrolRequest(
                code=code, device_public_key=key.public_text, device_name=device_name.strip()[:_LONGEST_CODE],
                platform=self._platform,
            )  # fmt: skip
            request = await self._with_past(request)
            answer = await self._ask_to_enrol(hq_url, key, request)
            await asyncio.to_thread(self._keys.store, _key_name(answer.device_id), seed)
            await self._store.enrolled(hq_url, request.device_name, answer)
            await self._part()
        self._mailbox.put_nowait(machine.Enrolled())

    async def lease(
        self, instrument: Instrument, amount: int, request_id: str, lease_id: str = "", owner_id: str = ""
    ) -> Granted:
        """As the port `LeaseOffice` says; not while rows are exchanged, so that no older row comes after this one."""
        request = LeaseRequest(
            request_id=request_id, instrument=instrument, amount=amount, lease_id=lease_id or None,
            product_id=owner_id if instrument.kind == "stock" and owner_id else None,
            staff_id=owner_id if instrument.kind == "staff" and owner_id else None,
        )  # fmt: skip
        async with self._talking:
            device, key = self._device, self._key
            if device is None or key is None or not self._state.ready:
                raise NoNetwork("no_network", "not in step with HQ yet")
            with _told_to_people():
                try:
                    answer = await self._remote.lease(self._sender(device.hq_url, key, device.device_id), request)
                except ClockRefused as refused:
                    await self._learn_time(refused.server_time, keep=True)
                    answer = await self._remote.lease(self._sender(device.hq_url, key, device.device_id), request)
            await self._learn_time(answer.server_time)
            if not await self._store.take_lease(answer):
                self.nudge()
                raise NoNetwork("no_network", "what was sent is not answered yet")
            return Granted(amount=answer.granted, code=answer.code)

    async def payment(
        self,
        what: Literal["ask", "close", "refund"],
        *,
        request_id: str,
        order_id: str,
        guide_id: str,
        amount: int = 0,
        payment_id: str = "",
        reason: str = "",
    ) -> PaymentShown:
        """As the port `PaymentOffice` says; the order arrives with the round that follows at once."""
        request = PayRequest(
            request_id=request_id, what=what, order_id=order_id, guide_id=guide_id, amount=amount,
            payment_id=payment_id or None, reason=reason,
        )  # fmt: skip
        async with self._talking:
            device, key = self._device, self._key
            if device is None or key is None:
                raise NoNetwork("no_network", "not in step with HQ yet")
            with _told_to_people():
                try:
                    answer = await self._remote.payment(self._sender(device.hq_url, key, device.device_id), request)
                except ClockRefused as refused:
                    await self._learn_time(refused.server_time, keep=True)
                    answer = await self._remote.payment(self._sender(device.hq_url, key, device.device_id), request)
        self.nudge()
        return PaymentShown(
            payment_id=answer.payment_id, state=answer.state, amount=answer.amount, text=answer.text,
            until=answer.until, code=answer.code,
        )  # fmt: skip

    def invite(self, *, guide_id: str, form_id: str, touch_point: str = "") -> Token:
        """As the port `Inviter` says; the link's end is by HQ's clock, as far as this tablet knows it."""
        device, key = self._device, self._key
        if device is None or key is None:
            raise NoNetwork("no_network", "not opened yet")
        until = int(max(self._hq_now(), self._at_least()).timestamp()) + LIFE_S
        told = Invitation(device.store_id, guide_id, device.device_id, form_id, until, touch_point)
        return Token(text=invitation.write(told, key), lives_s=LIFE_S)

    def share_way(self, *, share_id: str, guide_id: str, material: str, version: int, of_member: bool) -> str:
        """As the port `LinkSigner` says."""
        device, key = self._device, self._key
        if device is None or key is None:
            raise NoNetwork("no_network", "not opened yet")
        return share.WAY + share.sign(
            share.ShareToken(device.device_id, share_id, guide_id, material, version, of_member), key
        )

    async def look_up(self, *, phone: str = "", card: str = "", member_no: str = "") -> str | None:
        """As the port `ChainDirectory` says; whom HQ found arrives with the round that follows at once."""
        answer = await self._ask_chain(LookupRequest(phone=phone, card=card, member_no=member_no))
        return answer.member_id or None

    async def find_order(self, number: str) -> FoundOrder | None:
        """As the port `ChainDirectory` says."""
        answer = await self._ask_chain(LookupRequest(order=number))
        return FoundOrder(order_id=answer.order_id, store=answer.store or Names()) if answer.found else None

    async def gift_card(self, number: str, pin: str) -> Card:
        """As the port `CardOffice` says."""
        answer = await self._ask_chain(LookupRequest(gift_card=number, pin=pin))
        if answer.value is None:
            raise Refused(answer.code or "card_unknown")
        return answer.value

    async def _ask_chain(self, request: LookupRequest) -> LookupResponse:
        async with self._talking:
            device, key = self._device, self._key
            if device is None or key is None:
                raise NoNetwork("no_network", "not in step with HQ yet")
            try:
                with _told_to_people():
                    try:
                        answer = await self._remote.lookup(self._sender(device.hq_url, key, device.device_id), request)
                    except ClockRefused as refused:
                        await self._learn_time(refused.server_time, keep=True)
                        answer = await self._remote.lookup(self._sender(device.hq_url, key, device.device_id), request)
            except NoNetwork as problem:
                if problem.code == "hq_busy":
                    raise Refused("too_often") from problem
                raise
        if answer.found:
            self.nudge()
        return answer

    # -------------------------------------------------------------- the loop

    async def run(self) -> None:
        """Talks to HQ until it is cancelled; what was under way then is repeated next time."""
        try:
            if await self._store.device() is not None:
                self._mailbox.put_nowait(machine.Enrolled())
            while True:
                event = await self._mailbox.get()
                if isinstance(event, machine.Nudge):
                    self._nudge_waits = False
                self._take_step(event)
        finally:
            self._listeners.clear()  # the screens are gone before the engine
            self._take_step(machine.Stop())
            await self._end()

    def _take_step(self, event: Event) -> None:
        before = self._state.phase
        self._state, commands = machine.step(self._state, event)
        if self._state.phase != before:
            log.info("sync: %s → %s on %s", before, self._state.phase, type(event).__name__)
        resting = self._state.phase == "idle" and not self._state.problem and not self._state.held
        if not resting:
            self._carer.pause()
            self._radar.pause()
            self._files.pause()
        for command in commands:
            self._carry_out(command)
        if resting and isinstance(event, machine.Answered):  # the rows are in step just now
            self._carer.begin()
            self._follower.begin()
            if self._device is not None:
                self._radar.begin(self._device.device_id)
                self._files.begin(self._sender_now)
        if self._state.problem == "revoked":
            self._follower.let_go()
        self._show()

    def _carry_out(self, command: machine.Command) -> None:
        match command:
            case machine.Open():
                self._begin(self._open)
            case machine.Exchange():
                self._begin(self._exchange)
            case machine.Wait(seconds=seconds, spread=spread):
                self._arm(seconds + spread * self._chance())
            case machine.Hurry(seconds=seconds):
                if self._timer is None or self._timer_at - self._clock.monotonic() > seconds:
                    self._arm(seconds)
            case _:
                raise Defect(f"no such command: {command!r}")

    def _begin(self, work: Callable[[], Coroutine[Any, Any, Event]]) -> None:
        """The machine's next piece of work, in place of all before it."""
        self._disarm()
        self._turn += 1
        self._spawn(self._tell(work, self._turn))

    async def _tell(self, work: Callable[[], Coroutine[Any, Any, Event]], turn: int) -> None:
        """Does the work with HQ to itself, and tells the machine what came of it, whatever it was."""
        try:
            async with self._talking:
                if turn != self._turn:
                    return
                event = await work()
        except EnvironmentProblem as problem:
            log.log(_loudness(problem), "a round of sync ended early: %s: %s", type(problem).__name__, problem)
            event = _meaning(problem)
        except Exception:
            log.exception("a defect in the sync loop")
            event = machine.Failed()
        if turn == self._turn:
            self._mailbox.put_nowait(event)

    async def _part(self) -> None:
        """Nothing more goes out in the name of the device that this tablet was until now."""
        self._turn += 1
        self._follower.let_go()
        self._radar.pause()
        self._device = self._key = None
        await self._files.end()
        await self._ahead.end()

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._timer_at = self._clock.monotonic() + seconds
        self._timer = self._spawn(self._ring(seconds))

    async def _ring(self, seconds: float) -> None:
        await self._sleep(seconds)
        self._timer = None
        self._mailbox.put_nowait(machine.Timer())

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _end(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._follower.aclose()
        await self._files.end()
        await self._radar.end()
        await self._carer.end()
        await self._ahead.end()
        await self._remote.aclose()

    def _show(self) -> None:
        phase = machine.shown(self._state.phase)
        progress = self._meter.progress if phase == "loading" else None
        view = SyncView(phase=phase, last_in_step=self._last_in_step, problem=self._state.problem, progress=progress)
        if view != self._view:
            self._view = view
            for listener in tuple(self._listeners):
                try:
                    listener(view)
                except Exception:
                    log.exception("a listener of the sync engine failed")

    # -------------------------------------------------------------- opening

    async def _open(self) -> Event:
        device = await self._store.device()
        if device is None:
            raise Defect("enrolled, but the store knows no device")
        seed = await asyncio.to_thread(self._keys.load, _key_name(device.device_id))
        if seed is None:
            log.error("the signing key of this tablet is gone from the key store: it must be enrolled again")
            return machine.Revoked()
        self._device, self._key = device, SigningKey(seed)
        self._offset_ms, self._last_in_step = device.offset_ms, device.last_in_step
        self._told = None  # HQ may be another than the one that was told
        self._meter = LoadMeter(self._clock)
        ready = await self._load_on(bytes_more=0)
        return machine.Opened(ready)

    async def _load_on(self, *, bytes_more: int) -> bool:
        """Whether the first load is done; measures it, and builds what it put off once the rows are there."""
        load = await self._store.load_state()
        if load.bootstrap == "ready":
            return True
        self._meter.see(load, bytes_more)
        self._show()
        if load.bootstrap == "loading":
            return False
        await self._store.finish_loading()
        return True

    # -------------------------------------------------------------- one round trip

    async def _exchange(self) -> Event:
        try:
            return await self._round_trip()
        except ClockRefused as problem:
            await self._learn_time(problem.server_time, keep=True)
            raise
        except HqRevoked as problem:
            if problem.code == "revoked":  # an HQ that was restored may not know a tablet that it means no harm
                await self._store.lock_out()
            raise

    async def _round_trip(self) -> Event:
        out = await self._store.outgoing()
        received = await self._ahead.answer(out)
        answer = received.answer
        await self._learn_time(answer.server_time)
        self._told = out.health
        match answer.batch.status:
            case "fork":
                log.error("HQ knows this database file as another's copy: it gets a new incarnation")
                await self._store.fork()
                return machine.Forked()
            case "epoch_changed":
                log.warning("HQ has a new history: %s", answer.epoch)
                await self._store.new_epoch(answer.epoch, answer.batch.last_seq, answer.scopes)
                return machine.EpochChanged()
        grown = grows(out, answer)
        if not self._state.ready:
            self._ahead.ask_on(out, answer)
        taken = await self._store.take(out, answer)
        if answer.batch.status == "gap" or (not out.ops and answer.batch.last_seq < out.next_seq - 1):
            # without operations all are answered: HQ has gone back, and could not know it
            log.warning("HQ lacks operations after %d: they are sent again", answer.batch.last_seq)
            await self._store.resend_after(answer.batch.last_seq)
            return machine.Gap()
        return await self._taken(out, received, taken, grown=grown)

    async def _taken(self, out: Outgoing, received: Received, taken: Taken, *, grown: bool) -> Event:
        """What follows from an answer that was taken in."""
        answer = received.answer
        next_s = answer.next_sync_after_ms / 1000
        if any(state.refetch for state in answer.scopes.values()):
            return machine.Refetch()
        if is_older(self._app_version, answer.min_app):
            return machine.AppOld(next_s)
        ready = self._state.ready or await self._load_on(bytes_more=received.size)
        unanswered = len(out.ops) > len(answer.results)
        more = taken.more or taken.stale or taken.granted or out.more or unanswered
        if (more or not ready) and not (grown or taken.closed or taken.loaded):
            if taken.stale or taken.granted:
                return machine.Refetch()
            log.error("HQ says that there is more, and sends nothing")
            return machine.Failed()
        if not more:
            self._last_in_step = to_text(self._hq_now())
            if self._state.ready:
                await self._tidy()
        return machine.Answered(more, ready, next_s)

    async def _ask(self, out: Outgoing) -> Received:
        sender = self._sender_now()
        if sender is None:
            raise Defect("a request before the tablet was opened")
        request = SyncRequest(
            incarnation=out.incarnation, epoch=out.epoch, next_seq=out.next_seq, ops=list(out.ops), after=out.after,
            want=MAX_WANT, forked_from=out.forked_from, health=None if out.health == self._told else out.health,
            keys=out.keys,
        )  # fmt: skip
        return await self._remote.sync(sender, request)

    async def _tidy(self) -> None:
        """After a start and once a day, right behind an answer: only then is HQ's time known for sure."""
        now = self._clock.monotonic()
        if self._tidied_at is None or now - self._tidied_at >= TIDY_EVERY_S:
            self._tidied_at = now
            await self._store.tidy()

    async def _verify(self, request: VerifyRequest) -> VerifyResponse:
        sender = self._sender_now()
        if sender is None:
            raise NoNetwork("no_network", "enrolled anew meanwhile")
        try:
            return await self._remote.verify(sender, request)
        except HqBusy as busy:  # the next round waits as well
            self._mailbox.put_nowait(machine.Busy(busy.retry_s))
            raise

    async def _ask_radar(self, wanted: RadarWanted) -> RadarResponse | None:
        sender = self._sender_now()
        if sender is None or sender.keyid != wanted.device_id:
            raise NoNetwork("no_network", "enrolled anew meanwhile")
        try:
            return await self._remote.radar(sender, wanted.version, wanted.first)
        except HqBusy as busy:  # the next round waits as well
            self._mailbox.put_nowait(machine.Busy(busy.retry_s))
            raise

    # -------------------------------------------------------------- enrolling

    def _enrolling_seed(self, code: str) -> bytes:
        """The key to enrol with under this code, kept before HQ hears of it; blocking."""
        mark = hashlib.sha256(code.encode()).digest()[:16]
        kept = self._keys.load("enrolling")
        if kept is not None and kept[:16] == mark and len(kept) == 48:
            return kept[16:]
        seed = self._random_bytes(32)
        self._keys.store("enrolling", mark + seed)
        return seed

    async def _with_past(self, request: EnrolRequest) -> EnrolRequest:
        """Says which device this tablet was, and proves it, so that HQ takes what it still holds of that shop."""
        device = await self._store.device()
        seed = await asyncio.to_thread(self._keys.load, _key_name(device.device_id)) if device else None
        if device is None or seed is None:
            return request
        proof = past_proof(SigningKey(seed), device.device_id, request.device_public_key)
        return msgspec.structs.replace(request, was=device.device_id, was_proof=proof)

    async def _ask_to_enrol(self, hq_url: str, key: SigningKey, request: EnrolRequest) -> EnrolResponse:
        with _told_to_people():
            try:
                return await self._remote.enrol(self._sender(hq_url, key, key.public_text), request)
            except ClockRefused as refused:
                await self._learn_time(refused.server_time)
                return await self._remote.enrol(self._sender(hq_url, key, key.public_text), request)

    # -------------------------------------------------------------- small things

    def _sender_now(self) -> Sender | None:
        """The device that this tablet is now; None while that is not known, and while it is enrolled anew."""
        if self._device is None or self._key is None:
            return None
        return self._sender(self._device.hq_url, self._key, self._device.device_id)

    def _sender(self, hq_url: str, key: SigningKey, keyid: str) -> Sender:
        return Sender(hq_url, key, keyid, int(self._hq_now().timestamp()))

    def _hq_now(self) -> datetime:
        return self._clock.now() + self._offset_ms * _MS

    def _at_least(self) -> datetime:
        """What HQ's time has reached, though somebody set this tablet's clock back since HQ told it."""
        if self._heard_at is None:
            return self._hq_now()
        told, at = self._heard_at
        return told + timedelta(seconds=self._clock.monotonic() - at)

    async def _learn_time(self, server_time: str, *, keep: bool = False) -> None:
        """Takes over HQ's time; `keep` stores it, where no other write does."""
        try:
            told = from_text(server_time)
        except BadInput as error:
            raise NoNetwork("no_network", "a time that is none") from error
        self._offset_ms = round((told - self._clock.now()) / _MS)
        self._heard_at = told, self._clock.monotonic()
        if keep and self._device is not None:
            await self._store.set_clock_offset(self._offset_ms)

    def _chance(self) -> float:
        """Evenly between 0 and 1."""
        return int.from_bytes(self._random_bytes(4), "big") / 2**32


@contextmanager
def _told_to_people() -> Iterator[None]:
    """What can come of a request that a person waits for, as that person is told it."""
    try:
        yield
    except HqBusy as busy:
        raise NoNetwork("hq_busy", busy.detail) from busy
    except AppTooOld as old:
        raise Refused("app_old") from old
    except (ClockRefused, HqRefused, HqRevoked) as refused:
        raise NoNetwork("hq_refused", str(refused)) from refused


def _loudness(problem: EnvironmentProblem) -> int:
    """What every tablet meets now and then is told quietly; what somebody must look at, loudly."""
    if isinstance(problem, NoNetwork | HqBusy | ClockRefused):
        return logging.INFO
    return logging.ERROR if isinstance(problem, HqRefused) else logging.WARNING


def _meaning(problem: EnvironmentProblem) -> Event:
    """What a request that failed means to the machine."""
    match problem:
        case HqBusy(retry_s=retry_s):
            return machine.Busy(retry_s)
        case AppTooOld():
            return machine.AppOld(machine.SLOW_S)
    simple: dict[type[EnvironmentProblem], Event] = {
        NoNetwork: machine.NoNetwork(),
        ClockRefused: machine.RefusedClock(),
        HqRevoked: machine.Revoked(),
        NotSaved: machine.DiskFull(),
    }
    return simple.get(type(problem), machine.Failed())


def _key_name(device_id: str) -> str:
    """Each device has a key of its own, so that enrolling anew never costs the old enrolment its key."""
    return f"device-{device_id}"
