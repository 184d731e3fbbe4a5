"""Orders of this store, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.records import Order
from guide_app.services.ports.orders import MoneyLeft, OrderRow
from local_store.base import Base
from local_store.repositories.copies import copy_numbered, copy_row
from local_store.repositories.members import rows_by_id
from local_store.repositories.reading import readable
from local_store.search import find
from local_store.words import plain

_COLUMNS = (
    "o.id, o.d, coalesce((SELECT min(w.state) FROM op_touch AS t JOIN outbox AS w ON w.n = t.n "
    "WHERE t.entity = 'order' AND t.id = o.id AND w.state IN ('pending', 'sent', 'parked')), '')"
)
_NAMES = 200
"""Members whose orders are shown for a part of a name, at most."""
_CHARGED_FOR = "SELECT id FROM shop_order WHERE state = 'cancelled' AND d LIKE ? ORDER BY placed_at LIMIT 1"


class Orders:
    """Implements `guide_app.services.ports.orders.OrderReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def list(
        self,
        *,
        guide_id: str = "",
        state: str = "",
        money: MoneyLeft = "",
        text: str = "",
        limit: int = 50,
        offset: int = 0,
    ) -> Sequence[OrderRow]:
        chosen = [(f"o.{column} = ?", value) for column, value in (("guide_id", guide_id), ("state", state)) if value]

        def job(connection: sqlite.Connection) -> Sequence[OrderRow]:
            conditions: list[str] = [condition for condition, _ in chosen]
            if money:
                conditions.append(f"o.{money} > 0")
            parameters: list[str | int] = [value for _, value in chosen]
            if text.strip():
                condition, values = _matching(connection, text)
                conditions.append(condition)
                parameters += values
            query = (
                f"SELECT {_COLUMNS} FROM shop_order AS o WHERE {' AND '.join(conditions) or '1'} "
                "ORDER BY o.placed_at DESC LIMIT ? OFFSET ?"
            )
            return _rows(connection, connection.execute(query, (*parameters, limit, offset)).fetchall())

        return await self._base.read(job)

    async def get(self, order_id: str) -> OrderRow | None:
        def job(connection: sqlite.Connection) -> OrderRow | None:
            found = connection.execute(f"SELECT {_COLUMNS} FROM shop_order AS o WHERE o.id = ?", (order_id,))
            rows = _rows(connection, found.fetchall())
            return rows[0] if rows else copy_row(connection, order_id)

        return await self._base.read(job)

    async def elsewhere(self, number: str) -> OrderRow | None:
        return await self._base.read(lambda connection: copy_numbered(connection, number))

    async def charged_for(self, order_id: str) -> OrderRow | None:
        def job(connection: sqlite.Connection) -> str:
            found = connection.execute(_CHARGED_FOR, (f'%"charged_by":"{order_id}"%',)).fetchone()
            return str(found[0]) if found else ""

        found = await self._base.read(job)
        return await self.get(found) if found else None


def _matching(connection: sqlite.Connection, text: str) -> tuple[str, tuple[str | int, ...]]:
    """Orders with a part of a number, or of members who are found by the text."""
    parts: list[str] = []
    parameters: list[str | int] = []
    if number := plain(text):
        parts.append("SELECT n FROM shop_order WHERE number LIKE ?")
        parameters.append(f"%{number}%")
    if found := find(connection, "member", text):
        parts.append(
            "SELECT b.n FROM shop_order AS b WHERE b.member_id <> '' AND b.member_id IN "
            f"(SELECT m.id FROM {found.source} WHERE {found.condition} LIMIT {_NAMES})"
        )
        parameters += (*found.ranged, *found.parameters)
    return f"o.n IN ({' UNION '.join(parts)})" if parts else "0", tuple(parameters)


def _rows(connection: sqlite.Connection, found: Sequence[tuple[str, str, str]]) -> Sequence[OrderRow]:
    read = [(row_id, order, outbox) for row_id, d, outbox in found if (order := readable(d, Order)) is not None]
    members = rows_by_id(connection, [order.member_id for _, order, _ in read if order.member_id])
    return [
        OrderRow(
            id=row_id,
            order=order,
            member_name=members[order.member_id].name if order.member_id in members else "",
            outbox=outbox,
            member_tickets=members[order.member_id].tickets if order.member_id in members else 0,
        )
        for row_id, order, outbox in read
    ]
