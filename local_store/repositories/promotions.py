"""What prices are made by: promotions, list prices, goods, and the member as far as prices ask for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import Clock, to_text
from guide_app.domain.pricing import Buyer, Goods
from guide_app.domain.records import Category, Member, Names, Promotion
from guide_app.domain.shopday import ShopDay
from guide_app.services.ports.pricing import PriceFacts
from local_store.base import Base
from local_store.merged import survivors
from local_store.meta import Meta
from local_store.repositories.catalogue import current_prices
from local_store.repositories.reading import Decoded, listed, readable
from local_store.repositories.shop import settings
from local_store.repositories.standing import standing
from local_store.repositories.tags import carried


class Promotions:
    """Implements `guide_app.services.ports.pricing.PromotionReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._promotions, self._categories = Decoded(Promotion), Decoded(Category)

    async def facts(self, product_ids: Collection[str], member_id: str = "") -> PriceFacts:
        clock = self._base.clock

        def job(connection: sqlite.Connection) -> PriceFacts:
            meta = Meta(connection)
            at = to_text(clock.now() + timedelta(milliseconds=meta.number("hq_time_offset_ms")))
            prices = current_prices(connection, clock)
            zone = meta.text("time_zone") or "UTC"
            goods, listed_at = self._goods(connection, prices.id if prices else "", product_ids)
            return PriceFacts(
                at=at,
                time_zone=zone,
                settings=settings(connection),
                prices=prices,
                promotions={
                    row_id: one for row_id, one in self._promotions.read(connection).items() if one.current(at)
                },
                buyer=_buyer(connection, clock, ShopDay(clock, zone), member_id) if member_id else None,
                goods=goods,
                listed=listed_at,
            )

        return await self._base.read(job)

    async def names(self, ids: Collection[str]) -> Mapping[str, Names]:
        def job(connection: sqlite.Connection) -> dict[str, Names]:
            found = connection.execute(
                "SELECT id, d -> '$.names' FROM product WHERE id IN (SELECT value FROM json_each(?))", (listed(ids),)
            )
            goods = {row_id: msgspec.json.decode(names, type=Names) for row_id, names in found if names}
            categories = self._categories.read(connection)
            return goods | {one: categories[one].names for one in ids if one in categories}

        return await self._base.read(job)

    def _goods(
        self, connection: sqlite.Connection, list_id: str, ids: Collection[str]
    ) -> tuple[dict[str, Goods], dict[str, int]]:
        """The products as selections of goods see them, and their list prices."""
        found = connection.execute(
            "SELECT m.id, m.category_id, m.d ->> '$.brand', m.d ->> '$.gift_card', p.amount FROM json_each(?) AS asked "
            "CROSS JOIN product AS m ON m.id = asked.value LEFT JOIN price AS p ON p.list = ? AND p.product = m.id",
            (listed(ids), list_id),
        ).fetchall()
        categories = self._categories.read(connection) if found else {}
        goods = {
            row_id: Goods(brand or "", _and_above(above, categories), bool(card))
            for row_id, above, brand, card, _ in found
        }
        return goods, {row_id: price for row_id, *_, price in found if price is not None}


def _and_above(category_id: str, categories: Mapping[str, Category]) -> tuple[str, ...]:
    """The category and those above it; parents that lead in a circle end where it closes."""
    found: list[str] = []
    while category_id and category_id not in found:
        found.append(category_id)
        category_id = categories[category_id].parent_id if category_id in categories else ""
    return tuple(found)


def _buyer(connection: sqlite.Connection, clock: Clock, calendar: ShopDay, member_id: str) -> Buyer | None:
    """The member or visitor behind an id, merges followed; None where this shop does not know them."""
    today = survivors(connection, [member_id])[member_id]
    row = connection.execute("SELECT d FROM member WHERE id = ?", (today,)).fetchone()
    member = readable(row[0], Member) if row else None
    if member is None:
        return None
    _, by_rules = carried(connection, clock, [today]).get(today, ((), ()))
    now = standing(connection, clock, today, member)
    return Buyer(
        level=now.level,
        times=now.times,
        tags=(*member.tags, *by_rules),
        birth_month=int(member.birthday[-5:-3]) if member.birthday else 0,
        joined=calendar.local(member.joined_at).date().isoformat() if member.joined_at else "",
    )
