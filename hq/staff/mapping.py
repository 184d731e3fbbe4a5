"""Staff as record and as table."""

from __future__ import annotations

from typing import Literal, cast

from guide_app.domain.records import Staff as StaffRecord
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row
from hq.staff.models import Staff


class StaffMapping(FlatMapping[Staff, StaffRecord]):
    """The table `staff`."""

    entity = "staff"
    kind = StaffRecord
    model = Staff

    def to_record(self, item: Staff) -> StaffRecord:
        return StaffRecord(
            name=item.name, staff_no=item.staff_no, role=cast("Literal['guide', 'manager']", convert.word(item.role)),
            pin=item.pin, pin_once=item.pin_once, active=item.active,
        )  # fmt: skip

    def from_record(self, row: Row, record: StaffRecord) -> Staff:
        return Staff(
            id=row.ref.id, store_id=row.store_id, ver=row.ver, name=record.name, staff_no=record.staff_no,
            role=record.role, pin=record.pin, pin_once=record.pin_once, active=record.active,
        )  # fmt: skip


STAFF = StaffMapping()
