"""How HQ runs an operation: the effect that the tablet ran too, with HQ's authority before and after it.

Pure over the ports.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Generic, Self

import msgspec

from guide_app.domain.records import PriceList, Record, Ref
from guide_app.operations import Context, Effect, Operation, Refusal, Snapshot, Versioned
from guide_app.operations.base import B
from hq.handlers.words import WORDS
from hq.ledger.port import Aggregates, Bought, Outcome, Status


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


class Desk:
    """What the operations of one chunk work on: rows in memory, and HQ's knowledge of the shop.

    Handlers keep `phones` and both `numbers` true to what they did, so that the next operation of the chunk sees it.
    """

    def __init__(self, aggregates: Aggregates) -> None:
        self._aggregates = aggregates
        self._recent: dict[Ref, None] = {}
        self._changed: dict[Ref, None] = {}
        self.rows = Snapshot()
        self.phones: dict[str, str] = {}
        self.bought: Mapping[str, Bought] = {}
        self.numbers: set[str] = set()
        self.member_numbers: set[str] = set()
        self.products: set[str] = set()
        self.staff: set[str] = set()
        self.policies: set[tuple[str, str]] = set()
        self.lists: Mapping[str, PriceList] = {}
        self.prices: Mapping[tuple[str, str], int] = {}

    @classmethod
    def laid_out(cls, aggregates: Aggregates, needs: Collection[Needs]) -> Self:
        """A desk with everything on it that these operations need; rows are locked."""
        desk = cls(aggregates)
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
        if phones := {p for n in needs for p in n.phones}:
            desk.phones = dict(aggregates.find_phones(phones))
        if newcomers := {m for n in needs for m in n.newcomers}:
            desk.bought = aggregates.bought(newcomers)
        desk.fetch([*(r for n in needs for r in n.refs), *(Ref("member", m) for m in desk.phones.values())])
        return desk

    def fetch(self, refs: Iterable[Ref]) -> None:
        """Loads and locks those rows that are not on the desk yet."""
        missing = [ref for ref in refs if not self.rows.knows(ref)]
        members = {ref.id for ref in missing if ref.entity == "member"}
        if members:
            self.rows.load({}, self._aggregates.aliases(members))
        wanted = {self.rows.resolve(ref) for ref in missing}
        if wanted := {ref for ref in wanted if not self.rows.knows(ref)}:
            self.rows.load(self._aggregates.load(wanted))

    def apply(self, changes: Mapping[Ref, Record]) -> None:
        """Takes changes in; each row's version rises by one."""
        self.rows.apply(changes)
        for ref in changes:
            key = self.rows.resolve(ref)
            self._recent[key] = None
            self._changed.pop(key, None)
            self._changed[key] = None

    def drain(self) -> tuple[Ref, ...]:
        """What was changed since this was asked last."""
        recent, self._recent = tuple(self._recent), {}
        return recent

    def save(self) -> Mapping[Ref, Versioned]:
        """Writes every changed row; returns them as they will be read back, in the order of the last change."""
        return self._aggregates.save(self._changed_rows()) if self._changed else {}

    def _changed_rows(self) -> dict[Ref, Versioned]:
        rows = ((ref, self.rows.row(ref)) for ref in self._changed)
        return {ref: row for ref, row in rows if row is not None}


class Handler(Generic[B]):
    """Runs one kind of operation at HQ. Subclasses add `authority` (may it be?) and `amend` (what HQ makes of it)."""

    def __init__(self, operation: Operation[B]) -> None:
        self.operation = operation

    def needs(self, body: B, context: Context) -> Needs:
        """What must be on the desk."""
        return Needs(refs=self.operation.touches(body), staff=(context.guide_id,))

    def authority(self, body: B, desk: Desk, context: Context) -> Refusal | None:
        """A rule that HQ alone can judge; None when it may go on."""
        return None

    def amend(self, effect: Effect, body: B, desk: Desk, context: Context) -> Effect:
        """HQ's word on the effect, before it is taken in."""
        return effect

    def run(self, body: B, desk: Desk, context: Context) -> Outcome:
        """Runs the operation on the desk."""
        if context.guide_id not in desk.staff:
            return outcome("parked", "guide_unknown")
        desk.fetch(self.operation.follows(body, desk.rows))
        refusal = self.operation.check(body, desk.rows, context) or self.authority(body, desk, context)
        if refusal is not None:
            return outcome(refusal.status, refusal.code)
        return self.take(body, desk, context)

    def take(self, body: B, desk: Desk, context: Context) -> Outcome:
        """The effect, amended, goes onto the desk."""
        effect = self.amend(self.operation.effect(body, desk.rows, context), body, desk, context)
        desk.apply(effect.changes)
        return outcome("applied", effect.code)


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
