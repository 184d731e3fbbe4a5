"""Which receipts came out of this tablet's printer."""

from __future__ import annotations

from datetime import timedelta

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import to_text
from guide_app.services.ports.writing import Change
from local_store.base import Base

_KEPT = timedelta(days=800)
"""Longer than the orders themselves are: what is older goes with the next receipt."""


class Printed:
    """Implements `guide_app.services.ports.printing.PrintedPapers`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def at(self, order_id: str) -> str:
        def job(connection: sqlite.Connection) -> str:
            found = connection.execute("SELECT at FROM printed WHERE order_id = ?", (order_id,)).fetchone()
            return str(found[0]) if found else ""

        return await self._base.read(job)

    async def note(self, order_id: str) -> None:
        now = self._base.clock.now()

        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            connection.execute(
                "INSERT INTO printed (order_id, at) VALUES (?, ?) ON CONFLICT DO NOTHING", (order_id, to_text(now))
            )
            connection.execute("DELETE FROM printed WHERE at < ?", (to_text(now - _KEPT),))
            return None, Change()

        await self._base.write(job, from_hand=True)
