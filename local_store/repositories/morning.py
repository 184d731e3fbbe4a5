"""What the morning lists are made of: few indexed queries, whatever the number of members."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import contact
from guide_app.domain.clock import from_text
from guide_app.domain.morning import GONE, Talked, birthdays, shop_usual
from guide_app.domain.records import Category, Member, Names, Product, Reminder
from guide_app.domain.rhythm import Refill, Visits, missed_after
from guide_app.services.ports.today import MorningFacts, MorningPerson
from local_store import rhythm
from local_store.base import Base
from local_store.merged import MERGED
from local_store.meta import Meta
from local_store.repositories.members import COLUMNS, member_row
from local_store.repositories.reading import STANDS, listed, others, readable
from local_store.repositories.standing import renewals
from local_store.rhythms import Rhythms

_OF = " AND m.visitor = 0{mine}"
_BIRTHDAYS = (
    "SELECT m.id FROM json_each(?) AS day CROSS JOIN member AS m ON m.birthday = day.value "
    f"WHERE m.birthday <> ''{_OF} ORDER BY day.key, m.n LIMIT ?"
)
_REFILLS = (
    "SELECT r.member_id FROM refill_rhythm AS r CROSS JOIN member AS m ON m.id = r.member_id "
    f"WHERE r.due <= ? AND r.until >= ?{_OF} ORDER BY r.due DESC LIMIT ?"
)
_LAPSED = (
    "SELECT v.member_id FROM visit_rhythm AS v CROSS JOIN member AS m ON m.id = v.member_id "
    f"WHERE v.lapsed <= ? AND v.last >= ?{_OF} ORDER BY v.lapsed DESC LIMIT ?"
)
_LAPSED_FEW = (
    "SELECT v.member_id FROM visit_rhythm AS v CROSS JOIN member AS m ON m.id = v.member_id "
    f"WHERE v.usual IS NULL AND v.last < ? AND v.last >= ?{_OF} ORDER BY v.last DESC LIMIT ?"
)
_HANDED = "SELECT member_id FROM reminder WHERE guide_id = ? AND guide_id <> '' ORDER BY n DESC LIMIT ?"
_AMONG = "(SELECT value FROM json_each(?))"


class Morning:
    """Implements `guide_app.services.ports.today.MorningReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._all: Rhythms | None = None
        self._turn = asyncio.Lock()

    async def prepare(self) -> bool:
        async with self._turn:
            stale = await self._base.read(_stale)
            if stale is None:
                self._all = None
            elif stale == rhythm.EVERYBODY or (stale == rhythm.BEGUN and self._all is None):
                self._all = Rhythms()
                await self._all.begin(self._base)
            elif stale == rhythm.BEGUN and self._all is not None:
                await self._all.step(self._base)
            else:
                self._all = None
                await self._base.write(rhythm.bring_up)
            return stale is not None

    async def facts(self, today: date, *, guide_id: str = "", limit: int = 500) -> MorningFacts:
        def job(connection: sqlite.Connection) -> MorningFacts:
            shop = _shop_usual(connection)
            asked, full = _candidates(connection, today, guide_id, shop, limit)
            ends, plans, more = renewals(connection, today, guide_id, limit)
            asked, full = asked | ends.keys(), full | ({"renewal"} if more else frozenset())
            people = _people(connection, asked)
            refills = _refills(connection, people)
            return MorningFacts(
                shop_usual=shop,
                people=people,
                refills=refills,
                visits=_visits(connection, people),
                talked=_talked(connection, people),
                marks=_marks(connection, people),
                names={**_names(connection, {one.what for many in refills.values() for one in many}), **plans},
                full=full,
                renewals=ends,
            )

        return await self._base.read(job)


def _stale(connection: sqlite.Connection) -> str | None:
    return rhythm.stale(connection) if Meta(connection).bootstrap == "ready" else None


def _candidates(
    connection: sqlite.Connection, today: date, guide_id: str, shop: int | None, limit: int
) -> tuple[set[str], frozenset[str]]:
    """Who may be due today, those first who became so last; and the lists that have more than this many."""
    now, gone = today.toordinal(), today.toordinal() - GONE
    queries: list[tuple[str, str, tuple[str | int, ...]]] = [
        ("birthday", _BIRTHDAYS, (listed(birthdays(today)),)),
        ("refill", _REFILLS, (now, now)),
        ("lapsed", _LAPSED, (now, gone)),
    ]
    if shop is not None:
        queries.append(("lapsed", _LAPSED_FEW, (now - missed_after(shop), gone)))
    mine, whose = (" AND m.owner_id IN (?, '')", (guide_id,)) if guide_id else ("", ())
    asked, full = set[str](), set[str]()
    for name, query, values in queries:
        found = connection.execute(query.format(mine=mine), (*values, *whose, limit)).fetchall()
        asked |= {member_id for (member_id,) in found}
        full |= {name} if len(found) == limit else set()
    if guide_id:
        asked |= {member_id for (member_id,) in connection.execute(_HANDED, (guide_id, limit))}
    return asked, frozenset(full)


def _shop_usual(connection: sqlite.Connection) -> int | None:
    """`guide_app.domain.morning.shop_usual` of all members, by the index: the one or two in the middle decide."""
    (count,) = connection.execute("SELECT count(*) FROM visit_rhythm WHERE usual IS NOT NULL").fetchone()
    middle = "SELECT usual FROM visit_rhythm WHERE usual IS NOT NULL ORDER BY usual LIMIT ? OFFSET ?"
    width = 1 if count % 2 else 2
    found = connection.execute(middle, (width, (count - width) // 2)).fetchall() if count else []
    return shop_usual(usual for (usual,) in found)


def _people(connection: sqlite.Connection, asked: Iterable[str]) -> dict[str, MorningPerson]:
    found = connection.execute(
        f"SELECT {COLUMNS}, m.d FROM member AS m WHERE m.visitor = 0 AND m.id IN {_AMONG}", (listed(asked),)
    )
    return {
        row[0]: MorningPerson(row=member_row(row[:-1]), reachable=contact.reachable(member, "marketing"))
        for row in found
        if (member := readable(row[-1], Member)) is not None
    }


def _refills(connection: sqlite.Connection, people: Iterable[str]) -> dict[str, tuple[Refill, ...]]:
    found = connection.execute(
        f"SELECT member_id, kind, what, times, last, usual FROM refill_rhythm WHERE member_id IN {_AMONG}",
        (listed(people),),
    )
    known = defaultdict[str, list[Refill]](list)
    for member_id, *one in found:
        known[member_id].append(Refill(*one))
    return {member_id: tuple(many) for member_id, many in known.items()}


def _visits(connection: sqlite.Connection, people: Iterable[str]) -> dict[str, Visits]:
    query = f"SELECT member_id, times, last, usual FROM visit_rhythm WHERE member_id IN {_AMONG}"
    return {member_id: Visits(*one) for member_id, *one in connection.execute(query, (listed(people),))}


def _talked(connection: sqlite.Connection, people: Iterable[str]) -> dict[str, Talked]:
    """The shop's days of the last talk that stands, and of the last one about a birthday."""
    zone = ZoneInfo(Meta(connection).text("time_zone") or "UTC")
    found = connection.execute(
        f"{MERGED}SELECT today, max(at), max(CASE WHEN json_extract(d, '$.topic') = 'birthday' THEN at ELSE '' END) "
        f"FROM merged CROSS JOIN talk AS t ON t.member_id = merged.id WHERE {STANDS} GROUP BY today",
        (listed(people),),
    )

    def day(at: str) -> int:
        return from_text(at).astimezone(zone).date().toordinal() if at else 0

    return {member_id: Talked(day(last), day(birthday)) for member_id, last, birthday in found}


def _marks(connection: sqlite.Connection, people: Iterable[str]) -> dict[str, tuple[Reminder, ...]]:
    found = connection.execute(
        f"{MERGED}SELECT today, d FROM merged CROSS JOIN reminder AS r ON r.member_id = merged.id", (listed(people),)
    )
    known = defaultdict[str, list[Reminder]](list)
    for member_id, d in found:
        if (mark := readable(d, Reminder)) is not None:
            known[member_id].append(mark)
    return {member_id: tuple(many) for member_id, many in known.items()}


def _names(connection: sqlite.Connection, wanted: set[str]) -> Mapping[str, Names]:
    """Of products and categories."""
    query = f"SELECT id, d FROM product WHERE id IN {_AMONG}"
    products: Sequence[tuple[str, str]] = connection.execute(query, (listed(wanted),)).fetchall()
    named = {row_id: product.names for row_id, d in products if (product := readable(d, Product)) is not None}
    categories = {row_id: category.names for _, row_id, category in others(connection, Category) if row_id in wanted}
    return named | categories
