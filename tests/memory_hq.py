"""An HQ in memory with a small shop: for tests of the rules alone, without a database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from guide_app.domain import gift_cards
from guide_app.domain.records import (
    Instrument,
    Lease,
    Names,
    Policy,
    Price,
    PriceList,
    Product,
    Record,
    Ref,
    Staff,
    Stock,
)
from guide_app.domain.records.lease import InstrumentKind
from guide_app.domain.records.shop import StaffRole
from guide_app.operations import Versioned
from hq.leases.values import CardFace, Value
from hq.ledger.memory import MemoryAggregates, MemoryHq, MemoryLedger
from hq.ledger.port import ScopeKey, Stream
from hq.sync_api.leasing import LeaseService, release
from hq.sync_api.memory_chain import MemoryChain, device_scope
from hq.sync_api.push import Push, Taken
from hq.sync_api.running import Op, Shop
from hq.sync_api.session import Granted, Session
from hq.sync_api.sweep import Sweeper
from sync.protocol.messages import Grant, LeaseRequest, LeaseResponse, Result
from tests.ops import Maker, new_id

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PRICE = 4_990


def chain(*shops: MemoryShop) -> MemoryChain:
    """The shops of one HQ, as work across stores finds them."""
    return MemoryChain(shops[0].hq, [(Shop(shop.store_id, "CNY"), shop.scope) for shop in shops])


def swept(*shops: MemoryShop, now: datetime = NOW) -> int:
    """Carries out what the shops left to be done in one another; how many steps."""
    return Sweeper(shops[0].ledger, chain(*shops)).sweep(now)


class MemoryShop:
    """One store of an HQ in memory: a guide, a product with its price and 10 pieces of it, the terms in version 1."""

    def __init__(self, hq: MemoryHq | None = None) -> None:
        self.hq = hq or MemoryHq()
        self.ledger = MemoryLedger(self.hq)
        self.store_id, self.guide_id, self.product_id, self.list_id = (new_id() for _ in range(4))
        self.aggregates = MemoryAggregates(self.hq, self.store_id)
        self.scope = ScopeKey(self.store_id, f"s{self.store_id[:8]}")
        self._furnish(self.store_id, "staff", self.guide_id, Staff(name="王芳", staff_no="01"))
        self._furnish(self.store_id, "stock", self.product_id, Stock(on_hand=10))
        self._furnish("", "product", self.product_id, Product(names=Names(en="Wipes"), sku=self.product_id[:8]))
        prices = PriceList(names=Names(), version=1, currency="CNY", valid_from="2026-01-01T00:00:00.000Z")
        self._furnish("", "price_list", self.list_id, prices)
        self._furnish("", "price", new_id(), Price(list=self.list_id, product=self.product_id, amount=PRICE))
        policy = Policy(kind="terms", version="1", title=Names(), text=Names())
        self._furnish("", "policy", new_id(), policy)

    def maker(self) -> Maker:
        """A tablet's maker of operations."""
        return Maker(self.store_id, self.guide_id)

    def stream(self) -> Stream:
        """A new database file of a new tablet."""
        return Stream(self.store_id, new_id(), new_id())

    def push(
        self,
        stream: Stream,
        ops: Sequence[Op],
        next_seq: int | None = None,
        now: datetime = NOW,
        past: Collection[str] = (),
    ) -> Taken:
        """Takes the operations, as a request with them would; `past`: where the device was enrolled before."""
        after = max((op.seq for op in ops), default=0) + 1
        shop, own = Shop(self.store_id, "CNY"), device_scope(self.store_id, stream.device_id)
        pushed = Push(self.ledger, self.aggregates, shop, self.scope, own, stream, now, past)
        return pushed.take(ops, after if next_seq is None else next_seq)

    def results(self, *ops: Op) -> list[Result]:
        """The results of the operations, sent by a new tablet."""
        return list(self.push(self.stream(), ops).results)

    def record(self, entity: str, row_id: str) -> Any:
        """The record as HQ has it, or None."""
        row = self.hq.state.rows.get((self.store_id, Ref(entity, row_id)))
        return row.record if row else None

    def hire(self, guide_id: str, role: StaffRole = "guide", *, active: bool = True) -> None:
        """Somebody more who works here."""
        self._furnish(self.store_id, "staff", guide_id, Staff(name="李娜", staff_no="02", role=role, active=active))

    def instrument(self, balance: int, kind: InstrumentKind = "points", owner_id: str = "") -> Instrument:
        """A new value of the store; whose it is, or somebody's."""
        made = Instrument(kind=kind, id=new_id())
        value = Value(kind=kind, owner_id=owner_id or new_id(), balance=balance)
        self._furnish(self.store_id, "instrument", made.id, value)
        return made

    def gift_card(self, amount: int, running: int = 42) -> tuple[Instrument, str]:
        """A gift card that was made and not sold yet, and its number."""
        made, number = Instrument(kind="card", id=new_id()), gift_cards.numbered(running)
        value = Value(kind="card", digits=number[-4:], card=CardFace(number=number, amount=amount))
        self._furnish(self.store_id, "instrument", made.id, value)
        return made, number

    def value(self, instrument: Instrument) -> Value:
        """The instrument as HQ has it; a gift card's is found from every store."""
        ref = Ref("instrument", instrument.id)
        row = self.aggregates.load([ref])[ref]
        assert row is not None
        assert isinstance(row.record, Value)
        return row.record

    def blocks(self, card: Instrument) -> None:
        """HQ's people block a gift card."""
        value = self.value(card)
        assert value.card is not None
        face = msgspec.structs.replace(value.card, blocked=True)
        self._furnish(self.store_id, "instrument", card.id, msgspec.structs.replace(value, card=face))

    def session(self, device_id: str) -> Session:
        """Who asks, when this device does; its scope is named after it."""
        store_id, key = self.store_id, ScopeKey(self.store_id, device_id[:12])
        granted = (
            Granted(Grant(scope=self.scope.scope, kind="store", name="One"), self.scope),
            Granted(Grant(scope=key.scope, kind="device", name=""), key),
        )
        return Session(device_id, Shop(store_id, "CNY"), "e1", granted, "2027-01-01T00:00:00.000Z")

    def grant(
        self,
        device_id: str,
        instrument: Instrument,
        amount: int,
        lease_id: str | None = None,
        *,
        request_id: str = "",
        now: datetime = NOW,
        product_id: str | None = None,
        staff_id: str | None = None,
    ) -> LeaseResponse:
        """What HQ says to a device that asks for a lease, or (`lease_id`) for more of one."""
        service = LeaseService(self.ledger, lambda _session: self.aggregates)
        request_id = request_id or new_id()
        asked = LeaseRequest(request_id=request_id, instrument=instrument, amount=amount, lease_id=lease_id,
                             product_id=product_id, staff_id=staff_id)  # fmt: skip
        return service.ask(self.session(device_id), asked, now)

    def release(self, now: datetime) -> int:
        """HQ's job: takes back what expired a day ago."""
        return release(self.ledger, self.aggregates, self.scope, now)

    def lease(self, lease_id: str) -> Lease:
        """The lease as HQ has it."""
        found: Lease = self.record("lease", lease_id)
        return found

    def _furnish(self, store_id: str, entity: str, row_id: str, record: Record) -> None:
        self.hq.shop_row(store_id, Ref(entity, row_id), Versioned(record, 1))
