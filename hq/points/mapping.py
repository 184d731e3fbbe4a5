"""Points of orders and the ledger as records and as tables."""

from __future__ import annotations

from typing import cast

import msgspec
from django.utils import timezone

from guide_app.domain.points import EntryKind, Terms
from hq.points.models import Earned, PointsEntry
from hq.points.values import Earned as EarnedRecord
from hq.points.values import PointsEntry as EntryRecord
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row


class EarnedMapping(FlatMapping[Earned, EarnedRecord]):
    """The table `points_earned`."""

    entity = "points_earned"
    kind = EarnedRecord
    model = Earned

    def to_record(self, item: Earned) -> EarnedRecord:
        terms = msgspec.json.decode(item.terms, type=Terms) if item.terms else None
        return EarnedRecord(member_id=convert.id_text(item.member_id), terms=terms, earned=item.earned, used=item.used)

    def from_record(self, row: Row, record: EarnedRecord) -> Earned:
        return Earned(
            id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver,
            member_id=convert.reference(record.member_id), earned=record.earned, used=record.used,
            terms=msgspec.json.encode(record.terms).decode() if record.terms else "",
        )  # fmt: skip


class EntryMapping(FlatMapping[PointsEntry, EntryRecord]):
    """The table `points_entry`. An entry without a time is of now."""

    entity = "points_entry"
    kind = EntryRecord
    model = PointsEntry

    def to_record(self, item: PointsEntry) -> EntryRecord:
        return EntryRecord(
            instrument_id=convert.id_text(item.instrument_id), kind=cast("EntryKind", str(item.kind)),
            points=item.points, source=convert.id_text(item.source), at=convert.moment_text(item.at),
            until=convert.day_text(item.until) if item.until else "", reason=item.reason, by=item.by,
        )  # fmt: skip

    def from_record(self, row: Row, record: EntryRecord) -> PointsEntry:
        return PointsEntry(
            id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver,
            instrument_id=convert.reference(record.instrument_id), kind=record.kind, points=record.points,
            source=convert.id_value(record.source), at=convert.moment(record.at) or timezone.now(),
            until=convert.day(record.until) if record.until else None, reason=record.reason, by=record.by,
        )  # fmt: skip


EARNED = EarnedMapping()
ENTRY = EntryMapping()
