"""What other shops' orders ask of this one: few, so they need no table of their own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.records import Parcel
from guide_app.services.ports.orders import ParcelRow
from local_store.base import Base
from local_store.repositories.reading import others
from local_store.words import plain

_OUTBOX = (
    "SELECT t.id, min(w.state) FROM op_touch AS t JOIN outbox AS w ON w.n = t.n "
    "WHERE t.entity = 'parcel' AND w.state IN ('pending', 'sent', 'parked') GROUP BY t.id"
)


class Parcels:
    """Implements `guide_app.services.ports.orders.ParcelReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def list(self, text: str = "") -> Sequence[ParcelRow]:
        key = plain(text)
        rows = await self._base.read(_rows)
        return [one for one in rows if not key or _has(one.parcel, key)]

    async def get(self, order_id: str) -> ParcelRow | None:
        return next((one for one in await self._base.read(_rows) if one.id == order_id), None)

    async def numbered(self, number: str) -> ParcelRow | None:
        key = plain(number)
        return next((one for one in await self._base.read(_rows) if plain(one.parcel.number) == key), None)


def _rows(connection: sqlite.Connection) -> list[ParcelRow]:
    waits = dict(connection.execute(_OUTBOX).fetchall())
    found = others(connection, Parcel)
    rows = [ParcelRow(id=row_id, parcel=one, outbox=waits.get(row_id, "")) for _, row_id, one in found]
    return sorted(rows, key=lambda one: (one.parcel.placed_at, one.id), reverse=True)


def _has(parcel: Parcel, key: str) -> bool:
    return plain(parcel.number).startswith(key) or (parcel.to is not None and key in plain(parcel.to.name))
