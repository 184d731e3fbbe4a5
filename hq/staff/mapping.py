"""Staff as record and as table."""

from __future__ import annotations

from typing import Literal, cast

from guide_app.domain.records import Staff as StaffRecord
from guide_app.domain.records import StaffPurchase
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
            pin=item.pin, pin_once=item.pin_once, active=item.active, purchase=_purchase(item),
        )  # fmt: skip

    def from_record(self, row: Row, record: StaffRecord) -> Staff:
        right = record.purchase
        return Staff(
            id=row.ref.id, store_id=row.store_id, ver=row.ver, name=record.name, staff_no=record.staff_no,
            role=record.role, pin=record.pin, pin_once=record.pin_once, active=record.active,
            purchase_limit=right.limit if right else 0, purchase_alone=right is not None and right.alone,
            purchase_until=convert.day(right.until) if right and right.until else None,
        )  # fmt: skip


def _purchase(item: Staff) -> StaffPurchase | None:
    if item.purchase_limit <= 0:
        return None
    until = convert.day_text(item.purchase_until) if item.purchase_until else ""
    return StaffPurchase(limit=item.purchase_limit, until=until, alone=item.purchase_alone)


STAFF = StaffMapping()
