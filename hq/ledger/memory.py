"""Ledger and aggregates in memory: for the simulation and for tests of the handlers. One thread at a time."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from guide_app.domain import levels, numbers, spending
from guide_app.domain.clock import from_text
from guide_app.domain.errors import BadInput, Defect
from guide_app.domain.ids import derived_id
from guide_app.domain.pricing import Goods
from guide_app.domain.records import (
    Category,
    Counted,
    Followup,
    Lease,
    Member,
    MemberAlias,
    Names,
    Order,
    OrderCopy,
    Policy,
    Price,
    PriceList,
    Product,
    Promise,
    Promotion,
    Record,
    Ref,
    Reminder,
    Settings,
    Staff,
    Ticket,
    Visitor,
    Wallet,
)
from guide_app.domain.records.base import R
from guide_app.operations import Versioned
from hq.joining.values import Joining
from hq.leases.values import Value
from hq.ledger import buckets, traces
from hq.ledger.page import PageMaker, Stored
from hq.ledger.port import (
    Bought,
    Buckets,
    Clash,
    Entry,
    FeedRow,
    Found,
    Glance,
    Head,
    Home,
    Known,
    OrderHome,
    Outcome,
    Page,
    Parked,
    Place,
    ScopeKey,
    Sender,
    Slice,
    Step,
    Stream,
    Term,
)
from hq.payments.values import PaymentRequest
from sync.protocol.digest import bucket, moved


class _State(msgspec.Struct):
    """All that a transaction can change; every value is immutable, so that a copy of the mappings is a snapshot."""

    streams: dict[Stream, int] = msgspec.field(default_factory=dict)
    seen: dict[tuple[Stream, int], str] = msgspec.field(default_factory=dict)
    ops: dict[str, tuple[Stream, Entry]] = msgspec.field(default_factory=dict)
    conflicts: dict[tuple[str, str], Entry] = msgspec.field(default_factory=dict)
    heads: dict[ScopeKey, Head] = msgspec.field(default_factory=dict)
    feed: dict[tuple[ScopeKey, Ref], Stored] = msgspec.field(default_factory=dict)
    rows: dict[tuple[str, Ref], Versioned] = msgspec.field(default_factory=dict)
    received: dict[str, int] = msgspec.field(default_factory=dict)
    """Member → how many members HQ had received before."""
    steps: dict[int, tuple[Step, datetime | None]] = msgspec.field(default_factory=dict)
    taken_steps: dict[tuple[str, str], None] = msgspec.field(default_factory=dict)
    erased: dict[str, bool] = msgspec.field(default_factory=dict)
    """People's id → whether their erasure was carried through."""
    marks: dict[str, None] = msgspec.field(default_factory=dict)
    """Of the phones and numbers of people who were erased."""
    forks: dict[Stream, str] = msgspec.field(default_factory=dict)
    about: dict[tuple[str, str], tuple[int, ...]] = msgspec.field(default_factory=dict)
    """(op_id, hash) of an operation with a body → its keys (`hq.ledger.traces`)."""

    def copy(self) -> _State:
        return _State(*(dict(getattr(self, name)) for name in self.__struct_fields__))


class MemoryHq:
    """One HQ's memory, which `MemoryLedger` and every store's `MemoryAggregates` share."""

    def __init__(self) -> None:
        self.state = _State()
        self.open = False
        self.names: dict[str, Names] = {}
        """What the stores are called, for those that have names."""
        self.time_zone = "Asia/Shanghai"
        """That of every store."""

    def shop_row(self, store_id: str, ref: Ref, row: Versioned) -> None:
        """Puts a row there as if it had always been: the furniture of a test. Region and chain rows: store_id ""."""
        self.state.rows[store_id, ref] = row

    @contextlib.contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """An exception takes back what was done inside."""
        before = self.state.copy()
        try:
            yield
        except BaseException:
            self.state = before
            raise


class MemoryLedger:
    """The port `Ledger` in memory."""

    def __init__(self, hq: MemoryHq) -> None:
        self._hq = hq

    @property
    def _state(self) -> _State:
        return self._hq.state

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        if self._hq.open:
            raise Defect("a transaction within a transaction")
        self._hq.open = True
        try:
            with self._hq.all_or_nothing():
                yield
        finally:
            self._hq.open = False

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        self._in_transaction()
        with self._hq.all_or_nothing():
            yield

    def lock_stream(self, stream: Stream) -> int:
        self._in_transaction()
        return self._state.streams.setdefault(stream, 0)

    def seen(self, stream: Stream, seqs: Collection[int]) -> Mapping[int, str]:
        return {seq: self._state.seen[stream, seq] for seq in seqs if (stream, seq) in self._state.seen}

    def known(self, op_ids: Collection[str]) -> Mapping[str, Known]:
        found = {}
        for op_id in op_ids:
            if op_id in self._state.ops:
                stream, entry = self._state.ops[op_id]
                others = frozenset(sha for other, sha in self._state.conflicts if other == op_id)
                found[op_id] = Known(stream.store_id, entry.sha, entry.outcome, others, entry.body is None)
        return found

    def record(self, stream: Stream, entries: Sequence[Entry], seen: Mapping[int, str], last_seq: int) -> None:
        self._in_transaction()
        for entry in entries:
            self._state.about.setdefault(*_keyed(entry))
            if not entry.first:
                self._state.conflicts.setdefault((entry.op_id, entry.sha), entry)
            elif entry.op_id in self._state.ops:
                raise Clash(entry.op_id)
            else:
                self._state.ops[entry.op_id] = (stream, entry)
        self._state.seen.update({(stream, seq): op_id for seq, op_id in seen.items()})
        self._state.streams[stream] = last_seq

    def forked(self, stream: Stream, forked_from: str, at: datetime) -> None:
        self._state.forks.setdefault(stream, forked_from)

    def parked(self) -> Sequence[Parked]:
        waiting = (
            Parked(stream, entry)
            for stream, entry in self._state.ops.values()
            if entry.kind and entry.outcome.status == "parked"
        )
        return sorted(waiting, key=lambda p: (p.stream.store_id, p.entry.received_at, p.stream, p.entry.seq))

    def waiting(self, op_ids: Collection[str]) -> Sequence[Parked]:
        """These operations, whether or not they can be run again."""
        return [Parked(*self._state.ops[op_id]) for op_id in op_ids]

    def carry(self, entry: Entry, sender: Stream, store_id: str) -> None:
        self._in_transaction()
        self._state.ops[entry.op_id] = (sender._replace(store_id=store_id), entry)
        self._state.about.update([_keyed(entry)])

    def senders(self, op_id: str) -> Sequence[Sender]:
        sent = (Sender(at.store_id, at.device_id, seq) for (at, seq), op in self._state.seen.items() if op == op_id)
        return list({(one.store_id, one.device_id): one for one in sorted(sent)}.values())

    def add_steps(self, store_id: str, steps: Sequence[tuple[str, str]]) -> None:
        self._in_transaction()
        for kind, body in steps:
            number = len(self._state.steps)
            step = Step(store_id, derived_id("step", str(number)), kind, body)
            self._state.steps[number] = (step, None)

    def open_steps(self, limit: int) -> Sequence[Step]:
        return [step for step, done_at in self._state.steps.values() if done_at is None][:limit]

    def take_step(self, store_id: str, step_id: str) -> bool:
        self._in_transaction()
        new = (store_id, step_id) not in self._state.taken_steps
        self._state.taken_steps[store_id, step_id] = None
        return new

    def finish_step(self, step: Step, now: datetime) -> None:
        self._in_transaction()
        number = next(n for n, (one, _) in self._state.steps.items() if one.step_id == step.step_id)
        self._state.steps[number] = (step._replace(body=""), now)

    def reopen(self, parked: Parked) -> bool:
        self._in_transaction()
        return self._state.ops[parked.entry.op_id][1].outcome.status == "parked"

    def settle(self, parked: Parked, outcome: Outcome, *, scrub: bool = False) -> None:
        body = None if scrub else parked.entry.body
        settled = msgspec.structs.replace(parked.entry, outcome=outcome, body=body)
        self._state.ops[parked.entry.op_id] = (parked.stream, settled)
        self._state.about.update([_keyed(settled)])

    def lock_heads(self, keys: Collection[ScopeKey]) -> None:
        self._in_transaction()

    def publish(self, key: ScopeKey, rows: Sequence[FeedRow]) -> Mapping[Ref, int]:
        self._in_transaction()
        at = self._state.heads.get(key, Head(0, 0, 0))
        position, digest, positions = at.head, at.digest, {}
        for row in rows:
            position += 1
            before = self._state.feed.get((key, row.ref))
            old = before.ver if before and before.kind == "put" else None
            digest = moved(digest, *row.ref, old, row.ver if row.kind == "put" else None)
            self._state.feed[key, row.ref] = Stored(position, row.ref, row.ver, row.kind, row.data)
            positions[row.ref] = position
        self._state.heads[key] = Head(position, at.floor, digest)
        return positions

    def glance(self, stream: Stream, scopes: Collection[ScopeKey]) -> Glance:
        return Glance(self._state.streams.get(stream, 0), self._heads(scopes))

    def page(self, scopes: Sequence[ScopeKey], after: Mapping[str, int], want: int) -> Page:
        heads = self._heads(scopes)
        by_scope: dict[ScopeKey, list[Stored]] = defaultdict(list)
        for (key, _ref), row in self._state.feed.items():
            by_scope[key].append(row)

        def rows_after(key: ScopeKey, position: int) -> Iterator[Stored]:
            yield from sorted((r for r in by_scope[key] if r.seq > position), key=lambda r: r.seq)

        slices: Mapping[str, Slice] = PageMaker(rows_after, want).slices(scopes, heads, after)
        return Page(heads, slices)

    def compare(self, key: ScopeKey, at: int, question: Sequence[int] | int, after: Place, want: int) -> Buckets | None:
        if self._heads([key])[key.scope].head != at:
            return None
        rows = [(bucket(*row.ref), row) for (of, _), row in self._state.feed.items() if of == key]
        sums: dict[int, int] = defaultdict(int)
        for place, row in rows:
            if row.kind == "put":
                sums[place] = moved(sums[place], *row.ref, None, row.ver)
        wanted = buckets.asked(question, sums)
        brought = (
            (place, row)
            for place, row in sorted(rows, key=lambda r: (r[0], r[1].seq))
            if place in wanted and row.kind in ("put", "erased") and (place, row.seq) > after
        )
        return buckets.page(key.scope, wanted, brought, want)

    def _heads(self, scopes: Collection[ScopeKey]) -> dict[str, Head]:
        return {key.scope: self._state.heads.get(key, Head(0, 0, 0)) for key in scopes}

    def _in_transaction(self) -> None:
        if not self._hq.open:
            raise Defect("the ledger is written in a transaction only")


def _keyed(entry: Entry) -> tuple[tuple[str, str], tuple[int, ...]]:
    return (entry.op_id, entry.sha), traces.of(entry.kind, entry.schema_v, entry.body)


class MemoryAggregates:
    """The port `Aggregates` of one store in memory."""

    def __init__(self, hq: MemoryHq, store_id: str) -> None:
        self._hq = hq
        self.store_id = store_id

    def aliases(self, member_ids: Collection[str]) -> Mapping[str, str]:
        found = {id_: self._row(Ref("member_alias", id_)) for id_ in member_ids}
        return {id_: row.record.member_id for id_, row in found.items() if row and isinstance(row.record, MemberAlias)}

    def find_phones(self, phones: Collection[str]) -> Mapping[str, str]:
        members = self._all(Member)
        return {member.phone: id_ for id_, member in members.items() if member.phone in phones}

    def visitors(self, member_ids: Collection[str]) -> set[str]:
        return {id_ for id_ in member_ids if self._row(Ref("visitor", id_)) is not None}

    def homes(self, member_ids: Collection[str], *, hold: bool = False) -> Mapping[str, Home]:
        found = {}
        for asked in member_ids:
            member_id, met = asked, {asked}
            while (further := self._survivor(member_id)) and further not in met:
                member_id = further
                met.add(further)
            for (store_id, ref), row in self._hq.state.rows.items():
                if ref == Ref("member", member_id) and member_id not in self._hq.state.erased:
                    found[asked] = Home(store_id, self._hq.names.get(store_id, Names()), member_id, row)
        return found

    def visits(self, member_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        stores = defaultdict[str, list[str]](list)
        for store_id, ref in self._hq.state.rows:
            if ref.entity == "visitor" and ref.id in member_ids:
                stores[ref.id].append(store_id)
        return {member_id: tuple(sorted(found)) for member_id, found in stores.items()}

    def same_phone(self, phone: str) -> Sequence[tuple[str, str]]:
        return self._received(lambda member: phone != "" and member.phone == phone)

    def same_number(self, number: str) -> Sequence[tuple[str, str]]:
        return self._received(lambda member: number != "" and number in (member.member_no, *member.other_numbers))

    def order_numbered(self, number: str) -> Found | None:
        try:
            everywhere = bool(numbers.parse(number.partition("-")[0]))
        except BadInput:
            everywhere = False
        found = [
            Found(store_id, self._hq.names.get(store_id, Names()), ref.id)
            for (store_id, ref), row in self._hq.state.rows.items()
            if ref.entity == "order" and isinstance(row.record, Order) and row.record.number == number
            and (store_id == self.store_id or everywhere)
        ]  # fmt: skip
        return min(found, key=lambda one: one.store_id != self.store_id, default=None)

    def order_home(self, order_id: str) -> OrderHome | None:
        for (store_id, ref), row in self._hq.state.rows.items():
            if ref == Ref("order", order_id) and store_id != self.store_id and isinstance(row.record, Order):
                return OrderHome(store_id, self.store_names(store_id), row.ver, row.record)
        return None

    def copies(self, order_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        stores = defaultdict[str, list[str]](list)
        for store_id, ref in self._hq.state.rows:
            if ref.entity == "order_copy" and ref.id in order_ids:
                stores[ref.id].append(store_id)
        return {order_id: tuple(sorted(found)) for order_id, found in stores.items()}

    def expired_copies(self, now: str) -> set[str]:
        return {id_ for id_, copy in self._all(OrderCopy).items() if copy.until <= now}

    def store_names(self, store_id: str) -> Names:
        return self._hq.names.get(store_id, Names())

    def strangers(self, refs: Collection[Ref]) -> Mapping[Ref, str]:
        return {ref: store_id for store_id, ref in self._hq.state.rows if ref in refs and store_id != self.store_id}

    def going_along(self, member_id: str) -> set[Ref]:
        def goes(ref: Ref, record: Record) -> bool:
            match record:
                case Wallet():
                    return ref.id == member_id
                case Followup(state="open") | Ticket(state="open") | Promise(state="open") | Reminder():
                    return record.member_id == member_id
            return False

        return {ref for (at, ref), row in self._hq.state.rows.items() if at == self.store_id and goes(ref, row.record)}

    def expired_visitors(self, now: str) -> set[str]:
        return {id_ for id_, visitor in self._all(Visitor).items() if visitor.until <= now}

    def remove(self, refs: Collection[Ref]) -> None:
        for ref in refs:
            self._hq.state.rows.pop((self.store_id, ref), None)
            if ref.entity == "member":
                self._hq.state.received.pop(ref.id, None)

    def taken_numbers(self, numbers: Collection[str]) -> set[str]:
        return _taken((order.number for order in self._all(Order).values()), numbers)

    def taken_member_numbers(self, numbers: Collection[str]) -> set[str]:
        return _taken((member.member_no for member in self._all(Member).values()), numbers)

    def bought(self, member_ids: Collection[str], currency: str) -> Mapping[str, Bought]:
        stand = defaultdict[str, list[Order]](list)
        for row in self._hq.state.rows.values():
            order = row.record
            if isinstance(order, Order) and order.member_id in member_ids and order.state != "cancelled":
                stand[order.member_id].append(order)
        return {
            id_: Bought(
                sum(order.state != "returned" for order in orders),
                sum(spending.counts(order) for order in orders if order.currency == currency),
                max(order.placed_at for order in orders),
                levels.put(self._counted(order, currency) for order in orders),
            )
            for id_, orders in stand.items()
        }

    def _counted(self, order: Order, currency: str) -> Counted:
        day = from_text(order.placed_at).astimezone(ZoneInfo(self._hq.time_zone)).date().isoformat()
        money = spending.counts(order) if order.currency == currency else 0
        return Counted(on=day, spent=money, orders=int(order.state != "returned"))

    def load(self, refs: Collection[Ref]) -> Mapping[Ref, Versioned | None]:
        return {ref: self._row(ref) for ref in sorted(refs)}

    def save(self, rows: Mapping[Ref, Versioned]) -> Mapping[Ref, Versioned]:
        for ref in rows:
            if (at := self._store_of(ref)) != self.store_id and ref.entity == "instrument":
                del self._hq.state.rows[at, ref]
        foreign = {ref for store_id, ref in self._hq.state.rows if store_id != self.store_id}
        if any(ref in foreign for ref in rows if ref.entity not in _EACH_STORES):
            raise Clash("an id of another store")
        self._hq.state.rows.update({(self.store_id, ref): row for ref, row in rows.items()})
        received = self._hq.state.received
        for ref in rows:
            if ref.entity == "member":
                received.setdefault(ref.id, max(received.values(), default=0) + 1)
        phones = [member.phone for member in self._all(Member).values()]
        members = [member.member_no for member in self._all(Member).values()]
        orders = [order.number for order in self._all(Order).values()]
        if any(len(set(values)) < len(values) for values in (phones, members, orders)):
            raise Clash("a phone or a number of two")
        return rows

    def products(self, product_ids: Collection[str]) -> set[str]:
        return {id_ for id_ in product_ids if ("", Ref("product", id_)) in self._hq.state.rows}

    def price_lists(self) -> Mapping[str, PriceList]:
        return {ref.id: row.record for ref, row in self._shared() if isinstance(row.record, PriceList)}

    def prices(self, list_ids: Collection[str], product_ids: Collection[str]) -> Mapping[tuple[str, str], int]:
        prices = (row.record for _ref, row in self._shared() if isinstance(row.record, Price))
        return {(p.list, p.product): p.amount for p in prices if p.list in list_ids and p.product in product_ids}

    def promotions(self, since: str, until: str, named: Collection[str]) -> Mapping[str, Promotion]:
        shared = {ref.id: row.record for ref, row in self._shared() if isinstance(row.record, Promotion)}
        return {
            id_: one
            for id_, one in shared.items()
            if id_ in named or (one.since <= until and (not one.until_moment or one.until_moment > since))
        }

    def goods(self, product_ids: Collection[str]) -> Mapping[str, Goods]:
        shared = {ref: row.record for ref, row in self._shared()}
        return {
            ref.id: Goods(record.brand, tuple(_above(record.category_id, shared)), record.gift_card)
            for ref, record in shared.items()
            if isinstance(record, Product) and ref.id in product_ids
        }

    def time_zone(self) -> str:
        return self._hq.time_zone

    def policies(self) -> set[tuple[str, str]]:
        return {(r.record.kind, r.record.version) for _, r in self._shared() if isinstance(r.record, Policy)}

    def managers(self, staff_ids: Collection[str]) -> Mapping[str, Sequence[Term]]:
        return {
            ref.id: (Term(),)
            for (store_id, ref), row in self._hq.state.rows.items()
            if store_id == self.store_id and ref.id in staff_ids
            and isinstance(row.record, Staff) and row.record.role == "manager" and row.record.active
        }  # fmt: skip

    def settings(self) -> Settings:
        found = [row.record for _, row in self._shared() if isinstance(row.record, Settings)]
        return found[0] if found else Settings()

    def person(self, phone: str) -> str:
        return derived_id("person", phone)

    def gifted(self, persons: Collection[str]) -> set[str]:
        kept = (row.record for row in self._hq.state.rows.values())
        return {one.person for one in kept if isinstance(one, Joining) and one.product_id and one.person in persons}

    def cards(self, numbers: Collection[str]) -> Mapping[str, str]:
        values = ((ref.id, row.record) for (_, ref), row in self._hq.state.rows.items() if ref.entity == "instrument")
        faces = {card_id: value.card for card_id, value in values if isinstance(value, Value) and value.card}
        return {face.number: card_id for card_id, face in faces.items() if face.number in numbers}

    def instrument_store(self, instrument_id: str) -> str:
        ref = Ref("instrument", instrument_id)
        return next((store_id for store_id, one in self._hq.state.rows if one == ref), "")

    def payment_store(self, request_id: str) -> str:
        ref = Ref("payment_request", request_id)
        return next((store_id for store_id, one in self._hq.state.rows if one == ref), "")

    def payments_due(self, now: str) -> Sequence[str]:
        due = [
            (one.look_at, id_) for id_, one in self._all(PaymentRequest).items() if one.look_at and one.look_at <= now
        ]
        return [id_ for _at, id_ in sorted(due)[:50]]

    def leased(self, instrument_id: str) -> int:
        found = (lease for lease in self._all(Lease).values() if lease.instrument is not None)
        return sum(lease.left for lease in found if lease.instrument and lease.instrument.id == instrument_id)

    def leases_expired(self, before: str) -> Sequence[str]:
        late = [
            (lease.expires_at, id_)
            for id_, lease in self._all(Lease).items()
            if lease.expires_at < before and (lease.left or not lease.returned_at)
        ]
        return [id_ for _at, id_ in sorted(late)[:500]]

    def erased(self, ids: Collection[str]) -> set[str]:
        return {id_ for id_ in ids if id_ in self._hq.state.erased}

    def forgotten(self, told: Collection[str]) -> set[str]:
        found = {text for text in told if erased_mark(text) in self._hq.state.marks}
        named = {text: {who for _, who in (*self.same_number(text), *self.same_phone(text))} for text in found}
        return {text for text, people in named.items() if people == self.erased(people)}

    def staff(self, staff_ids: Collection[str]) -> set[str]:
        people = {ref.id for (_, ref), row in self._hq.state.rows.items() if isinstance(row.record, Staff)}
        return people & set(staff_ids)

    def _survivor(self, member_id: str) -> str:
        """What any store knows of a vanished id, "" where none does."""
        rows = self._hq.state.rows.items()
        found = (r.record for (_, ref), r in rows if ref == Ref("member_alias", member_id))
        return next((alias.member_id for alias in found if isinstance(alias, MemberAlias)), "")

    def _received(self, wanted: Callable[[Member], bool]) -> list[tuple[str, str]]:
        rows = self._hq.state.rows.items()
        found = [
            (store_id, ref.id)
            for (store_id, ref), row in rows
            if ref.entity == "member" and isinstance(row.record, Member) and wanted(row.record)
        ]
        return sorted(found, key=lambda pair: (self._hq.state.received.get(pair[1], 0), pair[1]))

    def _row(self, ref: Ref) -> Versioned | None:
        return self._hq.state.rows.get((self._store_of(ref), ref))

    def _store_of(self, ref: Ref) -> str:
        """Where a row stands: a gift card is the chain's, and may stand in another store."""
        if ref.entity == "instrument" and (self.store_id, ref) not in self._hq.state.rows:
            for (store_id, other), row in self._hq.state.rows.items():
                if other == ref and isinstance(row.record, Value) and row.record.card:
                    return store_id
        return self.store_id

    def _shared(self) -> list[tuple[Ref, Versioned]]:
        return [(ref, row) for (store_id, ref), row in self._hq.state.rows.items() if store_id == ""]

    def _all(self, kind: type[R]) -> dict[str, R]:
        rows = self._hq.state.rows.items()
        return {ref.id: row.record for (at, ref), row in rows if at == self.store_id and type(row.record) is kind}


_EACH_STORES = ("stock", "visitor", "member_alias", "order_copy", "material_use", "parcel")
"""Entities whose ids are another entity's: each store may have a row of its own."""


def erased_mark(text: str) -> str:
    """The fingerprint of a phone or a number; here nothing need be kept from anybody."""
    return derived_id("erased", text)


def _above(category_id: str, shared: Mapping[Ref, Record]) -> Iterator[str]:
    """A category and all above it."""
    met = set[str]()
    while category_id and category_id not in met:
        met.add(category_id)
        yield category_id
        category = shared.get(Ref("category", category_id))
        category_id = category.parent_id if isinstance(category, Category) else ""


def _taken(in_use: Iterable[str], numbers: Collection[str]) -> set[str]:
    return {number for number in in_use if number in numbers or number.rpartition("-")[0] in numbers}
