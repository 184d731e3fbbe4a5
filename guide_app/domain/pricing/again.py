"""What an order keeps of its price, and the order priced again by that and by the promotions of its time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from guide_app.domain.pricing.basket import Basket, Line
from guide_app.domain.pricing.eligibility import audience
from guide_app.domain.pricing.priced import PricedLine
from guide_app.domain.records.order import Discount, Order, OrderLine
from guide_app.domain.records.pricing import Manual, PricedBy
from guide_app.domain.records.promotion import Promotion


class Goods(NamedTuple):
    """What pricing asks of a product. `categories`: its own and all those above it; `gift_card`: it is one."""

    brand: str = ""
    categories: tuple[str, ...] = ()
    gift_card: bool = False

    def line(self, line_id: str, product_id: str, qty: int, price: int) -> Line:
        """So many pieces of it at this list price, as the engine prices them."""
        return Line(
            line_id=line_id, product_id=product_id, qty=qty, price=price, categories=self.categories, brand=self.brand,
            gift_card=self.gift_card,
        )  # fmt: skip


class Sold(Protocol):
    """A line of an order, as an operation or a record tells it."""

    @property
    def line_id(self) -> str: ...
    @property
    def product_id(self) -> str: ...


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
        lines=tuple(line_sold(line, goods) for line in order.lines),
        promotions=current,
        met=tuple(sorted({today(row_id) for row_id in by.audience})),
        coupons=tuple(msgspec.structs.replace(one, promotion_id=today(one.promotion_id)) for one in by.coupons),
        manual=by.manual,
        points=by.points,
        rounding=by.rounding,
    )


def line_sold(line: OrderLine, goods: Mapping[str, Goods]) -> Line:
    """A line of an order as the engine prices it; `goods`: by product id."""
    of = goods.get(line.product_id, Goods())
    return of.line(line.line_id, line.product_id, line.qty, line.unit_price)


def cards_sold(lines: Iterable[Sold], goods: Mapping[str, Goods]) -> frozenset[str]:
    """The ids of the lines that are gift cards; `goods`: by product id."""
    return frozenset(line.line_id for line in lines if goods.get(line.product_id, Goods()).gift_card)


def _as_by_hand(order: Order) -> list[Manual]:
    taken = ((line, line.qty * line.unit_price - line.amount) for line in order.lines)
    return [Manual(manual_id=line.line_id, line_id=line.line_id, amount=off) for line, off in taken if off > 0]
