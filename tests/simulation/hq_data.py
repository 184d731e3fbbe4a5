"""What the simulated HQ keeps, behind one face: in memory or in PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from guide_app.domain import fulfilment, returns
from guide_app.domain.records import (
    Earning,
    FulfilStep,
    Material,
    Names,
    Order,
    OrderCopy,
    PointsPlan,
    Policy,
    Price,
    PriceList,
    Product,
    Record,
    Ref,
    Settings,
    Staff,
    StaffPurchase,
    Stock,
    encode,
)
from guide_app.operations import Versioned
from hq.joining.values import Joining
from hq.ledger.memory import MemoryAggregates, MemoryHq, MemoryLedger
from hq.ledger.page import Stored
from hq.ledger.past import Past
from hq.ledger.past_memory import MemoryPast
from hq.ledger.port import Aggregates, FeedRow, Ledger, RowKind, ScopeKey, Stream
from hq.sync_api.session import Session

REWARD = 10
"""What who came and who brought them are given, each."""
PLAN = PointsPlan(earnings=(Earning(amount=1_000),), expiry="months")
"""A point for every whole 10.00."""
LIMIT = 30_000
"""What each colleague may buy at staff prices in a month, until HQ says otherwise."""
CHAIN = "00000000-0000-0000-0000-000000000000"
"""The reserved store id that the scopes of chain and regions stand under."""


class Store(NamedTuple):
    """A shop with its people."""

    store_id: str
    scope: str
    code: str
    guides: tuple[str, ...]


class LoggedOp(NamedTuple):
    """An operation as HQ's op_log has it."""

    stream: Stream
    kind: str
    body: bytes | None
    status: str
    code: str


class HqData(Protocol):
    """HQ's whole state."""

    ledger: Ledger
    past: Past
    chain: ScopeKey
    region: ScopeKey

    def aggregates(self, session: Session) -> Aggregates: ...

    def open_scope(self, key: ScopeKey) -> None:
        """A scope begins, with nothing in its feed."""

    def open_store(self, store: Store) -> None:
        """A shop is opened."""

    def log(self) -> Mapping[str, LoggedOp]:
        """op_id → operation."""

    def numbers(self) -> Mapping[Stream, tuple[int, Sequence[int]]]:
        """Each stream's last number, and all numbers that came in it."""

    def feed(self, key: ScopeKey) -> Mapping[Ref, Stored]:
        """The scope's rows."""

    def records(self, store_id: str, entity: str) -> Mapping[str, Versioned]:
        """The trade's own rows of one entity; chain and region: `CHAIN`."""

    def write(self, key: ScopeKey, rows: Mapping[Ref, Record]) -> None:
        """HQ's own write: rows of one scope, each one version on, and published, in one transaction."""

    def keep(self, store_id: str, ref: Ref, record: Record) -> None:
        """A row of HQ's own, that does not travel."""

    def gone(self, key: ScopeKey, ref: Ref) -> None:
        """A row of the chain is deleted everywhere."""


class MemoryData:
    """In memory; a copy of `memory.state` is a backup."""

    def __init__(self) -> None:
        self.memory = MemoryHq()
        self.ledger: Ledger = MemoryLedger(self.memory)
        self.past: Past = MemoryPast(self.memory)
        self.chain, self.region = ScopeKey(CHAIN, "c"), ScopeKey(CHAIN, "r")

    def aggregates(self, session: Session) -> MemoryAggregates:
        return MemoryAggregates(self.memory, session.shop.store_id)

    def open_scope(self, key: ScopeKey) -> None:
        """In memory every scope is there."""

    def open_store(self, store: Store) -> None:
        """In memory a shop is its rows."""

    def log(self) -> Mapping[str, LoggedOp]:
        return {
            op_id: LoggedOp(stream, entry.kind, entry.body, entry.outcome.status, entry.outcome.code)
            for op_id, (stream, entry) in self.memory.state.ops.items()
        }

    def numbers(self) -> Mapping[Stream, tuple[int, Sequence[int]]]:
        came: dict[Stream, list[int]] = {}
        for stream, seq in self.memory.state.seen:
            came.setdefault(stream, []).append(seq)
        return {stream: (last, sorted(came.get(stream, ()))) for stream, last in self.memory.state.streams.items()}

    def feed(self, key: ScopeKey) -> Mapping[Ref, Stored]:
        return {ref: row for (at, ref), row in self.memory.state.feed.items() if at == key}

    def records(self, store_id: str, entity: str) -> Mapping[str, Versioned]:
        at = "" if store_id == CHAIN else store_id
        rows = self.memory.state.rows.items()
        return {ref.id: row for (owner, ref), row in rows if owner == at and ref.entity == entity}

    def write(self, key: ScopeKey, rows: Mapping[Ref, Record]) -> None:
        at = "" if key.store_id == CHAIN else key.store_id
        with self.ledger.transaction():
            published = []
            for ref, record in rows.items():
                before = self.memory.state.rows.get((at, ref))
                ver = before.ver + 1 if before else 1
                self.memory.state.rows[at, ref] = Versioned(record, ver)
                published.append(FeedRow(ref, ver, encode(record).decode()))
            self.ledger.publish(key, published)

    def keep(self, store_id: str, ref: Ref, record: Record) -> None:
        self.memory.shop_row(store_id, ref, Versioned(record, 1))

    def gone(self, key: ScopeKey, ref: Ref) -> None:
        self._take_out(key, ref, "gone")

    def _take_out(self, key: ScopeKey, ref: Ref, how: RowKind) -> None:
        with self.ledger.transaction():
            before = self.memory.state.rows.pop(("" if key.store_id == CHAIN else key.store_id, ref))
            self.ledger.publish(key, [FeedRow(ref, before.ver + 1, None, how)])


def furnish_chain(data: HqData, ids: Sequence[str], prices: Sequence[int]) -> tuple[str, str]:
    """Products with their price list, the policies and a material; the ids of the list and of the first policy."""
    list_id, terms, settings, shown, *products = ids
    rows: dict[Ref, Record] = {
        Ref("price_list", list_id): PriceList(
            names=Names(), version=1, currency="CNY", valid_from="2026-01-01T00:00:00.000Z"
        ),
        Ref("policy", terms): Policy(kind="terms", version="1", title=Names(), text=Names()),
        Ref("material", shown): Material(material=shown, version=1, kind="text", title=Names(zh="新品")),
    }
    data.open_scope(data.region)
    data.write(data.region, {Ref("settings", settings): Settings(referral_points=REWARD, points=PLAN)})
    for product, amount in zip(products, prices, strict=False):
        rows[Ref("product", product)] = Product(names=Names(en="Wipes", zh="湿巾"), sku=product[:8])
        rows[Ref("price", f"{product[:-4]}eeee")] = Price(list=list_id, product=product, amount=amount)
    data.write(data.chain, rows)
    return list_id, terms


def furnish_store(data: HqData, store: Store, products: Sequence[str], stock: int) -> None:
    """The shop with its people and its stock."""
    data.open_store(store)
    rows: dict[Ref, Record] = {
        Ref("staff", guide): Staff(name=f"王芳{n}", staff_no=f"0{n}", role="manager" if n == 1 else "guide",
                                   purchase=StaffPurchase(limit=LIMIT))
        for n, guide in enumerate(store.guides, 1)
    }  # fmt: skip
    rows |= {Ref("stock", product): Stock(on_hand=stock) for product in products}
    data.write(ScopeKey(store.store_id, store.scope), rows)


def _stand(order: Order) -> list[FulfilStep]:
    """The steps of its goods that nobody took back."""
    undone = {one.undoes for one in order.fulfilment.steps if one.what == "undo"}
    return [one for one in order.fulfilment.steps if one.op_id not in undone]


def _for_others(data: HqData, store_id: str, others: Sequence[str]) -> Counter[str]:
    """Product → pieces of other stores' orders that this store handed over, sent, or set aside: by the orders alone."""
    found = Counter[str]()
    for order in (row.record for other in others for row in data.records(other, "order").values()):
        assert isinstance(order, Order)
        goes = order.fulfilment
        gone = [one.at for one in _stand(order) if one.what in ("shipped", "done")]
        aside = goes.progress == "ready" and order.state != "cancelled"
        if goes.store_id != store_id or not (gone or aside):
            continue
        early = [one for one in returns.standing(order) if not gone or one.at < min(gone)]
        back = Counter[str]()
        for came in (line for one in early for line in one.lines):
            back[came.line_id] += came.qty
        for line in order.lines:
            found[line.product_id] += line.qty - back[line.line_id]
    return found


def _brought_here(order: Order, products: Mapping[str, str]) -> Counter[str]:
    """Product → pieces that another store had handed over or sent by then, and that were brought to the shop that sold
    them (seed 2420)."""
    gone = min((one.at for one in _stand(order) if one.what in ("shipped", "done")), default="")
    came = Counter[str]()
    for one in returns.standing(order):
        for line in one.lines if gone and one.at >= gone and not one.store_id else ():
            came[products[line.line_id]] += line.qty if line.sellable else 0
    return came


def standing(data: HqData, store_id: str, stores: Sequence[str]) -> Counter[str]:
    """Product → pieces that customers have of orders or that are put aside for them, those that came back broken, and
    those handed over as gifts."""
    given = (row.record for row in data.records(store_id, "joining").values())
    sold = Counter(one.product_id for one in given if isinstance(one, Joining) and one.product_id)
    for row in data.records(store_id, "order_copy").values():
        copy = row.record
        assert isinstance(copy, OrderCopy)
        products = {line.line_id: line.product_id for line in copy.lines}
        for one in returns.standing(copy):
            for line in one.lines if one.store_id == store_id else ():
                sold[products[line.line_id]] -= line.qty if line.sellable else 0
    sold.update(_for_others(data, store_id, [one for one in stores if one != store_id]))
    for row in data.records(store_id, "order").values():
        order = row.record
        assert isinstance(order, Order)
        products = {line.line_id: line.product_id for line in order.lines}
        if not fulfilment.takes_stock(order.fulfilment):
            sold.subtract(_brought_here(order, products))
            continue
        out = order.state == "cancelled" and any(one.what in ("shipped", "done") for one in _stand(order))
        back = returns.returned(order)
        has = {line.line_id: line.qty - back[line.line_id] for line in order.lines} if out else returns.left(order)
        for line_id, qty in has.items():
            sold[products[line_id]] += qty
        for one in returns.standing(order):
            for line in one.lines:
                sold[products[line.line_id]] += 0 if line.sellable and not one.store_id else line.qty
    return sold
