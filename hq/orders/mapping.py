"""Orders as records and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import msgspec

from guide_app.domain import clock, returns, spending
from guide_app.domain.records import (
    CardSold,
    Discount,
    Fulfilment,
    GuideShare,
    Payment,
    PaymentAsked,
    PaymentIntent,
    PricedBy,
    PriceListUsed,
    Refunding,
    Reshared,
    Return,
    Spend,
    Totals,
    Variance,
    decode,
    encode,
)
from guide_app.domain.records import Order as OrderRecord
from guide_app.domain.records import OrderCopy as OrderCopyRecord
from guide_app.domain.records import OrderLine as OrderLineRecord
from guide_app.domain.records import Parcel as ParcelRecord
from guide_app.domain.records.order import FulfilmentKind, OrderState
from hq.orders.models import Order, OrderCopy, OrderLine, Parcel
from hq.protocol import convert
from hq.protocol.copies import CopyMapping
from hq.protocol.mapping import FlatMapping, PartsMapping
from hq.protocol.rows import Row


class OrderMapping(PartsMapping[Order, OrderLine, OrderRecord]):
    """The tables `shop_order` and `order_line`."""

    entity = "order"
    kind = OrderRecord
    model = Order
    part = OrderLine
    owner_field = "order_id"

    def to_record(self, item: Order, parts: Sequence[OrderLine]) -> OrderRecord:
        used = PriceListUsed(id=str(item.price_list_id), version=item.price_list_version)
        return OrderRecord(
            number=item.number, state=cast("OrderState", item.state), guide_id=convert.id_text(item.guide_id),
            placed_at=convert.moment_text(item.placed_at), currency=item.currency,
            lines=tuple(_line(part) for part in parts),
            totals=Totals(lines=item.lines_amount, discounts=item.discounts_amount, total=item.total),
            member_id=convert.id_text(item.member_id),
            fulfilment=_fulfilment(item),
            payment_intent=msgspec.convert(item.payment_intent, PaymentIntent | None),
            payments=convert.parts(item.payments, Payment),
            asked=msgspec.convert(item.payment_asked, PaymentAsked | None),
            price_list=used if item.price_list_id else None,
            promotions_version=item.promotions_version, variance=item.variance, note=item.note,
            cancel_reason=item.cancel_reason, cancelled_at=convert.moment_text(item.cancelled_at),
            spends=convert.parts(item.spends, Spend),
            priced_by=msgspec.convert(item.priced_by, PricedBy | None),
            variances=convert.parts(item.variances, Variance),
            cancelled_by=convert.id_text(item.cancelled_by),
            returns=convert.parts(item.returns, Return), exchange_of=convert.id_text(item.exchange_of),
            reshares=convert.parts(item.reshares, Reshared), quotation_id=convert.id_text(item.quotation_id),
            refunding=convert.parts(item.refunding, Refunding),
            cards=convert.parts(item.cards, CardSold), staff_id=convert.id_text(item.staff_id),
            uncounted=tuple(item.uncounted or ()),
        )  # fmt: skip

    def from_record(self, row: Row, record: OrderRecord) -> tuple[Order, list[OrderLine]]:
        used = record.price_list
        order = Order(
            id=convert.reference(row.ref.id), store_id=row.store_id, ver=row.ver, number=record.number,
            state=record.state, guide_id=convert.reference(record.guide_id),
            member_id=convert.id_value(record.member_id), placed_at=clock.from_text(record.placed_at),
            currency=record.currency, lines_amount=record.totals.lines, discounts_amount=record.totals.discounts,
            total=record.totals.total, fulfilment_kind=record.fulfilment.kind,
            fulfilment_repair=record.fulfilment.repair, fulfilment=_more(record.fulfilment),
            payment_intent=msgspec.to_builtins(record.payment_intent),
            payments=convert.plain(record.payments), payment_asked=msgspec.to_builtins(record.asked),
            price_list_id=convert.id_value(used.id if used else ""),
            price_list_version=used.version if used else 0, promotions_version=record.promotions_version,
            variance=record.variance, note=record.note, cancel_reason=record.cancel_reason,
            cancelled_at=convert.moment(record.cancelled_at), spends=convert.plain(record.spends),
            priced_by=msgspec.to_builtins(record.priced_by), variances=convert.plain(record.variances),
            cancelled_by=convert.id_value(record.cancelled_by), returns=convert.plain(record.returns),
            exchange_of=convert.id_value(record.exchange_of), held=returns.held(record),
            reshares=convert.plain(record.reshares), quotation_id=convert.id_value(record.quotation_id),
            refunding=convert.plain(record.refunding),
            cards=convert.plain(record.cards), staff_id=convert.id_value(record.staff_id),
            uncounted=list(record.uncounted) or None, counts=spending.counts(record),
        )  # fmt: skip
        lines = [
            OrderLine(
                order_id=order.id, position=position, line_id=convert.reference(line.line_id),
                product_id=convert.reference(line.product_id), qty=line.qty, unit_price=line.unit_price,
                amount=line.amount, discounts=convert.plain(line.discounts),
                guide_shares=convert.plain(line.guide_shares),
            )
            for position, line in enumerate(record.lines)
        ]  # fmt: skip
        return order, lines


_TAKE_AWAY = next(field.default for field in msgspec.structs.fields(OrderRecord) if field.name == "fulfilment")
"""The default itself: where it is equal, it must be the same object to be left out of the JSON."""


def _fulfilment(item: Order) -> Fulfilment:
    kind = cast("FulfilmentKind", convert.word(item.fulfilment_kind))
    more = msgspec.convert(item.fulfilment or {}, Fulfilment)
    made = msgspec.structs.replace(more, kind=kind, repair=item.fulfilment_repair)
    return cast("Fulfilment", _TAKE_AWAY) if made == _TAKE_AWAY else made


def _more(fulfilment: Fulfilment) -> dict[str, Any] | None:
    """What has no column of its own; None where there is nothing."""
    more: dict[str, Any] = msgspec.to_builtins(fulfilment)
    return {name: value for name, value in more.items() if name not in ("kind", "repair")} or None


def _line(item: OrderLine) -> OrderLineRecord:
    return OrderLineRecord(
        line_id=convert.id_text(item.line_id), product_id=convert.id_text(item.product_id), qty=item.qty,
        unit_price=item.unit_price, amount=item.amount, discounts=convert.parts(item.discounts, Discount),
        guide_shares=convert.parts(item.guide_shares, GuideShare),
    )  # fmt: skip


class OrderCopyMapping(CopyMapping[OrderCopy, OrderCopyRecord]):
    """The table `order_copy`; a row's id is the order's, once in each store that takes goods of it back."""

    entity = "order_copy"
    kind = OrderCopyRecord
    model = OrderCopy
    id_field = "order_id"

    def ends(self, record: OrderCopyRecord) -> str:
        return record.until


class ParcelMapping(FlatMapping[Parcel, ParcelRecord]):
    """The table `parcel`; a row's id is the order's, once in each store that sees to its goods."""

    entity = "parcel"
    kind = ParcelRecord
    model = Parcel
    id_field = "order_id"
    each_stores = True

    def to_record(self, item: Parcel) -> ParcelRecord:
        return decode(item.record, ParcelRecord)

    def from_record(self, row: Row, record: ParcelRecord) -> Parcel:
        return Parcel(
            store_id=row.store_id, order_id=convert.reference(row.ref.id), ver=row.ver,
            placed_at=clock.from_text(record.placed_at), record=encode(record).decode(),
        )  # fmt: skip


ORDER = OrderMapping()
ORDER_COPY = OrderCopyMapping()
PARCEL = ParcelMapping()
