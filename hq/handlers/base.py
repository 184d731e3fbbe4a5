"""How HQ runs an operation: the effect that the tablet ran too, with HQ's authority before and after it.

Pure over the ports.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, Self

import msgspec

from guide_app.domain import parcels, returns
from guide_app.domain.pricing import Goods
from guide_app.domain.records import HANGING, Member, Order, PriceList, Promotion, Record, Ref, Settings, Visitor
from guide_app.operations import Context, Effect, Operation, Refusal, Snapshot, Versioned
from guide_app.operations.base import B
from hq.handlers import card_value, earning, levels, referrals
from hq.handlers.visiting import figures, visitor_of
from hq.handlers.words import WORDS
from hq.handlers.work import Work, feed_rows
from hq.ledger.port import Aggregates, Bought, OrderHome, Outcome, Status, Term
from hq.ledger.steps import AnyStep, RefreshCopy, RefreshVisitor, TellParcel


class Priced(NamedTuple):
    """An order that was priced by promotions: when (RFC 3339 UTC), and the versions that it names."""

    placed_at: str
    promotions: frozenset[str]


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What must be known before an operation can run, so that a whole chunk is looked up at once."""

    refs: tuple[Ref, ...] = ()
    phones: tuple[str, ...] = ()
    newcomers: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    member_numbers: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    policies: bool = False
    gifts: tuple[str, ...] = ()
    """Phones of people who were handed a gift."""
    priced: Priced | None = None
    approvers: tuple[str, ...] | None = None
    """Who allowed what was taken off by hand; None where nothing was."""
    cards: tuple[str, ...] = ()
    """Numbers of gift cards."""
    referrers: tuple[str, ...] = ()
    """By what those who sent somebody were named: phones and numbers."""


class Desk:
    """What the operations of one chunk work on: rows in memory, and HQ's knowledge of the shop.

    Handlers keep `phones`, both `numbers` and `forgotten` true to what they did, so that the next operation of the
    chunk sees it.
    A member of another store is on it as a `visitor`: this store's copy, or where it has none the home's row, which is
    held and not written. `strangers`: what hangs on a member and is another store's, with that store.
    """

    def __init__(self, aggregates: Aggregates, currency: str = "", newcomers: Collection[str] = ()) -> None:
        """`currency`: the store's; `newcomers`: ids of members who sign up here and so are nobody's yet."""
        self._aggregates, self._currency = aggregates, currency
        self._newcomers = frozenset(newcomers)
        self._recent: dict[Ref, None] = {}
        self._changed: dict[Ref, None] = {}
        self._made: set[Ref] = set()
        self._visitors: dict[Ref, Visitor] = {}
        self._abroad: set[Ref] = set()
        self._steps: list[AnyStep] = []
        self._destination = ""
        self.strangers: dict[Ref, str] = {}
        self.rows = Snapshot()
        self.phones: dict[str, str] = {}
        self.bought: Mapping[str, Bought] = {}
        self.numbers: set[str] = set()
        self.member_numbers: set[str] = set()
        self.products: set[str] = set()
        self.erased: set[str] = set()
        self.forgotten: set[str] = set()
        self.staff: set[str] = set()
        self.policies: set[tuple[str, str]] = set()
        self.gifted: set[str] = set()
        self.cards: Mapping[str, str] = {}
        self.lists: Mapping[str, PriceList] = {}
        self.prices: Mapping[tuple[str, str], int] = {}
        self.promotions: Mapping[str, Promotion] = {}
        self.goods: Mapping[str, Goods] = {}
        self.time_zone = ""
        self.settings = Settings()
        self.managers: Mapping[str, Sequence[Term]] = {}

    @classmethod
    def laid_out(cls, aggregates: Aggregates, currency: str, needs: Collection[Needs]) -> Self:
        """A desk with everything on it that these operations need; rows are locked."""
        newcomers = {m for n in needs for m in n.newcomers}
        desk = cls(aggregates, currency, newcomers)
        desk.staff = aggregates.staff({s for n in needs for s in n.staff})
        if any(n.policies for n in needs):
            desk.policies = aggregates.policies()
        if numbers := {x for n in needs for x in n.numbers}:
            desk.numbers = aggregates.taken_numbers(numbers)
        if member_numbers := {x for n in needs for x in n.member_numbers}:
            desk.member_numbers = aggregates.taken_member_numbers(member_numbers)
        if products := {p for n in needs for p in n.products}:
            desk.products = aggregates.products(products)
            desk.lists = aggregates.price_lists()
            desk.prices = aggregates.prices(desk.lists.keys(), products)
        if priced := [n.priced for n in needs if n.priced]:
            desk.promotions = _promotions(aggregates, priced)
            desk.goods = aggregates.goods(products)
            desk.time_zone = aggregates.time_zone()
        if by_hand := [n.approvers for n in needs if n.approvers is not None]:
            desk.settings = aggregates.settings()
            desk.managers = aggregates.managers({one for told in by_hand for one in told})
        if cards := {card for n in needs for card in n.cards}:
            desk.cards = aggregates.cards(cards)
            desk.fetch(Ref("instrument", card_id) for card_id in sorted(desk.cards.values()))
        if phones := {p for n in needs for p in n.phones}:
            desk.phones = dict(aggregates.find_phones(phones))
        if gifts := {desk.person(p) for n in needs for p in n.gifts}:
            desk.gifted = aggregates.gifted(gifts)
        if named := {r for n in needs for r in n.referrers if r}:
            desk.forgotten = aggregates.forgotten(named)
        if newcomers:
            desk.bought = aggregates.bought(newcomers, currency)
        desk.fetch([*(r for n in needs for r in n.refs), *(Ref("member", m) for m in desk.phones.values())])
        if people := {r.id for n in needs for r in n.refs if r.entity == "member"}:
            desk.erased = aggregates.erased(people)
        return desk

    def bring_prices(self, order: Order) -> None:
        """What an order that is on the desk is priced again by."""
        asked = [Priced(order.placed_at, returns.named_by(order))]
        self.promotions = {**self.promotions, **_promotions(self._aggregates, asked)}
        self.goods = {**self.goods, **self._aggregates.goods({line.product_id for line in order.lines})}
        self.zone()

    def zone(self) -> str:
        """The shop's time zone."""
        self.time_zone = self.time_zone or self._aggregates.time_zone()
        return self.time_zone

    def fetch(self, refs: Iterable[Ref]) -> None:
        """Loads and locks those rows that are not on the desk yet."""
        missing = [ref for ref in refs if not self.rows.knows(ref)]
        self._follow({ref.id for ref in missing if ref.entity == "member"})
        wanted = {self.rows.resolve(ref) for ref in missing}
        if wanted := {ref for ref in wanted if not self.rows.knows(ref)}:
            self.rows.load(self._aggregates.load(wanted))
            absent = {ref for ref in wanted if self.rows.row(ref) is None}
            self._find_abroad({ref.id for ref in absent if ref.entity == "member"} - self._newcomers)
            if hanging := {ref for ref in absent if ref.entity in HANGING}:
                self.strangers |= self._aggregates.strangers(hanging)

    def _follow(self, member_ids: set[str]) -> None:
        """Learns what became of ids that vanished in merges, and of those that these led to."""
        met: set[str] = set()
        while ask := member_ids - met:
            met |= ask
            aliases = self._aggregates.aliases(ask)
            self.rows.load({}, aliases)
            member_ids = set(aliases.values())

    def _find_abroad(self, member_ids: set[str]) -> None:
        """Members who are not this store's: its copies of them, and where it has none, their homes' rows."""
        if not member_ids:
            return
        here = self._aggregates.visitors(member_ids)
        copies = {Ref("visitor", member_id) for member_id in here}
        self.rows.load(self._aggregates.load(copies) if copies else {}, visitors=here)
        homes = self._aggregates.homes(member_ids - here, hold=True) if member_ids - here else {}
        for asked, home in homes.items():
            if asked == home.member_id:
                ref = Ref("visitor", asked)
                self._abroad.add(ref)
                self.rows.load({ref: Versioned(visitor_of(home, ""), 0)}, visitors=(asked,))
        for ref in (*copies, *self._abroad):
            row = self.rows.row(ref)
            if row is not None and isinstance(row.record, Visitor):
                self._visitors.setdefault(ref, row.record)
        if led := {asked: home.member_id for asked, home in homes.items() if asked != home.member_id}:
            self.rows.load({}, led)
            self.fetch(Ref("member", survivor) for survivor in led.values())

    def person(self, phone: str) -> str:
        """The keyed hash by which the chain knows who has this phone."""
        return self._aggregates.person(phone)

    @property
    def store_id(self) -> str:
        """The store."""
        return self._aggregates.store_id

    def order_home(self, order_id: str) -> OrderHome | None:
        """Another store's order, held until the transaction ends; None where there is none, or it is this store's."""
        return self._aggregates.order_home(order_id)

    def home_of(self, ref: Ref) -> str:
        """The store that a member of another store belongs to; "" where they are this store's, or nobody's."""
        visitor = self._visitors.get(self.rows.resolve(ref))
        return visitor.home_store_id if visitor else ""

    def send_on(self, store_id: str) -> None:
        """The operation that runs now is to be run in that store."""
        self._destination = store_id

    def leave(self, step: AnyStep) -> None:
        """Leaves something to be done later in another transaction."""
        self._steps.append(step)

    def apply(self, changes: Mapping[Ref, Record]) -> None:
        """Takes changes in; each row's version rises by one."""
        self._made.update(ref for ref in changes if self.rows.row(ref) is None)
        self.rows.apply(changes)
        for ref in changes:
            key = self.rows.resolve(ref)
            self._recent[key] = None
            self._changed.pop(key, None)
            self._changed[key] = None

    def drain(self) -> tuple[tuple[Ref, ...], str]:
        """What was changed, and where the operation was sent on to, since this was asked last."""
        recent, self._recent = tuple(self._recent), {}
        destination, self._destination = self._destination, ""
        return recent, destination

    def save(self) -> Work:
        """Writes every changed row; gives them as they will be read back, in the order of the last change, and the
        steps: what a store's own business means to members' homes, and to copies of its members in other stores.

        Raises BadInput for a row that is too large, and what `Aggregates.save` raises.
        """
        rows = {ref: row for ref in self._changed if (row := self.rows.row(ref)) is not None}
        kept = {ref: row for ref, row in rows.items() if ref not in self._abroad}
        saved = self._aggregates.save(kept) if kept else {}
        members = {
            ref.id: row.record for ref, row in kept.items() if ref.entity == "member" and isinstance(row.record, Member)
        }
        onward = referrals.settle(self._aggregates, members)  # behind the save: who brought them may be among these
        orders = {
            ref.id: row.record for ref, row in kept.items() if ref.entity == "order" and isinstance(row.record, Order)
        }
        onward += earning.settle(self._aggregates, orders, {ref.id for ref in self._made if ref.entity == "order"})
        onward += levels.settle(self._aggregates, members, orders)
        card_value.settle(self._aggregates, orders)
        visits = self._aggregates.visits(members.keys()) if members else {}
        refreshes = [
            RefreshVisitor(to=store_id, member_id=member_id)
            for member_id in members
            for store_id in visits.get(member_id, ())
        ]
        copies = [
            RefreshCopy(to=store_id, order_id=order_id)
            for order_id, stores in (self._aggregates.copies(orders) if orders else {}).items()
            for store_id in stores
        ]
        onward += tuple(told_of(orders, self.store_id))
        return Work(feed_rows(saved), (*self._steps, *self._figures(rows), *refreshes, *onward, *copies))

    def _figures(self, rows: Mapping[Ref, Versioned]) -> Iterator[AnyStep]:
        for ref, before in self._visitors.items():
            after = rows[ref].record if ref in rows else before
            if isinstance(after, Visitor) and (step := figures(before, after, ref.id, self._currency)):
                yield step


class Handler(Generic[B]):
    """Runs one kind of operation at HQ. Subclasses add `authority` (may it be?) and `amend` (what HQ makes of it)."""

    def __init__(self, operation: Operation[B]) -> None:
        self.operation = operation

    def needs(self, body: B, context: Context) -> Needs:
        """What must be on the desk."""
        return Needs(refs=self.operation.touches(body), staff=(context.guide_id,))

    def elsewhere(self, body: B, desk: Desk) -> str:
        """The store that alone can run this, where it is not this one."""
        return ""

    def authority(self, body: B, desk: Desk, context: Context) -> Refusal | None:
        """A rule that HQ alone can judge; None when it may go on."""
        return None

    def amend(self, effect: Effect, body: B, desk: Desk, context: Context) -> Effect:
        """HQ's word on the effect, before it is taken in."""
        return effect

    def run(self, body: B, desk: Desk, context: Context) -> Outcome:
        """Runs the operation on the desk."""
        if self.about_erased(body, desk):
            rest = self.without_erased(body, desk)
            if rest is None:
                return outcome("rejected", "erased")
            body = rest
        if context.guide_id not in desk.staff:
            return outcome("parked", "guide_unknown")
        if store_id := self.elsewhere(body, desk):
            desk.send_on(store_id)
            return outcome("forwarded")
        desk.fetch(self.operation.follows(body, desk.rows))
        refusal = self.operation.check(body, desk.rows, context) or self.authority(body, desk, context)
        if refusal is not None:
            return outcome(refusal.status, refusal.code)
        return self.take(body, desk, context)

    def about_erased(self, body: B, desk: Desk) -> bool:
        """Whether it names a person who was erased."""
        return not desk.erased.isdisjoint(self.operation.persons(body))

    def without_erased(self, body: B, desk: Desk) -> B | None:
        """What is left of it without them; None where nothing is."""
        return self.operation.without_person(body)

    def unsaid(self, body: B, desk: Desk) -> str:
        """The name of somebody erased as who sent the person, which is not kept while this waits; "" where none is."""
        return ""

    def take(self, body: B, desk: Desk, context: Context) -> Outcome:
        """The effect, amended, goes onto the desk."""
        effect = self.amend(self.operation.effect(body, desk.rows, context), body, desk, context)
        desk.apply(effect.changes)
        return outcome("applied", effect.code)


def _promotions(aggregates: Aggregates, priced: Collection[Priced]) -> Mapping[str, Promotion]:
    moments = [one.placed_at for one in priced]
    return aggregates.promotions(
        min(moments), max(moments), frozenset[str]().union(*(one.promotions for one in priced))
    )


def told_of(orders: Mapping[str, Order], store_id: str) -> list[AnyStep]:
    """The other stores that see to the goods of these orders of a store, or did, are to hear how they stand."""
    return [
        TellParcel(to=other, order_id=order_id)
        for order_id, order in orders.items()
        for other in sorted(parcels.shops(order) - {store_id})
    ]


def unused(number: str, taken: set[str]) -> str:
    """The number, or the first of `number-2`, `number-3`, … that is not taken; it is from now on."""
    suffix, free = 1, number
    while free in taken:
        suffix += 1
        free = f"{number}-{suffix}"
    taken.add(free)
    return free


def outcome(status: Status, code: str = "", *, entity: str = "", entity_id: str = "") -> Outcome:
    """An outcome with the words of its code."""
    return Outcome(status=status, code=code, message=WORDS.get(code, ""), entity=entity, id=entity_id)
