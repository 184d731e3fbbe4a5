"""The leases that this tablet has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import leases
from guide_app.domain.records import Lease
from guide_app.services.ports.cards import LeaseRow
from local_store.base import Base
from local_store.repositories.reading import others


class Leases:
    """Implements `guide_app.services.ports.cards.LeaseReader`. They are few: rows without a table of their own."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def hq_now(self) -> datetime | None:
        return self._base.hq_now()

    async def rows(self) -> Sequence[LeaseRow]:
        now = self._base.hq_now()

        def job(connection: sqlite.Connection) -> list[LeaseRow]:
            return [
                LeaseRow(id=lease_id, lease=lease, usable=leases.usable(lease, now))
                for _scope, lease_id, lease in others(connection, Lease)
                if not lease.returned_at
            ]

        return await self._base.read(job)
