"""The material library: found by words, narrowed, and with what one guide did with each material."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import materials
from guide_app.domain.materials import KINDS, Moment
from guide_app.domain.records import Material, Names
from guide_app.services.ports.library import Lies, MaterialRow, Reader, Shelf, Wanted, WhyAbsent
from local_store.base import Base
from local_store.repositories.reading import listed, readable
from local_store.search import find
from local_store.words import narrow

_KINDS = ", ".join(f"'{kind}'" for kind in KINDS)
_LISTED = (
    f"m.kind IN ({_KINDS}) AND m.state IN ('published', 'withdrawn')"
    " AND (m.roles = '' OR instr(m.roles, ' ' || :role || ' ') > 0)"
    " AND NOT EXISTS (SELECT 1 FROM material AS b WHERE b.material = m.material"
    " AND (b.version > m.version OR (b.version = m.version AND b.n > m.n)))"
)
"""Of two rows of one material, while it goes from one scope to another, the newer one. Who may not have it never sees
it; what is over stands greyed: `_OVER` is the order alone, `materials.why_not` says why."""
_OVER = (
    "(m.state <> 'published' OR (m.valid_until <> '' AND m.valid_until <= max(:now, :heard)) OR m.valid_from > :now)"
)
_UNREAD = f"(m.must_read AND coalesce(u.read, 0) < m.version AND NOT {_OVER})"
_WALKED = "material AS m INDEXED BY material_list"
"""It has all that a list is made of: the rows themselves, with their files, are read for one page. To walk through it
 costs less than to look up what a short word finds."""
_MINE = "LEFT JOIN material_use AS u ON u.guide_id = :guide AND u.material = m.material"
_KEYED = "m.n IN (SELECT n FROM material_key WHERE key IN (SELECT value FROM json_each(:{})))"
_AWAY = "EXISTS (SELECT 1 FROM material_lies AS l WHERE l.id = m.id AND l.here < l.bytes)"
_ONLY = {"favourites": "u.favourite", "recent": "u.used_at <> ''", "must_read": "m.must_read"}
_ROW = "m.id, m.d, coalesce(u.favourite, 0), coalesce(u.read, 0), coalesce(u.used_at, ''), l.bytes, l.here"
_Values = dict[str, str | int]


class _Found(NamedTuple):
    id: str
    d: str
    favourite: int
    read: int
    used_at: str
    bytes: int | None
    here: int | None


class Library:
    """Implements `guide_app.services.ports.library.LibraryReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def find(self, wanted: Wanted, reader: Reader, *, limit: int = 60, offset: int = 0) -> Sequence[MaterialRow]:
        def job(connection: sqlite.Connection) -> list[MaterialRow]:
            values: _Values = {**self._values(connection, reader), "limit": limit, "offset": offset}
            conditions = [_LISTED]
            if wanted.text.strip():
                found = find(connection, "material", wanted.text)
                if found is None:
                    return []
                named = _named(found.numbers, (*found.ranged, *found.parameters), values)
                conditions.append(f"m.n IN ({named})")
            conditions += _narrowed(wanted, values)
            order = f"{_UNREAD} DESC, {_OVER}, m.published_at DESC, m.n DESC"
            if wanted.only == "recent":
                order = f"u.used_at DESC, {order}"
            numbers = connection.execute(
                f"SELECT m.n FROM {_WALKED} {_MINE} WHERE {' AND '.join(conditions)} ORDER BY {order}"
                " LIMIT :limit OFFSET :offset",
                values,
            ).fetchall()
            return self._rows(connection, [n for (n,) in numbers], reader)

        return await self._base.read(job)

    async def get(self, material: str, reader: Reader) -> MaterialRow | None:
        def job(connection: sqlite.Connection) -> MaterialRow | None:
            query = "SELECT n FROM material WHERE material = ? ORDER BY version DESC, n DESC LIMIT 1"
            found = connection.execute(query, (material,)).fetchone()
            return next(iter(self._rows(connection, found, reader)), None) if found else None

        return await self._base.read(job)

    async def shelf(self, reader: Reader) -> Shelf:
        def job(connection: sqlite.Connection) -> Shelf:
            values = self._values(connection, reader)
            counted = connection.execute(
                f"SELECT count(*), coalesce(sum(NOT {_AWAY}), 0), coalesce(sum({_UNREAD}), 0)"
                f" FROM {_WALKED} {_MINE} WHERE {_LISTED} AND NOT {_OVER}",
                values,
            ).fetchone()
            kept = (
                f"m.kind IN ({_KINDS}) AND m.state = 'published'"
                " AND (m.roles = '' OR instr(m.roles, ' ' || :role || ' ') > 0)"
            )
            topics, tags, campaigns = (
                [text for (text,) in connection.execute(f"SELECT DISTINCT {c} FROM material AS m WHERE {kept}", values)]
                for c in ("topic", "tags", "campaign")
            )
            pairs = sorted(filter(None, topics))
            return Shelf(
                all=counted[0], here=counted[1], unread=counted[2],
                topics=tuple(Names(en=en, zh=zh) for en, _, zh in (pair.partition("\n") for pair in pairs)),
                tags=tuple(sorted({tag for text in tags for tag in text.split("\n") if tag})),
                campaigns=tuple(sorted(filter(None, campaigns))),
            )  # fmt: skip

        return await self._base.read(job)

    # ------------------------------------------------------------ inside a snapshot

    def _values(self, connection: sqlite.Connection, reader: Reader) -> _Values:
        at = self._base.moment(connection)
        return {"now": at.now, "heard": at.heard, "role": reader.role, "guide": reader.guide_id}

    def _rows(self, connection: sqlite.Connection, numbers: Iterable[int], reader: Reader) -> list[MaterialRow]:
        at = self._base.moment(connection)
        found = connection.execute(
            f"SELECT {_ROW} FROM json_each(:n) AS asked CROSS JOIN material AS m ON m.n = asked.value {_MINE}"
            " LEFT JOIN material_lies AS l ON l.id = m.id ORDER BY asked.key",
            {"n": listed(map(str, numbers)), "guide": reader.guide_id},
        )
        return [row for each in found.fetchall() if (row := self._row(connection, _Found(*each), reader, at))]

    def _row(self, connection: sqlite.Connection, found: _Found, reader: Reader, at: Moment) -> MaterialRow | None:
        material = readable(found.d, Material)
        if material is None:
            return None
        size = sum({file.sha256: file.bytes for file in material.files}.values())
        lies: Lies = "absent"
        why: WhyAbsent = ""
        if not materials.ended(material, at):
            lies, why = _lies(connection, found, size, at.now)
            if lies == "coming" and (held := self._base.files_held) in ("no_room", "disk_full"):
                lies, why = "absent", "disk_full" if held == "disk_full" else "no_room"
        return MaterialRow(
            id=found.id, material=material, why_not=materials.why_not(material, reader.role, at), lies=lies,
            why_absent=why, here_bytes=found.here or 0, all_bytes=size, favourite=bool(found.favourite),
            read=found.read >= material.version, used_at=found.used_at,
        )  # fmt: skip


def _named(query: str, given: Sequence[str | int], values: _Values) -> str:
    """The query with named parameters, which go into `values`: SQLite takes one kind in a statement."""
    first, *rest = query.split("?")
    values |= {f"w{n}": value for n, value in enumerate(given)}
    return first + "".join(f":w{n}{piece}" for n, piece in enumerate(rest))


def _narrowed(wanted: Wanted, values: _Values) -> Iterator[str]:
    """The conditions of what the library is narrowed by."""
    for what, given in (("topic", (wanted.topic,)), ("tag", (wanted.tag,)), ("campaign", (wanted.campaign,)),
                        ("product", wanted.products)):  # fmt: skip
        if keys := [narrow(what, value) for value in given if value]:
            values[what] = listed(keys)
            yield _KEYED.format(what)
    if wanted.kind:
        values["kind"] = wanted.kind
        yield "m.kind = :kind"
    if wanted.lies:
        yield _AWAY if wanted.lies == "away" else f"NOT {_AWAY}"
    if wanted.only:
        yield _ONLY[wanted.only]


def _lies(connection: sqlite.Connection, found: _Found, size: int, now: str) -> tuple[Lies, WhyAbsent]:
    """Where the files are, and why no more of them come."""
    if size == 0 or (found.bytes is not None and found.here == found.bytes):
        return "here", ""
    let_go, put_off, away = connection.execute(
        "SELECT coalesce(sum(f.let_go AND f.asked_at = ''), 0), coalesce(sum(f.not_before > ?), 0), count(*)"
        " FROM file_use AS x JOIN file AS f ON f.sha256 = x.sha256 WHERE x.entity = 'material' AND x.id = ?"
        " AND f.here = 0",
        (now, found.id),
    ).fetchone()
    if not away:
        return "absent", ""  # no list that HQ signed names them
    if let_go:
        return "absent", "no_room"
    return ("absent", "not_at_hq") if put_off == away else ("coming", "queued")
