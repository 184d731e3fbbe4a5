"""Quotations of this store; what has no number yet has not arrived and is shown nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.records import Quotation
from guide_app.services.ports.orders import QuotationRow, QuotationStanding
from local_store.base import Base
from local_store.merged import survivors
from local_store.repositories.members import rows_by_id
from local_store.repositories.reading import UNTAKEN, all_ids, listed, readable
from local_store.search import find
from local_store.words import plain

_NAMES = 200
"""Members whose quotations are shown for a part of a name, at most."""
_ROW = (
    f"SELECT i.id, i.d, EXISTS ({UNTAKEN.format(entities=repr('quotation'), id='i.id')})"
    " FROM quotation AS i WHERE i.number <> ''"
)
_STANDING: dict[QuotationStanding, str] = {
    "open": " AND i.state = 'open' AND i.valid_until >= ?",
    "ended": " AND i.state = 'open' AND i.valid_until < ?",
    "ordered": " AND i.state = 'ordered'",
    "void": " AND i.state = 'void'",
}


class Quotations:
    """Implements `guide_app.services.ports.orders.QuotationReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def list(
        self,
        *,
        today: str,
        standing: QuotationStanding | None = None,
        guide_id: str = "",
        member_id: str = "",
        text: str = "",
        limit: int = 50,
        offset: int = 0,
    ) -> Sequence[QuotationRow]:
        def job(connection: sqlite.Connection) -> list[QuotationRow]:
            query, parameters = _ROW, list[str | int]()
            if standing:
                query += _STANDING[standing]
                parameters += [today] if standing in ("open", "ended") else []
            if guide_id:
                query += " AND i.guide_id = ?"
                parameters.append(guide_id)
            if member_id:
                query += " AND i.member_id IN (SELECT value FROM json_each(?))"
                parameters.append(listed(all_ids(connection, survivors(connection, [member_id])[member_id])))
            if text.strip():
                condition, values = _matching(connection, text)
                query += f" AND {condition}"
                parameters += values
            query += " ORDER BY i.made_at DESC LIMIT ? OFFSET ?"
            return _rows(connection, connection.execute(query, (*parameters, limit, offset)).fetchall())

        return await self._base.read(job)

    async def get(self, quotation_id: str) -> QuotationRow | None:
        return await self._one(f"{_ROW} AND i.id = ?", quotation_id)

    async def numbered(self, number: str) -> QuotationRow | None:
        key = plain(number)
        return await self._one(f"{_ROW} AND i.number = ? ORDER BY i.made_at DESC LIMIT 1", key) if key else None

    async def ending(self, *, since_day: str, until_day: str, limit: int = 50) -> Sequence[QuotationRow]:
        def job(connection: sqlite.Connection) -> list[QuotationRow]:
            query = (
                f"{_ROW} AND i.state = 'open' AND i.valid_until >= ? AND i.valid_until <= ? AND i.member_id <> ''"
                " ORDER BY i.valid_until, i.made_at LIMIT ?"
            )
            return _rows(connection, connection.execute(query, (since_day, until_day, limit)).fetchall())

        return await self._base.read(job)

    async def _one(self, query: str, key: str) -> QuotationRow | None:
        def job(connection: sqlite.Connection) -> QuotationRow | None:
            return next(iter(_rows(connection, connection.execute(query, (key,)).fetchall())), None)

        return await self._base.read(job)


def _matching(connection: sqlite.Connection, text: str) -> tuple[str, list[str | int]]:
    """Quotations whose number begins so, or of members who are found by the text."""
    parts, parameters = list[str](), list[str | int]()
    if number := plain(text):
        parts.append("SELECT n FROM quotation WHERE number >= ? AND number < ?")
        parameters += (number, number + "\U0010ffff")
    if found := find(connection, "member", text):
        parts.append(
            "SELECT b.n FROM quotation AS b WHERE b.member_id <> '' AND b.member_id IN "
            f"(SELECT m.id FROM {found.source} WHERE {found.condition} LIMIT {_NAMES})"
        )
        parameters += (*found.ranged, *found.parameters)
    return (f"i.n IN ({' UNION '.join(parts)})" if parts else "0"), parameters


def _rows(connection: sqlite.Connection, found: Sequence[tuple[str, str, int]]) -> list[QuotationRow]:
    read = [(row_id, one, waits) for row_id, d, waits in found if (one := readable(d, Quotation)) is not None]
    members = rows_by_id(connection, [one.member_id for _, one, _ in read if one.member_id])
    return [
        QuotationRow(id=row_id, quotation=one, member=members.get(one.member_id), waiting=bool(waits))
        for row_id, one, waits in read
    ]
