"""Which files the rows name, which of them are here, and which come next. The files themselves lie beside the store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import to_text
from guide_app.domain.records import Ref
from guide_app.services.ports.writing import Change
from local_store import shelving
from local_store.base import UNCHANGED, Base
from local_store.meta import Meta
from local_store.repositories.reading import listed
from sync.ports import FileCounts, FileWanted, PutOff

_TO_COME = "here = 0 AND named = 1 AND (let_go = 0 OR asked_at <> '')"


class Files:
    """Implements `sync.ports.FileIndex`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def next_wanted(self) -> FileWanted | None:
        def job(connection: sqlite.Connection) -> FileWanted | None:
            if Meta(connection).bootstrap != "ready":
                return None
            query = (
                f"SELECT sha256, bytes, asked_at, rank FROM file WHERE {_TO_COME} AND not_before <= ? "
                "ORDER BY asked_at DESC, rank, sha256 LIMIT 1"
            )
            found = connection.execute(query, (self._now(),)).fetchone()
            if found is None:
                return None
            sha256, size, asked_at, rank = found
            return FileWanted(sha256=sha256, bytes=size, asked=bool(asked_at), must=rank < 0)

        return await self._base.read(job)

    async def came(self, sha256: str) -> None:
        await self._each(
            "UPDATE file SET here = 1, let_go = 0, asked_at = '', not_before = '', put_off = '' WHERE sha256 = ?",
            [sha256],
        )

    async def put_off(self, sha256: str, until: str, why: PutOff) -> None:
        await self._each("UPDATE file SET not_before = ?2, put_off = ?3 WHERE sha256 = ?1", [sha256], until, why)

    async def used(self, names: Collection[str]) -> None:
        await self._each("UPDATE file SET used_at = ?2 WHERE sha256 = ?1", names, self._now())

    async def missed(self, names: Collection[str]) -> None:
        await self._each("UPDATE file SET here = 0, asked_at = ?2, used_at = ?2 WHERE sha256 = ?1", names, self._now())

    async def ask(self, names: Collection[str]) -> None:
        """Those that are not here are fetched before others: somebody wants to have them."""
        await self._each(
            "UPDATE file SET asked_at = ?2, used_at = ?2 WHERE sha256 = ?1 AND here = 0", names, self._now()
        )

    async def least_used(self, bytes_at_least: int) -> Sequence[str]:
        def job(connection: sqlite.Connection) -> list[str]:
            names, left = list[str](), bytes_at_least
            for name, size in connection.execute(
                "SELECT sha256, bytes FROM file WHERE here = 1 AND rank >= 0 ORDER BY used_at, rank DESC"
            ):
                if left <= 0:
                    break
                names.append(name)
                left -= size
            return names

        return await self._base.read(job)

    async def let_go(self, names: Collection[str]) -> None:
        await self._each("UPDATE file SET here = 0, let_go = 1, asked_at = '' WHERE sha256 = ?", names)

    async def expire(self) -> None:
        def ended(connection: sqlite.Connection) -> list[str]:
            return shelving.over(connection, self._base.moment(connection))

        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            return None, Change(refs=frozenset(Ref("material", row_id) for row_id in ended(connection)))

        if await self._base.read(ended):
            await self._base.write(job)

    def fresh(self) -> bool:
        fresh, self._base.files_fresh = self._base.files_fresh, False
        return fresh

    def held(self, why: str) -> None:
        self._base.files_held = why

    async def unnamed(self) -> Sequence[str]:
        def job(connection: sqlite.Connection) -> list[str]:
            return [name for (name,) in connection.execute("SELECT sha256 FROM file WHERE named = 0")]

        return await self._base.read(job)

    async def forget(self, names: Collection[str]) -> None:
        await self._each("DELETE FROM file WHERE sha256 = ? AND named = 0", names)

    async def stand(self, on_disk: Collection[str], begun: Collection[str]) -> Sequence[str]:
        def job(connection: sqlite.Connection) -> tuple[list[str], Change]:
            there = listed(on_disk)
            connection.execute(
                "UPDATE file SET here = 0 WHERE here = 1 AND sha256 NOT IN (SELECT value FROM json_each(?))", (there,)
            )
            connection.execute(
                "UPDATE file SET here = 1 WHERE here = 0 AND sha256 IN (SELECT value FROM json_each(?))", (there,)
            )
            unknown = "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT sha256 FROM file)"
            both = listed({*on_disk, *begun})
            return [name for (name,) in connection.execute(unknown, (both,))], UNCHANGED

        return await self._base.write(job)

    async def counts(self) -> FileCounts:
        return await self._base.read(counted)

    async def _each(self, statement: str, names: Iterable[str], *more: str) -> None:
        """For each name as the statement's first value, `more` behind it."""

        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            connection.executemany(statement, [(name, *more) for name in names])
            return None, UNCHANGED

        await self._base.write(job)

    def _now(self) -> str:
        return to_text(self._base.clock.now())


def counted(connection: sqlite.Connection) -> FileCounts:
    """How many files are here and how many are to come."""
    query = (
        "SELECT coalesce(sum(here), 0), coalesce(sum(here * bytes), 0), "
        f"coalesce(sum({_TO_COME}), 0), coalesce(sum(({_TO_COME}) * bytes), 0) FROM file"
    )
    here, here_bytes, coming, coming_bytes = connection.execute(query).fetchone()
    return FileCounts(here=here, here_bytes=here_bytes, coming=coming, coming_bytes=coming_bytes)
