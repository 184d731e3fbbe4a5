"""Ledger and aggregates in memory: for the simulation and for tests of the handlers. One thread at a time."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from guide_app.domain.errors import Defect
from guide_app.domain.records import Lease, Member, MemberAlias, Order, Policy, Price, PriceList, Ref
from guide_app.domain.records.base import R
from guide_app.operations import Versioned
from hq.ledger import buckets
from hq.ledger.page import PageMaker, Stored
from hq.ledger.port import (
    Bought,
    Buckets,
    Clash,
    Entry,
    FeedRow,
    Glance,
    Head,
    Known,
    Outcome,
    Page,
    Parked,
    Place,
    ScopeKey,
    Slice,
    Stream,
)
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

    def copy(self) -> _State:
        return _State(*(dict(getattr(self, name)) for name in self.__struct_fields__))


class MemoryHq:
    """One HQ's memory, which `MemoryLedger` and every store's `MemoryAggregates` share."""

    def __init__(self) -> None:
        self.state = _State()
        self.open = False

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
                found[op_id] = Known(stream.store_id, entry.sha, entry.outcome, others)
        return found

    def record(self, stream: Stream, entries: Sequence[Entry], seen: Mapping[int, str], last_seq: int) -> None:
        self._in_transaction()
        for entry in entries:
            if not entry.first:
                self._state.conflicts.setdefault((entry.op_id, entry.sha), entry)
            elif entry.op_id in self._state.ops:
                raise Clash(entry.op_id)
            else:
                self._state.ops[entry.op_id] = (stream, entry)
        self._state.seen.update({(stream, seq): op_id for seq, op_id in seen.items()})
        self._state.streams[stream] = last_seq

    def parked(self) -> Sequence[Parked]:
        waiting = (
            Parked(stream, entry, self._senders(stream.store_id, entry.op_id))
            for stream, entry in self._state.ops.values()
            if entry.kind and entry.outcome.status == "parked"
        )
        return sorted(waiting, key=lambda p: (p.stream.store_id, p.entry.received_at, p.stream, p.entry.seq))

    def reopen(self, parked: Parked) -> bool:
        self._in_transaction()
        return self._state.ops[parked.entry.op_id][1].outcome.status == "parked"

    def settle(self, parked: Parked, outcome: Outcome) -> None:
        settled = msgspec.structs.replace(parked.entry, outcome=outcome)
        self._state.ops[parked.entry.op_id] = (parked.stream, settled)

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

    def _senders(self, store_id: str, op_id: str) -> tuple[str, ...]:
        seen = self._state.seen.items()
        return tuple(sorted({s.device_id for (s, _seq), sent in seen if sent == op_id and s.store_id == store_id}))

    def _in_transaction(self) -> None:
        if not self._hq.open:
            raise Defect("the ledger is written in a transaction only")


class MemoryAggregates:
    """The port `Aggregates` of one store in memory."""

    def __init__(self, hq: MemoryHq, store_id: str) -> None:
        self._hq = hq
        self._store_id = store_id

    def aliases(self, member_ids: Collection[str]) -> Mapping[str, str]:
        found = {id_: self._row(Ref("member_alias", id_)) for id_ in member_ids}
        return {id_: row.record.member_id for id_, row in found.items() if row and isinstance(row.record, MemberAlias)}

    def find_phones(self, phones: Collection[str]) -> Mapping[str, str]:
        members = self._all(Member)
        return {member.phone: id_ for id_, member in members.items() if member.phone in phones}

    def taken_numbers(self, numbers: Collection[str]) -> set[str]:
        return _taken((order.number for order in self._all(Order).values()), numbers)

    def taken_member_numbers(self, numbers: Collection[str]) -> set[str]:
        return _taken((member.member_no for member in self._all(Member).values()), numbers)

    def bought(self, member_ids: Collection[str]) -> Mapping[str, Bought]:
        stand = defaultdict[str, list[Order]](list)
        for order in self._all(Order).values():
            if order.member_id in member_ids and order.state != "cancelled":
                stand[order.member_id].append(order)
        return {
            id_: Bought(len(orders), sum(o.totals.total for o in orders), max(o.placed_at for o in orders))
            for id_, orders in stand.items()
        }

    def load(self, refs: Collection[Ref]) -> Mapping[Ref, Versioned | None]:
        return {ref: self._row(ref) for ref in sorted(refs)}

    def save(self, rows: Mapping[Ref, Versioned]) -> Mapping[Ref, Versioned]:
        foreign = {ref for store_id, ref in self._hq.state.rows if store_id != self._store_id}
        if any(ref in foreign for ref in rows if ref.entity != "stock"):
            raise Clash("an id of another store")
        self._hq.state.rows.update({(self._store_id, ref): row for ref, row in rows.items()})
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

    def policies(self) -> set[tuple[str, str]]:
        return {(r.record.kind, r.record.version) for _, r in self._shared() if isinstance(r.record, Policy)}

    def leases_expired(self, before: str) -> Sequence[str]:
        late = [
            (lease.expires_at, id_)
            for id_, lease in self._all(Lease).items()
            if lease.expires_at < before and (lease.left or not lease.returned_at)
        ]
        return [id_ for _at, id_ in sorted(late)[:500]]

    def staff(self, staff_ids: Collection[str]) -> set[str]:
        return {id_ for id_ in staff_ids if self._row(Ref("staff", id_)) is not None}

    def _row(self, ref: Ref) -> Versioned | None:
        return self._hq.state.rows.get((self._store_id, ref))

    def _shared(self) -> list[tuple[Ref, Versioned]]:
        return [(ref, row) for (store_id, ref), row in self._hq.state.rows.items() if store_id == ""]

    def _all(self, kind: type[R]) -> dict[str, R]:
        rows = self._hq.state.rows.items()
        return {ref.id: row.record for (at, ref), row in rows if at == self._store_id and isinstance(row.record, kind)}


def _taken(in_use: Iterable[str], numbers: Collection[str]) -> set[str]:
    return {number for number in in_use if number in numbers or number.rpartition("-")[0] in numbers}
