"""Payment requests as records and as a table."""

from __future__ import annotations

from typing import cast

from guide_app.domain import clock
from hq.payments.models import PaymentRequest
from hq.payments.values import PaymentRequest as PaymentRequestRecord
from hq.payments.values import RefundAsked, RequestState
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row


class PaymentRequestMapping(FlatMapping[PaymentRequest, PaymentRequestRecord]):
    """The table `payment_request`."""

    entity = "payment_request"
    kind = PaymentRequestRecord
    model = PaymentRequest

    def to_record(self, item: PaymentRequest) -> PaymentRequestRecord:
        return PaymentRequestRecord(
            order_id=convert.id_text(item.order_id), amount=item.amount, currency=item.currency,
            provider=item.provider, made_at=convert.moment_text(item.made_at), until=convert.moment_text(item.until),
            state=cast("RequestState", str(item.state)), code=item.code, provider_id=item.provider_id,
            device_id=convert.id_text(item.device_id), guide_id=convert.id_text(item.guide_id),
            attempts=item.attempts, look_at=convert.moment_text(item.look_at),
            refunds=convert.parts(item.refunds, RefundAsked),
        )  # fmt: skip

    def from_record(self, row: Row, record: PaymentRequestRecord) -> PaymentRequest:
        return PaymentRequest(
            id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver,
            order_id=convert.reference(record.order_id), amount=record.amount, currency=record.currency,
            provider=record.provider, state=record.state, code=record.code, provider_id=record.provider_id,
            device_id=convert.id_value(record.device_id), guide_id=convert.id_value(record.guide_id),
            made_at=clock.from_text(record.made_at), until=clock.from_text(record.until), attempts=record.attempts,
            look_at=convert.moment(record.look_at), refunds=convert.plain(record.refunds),
        )  # fmt: skip


PAYMENT_REQUEST = PaymentRequestMapping()
