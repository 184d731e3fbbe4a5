"""Closes of days as records and as a table."""

from __future__ import annotations

import msgspec

from guide_app.domain import clock
from guide_app.domain.records import DayClose as DayCloseRecord
from guide_app.domain.records.dayclose import Count, Counted, Figures
from hq.days.models import DayClose
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row


class DayCloseMapping(FlatMapping[DayClose, DayCloseRecord]):
    """The table `day_close`."""

    entity = "day_close"
    kind = DayCloseRecord
    model = DayClose

    def to_record(self, item: DayClose) -> DayCloseRecord:
        return DayCloseRecord(
            day=convert.day_text(item.day), guide_id=convert.id_text(item.guide_id),
            closed_at=convert.moment_text(item.closed_at), currency=convert.word(item.currency),
            figures=msgspec.convert(convert.ordered(item.figures), Figures),
            waiting=msgspec.convert(item.waiting, Count) if item.waiting else _NONE,
            counted=msgspec.convert(item.counted, Counted | None),
        )  # fmt: skip

    def from_record(self, row: Row, record: DayCloseRecord) -> DayClose:
        return DayClose(
            id=row.ref.id, store_id=row.store_id, ver=row.ver, day=convert.day(record.day),
            guide_id=convert.reference(record.guide_id), closed_at=clock.from_text(record.closed_at),
            currency=record.currency, figures=msgspec.to_builtins(record.figures),
            waiting=msgspec.to_builtins(record.waiting) or None, counted=msgspec.to_builtins(record.counted),
        )  # fmt: skip


_NONE: Count = next(field.default for field in msgspec.structs.fields(DayCloseRecord) if field.name == "waiting")
"""The default itself: only the same object is left out of the JSON."""
DAY_CLOSE = DayCloseMapping()
