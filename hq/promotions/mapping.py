"""Versions of promotions as records and as a table."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from guide_app.domain import clock
from guide_app.domain.records import Promotion as PromotionRecord
from hq.promotions.models import Promotion
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row

_COLUMNS = frozenset({
    "of", "since", "until_moment", "version", "names", "kind", "active", "valid_from", "valid_until", "group",
    "priority",
})  # fmt: skip


class PromotionMapping(FlatMapping[Promotion, PromotionRecord]):
    """The table `promotion`."""

    entity = "promotion"
    kind = PromotionRecord
    model = Promotion
    in_store = False

    def scope(self, item: Promotion) -> str:
        return item.scope

    def every(self, store_id: str | None = None) -> Iterator[Row]:
        """Those that are on tablets: the others stay at HQ alone."""
        yield from self.rows(list(Promotion.objects.filter(published=True)))

    def to_record(self, item: Promotion) -> PromotionRecord:
        names = {"en": item.name_en, "zh": item.name_zh}
        terms = convert.ordered(item.terms or {})
        said = msgspec.convert({**terms, "names": names, "kind": item.kind}, PromotionRecord)
        return msgspec.structs.replace(
            said, of=str(item.of), since=convert.moment_text(item.since),
            until_moment=convert.moment_text(item.until_moment), version=item.version, active=item.active,
            valid_from=convert.day_text(item.valid_from) if item.valid_from else "",
            valid_until=convert.day_text(item.valid_until) if item.valid_until else "",
            group=item.group, priority=item.priority,
        )  # fmt: skip

    def from_record(self, row: Row, record: PromotionRecord) -> Promotion:
        told = msgspec.to_builtins(record)
        return Promotion(
            id=row.ref.id, ver=row.ver, scope=row.scope, of=convert.reference(record.of), version=record.version,
            since=clock.from_text(record.since), until_moment=convert.moment(record.until_moment),
            name_en=record.names.en, name_zh=record.names.zh, kind=record.kind, active=record.active,
            valid_from=convert.day(record.valid_from) if record.valid_from else None,
            valid_until=convert.day(record.valid_until) if record.valid_until else None,
            group=record.group, priority=record.priority,
            terms={name: value for name, value in told.items() if name not in _COLUMNS and value != {}} or None,
        )  # fmt: skip


PROMOTION = PromotionMapping()
