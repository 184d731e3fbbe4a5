"""Reading and writing the rows of entities, one or many at a time, with their search keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.records import Ref
from local_store.tables import TABLES, Columns, Stored, Table
from local_store.words import facet_of
from sync.protocol import digest

_FIELDS = "scope, q, ver, g, d"
_PUT_OTHER = (
    "INSERT INTO other_row (entity, id, scope, q, ver, g, d) VALUES (?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (entity, id, scope) DO UPDATE SET q = excluded.q, ver = excluded.ver, g = excluded.g, d = excluded.d"
)


class Rows:
    """The rows of all entities behind one connection. `keyed`: search keys are kept up (not so during a first load)."""

    def __init__(self, connection: sqlite.Connection, *, keyed: bool = True) -> None:
        self._db = connection
        self._keyed = keyed

    def get(self, ref: Ref) -> Stored | None:
        """The row behind a ref, as effective now."""
        return self.many((ref,)).get(ref)

    def many(self, refs: Iterable[Ref]) -> dict[Ref, Stored]:
        """The rows behind refs, as effective now, those that there are: one query an entity."""
        ids = defaultdict[str, list[str]](list)
        for ref in refs:
            ids[ref.entity].append(ref.id)
        return {Ref(entity, row_id): row for entity in ids for row_id, row in self._of(entity, ids[entity])}

    def _of(self, entity: str, ids: Sequence[str]) -> Iterator[tuple[str, Stored]]:
        """In `other_row` an id may stand in several scopes: the last one counts."""
        table = TABLES.get(entity)
        among = "id IN (SELECT value FROM json_each(?))"
        wanted = msgspec.json.encode(ids).decode()
        if table is not None:
            query = f"SELECT id, {_FIELDS} FROM {table.name} WHERE {among} AND {table.only}"
            found = self._db.execute(query, (wanted,))
        else:
            query = f"SELECT id, {_FIELDS} FROM other_row WHERE entity = ? AND {among} ORDER BY scope"
            found = self._db.execute(query, (entity, wanted))
        return ((row_id, Stored(*row)) for row_id, *row in found)

    def get_in(self, ref: Ref, scope: str) -> Stored | None:
        """The row behind a ref in one scope, as effective now, also one that this version cannot read."""
        table = TABLES.get(ref.entity)
        if table is not None:
            query = f"SELECT {_FIELDS} FROM {table.name} WHERE id = ? AND scope = ?"
            if found := self._db.execute(query, (ref.id, scope)).fetchone():
                return Stored(*found)
        query = f"SELECT {_FIELDS} FROM other_row WHERE entity = ? AND id = ? AND scope = ?"
        found = self._db.execute(query, (*ref, scope)).fetchone()
        return Stored(*found) if found else None

    def intact(self, ref: Ref) -> bool:
        """Whether the columns of a row are what its JSON says; nothing to compare where there are none."""
        table = TABLES.get(ref.entity)
        if table is None:
            return True
        columns = ", ".join((*table.columns, "d"))
        found = self._db.execute(f"SELECT {columns} FROM {table.name} WHERE id = ?", (ref.id,)).fetchone()
        return found is None or _columns(table, found[-1]) == tuple(found[:-1])

    def purge(self, refs: Sequence[Ref], scope: str) -> None:
        """Deletes rows that may be damaged, with all search keys that lead to no row, whatever the words say."""
        for ref in refs:
            self._db.execute("DELETE FROM other_row WHERE entity = ? AND id = ? AND scope = ?", (*ref, scope))
            if (table := TABLES.get(ref.entity)) is not None:
                self._db.execute(f"DELETE FROM {table.name} WHERE id = ? AND scope = ?", (ref.id, scope))
        for name in {TABLES[ref.entity].name for ref in refs if ref.entity in TABLES and TABLES[ref.entity].keyed}:
            self._db.execute(f"DELETE FROM {name}_key WHERE n NOT IN (SELECT n FROM {name})")

    def put(self, entity: str, rows: Sequence[tuple[str, Stored]]) -> None:
        """Writes rows (id, row) of one entity; of an id that comes twice the last one stands."""
        table = TABLES.get(entity)
        if table is None:
            self._put_other(entity, rows)
            return
        read: dict[str, tuple[Stored, Columns]] = {}
        odd: list[tuple[str, Stored]] = []
        for row_id, row in rows:
            columns = _columns(table, row.d)
            if columns is None:
                odd.append((row_id, row))
            else:
                read[row_id] = row, columns
        if odd:
            self.delete(entity, [row_id for row_id, _ in odd])
            self._put_other(entity, odd)
        if self._db.execute("SELECT 1 FROM other_row WHERE entity = ? LIMIT 1", (entity,)).fetchone():
            self._db.executemany("DELETE FROM other_row WHERE entity = ? AND id = ?", [(entity, i) for i in read])
        self._put_read(table, read)

    def _put_read(self, table: Table, read: Mapping[str, tuple[Stored, Columns]]) -> None:
        """Of rows that stand here only the columns that moved are set: SQLite deletes and inserts the entries of every
        index that has a column which is set, and each index has another page to be encrypted."""
        stood = self._stood(table, [*read]) if table.indexed and self._keyed else {}
        respelled: list[str] = []
        new: list[tuple[str | int, ...]] = []
        moves = defaultdict[tuple[str, ...], list[tuple[str | int, ...]]](list)
        for row_id, (row, columns) in read.items():
            if (before := stood.get(row_id)) is None:
                new.append((row_id, *row[:4], *columns, row.d))
                respelled.append(row_id)
            else:
                moved = {name: now for name, was, now in zip(table.columns, before, columns, strict=True) if was != now}
                moves[tuple(moved)].append((*row, *moved.values(), row_id))
                if "words" in moved or table.facet in moved:
                    respelled.append(row_id)
        with self._keys_mended(table, respelled):
            self._db.executemany(table.upsert, new)
            for names, batch in moves.items():
                self._db.executemany(table.update(names), batch)

    def settle(self) -> None:
        """Rows of `other_row` move into tables that their entities have got since they came."""
        among = msgspec.json.encode([*TABLES]).decode()
        query = f"SELECT entity, id, {_FIELDS} FROM other_row WHERE entity IN (SELECT value FROM json_each(?))"
        known = defaultdict[str, list[tuple[str, Stored]]](list)
        for entity, row_id, *fields in self._db.execute(query, (among,)):
            if _columns(TABLES[entity], Stored(*fields).d) is not None:
                known[entity].append((row_id, Stored(*fields)))
        for entity, rows in known.items():
            self.put(entity, rows)

    def delete(self, entity: str, ids: Sequence[str], scope: str | None = None) -> None:
        """Deletes rows; with a scope only those that stand in it."""
        table = TABLES.get(entity)
        condition, extra = ("", ()) if scope is None else (" AND scope = ?", (scope,))
        self._db.executemany(
            f"DELETE FROM other_row WHERE entity = ? AND id = ?{condition}", [(entity, i, *extra) for i in ids]
        )
        if table is not None:
            with self._keys_mended(table, ids):
                self._db.executemany(
                    f"DELETE FROM {table.name} WHERE id = ? AND {table.only}{condition}", [(i, *extra) for i in ids]
                )

    def refs_in(self, scope: str, below_g: int | None = None) -> Iterator[Ref]:
        """Every row of a scope; with `below_g` only those that an older fetch brought."""
        condition = "scope = ?" if below_g is None else "scope = ? AND g < ?"
        values: tuple[str | int, ...] = (scope,) if below_g is None else (scope, below_g)
        for entity, table in TABLES.items():
            for (row_id,) in self._db.execute(
                f"SELECT id FROM {table.name} WHERE {table.only} AND {condition}", values
            ).fetchall():
                yield Ref(entity, row_id)
        for found in self._db.execute(f"SELECT entity, id FROM other_row WHERE {condition}", values).fetchall():
            yield Ref(*found)

    def digest(self, scope: str) -> str:
        """The digest of HQ's rows of a scope, as they are here (contract §4)."""
        return digest.to_hex(sum(digest.row_hash(*row) for row in self.versions(scope)))

    def versions(self, scope: str) -> Iterator[tuple[str, str, int]]:
        """(entity, id, HQ's version) of HQ's rows of a scope: from the shadow where an open operation lies over one."""
        for entity, table in TABLES.items():
            yield from self._db.execute(
                f"SELECT ?, id, ver FROM {table.name} AS t WHERE scope = ? AND {table.only} "
                "AND NOT EXISTS (SELECT 1 FROM shadow AS s WHERE s.entity = ? AND s.id = t.id)",
                (entity, scope, entity),
            )
        yield from self._db.execute(
            "SELECT entity, id, ver FROM other_row AS t WHERE scope = ? "
            "AND NOT EXISTS (SELECT 1 FROM shadow AS s WHERE s.entity = t.entity AND s.id = t.id)",
            (scope,),
        )
        yield from self._db.execute("SELECT entity, id, ver FROM shadow WHERE scope = ? AND d IS NOT NULL", (scope,))

    def _stood(self, table: Table, ids: Sequence[str]) -> dict[str, Columns]:
        """id → the columns of rows that are here."""
        found = self._db.execute(
            f"SELECT id, {', '.join(table.columns)} FROM {table.name} WHERE id IN (SELECT value FROM json_each(?))",
            (msgspec.json.encode(ids).decode(),),
        )
        return {row_id: tuple(columns) for row_id, *columns in found}

    def _put_other(self, entity: str, rows: Sequence[tuple[str, Stored]]) -> None:
        self._db.executemany(
            "DELETE FROM other_row WHERE entity = ? AND id = ? AND scope = ''", [(entity, row_id) for row_id, _ in rows]
        )
        self._db.executemany(
            _PUT_OTHER, [(entity, row_id, row.scope, row.q, row.ver, row.g, row.d) for row_id, row in rows]
        )

    def _words(self, table: Table, ids: Sequence[str]) -> dict[str, tuple[int, str, int]]:
        """id → (n, words, facet) of rows that have search keys."""
        facet = table.facet or "''"
        found = self._db.execute(
            f"SELECT id, n, words, {facet} FROM {table.name} WHERE id IN (SELECT value FROM json_each(?))",
            (msgspec.json.encode(ids).decode(),),
        )
        return {row_id: (n, words, facet_of(facet)) for row_id, n, words, facet in found}

    @contextmanager
    def _keys_mended(self, table: Table, ids: Sequence[str]) -> Iterator[None]:
        """Afterwards the search keys of these rows are those of the words that they have then."""
        if not (ids and table.keyed and self._keyed):
            yield
            return
        before = self._words(table, ids)
        yield
        after = self._words(table, ids)
        gone = [old for row_id, old in before.items() if after.get(row_id) != old]
        new = [now for row_id, now in after.items() if before.get(row_id) != now]
        self._db.executemany(f"DELETE FROM {table.name}_key WHERE key = ? AND n = ?", _keys(gone, facet=False))
        self._db.executemany(
            f"INSERT OR REPLACE INTO {table.name}_key (key, n, facet) VALUES (?, ?, ?)", _keys(new, facet=True)
        )


def _keys(rows: Iterable[tuple[int, str, int]], *, facet: bool) -> list[tuple[str, int, int] | tuple[str, int]]:
    return [(word, n, number) if facet else (word, n) for n, words, number in rows for word in words.split()]


def _columns(table: Table, d: str) -> Columns | None:
    try:
        return table.read(d.encode())
    except msgspec.MsgspecError:
        return None
