"""The simulated HQ: its real sync service over its data, its devices, and its bad days."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from random import Random
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from guide_app.domain import gift_cards, leases, radar
from guide_app.domain.clock import to_text
from guide_app.domain.errors import BadInput, NoNetwork, Refused
from guide_app.domain.ids import derived_id
from guide_app.domain.records import Member, Ref, Wallet
from guide_app.domain.records.lease import Instrument
from hq.handlers import abroad
from hq.handlers.moving import Mover
from hq.handlers.work import Work
from hq.history.erasing import Eraser
from hq.leases.values import CardFace, Value
from hq.ledger.past import Person
from hq.ledger.port import Head, Ledger, ScopeKey, Transient
from hq.payments.local.trades import Refused as NotThere
from hq.payments.values import OPEN
from hq.protocol.positions import LEAP, leapt
from hq.sync_api import lookup, wandering
from hq.sync_api.leasing import LeaseService, release
from hq.sync_api.paying import Paying
from hq.sync_api.replay import Replayed, replay
from hq.sync_api.running import Shop
from hq.sync_api.service import Settings, SyncService
from hq.sync_api.session import Granted, Session
from hq.sync_api.sweep import Branch, Sweeper, publish
from sync.protocol import codec
from sync.protocol.errors import ProtocolError
from sync.protocol.messages import (
    EnrolRequest,
    EnrolResponse,
    Grant,
    LeaseRequest,
    LookupRequest,
    PayRequest,
    RadarResponse,
    VerifyRequest,
    read_request,
)
from sync.protocol.signature import CLOCK_TOLERANCE_S, is_past_proof, key_from_text
from sync.remote import ClockRefused, HqBusy, HqRefused, HqRevoked
from tests.memory_pay import MemoryPay
from tests.simulation.hq_data import CHAIN, LIMIT, HqData, MemoryData, Store, furnish_chain, furnish_store
from tests.simulation.network import LEASE, LOOKUP, PAYMENT, RADAR, VERIFY, Reply
from tests.simulation.timeline import Timeline

ZONE = ZoneInfo("Asia/Shanghai")
AUTHORISED = timedelta(days=35)
STOCK = 40
CARD = 6
FACE = 500
"""What the gift card of each shop is worth: less than its tablets ask for."""
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass
class Device:
    """A tablet as HQ enrolled it."""

    device_id: str
    store: Store
    letters: str
    revoked: bool = False
    public_key: str = ""
    past: frozenset[str] = frozenset()
    """Stores in which its tablet proved that it was enrolled before."""
    came: bool = False
    """Whether it was elsewhere before, and has not been told yet who was erased."""
    region: bool = True
    """Whether it is entitled to the region's rows."""

    @property
    def scope(self) -> str:
        return f"d{self.device_id[:8]}"


class Breaking:
    """HQ's ledger, whose process dies at a given transaction: before its COMMIT, or after it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.dies_at: tuple[int, str] | None = None
        """How many transactions still go well, and then: "before" or "after"."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        how = ""
        if self.dies_at is not None:
            left, how = self.dies_at
            self.dies_at, how = ((left - 1, how), "") if left else (None, how)
        with self._ledger.transaction():
            yield
            if how == "before":
                raise Died
        if how == "after":
            raise Died


class Died(BaseException):
    """HQ's process ended: whoever asked hears nothing."""


class HqBackup(NamedTuple):
    """A copy of all that HQ's disk had."""

    state: Any
    stock: dict[tuple[str, str], int]
    eras: frozenset[str]
    moved: frozenset[str]


class SimulatedHq:
    """HQ with its shops. `answer` is what it says to a request's bytes."""

    def __init__(self, data: HqData, timeline: Timeline, random: Random, stores: int) -> None:
        self.data, self.timeline, self._random = data, timeline, random
        self.epoch = "e1"
        self._eras = frozenset({"e1"})
        """The epochs that this history goes on from, and its own."""
        self.busy_until = -1.0
        self.devices: dict[str, Device] = {}
        self.died = 0
        self.journal: list[Person] = []
        self.erased_numbers: set[str] = set()
        """Members' numbers of everybody who was erased; a clone's customer may have had one of them too."""
        self._forgotten: set[Ref] = set()
        self._lost: set[Ref] = set()
        self.prices = (4_990, 1_250)
        self.products = [self.id() for _ in self.prices]
        self.list_id, _ = furnish_chain(data, [self.id() for _ in range(4)] + self.products, self.prices)
        self.stores = [self._store(n) for n in range(stores)]
        self.stock: dict[tuple[str, str], int] = {}
        """(store, product) → pieces there would be if nothing was sold."""
        self.moved: frozenset[str] = frozenset()
        """Steps of goods that HQ's own people did, as this history has them."""
        self.limits: Counter[str] = Counter()
        """Colleague → the most that HQ ever let them buy in a month."""
        for store in self.stores:
            furnish_store(data, store, self.products, STOCK)
            self.limits.update(dict.fromkeys(store.guides, LIMIT))
            data.keep(store.store_id, Ref("instrument", self.card_of(store).id), Value(kind="card", balance=CARD))
            self.stock |= {(store.store_id, product): STOCK for product in self.products}
        self.cards = [gift_cards.numbered(n) for n in range(4)]
        """Numbers of gift cards that wait to be sold, in whatever store."""
        for number in self.cards:
            value = Value(kind="card", digits=gift_cards.last(number), card=CardFace(number=number, amount=FACE))
            data.keep(self.stores[0].store_id, Ref("instrument", derived_id("card", number)), value)
        self.ledger = Breaking(data.ledger)
        self.pay = MemoryPay()
        self.page_bytes: int | None = None
        """How many bytes of rows HQ sends at most; None: as many as were asked for."""
        self.set_min_app("")
        self._backups: list[HqBackup] = []

    def id(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def card_of(self, store: Store) -> Instrument:
        """A gift card that the tablets of a shop lease shares of."""
        return Instrument(kind="card", id=derived_id("card", store.store_id))

    def write_wallet(self, store: Store, member_id: str, wallet: Wallet) -> None:
        """What a member has, for the screens; of somebody who is being erased nothing is told."""
        if member_id not in self.erased:
            self.data.write(ScopeKey(store.store_id, store.scope), {Ref("wallet", member_id): wallet})

    def limit_of(self, store: Store, guide: str, at: datetime) -> Instrument:
        """What a colleague may buy in the month of that moment by the shop's clock."""
        return leases.staff_instrument(store.store_id, guide, f"{at.astimezone(ZONE):%Y-%m}")

    def move_goods(self, store: Store, how: Callable[[Mover], Work]) -> bool:
        """HQ's people move the goods of an order; False where its rules allow no such move now."""
        made = list[str]()

        def new_id() -> str:
            made.append(self.id())
            return made[-1]

        branch = self.branch(store.store_id)
        with contextlib.suppress(Refused, BadInput), self.data.ledger.transaction():
            mover = Mover(branch.aggregates, branch.shop.currency, self.timeline.now(), new_id)
            publish(self.data.ledger, branch, how(mover))
            self.moved |= {*made}
            return True
        return False

    def release(self) -> None:
        """The job that takes back what is left in leases long expired."""
        for store in self.stores:
            branch = self.branch(store.store_id)
            release(self.data.ledger, branch.aggregates, branch.scope, self.timeline.now())

    def customer_pays(self) -> str:
        """Somebody pays by a code that a tablet shows, or their bank says no."""
        open_ones = sorted(
            row_id
            for store in self.stores
            for row_id, row in self.data.records(store.store_id, "payment_request").items()
            if getattr(row.record, "state", "") in OPEN
        )
        if not open_ones:
            return "nobody"
        with contextlib.suppress(NotThere):
            self.pay.trades.pay(self._random.choice(open_ones), fails=self._random.random() < 0.2)
        return "paid"

    def hear_provider(self, *, all_of_it: bool = False) -> None:
        """Notifications come: any of those there are, now and then again, in any order; or none does, for ever."""
        events = self.pay.events
        if not events:
            return
        chosen = [*events] if all_of_it else [self._random.choice(events)]
        if all_of_it or self._random.random() < 0.5:
            self.pay.events = [event for event in events if event not in chosen]
        for event in chosen:
            with contextlib.suppress(Refused, Transient):
                rules = Paying(self.ledger, self.pay)
                self._living(partial(rules.told, self._payment_branch, event, self.timeline.now()))

    def look_after_payments(self, ahead: timedelta = timedelta(0)) -> int:
        """The job that asks the provider what it did not tell; how much that was."""
        now = self.timeline.now() + ahead
        self.pay.now = now.timestamp()
        due = [len(self.branch(store.store_id).aggregates.payments_due(to_text(now))) for store in self.stores]
        for store in self.stores:
            self._living(partial(Paying(self.ledger, self.pay).look_after, self.branch(store.store_id), now))
        return sum(due)

    def _living(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Died:
            self.died += 1

    def _payment_branch(self, request_id: str) -> Branch | None:
        store_id = self.branch(self.stores[0].store_id).aggregates.payment_store(request_id)
        return self.branch(store_id) if store_id else None

    def _radar(self, store: Store) -> RadarResponse:
        """The set of every shop's members, whole."""
        phones = [
            row.record.phone
            for one in self.stores
            for row in self.data.records(one.store_id, "member").values()
            if isinstance(row.record, Member)
        ]
        found = radar.made(radar.names(phones, bytes(32)), bytes(32), sha256(store.store_id.encode()).digest(), 7)
        return RadarResponse(
            version=found.version, made_at=to_text(self.timeline.now()), terms=found.terms, of=found.terms.buckets,
            first=0, buckets=[*found.buckets],
        )  # fmt: skip

    def new_device(self, store: Store) -> Device:
        count = len(self.devices)
        device = Device(self.id(), store, _LETTERS[count // 23] + _LETTERS[count % 23])
        self.devices[device.device_id] = device
        self.data.open_scope(ScopeKey(store.store_id, device.scope))
        return device

    def session(self, device: Device) -> Session:
        store = device.store
        granted = (
            Granted(Grant(scope=store.scope, kind="store", name="One"), ScopeKey(store.store_id, store.scope)),
            Granted(Grant(scope=device.scope, kind="device", name=""), ScopeKey(store.store_id, device.scope)),
            Granted(Grant(scope="c", kind="chain", name=""), self.data.chain),
            *([Granted(Grant(scope="r", kind="region", name="North"), self.data.region)] if device.region else []),
        )
        until = to_text(self.timeline.now() + AUTHORISED)
        return Session(device.device_id, Shop(store.store_id, "CNY", "Asia/Shanghai"), self.epoch, granted, until)

    def answer(self, device_id: str, plain: bytes, created: int) -> Reply:
        """An answer's bytes, or what the tablet's transport makes of a refusal."""
        device = self.devices[device_id]
        now = self.timeline.now()
        if self.timeline.seconds < self.busy_until:
            return HqBusy(5)
        if abs(created - now.timestamp()) > CLOCK_TOLERANCE_S:
            return ClockRefused(to_text(now))
        if device.revoked:
            return HqRevoked("revoked")
        if device.came:  # HQ does so as it enrols it; here that happens where no database can be asked
            key = ScopeKey(device.store.store_id, device.scope)
            wandering.came(self.data.ledger, self.data.past, key, now)
            device.came = False
        try:
            if plain.startswith(LEASE):
                asked = codec.decode(plain.removeprefix(LEASE), LeaseRequest)
                leasing = LeaseService(self.ledger, self.data.aggregates)
                return codec.encode(leasing.ask(self.session(device), asked, now))
            if plain.startswith(LOOKUP):
                who = codec.decode(plain.removeprefix(LOOKUP), LookupRequest)
                return codec.encode(lookup.answer(self.ledger, self.branch(device.store.store_id), who, now))
            if plain.startswith(PAYMENT):
                about = codec.decode(plain.removeprefix(PAYMENT), PayRequest)
                branch = self.branch(device.store.store_id)
                return codec.encode(Paying(self.ledger, self.pay).answer(branch, device_id, about, now))
            if plain.startswith(RADAR):
                return codec.encode(self._radar(device.store))
            if plain.startswith(VERIFY):
                asked_for = codec.decode(plain.removeprefix(VERIFY), VerifyRequest)
                return self.service.verify(self.session(device), asked_for)
            request, ops = read_request(plain)
            if self.page_bytes is not None:
                request = msgspec.structs.replace(request, want=min(request.want, self.page_bytes))
            return self.service.sync(self.session(device), request, ops, "0.1.0", now)
        except Transient:
            return HqBusy(5)
        except Died:
            self.died += 1
            return NoNetwork("no_network", "HQ died")
        except ProtocolError as error:
            return HqRefused(422, error.code)

    def enrol(self, device: Device, request: EnrolRequest) -> EnrolResponse:
        store, was = device.store, self.devices.get(request.was or "")
        session = self.session(device)
        device.public_key = request.device_public_key
        if was and is_past_proof(
            request.was_proof, key_from_text(was.public_key), was.device_id, request.device_public_key
        ):
            device.past = was.past | {was.store.store_id}
            device.came = True
        return EnrolResponse(
            device_id=device.device_id, store_id=store.store_id, store_code=store.code,
            device_letters=device.letters, region="CN", time_zone="Asia/Shanghai", currency="CNY",
            languages=["zh_CN"], epoch=self.epoch, grants=[granted.grant for granted in session.granted],
            authorised_until=session.authorised_until, server_time=to_text(self.timeline.now()), hq_public_keys=[],
        )  # fmt: skip

    def replay(self) -> Replayed:
        """The operator runs what is parked again."""
        return replay(self.data.ledger, self)

    def sweep(self) -> None:
        """The job that carries out what one store leaves to be done in another; HQ may die at it."""
        try:
            Sweeper(self.ledger, self).sweep(self.timeline.now())
        except Died:
            self.died += 1

    def move(self, member_id: str, old: Store, new: Store) -> bool:
        """A member's home becomes another store; False where that store has the phone already."""
        with contextlib.suppress(Refused), self.data.ledger.transaction():
            branches = [self.branch(store.store_id) for store in (old, new)]
            work = abroad.move(branches[0].here, branches[1].here, member_id, self.timeline.now())
            for branch, done in sorted(zip(branches, work, strict=True), key=lambda pair: pair[0].scope):
                publish(self.data.ledger, branch, done)
            return True
        return False

    def erase(self, store: Store, member_id: str) -> None:
        """A person is erased: the journal first, which no restored backup takes back.

        By every id that a merge leads to theirs, as HQ's service finds them.
        """
        person = self.data.past.whole(Person(store.store_id, (member_id,)))
        self.journal.append(person)
        self.erased_numbers |= self.numbers(person.ids)
        self._carry_out(person)

    def numbers(self, of: Collection[str] = ()) -> set[str]:
        """The numbers of all members there are, or of these."""
        found = [
            row.record for store in self.stores for row_id, row in self.data.records(store.store_id, "member").items()
            if isinstance(row.record, Member) and (row_id in of or not of)
        ]  # fmt: skip
        return {number for member in found for number in (member.member_no, *member.other_numbers)}

    @property
    def erased(self) -> set[str]:
        """Every id of everybody who was erased."""
        return {one for person in self.journal for one in person.ids}

    def _carry_out(self, person: Person) -> None:
        eraser = Eraser(self.data.ledger, self.data.past, self, self.timeline.now(), self.journal.append)
        eraser.erase(person, [store.store_id for store in self.stores])

    def departed(self) -> set[Ref]:
        """Rows of stores that left, are gone or erased, or were so when tombstones were forgotten; and until all is
        mended, when a tablet has fetched them again, those that were so before HQ was restored."""
        keys = [ScopeKey(store.store_id, store.scope) for store in self.stores]
        now = {ref for key in keys for ref, row in self.data.feed(key).items() if row.kind != "put"}
        return now | self._forgotten | self._lost

    # ------------------------------------------------------------ its bad days

    def set_min_app(self, oldest: str) -> None:
        """Older apps than this get no rows."""
        self.min_app = oldest
        self.service = SyncService(
            self.ledger, self.data.aggregates, Settings(min_app=oldest),
            past_of=lambda session: self.devices[session.device_id].past, continues=lambda epoch: epoch in self._eras,
        )  # fmt: skip

    def back_up(self) -> HqBackup | None:
        """A copy of everything; None where the data cannot be copied."""
        if not isinstance(self.data, MemoryData):
            return None
        made = HqBackup(self.data.memory.state.copy(), dict(self.stock), self._eras, self.moved)
        self._backups = [*self._backups[-2:], made]
        return made

    def restore(self, chosen: HqBackup | None = None) -> bool:
        """Everything as it was at this backup, or at some, under a new epoch."""
        if not self._backups or not isinstance(self.data, MemoryData):
            return False
        self._lost |= self.departed()
        state, stock, eras, self.moved = chosen or self._random.choice(self._backups)
        lost = self.data.memory.state.heads
        self.data.memory.state, self.stock = state.copy(), dict(stock)
        heads = self.data.memory.state.heads
        for key in {**lost, **heads}:  # a scope without a row yet has its head in the real database
            head = heads.get(key, Head(0, 0, 0))
            heads[key] = msgspec.structs.replace(head, head=leapt(head.head))
        self.epoch = f"e{int(self.epoch[1:]) + 1}"
        self._eras = eras | {self.epoch}
        for person in [*self.journal]:
            self._carry_out(person)
        return True

    def began(self, key: ScopeKey) -> int:
        """The position at which the scope's feed goes on since HQ was last restored; 0 where it never was."""
        if not isinstance(self.data, MemoryData):
            return 0
        head = self.data.memory.state.heads.get(key)
        return head.head // LEAP * LEAP if head else 0

    def trim(self, random: Random) -> bool:
        """Forgets tombstones: the floor rises."""
        if not isinstance(self.data, MemoryData):
            return False
        state = self.data.memory.state
        key = random.choice([self.data.chain, *(key for key in self.scopes() if key in state.heads)])
        head = state.heads[key]
        floor = random.choice((head.head, random.randint(head.floor, head.head)))
        # Whom HQ erased it goes on saying for longer than a tablet keeps operations; here no time passes meanwhile.
        named = [row.seq for at, row in state.feed.items() if at[0] == key and row.kind == "erased"]
        floor = max(head.floor, min([floor, *(seq - 1 for seq in named)]))
        state.heads[key] = msgspec.structs.replace(head, floor=floor)
        for at, row in [*state.feed.items()]:
            if at[0] == key and row.kind != "put" and row.seq <= floor:
                self._forgotten.add(at[1])
                del state.feed[at]
        return True

    def mend(self) -> None:
        """All is well again."""
        self.busy_until, self.page_bytes, self.ledger.dies_at = -1.0, None, None
        self._lost.clear()
        self.set_min_app("")

    def scopes(self) -> Sequence[ScopeKey]:
        """Every scope there is."""
        stores = [ScopeKey(store.store_id, store.scope) for store in self.stores]
        devices = [ScopeKey(device.store.store_id, device.scope) for device in self.devices.values()]
        return [self.data.chain, self.data.region, *stores, *devices]

    # ------------------------------------------------------------ its stores, as work across them finds them (Chain)

    def branch(self, store_id: str) -> Branch:
        store = next(store for store in self.stores if store.store_id == store_id)
        session = self.session(Device("", store, ""))
        return Branch(session.shop, session.store_scope, self.data.aggregates(session))

    def knows(self, store_id: str) -> bool:
        return any(store.store_id == store_id for store in self.stores)

    def device_scope(self, store_id: str, device_id: str) -> ScopeKey:
        return ScopeKey(store_id, self.devices[device_id].scope)

    def wanderers(self, store_id: str) -> Sequence[ScopeKey]:
        here = [device for device in self.devices.values() if device.past and device.store.store_id == store_id]
        return [ScopeKey(store_id, device.scope) for device in here]

    def _store(self, number: int) -> Store:
        store_id = self.id()
        return Store(store_id, f"s{store_id[:8]}", f"10{number + 1}", (self.id(), self.id()))


def in_memory(timeline: Timeline, random: Random, stores: int) -> tuple[SimulatedHq, MemoryData]:
    """An HQ whose state can be copied and put back."""
    data = MemoryData()
    return SimulatedHq(data, timeline, random, stores), data


__all__ = ["CHAIN", "Device", "Died", "HqBackup", "SimulatedHq", "in_memory"]
