"""Instruments, leases and requests as records and as tables."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from guide_app.domain import clock
from guide_app.domain.records import Instrument as InstrumentName
from guide_app.domain.records import Lease as LeaseRecord
from guide_app.domain.records import Names, decode, encode
from guide_app.domain.records import Wallet as WalletRecord
from guide_app.domain.records.lease import InstrumentKind
from hq.leases.models import Instrument, Lease, LeaseRequest, Wallet
from hq.leases.values import CardFace, LeaseAsked, Value
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row


class InstrumentMapping(FlatMapping[Instrument, Value]):
    """The table `instrument`."""

    entity = "instrument"
    kind = Value
    model = Instrument

    def load(self, store_id: str, ids: Collection[str], *, lock: bool = False) -> dict[str, Row]:
        """A gift card with a number is the chain's: found from every store, it stands in the one that saves it next."""
        where, named = self.table.any_of(self.id_field, ids)
        held = " FOR UPDATE" if lock else ""
        mine = f"{where} AND (store_id = %s::uuid OR number IS NOT NULL) ORDER BY id{held}"
        found = self.table.select(mine, [named, store_id]) if ids else ()
        return {row.ref.id: row for row in self.rows(list(found))}

    def to_record(self, item: Instrument) -> Value:
        kind = cast("InstrumentKind", str(item.kind))
        return Value(
            kind=kind, owner_id=convert.id_text(item.owner_id), balance=item.balance, held=item.held, owed=item.owed,
            title=Names(en=item.title_en, zh=item.title_zh), digits=item.digits,
            until=convert.day_text(item.until) if item.until else "", promotion=convert.id_text(item.promotion),
            source=Names(en=item.source_en, zh=item.source_zh), taken=item.taken,
            card=CardFace(
                number=item.number, amount=item.face, sold_by=convert.id_text(item.sold_by), active=item.active,
                blocked=item.blocked,
            ) if item.number else None,
        )  # fmt: skip

    def from_record(self, row: Row, record: Value) -> Instrument:
        card = record.card
        return Instrument(
            id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver, kind=record.kind,
            owner_id=convert.id_value(record.owner_id), balance=record.balance, held=record.held,
            title_en=record.title.en, title_zh=record.title.zh, digits=record.digits, taken=record.taken,
            source_en=record.source.en, source_zh=record.source.zh,
            until=convert.day(record.until) if record.until else None,
            owed=record.owed, promotion=convert.id_value(record.promotion), number=card.number if card else None,
            face=card.amount if card else 0, sold_by=convert.id_value(card.sold_by) if card else None,
            active=card is not None and card.active, blocked=card is not None and card.blocked,
        )  # fmt: skip


class WalletMapping(FlatMapping[Wallet, WalletRecord]):
    """The table `wallet`; a row's id is the member's."""

    entity = "wallet"
    kind = WalletRecord
    model = Wallet
    id_field = "member_id"

    def to_record(self, item: Wallet) -> WalletRecord:
        return decode(item.record, WalletRecord)

    def from_record(self, row: Row, record: WalletRecord) -> Wallet:
        return Wallet(
            member_id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver, record=encode(record).decode()
        )


class LeaseMapping(FlatMapping[Lease, LeaseRecord]):
    """The table `lease`; a lease stands in the scope of the tablet that has it."""

    entity = "lease"
    kind = LeaseRecord
    model = Lease

    def scope(self, item: Lease) -> str:
        return item.scope

    def to_record(self, item: Lease) -> LeaseRecord:
        kind = cast("InstrumentKind", str(item.instrument_kind))
        return LeaseRecord(
            amount=item.amount, expires_at=convert.moment_text(item.expires_at),
            instrument=InstrumentName(kind=kind, id=str(item.instrument_id)) if item.instrument_id else None,
            granted_at=convert.moment_text(item.granted_at), spent=item.spent, returned=item.returned,
            returned_at=convert.moment_text(item.returned_at),
        )  # fmt: skip

    def from_record(self, row: Row, record: LeaseRecord) -> Lease:
        named = record.instrument
        return Lease(
            id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver, scope=row.scope,
            instrument_kind=named.kind if named else "", instrument_id=convert.id_value(named.id if named else ""),
            amount=record.amount, spent=record.spent, returned=record.returned, overspent=record.overspent,
            granted_at=convert.moment(record.granted_at), expires_at=clock.from_text(record.expires_at),
            returned_at=convert.moment(record.returned_at), settled=bool(record.returned_at) and not record.left,
        )  # fmt: skip


class LeaseRequestMapping(FlatMapping[LeaseRequest, LeaseAsked]):
    """The table `lease_request`."""

    entity = "lease_request"
    kind = LeaseAsked
    model = LeaseRequest

    def to_record(self, item: LeaseRequest) -> LeaseAsked:
        lease_id, at = convert.id_text(item.lease_id), convert.moment_text(item.at)
        return LeaseAsked(lease_id=lease_id, granted=item.granted, code=item.code, at=at)

    def from_record(self, row: Row, record: LeaseAsked) -> LeaseRequest:
        return LeaseRequest(
            id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver, granted=record.granted,
            lease_id=convert.id_value(record.lease_id), code=record.code, at=clock.from_text(record.at),
        )  # fmt: skip


INSTRUMENT = InstrumentMapping()
LEASE = LeaseMapping()
LEASE_REQUEST = LeaseRequestMapping()
WALLET = WalletMapping()
