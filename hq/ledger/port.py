"""The port `Ledger`: what HQ remembers of operations and of the feed. The port `Aggregates`: the trade's own rows.

Both work inside one transaction of one store. Everything is set-based: a chunk of operations costs a fixed number of
calls.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

import msgspec

from guide_app.domain.pricing import Goods
from guide_app.domain.records import Counted, Names, Order, PriceList, Promotion, Ref, Settings
from guide_app.operations import Versioned

Status = Literal["applied", "merged", "parked", "forwarded", "rejected"]
RowKind = Literal["put", "gone", "left", "erased"]


class Transient(Exception):
    """The database could not do it now (deadlock, timeout, gone): nothing was committed; try later.

    `rerun`: it was another transaction that got in the way (deadlock, serialization): running again at once helps.
    """

    def __init__(self, what: str, *, rerun: bool = False) -> None:
        super().__init__(what)
        self.rerun = rerun


class Clash(Exception):
    """Another transaction wrote the same thing first; run again, this one sees it."""


class Stream(NamedTuple):
    """The operations of one database file of one tablet, under the store it is enrolled in."""

    store_id: str
    device_id: str
    incarnation: str


class ScopeKey(NamedTuple):
    """A scope with the store id that its rows are kept under."""

    store_id: str
    scope: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an operation. `feed_pos`: the highest position it gave in its store's scope."""

    status: Status
    code: str = ""
    message: str = ""
    entity: str = ""
    id: str = ""
    feed_pos: int | None = None


class Known(msgspec.Struct, frozen=True):
    """An operation that HQ has: in which store, by which hash, with what outcome; `conflicts`: hashes of other contents
    that came under its id and are kept beside it; `scrubbed`: it lost its body to an erasure, so that its tablet may
    have another rest of it."""

    store_id: str
    sha: str
    outcome: Outcome
    conflicts: frozenset[str] = frozenset()
    scrubbed: bool = False


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One operation of a stream as the ledger keeps it. `body` is exactly what came; None after an erasure. Where an
    operation is not of our form, or not of this store, or damaged, all of it stands as its body and `kind` is empty.

    `first`: not known before, and the content that this op_id stands for; else it is a second content (`op_conflict`).
    """

    seq: int
    op_id: str
    kind: str
    schema_v: int
    guide_id: str
    made_at: str
    body: bytes | None
    sha: str
    outcome: Outcome
    first: bool
    received_at: datetime


class Parked(msgspec.Struct, frozen=True):
    """An operation that waits at HQ. `stream`: the one that it came in first, under the store that keeps it."""

    stream: Stream
    entry: Entry


class Sender(NamedTuple):
    """A device that sent an operation, in the store it was enrolled in then: a tablet that is enrolled anew is another
    one. `seq`: its number there."""

    store_id: str
    device_id: str
    seq: int


class Step(NamedTuple):
    """Something that a transaction of `store_id` left to be done in another store's; `body` is JSON."""

    store_id: str
    step_id: str
    kind: str
    body: str


class FeedRow(msgspec.Struct, frozen=True):
    """A row to publish; `data` is the record's JSON, None unless it is `put`. `scope`: where, if not in its store's."""

    ref: Ref
    ver: int
    data: str | None
    kind: RowKind = "put"
    scope: str = ""


class Head(msgspec.Struct, frozen=True):
    """How far a scope has come. `digest`: the sum modulo 2^64 over its `put` rows."""

    head: int
    floor: int
    digest: int


class Glance(NamedTuple):
    """A stream's last number (0: unknown) and the heads of scopes, of one moment."""

    last_seq: int
    heads: Mapping[str, Head]


class Slice(msgspec.Struct, frozen=True):
    """The part of one scope in a page: rows as ready JSON, `more` when others follow."""

    rows: tuple[bytes, ...]
    more: bool


class Page(msgspec.Struct, frozen=True):
    """Heads of all scopes asked for and the rows of those that moved, all of one moment."""

    heads: Mapping[str, Head]
    slices: Mapping[str, Slice]


class Place(NamedTuple):
    """The last row of a page of buckets: they come in order, the rows of each by position."""

    bucket: int = -1
    seq: int = 0


class Buckets(msgspec.Struct, frozen=True):
    """Those of a scope's buckets that were asked for or that differ, and rows of theirs as ready JSON.

    `next`: the last row of this page, None when none follows.
    """

    buckets: tuple[int, ...]
    rows: tuple[bytes, ...]
    next: Place | None


class Ledger(Protocol):
    """Streams, operations and feed."""

    def transaction(self) -> AbstractContextManager[None]:
        """One durable transaction over ledger and aggregates; an exception takes everything back.

        Raises Transient or Clash for what the database said.
        """

    def savepoint(self) -> AbstractContextManager[None]:
        """A part of a transaction that an exception takes back alone. Raises as `transaction`."""

    def lock_stream(self, stream: Stream) -> int:
        """Locks the stream, made when it is new, until the transaction ends; returns its last number."""

    def seen(self, stream: Stream, seqs: Collection[int]) -> Mapping[int, str]:
        """The op_ids that came under these numbers."""

    def known(self, op_ids: Collection[str]) -> Mapping[str, Known]:
        """What HQ has of these operations, from any tablet of any store; what became of them stays as it is until the
        transaction ends."""

    def record(self, stream: Stream, entries: Sequence[Entry], seen: Mapping[int, str], last_seq: int) -> None:
        """Writes new operations, which number led to which op_id, and how far the stream has come.

        Raises Clash when another transaction took one of the op_ids first.
        """

    def forked(self, stream: Stream, forked_from: str, at: datetime) -> None:
        """Notes, outside any transaction, that this stream goes on from another one: a tablet was restored or cloned.
        Again: no effect. Raises Transient."""

    def parked(self) -> Sequence[Parked]:
        """The operations that wait, store by store in the order in which they came; those without a kind cannot be
        run again and are left out."""

    def carry(self, entry: Entry, sender: Stream, store_id: str) -> None:
        """Writes an operation, forwarded until now, into the log of the store that ran it; from now on it is known by
        what became of it there. `sender`: the stream that brought it."""

    def senders(self, op_id: str) -> Sequence[Sender]:
        """Every device that sent this operation, in whatever store."""

    def add_steps(self, store_id: str, steps: Sequence[tuple[str, str]]) -> None:
        """Leaves steps (kind, body) to be done once this transaction is committed."""

    def open_steps(self, limit: int) -> Sequence[Step]:
        """Steps that are not done, each store's in the order in which they were left."""

    def take_step(self, store_id: str, step_id: str) -> bool:
        """Marks in the store that carries the step out that this transaction does; False when one did before."""

    def finish_step(self, step: Step, now: datetime) -> None:
        """Marks in its own store that the step is done; its body goes."""

    def reopen(self, parked: Parked) -> bool:
        """Locks a parked operation until the transaction ends; False when it is not parked any more."""

    def settle(self, parked: Parked, outcome: Outcome, *, scrub: bool = False) -> None:
        """Writes what became of it in the end. `scrub`: it was about a person who is erased, and loses its body."""

    def lock_heads(self, keys: Collection[ScopeKey]) -> None:
        """Locks the heads of these scopes in one order until the transaction ends, so that two transactions which
        publish in several scopes never wait for each other."""

    def publish(self, key: ScopeKey, rows: Sequence[FeedRow]) -> Mapping[Ref, int]:
        """Puts the rows at the scope's end, holding its head until the transaction ends; returns their positions."""

    def glance(self, stream: Stream, scopes: Collection[ScopeKey]) -> Glance:
        """How far the stream and the scopes have come, with no lock."""

    def page(self, scopes: Sequence[ScopeKey], after: Mapping[str, int], want: int) -> Page:
        """Heads and rows of ONE moment, outside any transaction: scope by scope in the order given, up to `want` bytes
        of rows and at least one row where there is any. A scope whose position lies outside its feed gives no rows."""

    def compare(self, key: ScopeKey, at: int, question: Sequence[int] | int, after: Place, want: int) -> Buckets | None:
        """The buckets of a scope whose sums are not the 256 given, or the one bucket asked for, with their rows that
        are `put` or `erased`, from behind `after`, up to `want` bytes and at least one row; None when the scope's head
        is not `at`. All of ONE moment, outside any transaction."""


class Bought(NamedTuple):
    """A member's orders that stand: how many, what they come to (minor units of one currency), when the last was; and
    the same by day of the shop that sold."""

    orders: int
    spent: int
    last_at: str
    days: tuple[Counted, ...] = ()


class Term(NamedTuple):
    """When somebody was a manager: since (inclusive) until (exclusive), RFC 3339 UTC, empty: open."""

    since: str = ""
    until: str = ""

    def covers(self, moment: str) -> bool:
        """Whether they were at an RFC 3339 time in UTC."""
        return self.since <= moment and (not self.until or moment < self.until)


class Home(msgspec.Struct, frozen=True):
    """Where a member is now: the store with its names, the id (that of the survivor of merges), the row."""

    store_id: str
    names: Names
    member_id: str
    row: Versioned


class Found(NamedTuple):
    """An order that was asked for by its number, and what its store is called."""

    store_id: str
    names: Names
    order_id: str


class OrderHome(NamedTuple):
    """An order of another store as it stands there, in its version, and what that store is called."""

    store_id: str
    names: Names
    ver: int
    order: Order


class Aggregates(Protocol):
    """The rows of one store's trade, and what HQ's authority needs to know about the shop and its neighbours."""

    @property
    def store_id(self) -> str:
        """The store."""

    def aliases(self, member_ids: Collection[str]) -> Mapping[str, str]:
        """Vanished member id → survivor, for those of the ids that vanished."""

    def find_phones(self, phones: Collection[str]) -> Mapping[str, str]:
        """Phone → id of the store's member who has it."""

    def visitors(self, member_ids: Collection[str]) -> set[str]:
        """Those of the ids that are members of other stores with a copy here."""

    def homes(self, member_ids: Collection[str], *, hold: bool = False) -> Mapping[str, Home]:
        """Where these members are now, in whatever store, merges followed; those who are nowhere, or are being
        erased, are left out.

        `hold`: their rows cannot change until the transaction ends, nor can their home think them without visits.
        """

    def visits(self, member_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """The stores that have a copy of these members, for those that any has."""

    def same_phone(self, phone: str) -> Sequence[tuple[str, str]]:
        """(store, member) of everybody in the chain with this phone, whom HQ received first coming first."""

    def same_number(self, number: str) -> Sequence[tuple[str, str]]:
        """As `same_phone`, of a member number or that of a card."""

    def order_numbered(self, number: str) -> Found | None:
        """The order with this number: this store's own, else that of the store with whose code it begins."""

    def order_home(self, order_id: str) -> OrderHome | None:
        """The order where it is another store's; it cannot change until the transaction ends, nor can its home think
        it without copies."""

    def copies(self, order_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """The stores that have a copy of these orders, for those that any has."""

    def expired_copies(self, now: str) -> set[str]:
        """Orders of other stores whose copy here has had its time."""

    def store_names(self, store_id: str) -> Names:
        """What a store of the chain is called."""

    def strangers(self, refs: Collection[Ref]) -> Mapping[Ref, str]:
        """Those of these rows (of `HANGING` entities) that are another store's, with that store."""

    def going_along(self, member_id: str) -> set[Ref]:
        """What of this store's goes with a member who moves: `HANGING` rows that are open, list marks, the wallet."""

    def expired_visitors(self, now: str) -> set[str]:
        """Members of other stores whose copy here has had its time."""

    def remove(self, refs: Collection[Ref]) -> None:
        """Takes rows of this store away; where they go from here is the caller's matter."""

    def taken_numbers(self, numbers: Collection[str]) -> set[str]:
        """Those of the order numbers, and of `number-2`, `number-3`, …, that the store already uses."""

    def taken_member_numbers(self, numbers: Collection[str]) -> set[str]:
        """As `taken_numbers`, of member numbers."""

    def bought(self, member_ids: Collection[str], currency: str) -> Mapping[str, Bought]:
        """What the orders with these member ids come to, in whatever store, cancelled ones left out, for the ids that
        have any: the money less what was given back; of what came back whole the number does not count; of orders in
        another currency the money does not."""

    def load(self, refs: Collection[Ref]) -> Mapping[Ref, Versioned | None]:
        """The rows, locked in sorted order until the transaction ends; None where there is none."""

    def save(self, rows: Mapping[Ref, Versioned]) -> Mapping[Ref, Versioned]:
        """Writes the rows as they are now, with their versions; returns them as they will be read back.

        Raises Clash when a uniqueness is hurt or a new id is another store's, BadInput when a value cannot be kept.
        """

    def products(self, product_ids: Collection[str]) -> set[str]:
        """Those of the products that exist."""

    def price_lists(self) -> Mapping[str, PriceList]:
        """Every price list that this store ever sold by, by its id."""

    def prices(self, list_ids: Collection[str], product_ids: Collection[str]) -> Mapping[tuple[str, str], int]:
        """(list, product) → unit price in minor units, for those that there are."""

    def promotions(self, since: str, until: str, named: Collection[str]) -> Mapping[str, Promotion]:
        """The versions of the store's promotions (its region's and the chain's) that were current at any moment from
        `since` to `until` (RFC 3339 UTC), and those of these ids whatever their time; by id.
        """

    def goods(self, product_ids: Collection[str]) -> Mapping[str, Goods]:
        """Brand and categories of those of the products that exist."""

    def time_zone(self) -> str:
        """The IANA name of the store's."""

    def policies(self) -> set[tuple[str, str]]:
        """(kind, version) of every policy ever published."""

    def managers(self, staff_ids: Collection[str]) -> Mapping[str, Sequence[Term]]:
        """When these people, in whatever form they are named, were managers of this store, those who ever were."""

    def settings(self) -> Settings:
        """What HQ decides for this store: its region's settings, else the chain's."""

    def person(self, phone: str) -> str:
        """The keyed hash by which the chain knows who has this phone."""

    def gifted(self, persons: Collection[str]) -> set[str]:
        """Those of the persons who were handed a sign-up gift before, in whatever store."""

    def cards(self, numbers: Collection[str]) -> Mapping[str, str]:
        """Number → instrument, for those of the numbers that are gift cards', in the whole chain."""

    def instrument_store(self, instrument_id: str) -> str:
        """The store that has the instrument, "" where there is none."""

    def payment_store(self, request_id: str) -> str:
        """The store that asked for the payment, "" where none did."""

    def payments_due(self, now: str) -> Sequence[str]:
        """Ids of payment requests of the store that are to be looked after by then (RFC 3339 UTC), the 50 that wait
        longest."""

    def leased(self, instrument_id: str) -> int:
        """What is left in all leases of the instrument, in its unit."""

    def leases_expired(self, before: str) -> Sequence[str]:
        """Ids of leases that hold a rest and expired before that time (RFC 3339 UTC), the earliest 500 of them."""

    def erased(self, ids: Collection[str]) -> set[str]:
        """Those of the ids that stand for people who were erased, in whatever store: nothing brings them back. Asked
        after `load`: who erases somebody holds their row until all is committed."""

    def forgotten(self, told: Collection[str]) -> set[str]:
        """Those of these phones and numbers that were an erased person's, and are nobody else's in the chain today."""

    def staff(self, staff_ids: Collection[str]) -> set[str]:
        """Those of the ids that are people who work, or worked, in the chain: a guide may have moved on since."""
