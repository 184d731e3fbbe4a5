"""Tickets and promises: lists, single ones, and how the shop keeps its word."""

from __future__ import annotations

from collections.abc import Sequence

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.promises import Tally, Word, tallied
from guide_app.domain.records import Promise, Ticket
from guide_app.domain.tickets import Case, Score, scored
from guide_app.services.ports.care import PromiseRow, TicketRow
from local_store.base import Base
from local_store.merged import survivors
from local_store.repositories.members import rows_by_id
from local_store.repositories.reading import UNTAKEN, all_ids, listed, readable
from local_store.search import find
from local_store.words import plain

_NAMES = 200
"""Members whose tickets are shown for a part of a name, at most."""
_READ = 1000
"""Of so many of the newest tickets the words are looked through: a shop's of some months, in a few milliseconds."""
_IN_LIST = "IN (SELECT value FROM json_each(?))"
_ROW = "SELECT i.id, i.d, EXISTS (" + UNTAKEN.format(entities="'{0}'", id="i.id") + ") FROM {0} AS i"
_TICKET, _PROMISE = _ROW.format("ticket"), _ROW.format("promise")
Found = Sequence[tuple[str, str, int]]


class Service:
    """Implements `guide_app.services.ports.care.ServiceReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def tickets(
        self,
        *,
        state: str = "",
        guide_id: str = "",
        member_id: str = "",
        text: str = "",
        limit: int = 50,
        offset: int = 0,
    ) -> Sequence[TicketRow]:
        def job(connection: sqlite.Connection) -> list[TicketRow]:
            conditions = ["i.state = ?" if state else "i.state <> 'void'"]
            parameters: list[str | int] = [state] if state else []
            if guide_id:
                conditions.append("i.guide_id = ?")
                parameters.append(guide_id)
            if member_id:
                conditions.append(f"i.member_id {_IN_LIST}")
                parameters.append(_ids(connection, member_id))
            if text.strip():
                condition, values = _matching(connection, text)
                conditions.append(condition)
                parameters += values
            query = f"{_TICKET} WHERE {' AND '.join(conditions)} ORDER BY i.raised_at DESC LIMIT ? OFFSET ?"
            return _tickets(connection, connection.execute(query, (*parameters, limit, offset)).fetchall())

        return await self._base.read(job)

    async def ticket(self, ticket_id: str) -> TicketRow | None:
        return await self._one(f"{_TICKET} WHERE i.id = ?", ticket_id)

    async def ticket_numbered(self, number: str) -> TicketRow | None:
        key = plain(number)
        return await self._one(f"{_TICKET} WHERE i.number = ? AND i.state <> 'void' LIMIT 1", key) if key else None

    async def open_tickets(self, guide_id: str) -> tuple[int, int]:
        def job(connection: sqlite.Connection) -> tuple[int, int]:
            counted = "SELECT coalesce(sum(guide_id = ?), 0), count(*) FROM ticket WHERE state = 'open'"
            mine, everybodys = connection.execute(counted, (guide_id,)).fetchone()
            return int(mine), int(everybodys)

        return await self._base.read(job)

    async def promises(self, *, until_day: str = "", member_id: str = "", limit: int = 50) -> Sequence[PromiseRow]:
        def job(connection: sqlite.Connection) -> list[PromiseRow]:
            conditions, parameters = ["i.state = 'open'"], list[str]()
            if until_day:
                conditions.append("i.due_on <= ?")
                parameters.append(until_day)
            if member_id:
                conditions.append(f"i.member_id {_IN_LIST}")
                parameters.append(_ids(connection, member_id))
            query = f"{_PROMISE} WHERE {' AND '.join(conditions)} ORDER BY i.due_on, i.made_at LIMIT ?"
            return _promises(connection, connection.execute(query, (*parameters, limit)).fetchall())

        return await self._base.read(job)

    async def promise(self, promise_id: str) -> PromiseRow | None:
        def job(connection: sqlite.Connection) -> PromiseRow | None:
            found = connection.execute(f"{_PROMISE} WHERE i.id = ?", (promise_id,)).fetchall()
            return next(iter(_promises(connection, found)), None)

        return await self._base.read(job)

    async def kept(self, *, since_day: str, today: str) -> dict[str, Tally]:
        def job(connection: sqlite.Connection) -> dict[str, Tally]:
            found = connection.execute(
                "SELECT guide_id, state, due_on, settled_on, count(*) FROM promise WHERE due_on >= ? "
                "GROUP BY guide_id, state, due_on, settled_on",
                (since_day,),
            )
            return tallied(((Word(*word), times) for *word, times in found), today)

        return await self._base.read(job)

    async def scores(self, *, since: str) -> dict[str, Score]:
        def job(connection: sqlite.Connection) -> dict[str, Score]:
            found = connection.execute(
                "SELECT guide_id, state, coalesce(d ->> '$.rating', 0), count(*) FROM ticket "
                "WHERE state = 'open' OR (state = 'solved' AND raised_at >= ?) GROUP BY 1, 2, 3",
                (since,),
            )
            return scored((Case(*case), times) for *case, times in found)

        return await self._base.read(job)

    async def _one(self, query: str, key: str) -> TicketRow | None:
        def job(connection: sqlite.Connection) -> TicketRow | None:
            return next(iter(_tickets(connection, connection.execute(query, (key,)).fetchall())), None)

        return await self._base.read(job)


def _ids(connection: sqlite.Connection, member_id: str) -> str:
    """All ids that the member ever had here, as a JSON list."""
    return listed(all_ids(connection, survivors(connection, [member_id])[member_id]))


def _matching(connection: sqlite.Connection, text: str) -> tuple[str, list[str | int]]:
    """Tickets whose number begins so, of members who are found by the text, or with all its parts in their words."""
    parts, parameters = list[str](), list[str | int]()
    if number := plain(text):
        parts.append("SELECT n FROM ticket WHERE number >= ? AND number < ?")
        parameters += (number, number + "\U0010ffff")
    if found := find(connection, "member", text):
        parts.append(
            "SELECT b.n FROM ticket AS b WHERE b.member_id IN "
            f"(SELECT m.id FROM {found.source} WHERE {found.condition} LIMIT {_NAMES})"
        )
        parameters += (*found.ranged, *found.parameters)
    if texts := text[:64].lower().split():
        newest = f"SELECT n, d FROM ticket WHERE state <> 'void' ORDER BY raised_at DESC LIMIT {_READ}"
        said = " AND ".join(["instr(lower(c.d ->> '$.words'), ?) > 0"] * len(texts))
        parts.append(f"SELECT c.n FROM ({newest}) AS c WHERE {said}")
        parameters += texts
    return (f"i.n IN ({' UNION '.join(parts)})" if parts else "0"), parameters


def _tickets(connection: sqlite.Connection, found: Found) -> list[TicketRow]:
    read = [(row_id, ticket, waits) for row_id, d, waits in found if (ticket := readable(d, Ticket)) is not None]
    members = rows_by_id(connection, [ticket.member_id for _, ticket, _ in read])
    return [
        TicketRow(id=row_id, ticket=ticket, member=members.get(ticket.member_id), waiting=bool(waits))
        for row_id, ticket, waits in read
    ]


def _promises(connection: sqlite.Connection, found: Found) -> list[PromiseRow]:
    read = [(row_id, promise, waits) for row_id, d, waits in found if (promise := readable(d, Promise)) is not None]
    members = rows_by_id(connection, [promise.member_id for _, promise, _ in read])
    return [
        PromiseRow(id=row_id, promise=promise, member=members.get(promise.member_id), waiting=bool(waits))
        for row_id, promise, waits in read
    ]
