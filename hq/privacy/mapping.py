"""Showings as records and as a table."""

from __future__ import annotations

from guide_app.domain import clock
from hq.privacy import values
from hq.privacy.models import Showing
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row


class ShowingMapping(FlatMapping[Showing, values.Showing]):
    """The table `showing`."""

    entity = "showing"
    kind = values.Showing
    model = Showing

    def to_record(self, item: Showing) -> values.Showing:
        return values.Showing(
            member_id=convert.id_text(item.member_id), what=item.what, at=convert.moment_text(item.at),
            guide_id=convert.id_text(item.guide_id), scope=item.scope, operator=item.operator,
        )  # fmt: skip

    def from_record(self, row: Row, record: values.Showing) -> Showing:
        return Showing(
            id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver,
            member_id=convert.reference(record.member_id), what=record.what, at=clock.from_text(record.at),
            guide_id=convert.id_value(record.guide_id), scope=record.scope, operator=record.operator,
        )  # fmt: skip


SHOWING = ShowingMapping()
