"""Everybody's rhythm, made anew in steps that leave room for whatever else is read and written.

Orders are read in the order in which they lie in the file, each page of it once: member by member nearly every order
would be another page to decrypt. What counts of them is kept in memory until it is written, one range of members after
another. Changes meanwhile are noted as ever, and made good afterwards (`local_store.rhythm`). Where a step fails or
nobody waits for it any more it is taken again; in a process that ended before the last one, all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlcipher3 import dbapi2 as sqlite

from guide_app.services.ports.writing import Change
from local_store import rhythm
from local_store.base import UNCHANGED, Base
from local_store.merged import survivors
from local_store.rhythm import BEGUN, TABLES, Sale, listed

PAGE, RANGE = 2_000, 1_000
"""Orders read, and members written, in one step."""
_END = "~"
"""Behind every id."""
_Sales = dict[str, list[Sale]]


class Rhythms:
    """One pass over all orders."""

    def __init__(self) -> None:
        self._read_to, self._known = 0, _Sales()
        self._left: list[str] | None = None
        self._written_to = ""

    async def begin(self, base: Base) -> None:
        """From now on changes are noted one by one again."""

        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            connection.execute("DELETE FROM rhythm_stale")
            connection.execute("INSERT INTO rhythm_stale (member_id) VALUES (?)", (BEGUN,))
            return None, UNCHANGED

        await base.write(job)

    async def step(self, base: Base) -> None:
        """One more step; the last one takes the mark away."""
        if self._left is None:
            await self._read(base)
        else:
            await self._write(base, self._left)

    async def _read(self, base: Base) -> None:
        after = self._read_to

        def job(connection: sqlite.Connection) -> tuple[int, list[tuple[str, Sale]]]:
            last = "SELECT max(n) FROM (SELECT n FROM shop_order WHERE n > ? ORDER BY n LIMIT ?)"
            (until,) = connection.execute(last, (after, PAGE)).fetchone()
            return until or 0, [*rhythm.sales(connection, "n > ? AND n <= ?", (after, until or after))]

        self._read_to, found = await base.read(job)
        for member_id, sale in found:
            self._known.setdefault(member_id, []).append(sale)
        if not self._read_to:
            for old, now in (await base.read(_merged)).items():
                if old != now and old in self._known:
                    self._known.setdefault(now, []).extend(self._known.pop(old))
            self._left = sorted(self._known)

    async def _write(self, base: Base, left: list[str]) -> None:
        ids = left[:RANGE]
        after, until = self._written_to, ids[-1] if len(left) > RANGE else ""
        bought = {who: self._known[who] for who in ids}

        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            _write(connection, after, until, bought)
            return None, UNCHANGED

        await base.write(job)
        self._left, self._written_to = left[RANGE:], until


def _merged(connection: sqlite.Connection) -> Mapping[str, str]:
    """Every id that was merged into another → the id that stands for it today."""
    gone = connection.execute("SELECT id FROM member_alias").fetchall()
    return survivors(connection, [row_id for (row_id,) in gone])


def _write(connection: sqlite.Connection, after: str, until: str, bought: Mapping[str, Sequence[Sale]]) -> None:
    """The rhythms of a range of ids, to the end where `until` is empty; nobody else in it has one."""
    end = until or _END
    for table in TABLES:
        connection.execute(f"DELETE FROM {table} WHERE member_id > ? AND member_id <= ?", (after, end))
    query = "SELECT id FROM erased WHERE id IN (SELECT value FROM json_each(?))"
    erased = {row_id for (row_id,) in connection.execute(query, (listed(bought),))}
    rhythm.insert(connection, {who: many for who, many in bought.items() if who not in erased})
    if not until:
        connection.execute("DELETE FROM rhythm_stale WHERE member_id = ?", (BEGUN,))
