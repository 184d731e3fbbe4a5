"""Quotations: what goods would cost a customer who has yet to decide, promised until a day."""

from __future__ import annotations

from typing import Literal

from guide_app.domain.records.base import Record
from guide_app.domain.records.order import Fulfilment, OrderLine, PriceListUsed, Totals
from guide_app.domain.records.pricing import PricedBy

QuotationState = Literal["open", "ordered", "void"]


class Quotation(Record, frozen=True):
    """A quotation, its lines as an order would have them. `valid_until`: the last day of the shop on which the prices
    hold; `order_id`: the order that it became, one at most; `priced_by` as of an order. `fulfilment`: how the customer
    wants the goods, without any steps. `number` is empty where the rest of it has not arrived: such a one is shown
    nowhere."""

    member_id: str = ""
    number: str = ""
    state: QuotationState = "open"
    guide_id: str = ""
    made_at: str = ""
    valid_until: str = ""
    currency: str = ""
    lines: tuple[OrderLine, ...] = ()
    totals: Totals = Totals(lines=0, discounts=0, total=0)
    price_list: PriceListUsed | None = None
    promotions_version: int = 0
    priced_by: PricedBy | None = None
    note: str = ""
    order_id: str = ""
    void_reason: str = ""
    void_at: str = ""
    void_by: str = ""
    fulfilment: Fulfilment = Fulfilment()
