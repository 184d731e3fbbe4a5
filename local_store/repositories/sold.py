"""An order as the basket that it was sold as: by the promotions and goods that this tablet has."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import pricing, returns
from guide_app.domain.clock import from_text
from guide_app.domain.pricing import Goods
from guide_app.domain.records import Category, Order, Product, Promotion
from local_store.base import Base
from local_store.meta import Meta
from local_store.repositories.reading import listed, others, readable


class Sold:
    """Implements `guide_app.services.ports.orders.SoldReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def basket(self, order: Order) -> pricing.Basket | None:
        if order.priced_by is None:
            return None

        def job(connection: sqlite.Connection) -> pricing.Basket | None:
            known = {row_id: one for _, row_id, one in others(connection, Promotion)}
            zone = ZoneInfo(Meta(connection).text("time_zone") or "UTC")
            return returns.sold_basket(
                order, _goods(connection, order), known, from_text(order.placed_at).astimezone(zone)
            )

        return await self._base.read(job)


def _goods(connection: sqlite.Connection, order: Order) -> dict[str, Goods]:
    above = {row_id: category.parent_id for _, row_id, category in others(connection, Category)}
    found = connection.execute(
        "SELECT id, d FROM product WHERE id IN (SELECT value FROM json_each(?))",
        (listed({line.product_id for line in order.lines}),),
    )
    products = {row_id: readable(d, Product) for row_id, d in found}
    return {
        row_id: Goods(product.brand, _with_above(product.category_id, above), product.gift_card)
        for row_id, product in products.items()
        if product
    }


def _with_above(category_id: str, above: dict[str, str]) -> tuple[str, ...]:
    """The category and those above it; parents that lead in a circle end where it closes."""
    found: list[str] = []
    while category_id and category_id not in found:
        found.append(category_id)
        category_id = above.get(category_id, "")
    return tuple(found)
