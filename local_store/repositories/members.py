"""Members: search, list, profile and timeline."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import wallets
from guide_app.domain.clock import from_text, to_text
from guide_app.domain.errors import BadInput
from guide_app.domain.records import Member, Names, Order, Visitor, Wallet
from guide_app.services.ports.members import MemberRow, MemberView, TagCount, TimelineEntry
from local_store.base import Base
from local_store.merged import survivors
from local_store.repositories.reading import UNTAKEN, all_ids, listed, readable
from local_store.repositories.standing import standing
from local_store.repositories.tags import carried, given, known, tagged
from local_store.repositories.timeline import timeline
from local_store.search import COUNTED, find
from local_store.words import plain

_WAITING = UNTAKEN.format(entities="'member', 'visitor'", id="m.id")
_TICKETS = (
    "SELECT count(*) FROM ticket AS t WHERE t.state = 'open' AND t.member_id IN (WITH RECURSIVE merged (id) AS "
    "(SELECT m.id UNION SELECT a.id FROM merged AS c JOIN member_alias AS a ON a.member_id = c.id) "
    "SELECT id FROM merged)"
)
"""How many unsolved tickets member `m` has, under any id that was merged into theirs."""
COLUMNS = (
    "m.id, m.name, m.pinyin, m.initials, m.phone, m.member_no, m.level, m.last_contact_at, m.owner_id, m.joined_at, "
    f"m.birthday, EXISTS ({_WAITING}), CASE WHEN m.visitor THEN json_extract(m.d, '$.home_names') END, "
    f"({_TICKETS})"
)
_RECENT = timedelta(days=90)


class Members:
    """Implements `guide_app.services.ports.members.MemberReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def search(
        self, text: str, *, owner_id: str = "", tag: str = "", limit: int = 50, offset: int = 0
    ) -> Sequence[MemberRow]:
        def job(connection: sqlite.Connection) -> list[MemberRow]:
            query = self._query(connection, text, owner_id, tag)
            if query is None:
                return []
            source, parameters = query
            found = connection.execute(f"SELECT {COLUMNS} {source} LIMIT ? OFFSET ?", (*parameters, limit, offset))
            return self._with_tags(connection, [member_row(row) for row in found])

        return await self._base.read(job)

    async def count(self, text: str = "", *, owner_id: str = "", tag: str = "") -> int:
        def job(connection: sqlite.Connection) -> int:
            query = self._query(connection, text, owner_id, tag)
            if query is None:
                return 0
            source, parameters = query
            counted = f"SELECT count(*) FROM (SELECT 1 {source} LIMIT {COUNTED})"
            return int(connection.execute(counted, parameters).fetchone()[0])

        return await self._base.read(job)

    async def get(self, member_id: str) -> MemberView | None:
        clock = self._base.clock

        def job(connection: sqlite.Connection) -> MemberView | None:
            view = _view(connection, member_id, to_text(clock.now() - _RECENT))
            if view is None:
                return None
            where = standing(connection, clock, view.id, view.member)
            return msgspec.structs.replace(view, rule_tags=given(connection, clock, view.id), standing=where)

        return await self._base.read(job)

    async def by_phone(self, e164: str) -> MemberRow | None:
        def job(connection: sqlite.Connection) -> MemberRow | None:
            found = connection.execute(f"SELECT {COLUMNS} FROM member AS m WHERE m.phone = ? LIMIT 1", (e164,))
            row = found.fetchone()
            return member_row(row) if row else None

        return await self._base.read(job)

    async def by_number(self, number: str) -> MemberRow | None:
        key = plain(number)

        def job(connection: sqlite.Connection) -> MemberRow | None:
            found = connection.execute(
                f"SELECT {COLUMNS}, m.d FROM member_key AS k CROSS JOIN member AS m ON m.n = k.n WHERE k.key = ?",
                (key,),
            )
            for row in found:
                member = readable(row[-1], Member)
                if member and key in map(plain, (member.member_no, *member.other_numbers)):
                    return member_row(row[:-1])
            return None

        return await self._base.read(job) if key else None

    async def tags(self) -> Sequence[TagCount]:
        return await self._base.read(lambda connection: known(connection, self._base.clock))

    async def timeline(
        self, member_id: str, *, kinds: Collection[str] = (), limit: int = 50, offset: int = 0
    ) -> Sequence[TimelineEntry]:
        clock = self._base.clock
        return await self._base.read(lambda connection: timeline(connection, clock, member_id, kinds, limit, offset))

    # ------------------------------------------------------------ inside a snapshot

    def _with_tags(self, connection: sqlite.Connection, rows: Sequence[MemberRow]) -> list[MemberRow]:
        tags = carried(connection, self._base.clock, [row.id for row in rows])
        return [
            msgspec.structs.replace(row, tags=tags[row.id][0], rule_tags=tags[row.id][1]) if row.id in tags else row
            for row in rows
        ]

    def _query(
        self, connection: sqlite.Connection, text: str, owner_id: str, tag: str
    ) -> tuple[str, tuple[str | int, ...]] | None:
        """FROM clause to the end, and its parameters; None when the text asks for nothing that could be found."""
        who = tagged(connection, self._base.clock, tag) if tag else None
        narrowed, of = (f" AND {who.condition}", who.parameters) if who else ("", ())
        owner, of_owner = (" AND m.owner_id = ?", (owner_id,)) if owner_id else ("", ())
        if not text.strip() and who and not who.many:
            source = f"FROM ({who.members}) AS k CROSS JOIN member AS m ON m.id = k.member_id WHERE 1{owner}"
            return f"{source} ORDER BY m.last_contact_at DESC", (*who.parameters, *of_owner)
        if not text.strip():
            return f"FROM member AS m WHERE 1{owner}{narrowed} ORDER BY m.last_contact_at DESC", (*of_owner, *of)
        found = find(connection, "member", text, facet=owner_id)
        if found is None:
            return None
        source = f"FROM {found.source} WHERE {found.condition}{owner}{narrowed}"
        return source, (*found.ranged, *found.parameters, *of_owner, *of)


def member_row(row: Sequence[Any]) -> MemberRow:
    """A row of `COLUMNS`."""
    names = ("id", "name", "pinyin", "initials", "phone", "member_no", "level", "last_contact_at", "owner_id")
    rest = ("joined_at", "birthday")
    return MemberRow(
        **dict(zip((*names, *rest), row, strict=False)), waiting=bool(row[11]), home=_names(row[12]), tickets=row[13]
    )


def _names(text: str | None) -> Names:
    """What a visitor's home is called; nothing for a member of this store."""
    return msgspec.json.decode(text, type=Names) if text else Names()


def rows_by_id(connection: sqlite.Connection, member_ids: Sequence[str]) -> dict[str, MemberRow]:
    """The members behind ids, each under the id asked for, though it may have been merged."""
    now = survivors(connection, member_ids)
    found = connection.execute(
        f"SELECT {COLUMNS} FROM member AS m WHERE m.id IN (SELECT value FROM json_each(?))", (listed(now.values()),)
    )
    rows = {row[0]: member_row(row) for row in found}
    return {asked: rows[today] for asked, today in now.items() if today in rows}


def _view(connection: sqlite.Connection, member_id: str, since: str) -> MemberView | None:
    today = survivors(connection, [member_id])[member_id]
    row = connection.execute(
        "SELECT coalesce((SELECT s.ver FROM shadow AS s WHERE s.entity = 'member' AND s.id = m.id), m.ver), d, "
        f"EXISTS ({_WAITING}), visitor, ({_TICKETS}) FROM member AS m WHERE id = ?",
        (today,),
    ).fetchone()
    member = readable(row[1], Visitor if row[3] else Member) if row else None
    if member is None:
        return None
    ids = all_ids(connection, today)
    bought = connection.execute(
        "SELECT placed_at, total FROM shop_order WHERE member_id IN (SELECT value FROM json_each(?)) "
        "AND member_id <> '' AND state NOT IN ('cancelled', 'returned') ORDER BY placed_at",
        (listed(ids),),
    ).fetchall()
    recent = [total for placed_at, total in bought if placed_at >= since]
    return MemberView(
        id=today,
        ver=member.home_ver if isinstance(member, Visitor) else row[0],
        member=member,
        home=member.home_names if isinstance(member, Visitor) else Names(),
        spent_90d=sum(recent),
        orders_90d=len(recent),
        average_days=_average_days([placed_at for placed_at, _ in bought]),
        waiting=bool(row[2]),
        merged=tuple(one for one in ids if one != today),
        wallet=_wallet(connection, today, ids),
        tickets=row[4],
    )


def _wallet(connection: sqlite.Connection, member_id: str, ids: Sequence[str]) -> Wallet | None:
    """What HQ says of the member's wallet, with what waits here; None where it says nothing."""
    query = "SELECT d FROM other_row WHERE entity = 'wallet' AND id = ?"
    row = connection.execute(query, (member_id,)).fetchone()
    wallet = readable(row[0], Wallet) if row else None
    return wallets.now(wallet, _changes(connection, ids)) if wallet else None


def _changes(connection: sqlite.Connection, ids: Sequence[str]) -> tuple[wallets.Change, ...]:
    """The member's orders under open operations: as HQ has them, and as they are here."""
    found = connection.execute(
        "SELECT s.d, o.d FROM shadow AS s JOIN shop_order AS o ON o.id = s.id "
        "WHERE s.entity = 'order' AND o.member_id <> '' AND o.member_id IN (SELECT value FROM json_each(?))",
        (listed(ids),),
    )
    read = ((readable(hq, Order) if hq else None, readable(here, Order)) for hq, here in found)
    return tuple(wallets.Change(hq, here) for hq, here in read if here is not None)


def _average_days(days: list[str]) -> int | None:
    """Days from one purchase to the next, on the average; None before the second."""
    try:
        moments = [from_text(day) for day in days]
    except BadInput:
        return None
    gaps = [(later - earlier) / timedelta(days=1) for earlier, later in pairwise(moments)]
    return round(sum(gaps) / len(gaps)) if gaps else None
