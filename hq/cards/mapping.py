"""The ledger of gift cards as records and as a table."""

from __future__ import annotations

from typing import cast

from django.utils import timezone

from hq.cards.models import CardEntry
from hq.cards.values import CardEntry as EntryRecord
from hq.cards.values import CardEntryKind
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row


class CardEntryMapping(FlatMapping[CardEntry, EntryRecord]):
    """The table `card_entry`. An entry without a time is of now."""

    entity = "card_entry"
    kind = EntryRecord
    model = CardEntry

    def to_record(self, item: CardEntry) -> EntryRecord:
        return EntryRecord(
            card_id=convert.id_text(item.card_id), kind=cast("CardEntryKind", str(item.kind)), amount=item.amount,
            source=convert.id_text(item.source), at=convert.moment_text(item.at), reason=item.reason, by=item.by,
        )  # fmt: skip

    def from_record(self, row: Row, record: EntryRecord) -> CardEntry:
        return CardEntry(
            id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver,
            card_id=convert.reference(record.card_id), kind=record.kind, amount=record.amount,
            source=convert.id_value(record.source), at=convert.moment(record.at) or timezone.now(),
            reason=record.reason, by=record.by,
        )  # fmt: skip


CARD_ENTRY = CardEntryMapping()
