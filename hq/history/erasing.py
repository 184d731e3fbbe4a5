"""Erasing a person (contract, section 6): pure over the ports, one transaction after another, each of one store.

What goes: the member, the ids merged into them, their talks and follow-ups, their instruments (tablets hold nothing of
these any more), and the bodies of all operations that name them. What stays: their orders, without the person; closed
leases, that name none of their instruments; op_ids and hashes; the ids alone, which block every return. A gift card is
the money of whoever holds it: it stays as it is, bound to nobody, with the leases of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import NamedTuple, TypeVar

import msgspec

from guide_app.domain import leases
from guide_app.domain.clock import to_text
from guide_app.domain.erasure import coded, nobodys_lease, paid_by_somebody, without_person
from guide_app.domain.errors import Defect
from guide_app.domain.records import ENTITIES, Lease, Member, Order, Ref
from guide_app.operations import Versioned
from hq.handlers import outcome
from hq.handlers.base import told_of
from hq.handlers.work import feed_rows
from hq.joining.values import Joining
from hq.leases.values import Value
from hq.ledger import steps
from hq.ledger.past import Past, Person, called
from hq.ledger.port import Clash, FeedRow, Ledger, Transient
from hq.ledger.steps import RefreshVisitor
from hq.sync_api import wandering
from hq.sync_api.publishing import publish
from hq.sync_api.sweep import Branch, Chain, tell_senders

T = TypeVar("T")
TRIES = 4
_STAY = ("order", "lease", "joining")
_TELLING = 8
"""Characters: shorter ones stand in texts by chance."""


class _Traces(NamedTuple):
    """`words`: what is about them; `mentions`: what somebody else told of them."""

    words: set[str]
    mentions: set[str]


class _Grew(Exception):
    """Somebody was merged into the person while they were being erased: it is the same person."""


def whole(past: Past, person: Person, now: datetime, write_down: Callable[[Person], None]) -> Person:
    """Blocks the person and every id that leads to or from theirs by a merge; in a transaction.

    Whoever writes about them is waited for, so a merge of that moment is seen. `write_down`: into the journal, whose
    line comes before what it speaks of, of a person who turned out to have more ids than were known.
    """
    while True:
        past.block(person, now)
        found = past.whole(person)
        if found == person:
            return person
        if (set(found.ids), found.marks) != (set(person.ids), person.marks):
            write_down(found)
        person = found


class Eraser:
    """Erases people from one HQ."""

    def __init__(
        self, ledger: Ledger, past: Past, chain: Chain, now: datetime, write_down: Callable[[Person], None]
    ) -> None:
        """`write_down`: see `whole`."""
        self._ledger, self._past, self._chain, self._now = ledger, past, chain, now
        self._write_down = write_down

    def erase(self, person: Person, store_ids: Collection[str]) -> None:
        """Erases the person everywhere. Broken off anywhere it is begun again and ends the same. Raises Transient."""
        while True:
            person = self._tried(partial(whole, self._past, person, self._now, self._write_down))
            try:
                self._everywhere(person, store_ids)
            except _Grew:
                continue
            return

    def _everywhere(self, person: Person, store_ids: Collection[str]) -> None:
        """The store that has them comes last: until then it knows what else to look for."""
        home = self._chain.branch(person.store_id)
        traces = self._traces(person, home)
        for store_id in (*(one for one in store_ids if one != person.store_id), person.store_id):
            told = self._tried(partial(self._rows, person, store_id, traces))
            self._tried(partial(self._operations, person, store_id, traces, told=told))
            self._tried(partial(self._wanderers, person, store_id))
        self._tried(lambda: self._past.finished(person))

    def _traces(self, person: Person, home: Branch) -> _Traces:
        """By what else they are known than by their row."""
        words, mentions = set(person.ids), set[str]()
        with self._ledger.transaction():
            for row in home.aggregates.load(self._past.about(person.store_id, person.ids)).values():
                if row is not None and isinstance(member := row.record, Member):
                    words |= {f'"phone":{gap}"{member.phone}"' for gap in ("", " ") if member.phone}
                    mentions |= called(member.phone, (member.member_no, *member.other_numbers))
        return _Traces(words, {text for text in mentions if len(text) >= _TELLING})

    def _rows(self, person: Person, store_id: str, traces: _Traces) -> bool:
        """The rows of one store; whether it was told whom to forget. The person is locked first: what is being written
        about them is seen then, also that somebody was merged into them."""
        branch = self._chain.branch(store_id)
        own = [Ref(entity, member_id) for entity in ("member", "visitor") for member_id in person.ids]
        branch.aggregates.load(own)
        if self._past.whole(person) != person:
            raise _Grew
        about = [ref for ref in self._past.about(store_id, person.ids) if ref not in own]
        friends = [ref for ref in self._past.referring(store_id, traces.mentions) if ref not in own]
        rows = {ref: row for ref, row in branch.aggregates.load([*own, *friends, *about]).items() if row is not None}
        stay = [ref for ref, row in rows.items() if ref.entity in _STAY or ref in friends or _is_gift_card(row)]
        kept = {ref: self._kept(ref, rows[ref]) for ref in stay}
        saved = branch.aggregates.save(kept) if kept else {}
        told = {ref: row for ref, row in saved.items() if row.ver != rows[ref].ver}
        self._refresh_copies(branch, [ref.id for ref in friends if ref in rows])
        orders = {ref.id: row.record for ref, row in saved.items() if isinstance(row.record, Order)}
        self._ledger.add_steps(store_id, [steps.write(one) for one in told_of(orders, store_id)])
        branch.aggregates.remove([ref for ref in rows if ref not in kept])
        gone = {ref: row.ver + 1 for ref, row in rows.items() if ref not in kept and ref.entity in ENTITIES}
        at_home = store_id == person.store_id
        if rows or at_home:  # its tablets may hold operations about them, though they never were a visitor
            entity = "member" if at_home else "visitor"
            gone = {**{Ref(entity, member_id): 1 for member_id in person.ids}, **gone}
        if at_home:
            self._past.unname(person.ids)
        if speaking := {ref.id for ref, row in rows.items() if _spoken_of(row)}:
            lost = _Traces(speaking, set())  # later nothing tells any more which they were
            self._operations(person, store_id, lost, told=True)
        # who is erased first: a tablet that hears it still knows which orders were theirs
        changes = [*(FeedRow(ref, ver, None, "erased") for ref, ver in gone.items()), *feed_rows(told).values()]
        if changes:
            publish(self._ledger, branch.scope, changes)
        return bool(rows or at_home)

    def _refresh_copies(self, branch: Branch, friends: Collection[str]) -> None:
        """Other stores' copies of those who were sent by the person lose that too."""
        visits = branch.aggregates.visits(friends) if friends else {}
        copies = [RefreshVisitor(to=at, member_id=friend) for friend, stores in visits.items() for at in stores]
        self._ledger.add_steps(branch.shop.store_id, [steps.write(copy) for copy in copies])

    def _kept(self, ref: Ref, row: Versioned) -> Versioned:
        match row.record:
            case Order() as order:
                return Versioned(without_person(order), row.ver + 1)
            case Lease(returned_at=closed, left=0) as lease if closed:  # no tablet has it any more
                return Versioned(nobodys_lease(ref.id, lease), row.ver, row.scope)
            case Lease() as lease:
                closing = leases.release(lease, to_text(self._now))
                return Versioned(nobodys_lease(ref.id, closing), row.ver + 1, row.scope)
            case Value() as card:  # money of whoever holds it
                return Versioned(msgspec.structs.replace(card, owner_id=""), row.ver + 1)
            case Joining() as joining:  # what was handed over left the stock, whoever had it
                nobody = msgspec.structs.replace(joining, member_id="", person="", strokes="")
                return Versioned(nobody, row.ver + 1)
            case Member() as friend:
                return Versioned(msgspec.structs.replace(friend, referrer=""), row.ver + 1)
        raise Defect("what is kept is an order, a lease, a gift, a gift card or a friend")

    def _operations(self, person: Person, store_id: str, traces: _Traces, *, told: bool) -> None:
        """The bodies of operations; those that waited are closed, and their tablets hear of it. Tablets of a store
        that has no row of the person, only operations, hear whom to forget all the same."""
        branch, became = self._chain.branch(store_id), outcome("rejected", "erased")
        lost = self._past.scrub(store_id, *traces)
        for parked in lost.waited:
            tell_senders(self._ledger, self._chain, branch, parked.entry.op_id, became)
            self._ledger.settle(parked, became)
        if lost.done and not told:
            rows = [FeedRow(Ref("visitor", member_id), 1, None, "erased") for member_id in person.ids]
            publish(self._ledger, branch.scope, rows)

    def _wanderers(self, person: Person, store_id: str) -> None:
        """The store's tablets that were in another one before, where they may have been told of the person."""
        wandering.forget(self._ledger, self._chain.wanderers(store_id), person.ids)

    def _tried(self, work: Callable[[], T]) -> T:
        """One transaction, again when another one got in the way."""
        for left in reversed(range(TRIES)):
            try:
                with self._ledger.transaction():
                    return work()
            except (Transient, Clash) as problem:
                if not left or (isinstance(problem, Transient) and not problem.rerun):
                    raise
        raise Defect("tried no more, and yet nothing was raised")


def _is_gift_card(row: Versioned) -> bool:
    """One with a number: whoever holds it can use it. One without stood in the member's wallet alone."""
    return isinstance(row.record, Value) and row.record.card is not None


def _spoken_of(row: Versioned) -> bool:
    """Whether operations that name the order alone hold something of its customer: why it was cancelled, in somebody's
    own words, a coupon, or what stands on a card."""
    if not isinstance(row.record, Order):
        return False
    return coded(row.record.cancel_reason) != row.record.cancel_reason or paid_by_somebody(row.record)
