"""Gifts, signatures and referrals as records and as tables."""

from __future__ import annotations

from guide_app.domain import clock
from hq.joining.models import Joining, Referral
from hq.joining.values import Joining as JoiningRecord
from hq.joining.values import Referral as ReferralRecord
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row


class JoiningMapping(FlatMapping[Joining, JoiningRecord]):
    """The table `joining`."""

    entity = "joining"
    kind = JoiningRecord
    model = Joining

    def to_record(self, item: Joining) -> JoiningRecord:
        return JoiningRecord(
            at=convert.moment_text(item.at), member_id=convert.id_text(item.member_id), person=item.person,
            product_id=convert.id_text(item.product_id), signed=tuple(item.signed), strokes=item.strokes,
        )  # fmt: skip

    def from_record(self, row: Row, record: JoiningRecord) -> Joining:
        return Joining(
            id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver,
            member_id=convert.id_value(record.member_id), person=record.person,
            product_id=convert.id_value(record.product_id), signed=list(record.signed), strokes=record.strokes,
            at=clock.from_text(record.at),
        )  # fmt: skip


class ReferralMapping(FlatMapping[Referral, ReferralRecord]):
    """The table `referral`."""

    entity = "referral"
    kind = ReferralRecord
    model = Referral

    def to_record(self, item: Referral) -> ReferralRecord:
        return ReferralRecord(referrer_id=convert.id_text(item.referrer_id), points=item.points, paid=item.paid)

    def from_record(self, row: Row, record: ReferralRecord) -> Referral:
        return Referral(
            id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver,
            referrer_id=convert.reference(record.referrer_id), points=record.points, paid=record.paid,
        )  # fmt: skip


JOINING = JoiningMapping()
REFERRAL = ReferralMapping()
