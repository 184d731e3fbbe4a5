"""What each guide keeps at hand in the catalogue: their own affair, kept on this tablet and told to nobody."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import to_text
from guide_app.services.ports.writing import Change
from local_store.base import UNCHANGED, Base


class Favourites:
    """Implements `guide_app.services.ports.catalogue.Favourites`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def of(self, guide_id: str) -> Sequence[str]:
        def job(connection: sqlite.Connection) -> list[str]:
            query = "SELECT product_id FROM favourite WHERE guide_id = ? ORDER BY at DESC, product_id"
            return [row_id for (row_id,) in connection.execute(query, (guide_id,))]

        return await self._base.read(job)

    async def add(self, guide_id: str, product_id: str) -> None:
        values = (guide_id, product_id, to_text(self._base.clock.now()))
        await self._write("INSERT OR REPLACE INTO favourite (guide_id, product_id, at) VALUES (?, ?, ?)", [values])

    async def remove(self, guide_id: str, product_ids: Collection[str]) -> None:
        values = [(guide_id, product_id) for product_id in product_ids]
        await self._write("DELETE FROM favourite WHERE guide_id = ? AND product_id = ?", values)

    async def _write(self, statement: str, values: Sequence[tuple[str, ...]]) -> None:
        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            connection.executemany(statement, values)
            return None, UNCHANGED

        await self._base.write(job, from_hand=True)
