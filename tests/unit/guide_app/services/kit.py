"""The use cases over a real store on the disk, in a small shop with two guides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from guide_app.adapters.pins import Argon2PinHasher
from guide_app.domain.clock import to_text
from guide_app.domain.errors import NoNetwork, Refused
from guide_app.domain.records import Card, Instrument, Lease, Names, Policy, Recipient, Staff
from guide_app.operations.orders import WantedFulfilment
from guide_app.services.attention import Attention
from guide_app.services.baskets import Baskets
from guide_app.services.by_hand import ByHandDesk
from guide_app.services.charging import ChargeDesk
from guide_app.services.fulfilling import FulfilDesk, GoodsDesk
from guide_app.services.labels import LabelDesk
from guide_app.services.leases import LeaseDesk
from guide_app.services.members import MemberDesk, SignUpForm
from guide_app.services.missing_orders import MissingOrders
from guide_app.services.morning import MorningDesk
from guide_app.services.parcels import ParcelDesk
from guide_app.services.payments import PaymentDesk
from guide_app.services.ports.chain import FoundOrder, Granted, PaymentShown
from guide_app.services.ports.shop import StaffRow
from guide_app.services.pricing import PriceDesk
from guide_app.services.quotations import QuotationDesk
from guide_app.services.receipts import ReceiptDesk
from guide_app.services.returning import ReturnDesk
from guide_app.services.selling import Till
from guide_app.services.service import ServiceDesk
from guide_app.services.session import Session
from guide_app.services.shares import ShareDesk
from guide_app.services.talks import TalkDesk
from guide_app.services.today import Today
from guide_app.services.value import ValueDesk
from tests.unit.guide_app.services.lender import Lender
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, PHONES, Bench

OTHER = "00000000-0000-4000-8000-0000000000b2"
NEW = "00000000-0000-4000-8000-0000000000b3"
PIN = "407193"
SENT = WantedFulfilment(
    kind="ship", fast=True, to=Recipient(name="陈静", phone="+8613800000001", address="南京东路 1 号 3 楼")
)
"""Goods that are sent from this shop within two hours."""


class Office:
    """HQ, asked about payments on customers' phones: what it is told to say, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.says: list[PaymentShown | Exception] = []
        self.cards: dict[str, Card | Exception] = {}
        """Number → the gift card, or why HQ does not tell of it."""

    async def gift_card(self, number: str, pin: str) -> Card:
        self.asked.append({"number": number, "pin": pin})
        found = self.cards.get(number, Refused("card_unknown"))
        if isinstance(found, Exception):
            raise found
        return found

    async def payment(self, what: Literal["ask", "close", "refund"], **told: Any) -> PaymentShown:
        self.asked.append({"what": what, **told})
        said = self.says.pop(0)
        if isinstance(said, Exception):
            raise said
        return said


class OrderHq:
    """HQ, asked for orders by their numbers; nobody answers while `offline`."""

    def __init__(self) -> None:
        self.knows: dict[str, FoundOrder] = {}
        self.offline = False
        self.asked: list[str] = []

    async def look_up(self, **_asked: str) -> str | None:
        return None

    async def find_order(self, number: str) -> FoundOrder | None:
        self.asked.append(number)
        if self.offline:
            raise NoNetwork("no_network")
        return self.knows.get(number)


class LeaseHq:
    """HQ, asked for leases: what of each instrument is `free`; nobody answers while `offline`."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.free: dict[str, int] = {}
        self.offline = False
        self.asked: list[int] = []

    async def lease(
        self, instrument: Instrument, amount: int, request_id: str, lease_id: str = "", owner_id: str = ""
    ) -> Granted:
        if self.offline:
            raise NoNetwork("no_network")
        self.asked.append(amount)
        granted = min(amount, self.free.get(instrument.id, 0))
        if granted:
            self.free[instrument.id] -= granted
            await self.grant(instrument, granted, lease_id)
        return Granted(amount=granted)

    async def grant(self, instrument: Instrument, amount: int, lease_id: str = "") -> None:
        """So much more is this tablet's to spend for two days."""
        row_id, now = lease_id or uuid(), self._bench.clock.now()
        before: Lease | None = self._bench.hq.record("lease", row_id)
        self._bench.hq.publish("lease", row_id, Lease(
            amount=amount + (before.amount if before else 0), spent=before.spent if before else 0,
            instrument=instrument, granted_at=to_text(now), expires_at=to_text(now + timedelta(days=2)),
        ))  # fmt: skip
        await self._bench.drain()


class Counter:
    """All the use cases on one store; `reopen` is a kill of the app and a new start."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.order_hq = bench, OrderHq()
        self._make()

    def _make(self) -> None:
        store, clock, ids = self.bench.store, self.bench.clock, self.bench.ids
        self.session = Session(store.shop, store.journal, cheap_hasher(), store.pin_tries)
        self.members = MemberDesk(store.members, store.shop, store.journal, store.numbers, self.session, ids)
        self.baskets = Baskets(store.drafts, self.session, clock, ids)
        self.prices = PriceDesk(store.promotions)
        self.by_hand = ByHandDesk(self.prices, store.shop, self.session, ids)
        self.office = Office()
        self.lease_hq = LeaseHq(self.bench)
        self.leases = LeaseDesk(store.leases, self.lease_hq, store.journal, store.shop, clock, ids)
        self.lender = Lender(self.bench)
        lent = LeaseDesk(store.leases, self.lender, store.journal, store.shop, clock, ids)
        self.goods = FulfilDesk(lent, store.catalogue, store.shop, clock)
        self.value = ValueDesk(self.prices, store.members, self.leases, store.shop)
        self.till = Till(
            store.catalogue,
            self.prices,
            store.journal,
            store.numbers,
            self.baskets,
            self.session,
            ids,
            self.goods,
            self.value,
            ChargeDesk(store.orders, self.session, ids),
        )
        self.missing = MissingOrders(store.orders, self.order_hq, store.drafts, clock)
        self.hand_over = GoodsDesk(store.orders, self.goods, store.journal, self.session)
        self.parcels = ParcelDesk(store.parcels, store.journal, self.session)
        self.returns = ReturnDesk(store.orders, store.sold, store.journal, self.session, ids)
        self.talks = TalkDesk(store.journal, self.session, clock, ids)
        self.today = Today(store.today, store.shop, self.session, clock)
        paper: Any = None  # nothing is printed at this counter
        self.receipts = ReceiptDesk(
            store.orders, store.members, store.catalogue, store.shop, store.printed, paper, paper, paper, clock
        )
        self.labels = LabelDesk(store.orders, store.parcels, store.shop, self.receipts, self.members)
        self.quotations = QuotationDesk(
            store.quotations, store.catalogue, store.shop, self.prices, store.journal, store.numbers, self.session,
            self.today, self.receipts, ids, self.goods,
        )  # fmt: skip
        self.service = ServiceDesk(store.service, store.journal, store.numbers, self.session, self.today, ids)
        self.morning = MorningDesk(store.morning, store.today, self.today, self.session, store.journal)
        self.shares = ShareDesk(store.orders, store.shop, store.journal, self.session)
        self.attention = Attention(store.outbox, self.members, self.till, self.hand_over)
        self.payments = PaymentDesk(
            store.orders, self.office, store.journal, self.session, ids, self.leases, self.office, (0.01,)
        )

    def reopen(self) -> None:
        self.bench.store.close()
        self.bench.store = self.bench.opened()
        self._make()
        self.stand(GUIDE)

    def stand(self, guide_id: str) -> None:
        """This guide stands at the counter, as after a sign-in."""
        self.session.guide = StaffRow(id=guide_id, staff=Staff(name="王芳", staff_no="01"))

    def form(self, phone: str = "138 0000 0001", name: str = "陈静", **more: Any) -> SignUpForm:
        form: dict[str, Any] = {"consents": {"terms": True}, **more}
        return SignUpForm(member_id=uuid(), phone=phone, name=name, **form)

    def outbox(self) -> list[str]:
        """The kinds of all operations made here, in order."""
        return [kind for (kind,) in self.bench.sql("SELECT kind FROM outbox ORDER BY seq")]

    async def hq_has(self, entity: str, row_id: str) -> Any:
        """A record as HQ holds it once all is in step."""
        await self.bench.drain()
        return self.bench.hq.record(entity, row_id)


def cheap_hasher() -> Argon2PinHasher:
    return Argon2PinHasher(memory_kib=1024, passes=1)


async def staffed(bench: Bench) -> Counter:
    """A counter where the first guide stands; a second has a PIN of their own, a third one from HQ."""
    pin = await cheap_hasher().hash(PIN)
    bench.hq.publish("staff", OTHER, Staff(name="Li Wei", staff_no="02", pin=pin))
    bench.hq.publish("staff", NEW, Staff(name="赵敏", staff_no="03", pin=pin, pin_once=True))
    words = Names(en="Calls", zh="电话")
    bench.hq.publish("policy", uuid(), Policy(kind="calls", version="4", title=words, text=words, position=1))
    await bench.drain()
    counter = Counter(bench)
    counter.stand(GUIDE)
    return counter


async def signed_up(counter: Counter, n: int = 1, **more: Any) -> str:
    """A member of the shop; `n` tells phones apart."""
    return await counter.members.sign_up(counter.form(PHONES[n], **more))
