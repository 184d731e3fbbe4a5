"""The feed: HQ's current rows of each scope in order of commit, with positions that no reader can pass by.

A position is given under the lock of its scope's head, which is held until COMMIT: whoever reads head and rows in one
snapshot sees every row up to head (contract, section 2). All is set-based: a batch of ops touches some 300 rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from django.db import connection

from guide_app.domain.errors import Defect, Refused
from hq.database import statements
from hq.protocol.positions import LEAP
from sync.protocol.digest import row_hash

RowOp = Literal["put", "gone", "left", "erased"]
ROW_LIMIT = 256 * 1024
MODULUS = 2**64


@dataclass(frozen=True, slots=True)
class Change:
    """One row as it stands after a change. `data`: the record's JSON for `put`, None for the others."""

    store_id: str
    scope: str
    entity: str
    id: str
    ver: int
    op: RowOp
    data: str | None

    @property
    def key(self) -> Key:
        """What names the row in the feed."""
        return Key(self.scope, self.entity, self.id)


class Key(NamedTuple):
    """The key of a row; a scope's id is unique in the chain, so it needs no store."""

    scope: str
    entity: str
    id: str


@dataclass(frozen=True, slots=True)
class Head:
    """How far a scope's feed has come, as its lock found it."""

    store_id: str
    head: int
    digest: int


def publish(changes: Iterable[Change]) -> dict[Key, int]:
    """Puts the rows at the end of their scopes' feeds, within the caller's transaction; returns their positions.

    Of several changes of one row the last counts. The heads stay locked until COMMIT: let it be a late step of the
    transaction. Raises Defect outside a transaction or for an unknown scope, Refused for a row above 256 KiB.
    """
    rows: dict[Key, Change] = {}
    for change in changes:
        key = change.key
        rows.pop(key, None)
        rows[key] = change
        if change.data is not None and len(change.data.encode()) > ROW_LIMIT:
            raise Refused("row_too_large", f"{change.entity} {change.id}")
    if not rows:
        return {}
    heads = lock({row.scope: row.store_id for row in rows.values()})
    positions = _positions(rows, heads)
    deltas = _digest_deltas(rows)
    _upsert(rows, positions)
    _advance(rows.values(), heads, deltas)
    return positions


def lock(wanted: Mapping[str, str]) -> dict[str, Head]:
    """Locks the heads of scopes (scope → store id) in one order, so that two transactions never wait for each other.

    Raises Defect outside a transaction or for an unknown scope.
    """
    if not connection.in_atomic_block:
        raise Defect("the feed is written in a transaction only")
    found = statements.rows(
        "SELECT h.scope, h.store_id::text, h.head, h.digest FROM scope_head h"
        " JOIN unnest(%s::uuid[], %s::text[]) AS k(store_id, scope)"
        " ON h.store_id = k.store_id AND h.scope = k.scope"
        " ORDER BY h.store_id, h.scope FOR UPDATE OF h",
        [list(wanted.values()), list(wanted)],
    )
    heads = {scope: Head(store, head, int(digest)) for scope, store, head, digest in found}
    if missing := wanted.keys() - heads.keys():
        raise Defect(f"no feed for the scopes {sorted(missing)}")
    return heads


def leap() -> None:
    """Moves every head to where no lost history has been (`hq.protocol.positions`), once nobody writes to any.

    Raises Defect outside a transaction.
    """
    if not connection.in_atomic_block:
        raise Defect("the feed is written in a transaction only")
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE scope_head IN EXCLUSIVE MODE")
        cursor.execute("UPDATE scope_head SET head = (head / %s + 1) * %s", [LEAP, LEAP])


def _positions(rows: Mapping[Key, Change], heads: Mapping[str, Head]) -> dict[Key, int]:
    last = {scope: head.head for scope, head in heads.items()}
    positions = {}
    for key in rows:
        last[key.scope] += 1
        positions[key] = last[key.scope]
    return positions


def _digest_deltas(rows: Mapping[Key, Change]) -> dict[str, int]:
    """By how much the scopes' digests change: without the hashes of the old rows, with those of the new ones.

    The old rows are gathered in one pass, whatever the planner knows: while a new HQ's tables have grown since their
    statistics were taken, a join by key was planned as a pass over the whole scope for each row.
    """
    deltas: dict[str, int] = defaultdict(int)
    stores, columns = [row.store_id for row in rows.values()], _columns(rows)
    few = [sorted(set(names)) for names in (stores, *columns[:2])]
    found = statements.rows(
        "WITH f AS MATERIALIZED (SELECT store_id, scope, entity, entity_id, ver FROM feed"
        " WHERE store_id = ANY(%s::uuid[]) AND scope = ANY(%s::text[]) AND entity = ANY(%s::text[])"
        " AND entity_id = ANY(%s::uuid[]) AND op = 'put')"
        " SELECT f.scope, f.entity, f.entity_id::text, f.ver FROM f"
        " JOIN unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[]) AS k(store_id, scope, entity, entity_id)"
        " USING (store_id, scope, entity, entity_id)",
        [*few, columns[2], stores, *columns],
    )
    for scope, entity, entity_id, ver in found:
        deltas[scope] -= row_hash(entity, entity_id, ver)
    for row in rows.values():
        if row.op == "put":
            deltas[row.scope] += row_hash(row.entity, row.id, row.ver)
    return deltas


def _columns(rows: Mapping[Key, Change]) -> tuple[list[str], list[str], list[str]]:
    return [key.scope for key in rows], [key.entity for key in rows], [key.id for key in rows]


def _upsert(rows: Mapping[Key, Change], positions: Mapping[Key, int]) -> None:
    records = [
        {
            "store_id": row.store_id, "scope": row.scope, "entity": row.entity, "entity_id": row.id,
            "seq": positions[key], "ver": row.ver, "op": row.op, "data": row.data,
        }
        for key, row in rows.items()
    ]  # fmt: skip
    statements.run(
        "INSERT INTO feed (store_id, scope, entity, entity_id, seq, ver, op, data)"
        " SELECT * FROM json_to_recordset(%s::json)"
        " AS k(store_id uuid, scope text, entity text, entity_id uuid, seq bigint, ver int, op text, data text)"
        " ON CONFLICT (store_id, scope, entity, entity_id) DO UPDATE"
        " SET seq = excluded.seq, ver = excluded.ver, op = excluded.op, data = excluded.data",
        (statements.packed(records),),
    )


def _advance(rows: Iterable[Change], heads: Mapping[str, Head], deltas: Mapping[str, int]) -> None:
    added: dict[str, int] = defaultdict(int)
    for row in rows:
        added[row.scope] += 1
    digests = [Decimal((heads[scope].digest + deltas.get(scope, 0)) % MODULUS) for scope in added]
    statements.run(
        "UPDATE scope_head h SET head = h.head + k.n, digest = k.digest"
        " FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::numeric[]) AS k(store_id, scope, n, digest)"
        " WHERE h.store_id = k.store_id AND h.scope = k.scope",
        [[heads[scope].store_id for scope in added], list(added), list(added.values()), digests],
    )
