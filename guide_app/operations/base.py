"""What an operation is: one thing a guide did, with one pure effect that tablet and HQ both run.

The store on either side loads what `touches` and `follows` name into a `Snapshot`, asks `check`, runs `effect` and
saves the changes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Generic, Literal, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from guide_app.domain.clock import from_text
from guide_app.domain.records import MemberAlias, Part, Record, Ref
from guide_app.domain.records.base import R


class Body(Part, frozen=True, kw_only=True, omit_defaults=True):
    """The body of an operation: everything that belongs together, as it stands in the outbox and travels."""


B = TypeVar("B", bound=Body)


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """Who did it, where and when. Times are RFC 3339 UTC.

    `made_at` is the device's word; `now` bounds it (receipt at HQ, the tablet's own clock there). `device_scope`: at
    HQ, the own scope of the device that sent it. `time_zone`: the shop's, an IANA name.
    """

    op_id: str
    store_id: str
    guide_id: str
    made_at: str
    now: str
    currency: str
    device_scope: str = ""
    time_zone: str = "UTC"

    def bounded(self, at: str) -> str:
        """The time told, but never later than `now`: a fast clock cannot write into the future."""
        return min(at, self.now)

    def day(self, at: str) -> str:
        """The shop's day of an RFC 3339 time, ``YYYY-MM-DD``; "" of none."""
        return from_text(at).astimezone(ZoneInfo(self.time_zone)).date().isoformat() if at else ""


class Refusal(msgspec.Struct, frozen=True):
    """Why an operation has no effect: `rejected` by a rule of the trade; `parked`: HQ cannot handle it yet."""

    status: Literal["rejected", "parked"]
    code: str


class Effect(msgspec.Struct, frozen=True):
    """The changed aggregates. `code` says what was special about it ("conflict", "consent_older")."""

    changes: Mapping[Ref, Record]
    code: str = ""


class Versioned(msgspec.Struct, frozen=True):
    """A record and HQ's version of it (0: HQ has none yet). `scope`: at HQ, where the row is published when that does
    not follow from its store."""

    record: Record
    ver: int
    scope: str = ""


class Snapshot:
    """Aggregates in memory; ids of merged members lead to the survivor, those of another store's to the visitor."""

    def __init__(
        self, rows: Mapping[Ref, Versioned | None] | None = None, aliases: Mapping[str, str] | None = None
    ) -> None:
        self._rows: dict[Ref, Versioned | None] = dict(rows or {})
        self._aliases: dict[str, str] = dict(aliases or {})
        self._visitors: set[str] = set()
        self.changed: set[Ref] = set()

    def resolve(self, ref: Ref) -> Ref:
        """The ref that stands for it today: chains of merges are followed; a member of another store is a visitor.

        Merges never lead in a circle; one that did would end where it closes.
        """
        if ref.entity != "member":
            return ref
        member_id, met = ref.id, {ref.id}
        while (further := self._aliases.get(member_id, member_id)) not in met:
            member_id = further
            met.add(further)
        return Ref("visitor" if member_id in self._visitors else "member", member_id)

    def get(self, ref: Ref, kind: type[R]) -> R | None:
        """The record, or None when there is none. Raises TypeError when it is of another kind."""
        row = self._rows.get(self.resolve(ref))
        if row is None:
            return None
        if not isinstance(row.record, kind):
            raise TypeError(f"{ref.entity} holds {type(row.record).__name__}, not {kind.__name__}")
        return row.record

    def ver(self, ref: Ref) -> int:
        """The version of the row, 0 when there is none."""
        row = self._rows.get(self.resolve(ref))
        return row.ver if row else 0

    def apply(self, changes: Mapping[Ref, Record]) -> None:
        """Takes the changes in; each raises its row's version by one."""
        for ref, record in changes.items():
            key = self.resolve(ref)
            before = self._rows.get(key)
            self._rows[key] = Versioned(record, before.ver + 1, before.scope) if before else Versioned(record, 1)
            self.changed.add(key)
            if isinstance(record, MemberAlias):
                self._aliases[ref.id] = record.member_id

    def after(self, changes: Mapping[Ref, Record]) -> Snapshot:
        """Another snapshot, with these changes taken in."""
        other = Snapshot(self._rows, self._aliases)
        other._visitors.update(self._visitors)
        other.apply(changes)
        return other

    def row(self, ref: Ref) -> Versioned | None:
        """The row behind a ref, as it stands now."""
        return self._rows.get(self.resolve(ref))

    def knows(self, ref: Ref) -> bool:
        """Whether the row was loaded, be it there or not."""
        return self.resolve(ref) in self._rows

    def load(
        self,
        rows: Mapping[Ref, Versioned | None],
        aliases: Mapping[str, str] | None = None,
        visitors: Iterable[str] = (),
    ) -> None:
        """Takes in rows as the store has them, with ids that were merged and members of other stores; what is known
        already stays."""
        for ref, row in rows.items():
            self._rows.setdefault(ref, row)
        for vanished, survivor in (aliases or {}).items():
            self._aliases.setdefault(vanished, survivor)
        self._visitors.update(visitors)


class Older(NamedTuple):
    """A format that was shipped before: its own class, never changed again, and how the next version says the same.

    `upgrade` is pure. It runs where a body is read; what stands in an outbox or in HQ's ledger is never rewritten.
    """

    version: int
    body: type[Body]
    upgrade: Callable[[Any], Body]


class Operation(ABC, Generic[B]):
    """One kind of operation. Stateless: one instance serves all.

    A new format of its body: `version` goes up by one, `body` is a new class, and the old class goes into `older`.
    """

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    body: ClassVar[type[Body]]
    older: ClassVar[tuple[Older, ...]] = ()
    """The formats of versions 1 to `version` - 1, in order."""

    @property
    def formats(self) -> Mapping[int, type[Body]]:
        """Version → what a body of that version holds."""
        return {**{older.version: older.body for older in self.older}, self.version: self.body}

    @abstractmethod
    def touches(self, body: B) -> tuple[Ref, ...]:
        """Every entity that `check` or `effect` reads or writes and that the body names."""

    def follows(self, body: B, state: Snapshot) -> tuple[Ref, ...]:
        """Further entities, which only those of `touches` name once they are loaded."""
        return ()

    def check(self, body: B, state: Snapshot, context: Context) -> Refusal | None:
        """A rule that both sides can judge; None when it may go on."""
        return None

    def guard(self, body: B, state: Snapshot, now: datetime | None) -> Refusal | None:
        """A rule that binds the guide who makes it, judged once: on the tablet, before it is written. Afterwards it
        has happened, and HQ takes it. `now`: HQ's time as far as the tablet knows (`guide_app.domain.leases`)."""
        return None

    def alone(self, body: B, state: Snapshot, context: Context) -> Effect | None:
        """What the tablet that made it shows of it while `check` refuses it, for what it stands upon is not here any
        more: a fetch from an HQ that lacks it, before HQ has judged. None: nothing."""
        return None

    def persons(self, body: B) -> tuple[str, ...]:
        """The ids of the members that the body names."""
        return tuple(ref.id for ref in self.touches(body) if ref.entity == "member")

    def speaks_of(self, body: B) -> tuple[str, ...]:
        """By what the operation is found when somebody is erased: the ids of members and orders that it names, and
        whatever else tells who is meant."""
        return tuple(ref.id for ref in self.touches(body) if ref.entity in ("member", "order"))

    def without_person(self, body: B) -> B | None:
        """What is left of the operation once the person it names is erased; None: nothing, it has no effect."""
        return None

    @abstractmethod
    def effect(self, body: B, state: Snapshot, context: Context) -> Effect:
        """The changes; pure."""


def unique(refs: Iterable[Ref]) -> tuple[Ref, ...]:
    """The refs, each once, in order."""
    return tuple(dict.fromkeys(refs))
