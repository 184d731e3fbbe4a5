"""The port `Past` in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from guide_app.domain.clock import to_text
from guide_app.domain.records import (
    HANGING,
    Instrument,
    Lease,
    Member,
    MemberAlias,
    Order,
    OrderCopy,
    Parcel,
    Quotation,
    Record,
    Ref,
    Share,
    Talk,
)
from hq.joining.values import Referral
from hq.leases.values import Value
from hq.ledger import traces
from hq.ledger.memory import MemoryHq, MemoryLedger, erased_mark
from hq.ledger.page import Stored
from hq.ledger.past import Person, Scrubbed, Standing, called, unmentioned
from hq.ledger.port import Entry, Head, ScopeKey
from hq.ledger.sales import is_sale
from hq.points.values import PointsEntry

_ARE = ("member", "visitor", "wallet")
_ABOUT = ("talk", "reminder", "order", "quotation", "share", "member_alias", "joining", "points_earned", *HANGING)


class MemoryPast:
    """Shares its memory with the ledger."""

    def __init__(self, hq: MemoryHq) -> None:
        self._hq = hq

    def block(self, person: Person, at: datetime) -> None:
        for member_id in person.ids:
            self._hq.state.erased.setdefault(member_id, False)
        self._hq.state.marks.update(dict.fromkeys(person.marks))

    def whole(self, person: Person) -> Person:
        ids, rows = dict.fromkeys(person.ids), self._hq.state.rows.items()
        led = [(ref.id, row.record.member_id) for (_, ref), row in rows if isinstance(row.record, MemberAlias)]
        while new := {one for pair in led if not ids.keys().isdisjoint(pair) for one in pair} - ids.keys():
            ids.update(dict.fromkeys(sorted(new)))
        here = [(at, row.record) for (at, ref), row in rows if ref.entity == "member" and ref.id in ids]
        members = [record for _, record in here if isinstance(record, Member)]
        known = {text for one in members for text in called(one.phone, (one.member_no, *one.other_numbers))}
        marks = tuple(sorted({*person.marks, *map(erased_mark, known)}))
        return Person(min((at for at, _ in here), default=person.store_id), tuple(ids), marks)

    def erased_since(self, at: datetime) -> Sequence[str]:
        """In memory nobody notes when it was: everybody."""
        return sorted(self._hq.state.erased)

    def unfinished(self, ids: Collection[str]) -> set[str]:
        return {member_id for member_id in ids if not self._hq.state.erased.get(member_id)}

    def finished(self, person: Person) -> None:
        self._hq.state.erased.update(dict.fromkeys(person.ids, True))

    def about(self, store_id: str, ids: Collection[str]) -> Sequence[Ref]:
        here = {ref: row.record for (at, ref), row in self._hq.state.rows.items() if at == store_id}
        owned = [(at, ref, one.record) for (at, ref), one in self._hq.state.rows.items() if ref.entity == "instrument"]
        theirs = [(at, ref, one) for at, ref, one in owned if isinstance(one, Value) and one.owner_id in ids]
        cards = [ref for _, ref, one in theirs if one.card]
        values = {ref.id for at, ref, one in theirs if at == store_id and not one.card}

        def named(ref: Ref, record: Record) -> bool:
            match record:
                case Lease(instrument=Instrument(id=value)):
                    return value in values
                case Value():
                    return ref.id in values
                case PointsEntry():
                    return record.instrument_id in values
                case Referral():
                    return ref.id in ids or record.referrer_id in ids
            by_id = ref.entity in _ARE and ref.id in ids
            return by_id or (ref.entity in _ABOUT and getattr(record, "member_id", "") in ids)

        return sorted({*cards, *(ref for ref, record in here.items() if named(ref, record))})

    def unname(self, ids: Collection[str]) -> None:
        """There are no HQ's people in memory."""

    def referring(self, store_id: str, texts: Collection[str]) -> Sequence[Ref]:
        members = ((ref, row.record) for (at, ref), row in self._hq.state.rows.items() if at == store_id)
        return sorted(ref for ref, record in members if type(record) is Member and record.referrer in texts)

    def scrub(self, store_id: str, words: Collection[str], mentions: Collection[str]) -> Scrubbed:
        state, waited, done = self._hq.state, list[str](), 0
        keys = set(traces.sought([*words, *mentions]))
        named = {content for content, about in state.about.items() if not keys.isdisjoint(about)}
        for op_id, (stream, entry) in tuple(state.ops.items()):
            waits = entry.outcome.status == "parked"
            if stream.store_id != store_id or (op_id, entry.sha) not in named:
                continue
            here = _names(entry, words if waits else (*words, *mentions))
            if here and not (waits and is_sale(entry.kind, entry.body)):
                done += 1
                state.about[op_id, entry.sha] = ()
                state.ops[op_id] = (stream, msgspec.structs.replace(entry, body=None))
                waited += [op_id] if waits else []
            elif waits and (left := unmentioned(entry.kind, entry.body, mentions)) is not None:
                state.about[op_id, entry.sha] = traces.of(entry.kind, entry.schema_v, left)
                state.ops[op_id] = (stream, msgspec.structs.replace(entry, body=left))
        for key, entry in tuple(state.conflicts.items()):
            if key in named and _names(entry, (*words, *mentions)) and state.ops[key[0]][0].store_id == store_id:
                done += 1
                state.about[key] = ()
                state.conflicts[key] = msgspec.structs.replace(entry, body=None)
        return Scrubbed(done, MemoryLedger(self._hq).waiting(waited))

    def key_some(self, limit: int) -> int:
        """Every operation in memory was written with its keys."""
        return 0

    def aged(self, key: ScopeKey, before: datetime, limit: int) -> Sequence[Standing]:
        def when(row: Stored) -> str:
            kept = self._hq.state.rows.get((key.store_id, row.ref))
            match kept.record if kept else None:
                case OrderCopy():
                    return "~"
                case (
                    Order(placed_at=at) | Parcel(placed_at=at) | Talk(at=at) | Quotation(made_at=at) | Share(at=at)
                ) if at:
                    return at
            return "~"

        standing = ((when(row), row) for (at, _), row in self._hq.state.feed.items() if at == key and row.kind == "put")
        old = sorted(((at, row.ref, row.ver) for at, row in standing if at < to_text(before)))
        return [Standing(ref, ver) for _at, ref, ver in old[:limit]]

    def outcomes(self, key: ScopeKey, upto: int, limit: int) -> Sequence[Standing]:
        found = sorted(
            (row.seq, row.ref, row.ver)
            for (at, ref), row in self._hq.state.feed.items()
            if at == key and ref.entity == "op_outcome" and row.kind == "put" and row.seq <= upto
        )
        return [Standing(ref, ver) for _seq, ref, ver in found[:limit]]

    def trim(self, key: ScopeKey, upto: int, limit: int) -> int:
        state = self._hq.state
        found = sorted(
            (row.seq, ref)
            for (at, ref), row in state.feed.items()
            if at == key and row.kind != "put" and row.seq <= upto
        )[:limit]
        for _seq, ref in found:
            del state.feed[key, ref]
        if found:
            head = state.heads[key]
            state.heads[key] = Head(head.head, max(head.floor, found[-1][0]), head.digest)
        return len(found)


def _names(entry: Entry, words: Collection[str]) -> bool:
    return entry.body is not None and any(word.encode() in entry.body for word in words)
