"""The figures and lists of the first page."""

from __future__ import annotations

from collections.abc import Sequence

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import shares
from guide_app.domain.records import Followup, Order
from guide_app.services.ports.care import FollowupRow
from guide_app.services.ports.today import DayFigures
from local_store.base import Base
from local_store.repositories.members import rows_by_id
from local_store.repositories.reading import STANDS, readable

_SOLD = "placed_at >= ? AND placed_at < ? AND state NOT IN ('cancelled', 'returned')"
_SHARED = '"guide_shares"'
"""What the JSON of an order has in it that is not its guide's alone."""


class Today:
    """Implements `guide_app.services.ports.today.TodayReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def figures(self, *, guide_id: str, since: str, until: str) -> DayFigures:
        span = (since, until, *([guide_id] if guide_id else []))

        def mine(column: str) -> str:
            return f" AND {column} = ?" if guide_id else ""

        def job(connection: sqlite.Connection) -> DayFigures:
            sales, orders = _sold(connection, guide_id, since, until)
            talks = connection.execute(
                f"SELECT count(*) FROM talk WHERE at >= ? AND at < ? AND {STANDS}{mine('guide_id')}", span
            ).fetchone()[0]
            sign_ups = connection.execute(
                f"SELECT count(*) FROM member WHERE visitor = 0 AND joined_at >= ? AND joined_at < ?{mine('owner_id')}",
                span,
            ).fetchone()[0]
            return DayFigures(sales=sales, orders=orders, sign_ups=sign_ups, talks=talks)

        return await self._base.read(job)

    async def followups(self, *, guide_id: str = "", until_day: str, limit: int = 50) -> Sequence[FollowupRow]:
        mine, values = (" AND guide_id = ?", (guide_id,)) if guide_id else ("", ())

        def job(connection: sqlite.Connection) -> list[FollowupRow]:
            found = connection.execute(
                f"SELECT id, member_id, d FROM followup WHERE state = 'open' AND due_on <= ?{mine} "
                "ORDER BY due_on, n LIMIT ?",
                (until_day, *values, limit),
            ).fetchall()
            members = rows_by_id(connection, [member_id for _, member_id, _ in found])
            return [
                FollowupRow(id=row_id, followup=followup, member=members[member_id])
                for row_id, member_id, d in found
                if member_id in members and (followup := readable(d, Followup)) is not None
            ]

        return await self._base.read(job)


def _sold(connection: sqlite.Connection, guide_id: str, since: str, until: str) -> tuple[int, int]:
    """What was sold, in minor units, and in how many orders; of one guide: their shares, and the orders with one."""
    query = f"FROM shop_order WHERE {_SOLD}"
    if not guide_id:
        sales, orders = connection.execute(
            f"SELECT coalesce(sum(total), 0), count(*) {query}", (since, until)
        ).fetchone()
        return sales, orders
    alone = f"SELECT coalesce(sum(total), 0), count(*) {query} AND guide_id = ? AND instr(d, ?) = 0"
    sales, orders = connection.execute(alone, (since, until, guide_id, _SHARED)).fetchone()
    for (d,) in connection.execute(f"SELECT d {query} AND instr(d, ?) > 0", (since, until, _SHARED)):
        order = readable(d, Order)
        sold = shares.by_guide(order) if order is not None else {}
        if guide_id in sold:
            sales, orders = sales + sold[guide_id], orders + 1
    return sales, orders
