"""What a day of the shop is closed by."""

from __future__ import annotations

from collections.abc import Sequence

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.records import DayClose, Order
from guide_app.services.ports.orders import SaleRow
from local_store.base import Base
from local_store.repositories.copies import copies
from local_store.repositories.reading import others, readable

_SALES = """
SELECT o.id, o.d, EXISTS (SELECT 1 FROM op_touch AS t JOIN outbox AS w ON w.n = t.n
  WHERE t.entity = 'order' AND t.id = o.id AND w.state IN ('pending', 'sent', 'parked'))
FROM shop_order AS o WHERE o.n IN (
  SELECT n FROM shop_order WHERE placed_at >= :since AND placed_at < :until
  UNION ALL SELECT n FROM shop_order WHERE moved_at <> '' AND moved_at >= :since
) ORDER BY o.placed_at, o.id
"""


class Days:
    """Implements `guide_app.services.ports.orders.DayReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def sales(self, *, since: str, until: str) -> Sequence[SaleRow]:
        def job(connection: sqlite.Connection) -> list[SaleRow]:
            found = connection.execute(_SALES, {"since": since, "until": until}).fetchall()
            own = [
                SaleRow(id=row_id, order=order, waiting=bool(waiting))
                for row_id, d, waiting in found
                if (order := readable(d, Order)) is not None
            ]
            return [*own, *(SaleRow(id=row_id, order=copy) for row_id, copy in copies(connection))]

        return await self._base.read(job)

    async def closes(self, day: str) -> Sequence[DayClose]:
        def job(connection: sqlite.Connection) -> list[DayClose]:
            found = [close for _, _, close in others(connection, DayClose) if close.day == day]
            return sorted(found, key=lambda close: close.closed_at)

        return await self._base.read(job)
