"""Quotations as records and as a table."""

from __future__ import annotations

from typing import cast

import msgspec

from guide_app.domain.records import Fulfilment, OrderLine, PricedBy, PriceListUsed, Totals
from guide_app.domain.records import Quotation as QuotationRecord
from guide_app.domain.records.quotation import QuotationState
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row
from hq.quotations.models import Quotation


class QuotationMapping(FlatMapping[Quotation, QuotationRecord]):
    """The table `quotation`."""

    entity = "quotation"
    kind = QuotationRecord
    model = Quotation

    def to_record(self, item: Quotation) -> QuotationRecord:
        used = PriceListUsed(id=convert.id_text(item.price_list_id), version=item.price_list_version)
        return QuotationRecord(
            member_id=convert.id_text(item.member_id), number=item.number,
            state=cast("QuotationState", convert.word(item.state)), guide_id=convert.id_text(item.guide_id),
            made_at=convert.moment_text(item.made_at),
            valid_until=convert.day_text(item.valid_until) if item.valid_until else "", currency=item.currency,
            lines=convert.parts(item.lines, OrderLine), totals=_totals(item),
            price_list=used if item.price_list_id else None, promotions_version=item.promotions_version,
            priced_by=msgspec.convert(item.priced_by, PricedBy | None), note=item.note,
            order_id=convert.id_text(item.order_id), void_reason=item.void_reason,
            void_at=convert.moment_text(item.void_at), void_by=convert.id_text(item.void_by),
            fulfilment=_goes(item),
        )  # fmt: skip

    def from_record(self, row: Row, record: QuotationRecord) -> Quotation:
        used = record.price_list
        return Quotation(
            id=row.ref.id, store_id=row.store_id, ver=row.ver, member_id=convert.id_value(record.member_id),
            number=record.number, state=record.state, guide_id=convert.id_value(record.guide_id),
            made_at=convert.moment(record.made_at),
            valid_until=convert.day(record.valid_until) if record.valid_until else None, currency=record.currency,
            lines=convert.plain(record.lines), lines_amount=record.totals.lines,
            discounts_amount=record.totals.discounts, total=record.totals.total,
            price_list_id=convert.id_value(used.id if used else ""), price_list_version=used.version if used else 0,
            promotions_version=record.promotions_version, priced_by=msgspec.to_builtins(record.priced_by),
            note=record.note, order_id=convert.id_value(record.order_id), void_reason=record.void_reason,
            void_at=convert.moment(record.void_at), void_by=convert.id_value(record.void_by),
            fulfilment=msgspec.to_builtins(record.fulfilment) if record.fulfilment != _TAKE_AWAY else None,
        )  # fmt: skip


_DEFAULTS = {field.name: field.default for field in msgspec.structs.fields(QuotationRecord)}
"""The defaults themselves: where a value is equal, it must be the same object to be left out of the JSON."""
_NOTHING, _TAKE_AWAY = _DEFAULTS["totals"], _DEFAULTS["fulfilment"]


def _totals(item: Quotation) -> Totals:
    made = Totals(lines=item.lines_amount, discounts=item.discounts_amount, total=item.total)
    return cast("Totals", _NOTHING) if made == _NOTHING else made


def _goes(item: Quotation) -> Fulfilment:
    return msgspec.convert(item.fulfilment, Fulfilment) if item.fulfilment else cast("Fulfilment", _TAKE_AWAY)


QUOTATION = QuotationMapping()
