"""What an order keeps of its price, and the order priced again by that and by the promotions of its time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from guide_app.domain.pricing.basket import Basket, Line
from guide_app.domain.pricing.eligibility import audience
from guide_app.domain.pricing.priced import PricedLine
from guide_app.domain.records.order import Discount, Order, OrderLine
from guide_app.domain.records.pricing import Manual, PricedBy
from guide_app.domain.records.promotion import Promotion


class Goods(NamedTuple):
    """What a selection of goods asks of a product. `categories`: its own and all those above it."""

    brand: str = ""
    categories: tuple[str, ...] = ()


def discounts(line: PricedLine) -> tuple[Discount, ...]:
    """The reasons of a priced line as an order keeps them, one to one."""
    return tuple(
        Discount(
            kind=one.kind, amount=one.amount, label=one.label, step=one.step, source_id=one.source_id,
            promotion_id=one.promotion_id, version=one.version, pieces=one.pieces, names=one.names,
            approved_by=one.approved_by,
        )
        for one in line.reductions
    )  # fmt: skip


def priced_by(basket: Basket) -> PricedBy:
    """What an order of this basket says that it was priced by."""
    return PricedBy(
        audience=audience(basket), coupons=basket.coupons, manual=basket.manual, points=basket.points,
        rounding=basket.rounding,
    )  # fmt: skip


def basket_of(order: Order, goods: Mapping[str, Goods], promotions: Mapping[str, Promotion], at: datetime) -> Basket:
    """The basket of an order: its lines at their list prices, and the promotions that were current at its `placed_at`.

    `goods`: by product id; `promotions`: by id, of any time, among them those that the order names, if they are known;
    `at`: `placed_at` by the shop's clock. A promotion that was changed and that the order was priced by in another
    version keeps whom it was for, and its coupons. An order that does not say what it was priced by keeps its
    discounts, as if they had been given by hand.
    """
    by = order.priced_by or PricedBy(manual=tuple(_as_by_hand(order)))
    current = {row_id: one for row_id, one in promotions.items() if one.current(order.placed_at)}
    now = {one.of: row_id for row_id, one in current.items()}

    def today(row_id: str) -> str:
        named = promotions.get(row_id)
        return row_id if row_id in current or named is None else now.get(named.of, row_id)

    return Basket(
        at=at,
        lines=tuple(_line(line, goods.get(line.product_id, Goods())) for line in order.lines),
        promotions=current,
        met=tuple(sorted({today(row_id) for row_id in by.audience})),
        coupons=tuple(msgspec.structs.replace(one, promotion_id=today(one.promotion_id)) for one in by.coupons),
        manual=by.manual,
        points=by.points,
        rounding=by.rounding,
    )


def _line(line: OrderLine, goods: Goods) -> Line:
    return Line(
        line_id=line.line_id, product_id=line.product_id, qty=line.qty, price=line.unit_price,
        categories=goods.categories, brand=goods.brand,
    )  # fmt: skip


def _as_by_hand(order: Order) -> list[Manual]:
    taken = ((line, line.qty * line.unit_price - line.amount) for line in order.lines)
    return [Manual(manual_id=line.line_id, line_id=line.line_id, amount=off) for line, off in taken if off > 0]
