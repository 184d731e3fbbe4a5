"""What a guide sees while HQ has not taken everything: HQ's row (the shadow) under the effects of open operations.

An operation is *listed* while its effect must lie over HQ's rows: from its commit until it is closed and HQ's rows with
its effect are here. `op_touch` says which entities a listed operation reads or writes; for each of them `shadow` keeps
HQ's row, or its absence. `op_touch.done`: HQ's row in the shadow has that operation's effect in it already (HQ takes
its snapshot after the commit, so a row that comes with or after an operation's answer has it); it is not taken again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app import operations
from guide_app.domain.records import ENTITIES, Ref, decode, merge_unknown
from guide_app.operations import OPERATIONS, Context, Refusal, Snapshot, Versioned
from local_store.rows import Rows
from local_store.tables import Stored

ABSENT = Stored("", 0, 0, 0, "")
"""HQ has no such row; `d` is empty."""


class OpenOp(NamedTuple):
    """A listed operation as the outbox holds it."""

    n: int
    state: str
    op_id: str
    kind: str
    schema_v: int
    store_id: str
    guide_id: str
    made_at: str
    currency: str
    body: str
    time_zone: str = "UTC"

    @property
    def context(self) -> Context:
        """Times are bounded by when the guide did it, so that an effect is the same however often it is taken."""
        return Context(
            op_id=self.op_id,
            store_id=self.store_id,
            guide_id=self.guide_id,
            made_at=self.made_at,
            now=self.made_at,
            currency=self.currency,
            time_zone=self.time_zone,
        )


ZONE = "coalesce((SELECT value FROM meta WHERE key = 'time_zone'), 'UTC')"
_OPEN = "n, state, op_id, kind, schema_v, store_id, guide_id, made_at, currency, body, " + ZONE
_NUMBERED = "n IN (SELECT value FROM json_each(?))"
_AMONG = "(entity, id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))"
_NAMED = "json_each(?) AS k CROSS JOIN {} AS t ON t.entity = k.value ->> 0 AND t.id = k.value ->> 1"
"""The rows of a table that are of the entities named by a JSON array of [entity, id]; the join keeps to its index."""


class Effects:
    """Shadows and effects behind one connection, inside its caller's transaction."""

    def __init__(self, connection: sqlite.Connection, rows: Rows) -> None:
        self._db = connection
        self._rows = rows

    # ------------------------------------------------------------ shadows

    def shadow(self, ref: Ref) -> Stored | None:
        """HQ's row under open operations (`ABSENT`-like where HQ has none), or None where nothing lies over it."""
        return self.shadows((ref,)).get(ref)

    def shadows(self, refs: Iterable[Ref]) -> dict[Ref, Stored]:
        """HQ's rows of those of the entities that lie under open operations."""
        found = self._db.execute(
            f"SELECT t.entity, t.id, scope, q, ver, g, coalesce(d, '') FROM {_NAMED.format('shadow')}", (_names(refs),)
        )
        return {Ref(entity, row_id): Stored(*row) for entity, row_id, *row in found}

    def set_shadows(self, rows: Mapping[Ref, Stored]) -> None:
        """HQ's rows of entities that lie under open operations."""
        self._db.executemany(
            "INSERT OR REPLACE INTO shadow (entity, id, scope, q, ver, g, d) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(*ref, *row[:4], row.d or None) for ref, row in rows.items()],
        )

    def shadowed(self) -> set[Ref]:
        """All entities that lie under open operations."""
        return {Ref(*found) for found in self._db.execute("SELECT entity, id FROM shadow")}

    def touch(
        self, n: int, refs: Iterable[Ref], rows: Mapping[Ref, Stored] | None = None, *, done: bool = False
    ) -> None:
        """Lists that operation n touches these; what has no shadow yet gets its row as HQ's.

        `rows`: those that there are of all these, where the caller has read them.
        """
        touched = tuple(refs)
        self._db.executemany(
            "INSERT OR IGNORE INTO op_touch (entity, id, n, done) VALUES (?, ?, ?, ?)",
            [(*ref, n, int(done)) for ref in touched],
        )
        bare = set(touched) - self.shadows(touched).keys()
        found = self._rows.many(bare) if rows is None else rows
        self.set_shadows({ref: found.get(ref, ABSENT) for ref in bare})

    def unlist(self, numbers: Iterable[int]) -> set[Ref]:
        """Takes operations off the list; the entities that they touched are to be replayed."""
        told = json.dumps([*numbers])
        refs = self._refs_of(told)
        self._db.execute(f"DELETE FROM op_touch WHERE {_NUMBERED}", (told,))
        self._db.execute(f"UPDATE outbox SET listed = 0 WHERE {_NUMBERED}", (told,))
        return refs

    def arrived(self, refs: Iterable[Ref]) -> None:
        """HQ's rows came into the shadow: they have the effect of the operations that HQ applied, and of no other."""
        self._db.execute(
            "UPDATE op_touch SET done = (SELECT state IN ('applied', 'merged') FROM outbox WHERE n = op_touch.n) "
            f"WHERE {_AMONG}",
            (_names(refs),),
        )

    def merged(self, vanished: str, survivor: str) -> set[Ref]:
        """A member's id vanished: operations that touched it touch the survivor from now on."""
        old, new = Ref("member", vanished), Ref("member", survivor)
        found = self._db.execute("SELECT n FROM op_touch WHERE entity = ? AND id = ?", old).fetchall()
        for (n,) in found:
            self.touch(n, (new,))
        self._db.execute("DELETE FROM op_touch WHERE entity = ? AND id = ?", old)
        return {old, new} if found else set()

    # ------------------------------------------------------------ effects

    def load(self, state: Snapshot, refs: Iterable[Ref]) -> dict[Ref, Stored]:
        """Takes further effective rows, with the aliases of members, into a snapshot; those that there are."""
        wanted = tuple(refs)
        self._lead(state, wanted, set())
        resolved = set(map(state.resolve, wanted))
        rows = self._rows.many(resolved)
        state.load({ref: versioned(ref, rows.get(ref)) for ref in resolved})
        return rows

    def aliases(self, ids: Iterable[str]) -> dict[str, str]:
        """Vanished id → survivor, followed to the end."""
        found: dict[str, str] = {}
        ask = list(ids)
        while ask:
            query = "SELECT id, member_id FROM member_alias WHERE id IN (SELECT value FROM json_each(?))"
            pairs = self._db.execute(query, (json.dumps(ask),)).fetchall()
            further = {row_id: to for row_id, to in pairs if row_id not in found and to != row_id}
            found |= further
            ask = list(further.values())
        return found

    def _lead(self, state: Snapshot, refs: Iterable[Ref], led: set[str]) -> set[str]:
        """Tells the snapshot which members were merged into whom, and who of them is a visitor; `led` and these."""
        members = {ref.id for ref in refs if ref.entity == "member"} - led
        if not members:
            return led
        aliases = self.aliases(members)
        found = self._db.execute(
            "SELECT id FROM member WHERE visitor = 1 AND id IN (SELECT value FROM json_each(?))",
            (json.dumps([*members, *aliases.values()]),),
        )
        state.load({}, aliases, [member_id for (member_id,) in found])
        return led | members

    def refs(self, kind: str, body: Any, state: Snapshot) -> tuple[tuple[Ref, ...], dict[Ref, Stored]]:
        """All that an operation touches, as it stands today, and the effective rows that there are of them; loads them
        into the snapshot."""
        operation = OPERATIONS[kind]
        named = operation.touches(body)
        rows = self.load(state, named)
        followed = operation.follows(body, state)
        rows |= self.load(state, followed)
        return tuple(dict.fromkeys(state.resolve(ref) for ref in (*named, *followed))), rows

    def replay(self, dirty: Iterable[Ref]) -> set[Ref]:
        """Makes the effective rows of these, and of all that listed operations join them with, anew; what changed.

        Afterwards entities without listed operations have no shadow. A fixed number of statements, however many rows.
        """
        refs, ops = self._closure(dirty)
        while True:
            hq, now = self.shadows(refs), self._rows.many(refs)
            state = self._shadow_state(refs, hq, now) if ops else Snapshot()
            taken, known = self._take(ops, state), self._touches(op.n for op in ops)
            # One that another operation touches too is to be listed all the same: its shadow stays as long as both do.
            missing = [(n, ref) for n, named in taken for ref in named if ref not in known[n]]
            if not missing:
                break
            for n, ref in missing:
                self.touch(n, (ref,))
            refs, ops = self._closure({*refs, *(ref for _, ref in missing)})
        return self._write(hq, now, state)

    def _closure(self, dirty: Iterable[Ref]) -> tuple[set[Ref], list[OpenOp]]:
        """All entities joined by listed operations, and these in the order they were made."""
        ask = set(dirty)
        refs, numbers = set(ask), set[int]()
        while ask:
            query = f"SELECT DISTINCT t.n FROM {_NAMED.format('op_touch')}"
            new = {n for (n,) in self._db.execute(query, (_names(ask),))} - numbers
            numbers |= new
            ask = self._refs_of(json.dumps([*new])) - refs if new else set()
            refs |= ask
        query = f"SELECT {_OPEN} FROM outbox WHERE {_NUMBERED} AND body IS NOT NULL ORDER BY n"
        return refs, [OpenOp(*row) for row in self._db.execute(query, (json.dumps([*numbers]),)).fetchall()]

    def _refs_of(self, numbers: str) -> set[Ref]:
        """What operations touch, by the JSON array of their numbers."""
        found = self._db.execute(f"SELECT entity, id FROM op_touch WHERE {_NUMBERED}", (numbers,))
        return {Ref(*ref) for ref in found}

    def _shadow_state(self, refs: set[Ref], hq: Mapping[Ref, Stored], now: Mapping[Ref, Stored]) -> Snapshot:
        rows = {ref: hq.get(ref) or now.get(ref) for ref in refs}
        return Snapshot({ref: versioned(ref, row if row and row.d else None) for ref, row in rows.items()})

    def _take(self, ops: Sequence[OpenOp], state: Snapshot) -> list[tuple[int, tuple[Ref, ...]]]:
        """Takes the operations' effects into the snapshot where HQ's rows have them not; what each of them touches."""
        told = [(op, body) for op in ops if (body := _body(op)) is not None]
        led = self._lead(state, [ref for op, body in told for ref in OPERATIONS[op.kind].touches(body)], set())
        readable = self._of_nobody(told, state)
        done = self._touches([op.n for op, _ in readable], done=True)
        touched = []
        for op, body in readable:
            followed = OPERATIONS[op.kind].follows(body, state)
            led = self._lead(state, followed, led)
            refs = tuple(state.resolve(ref) for ref in (*OPERATIONS[op.kind].touches(body), *followed))
            touched.append((op.n, refs))
            if all(state.knows(ref) for ref in refs):
                _apply(op, body, state, done[op.n])
        return touched

    def _of_nobody(self, told: Iterable[tuple[OpenOp, Any]], state: Snapshot) -> list[tuple[OpenOp, Any]]:
        """What operations say of somebody erased counts without them, as HQ takes it: one may wait there for long."""
        whose: list[tuple[OpenOp, Any, set[Ref]]] = []
        for op, body in told:
            named = {Ref("member", one) for one in OPERATIONS[op.kind].persons(body)}
            whose.append((op, body, named | {state.resolve(ref) for ref in named}))
        gone = self._named("erased", _names({ref for _, _, refs in whose for ref in refs}))
        left = ((op, OPERATIONS[op.kind].without_person(body) if refs & gone else body) for op, body, refs in whose)
        return [(op, body) for op, body in left if body is not None]

    def _touches(self, numbers: Iterable[int], *, done: bool = False) -> dict[int, set[Ref]]:
        """Operation → its entities; `done`: those whose HQ's row in the shadow has its effect in it already."""
        touched = defaultdict[int, set[Ref]](set)
        query = f"SELECT n, entity, id FROM op_touch WHERE {_NUMBERED} AND done >= ?"
        for n, entity, row_id in self._db.execute(query, (json.dumps([*numbers]), int(done))):
            touched[n].add(Ref(entity, row_id))
        return touched

    def _write(self, hq: Mapping[Ref, Stored], now: Mapping[Ref, Stored], state: Snapshot) -> set[Ref]:
        """Writes what lies under operations as it is effective now, drops the shadows over which nothing lies any more;
        what changed."""
        names = _names(hq)
        erased = self._named("erased", names)
        free = hq.keys() - self._named("op_touch", names)
        self._db.execute(f"DELETE FROM shadow WHERE {_AMONG}", (_names(free),))
        puts = defaultdict[str, list[tuple[str, Stored]]](list)
        gone = defaultdict[str, list[str]](list)
        for ref, row in hq.items():
            wanted = None if ref in erased else _effective(ref, row, state)
            if wanted == now.get(ref):
                continue
            if wanted is None:
                gone[ref.entity].append(ref.id)
            else:
                puts[ref.entity].append((ref.id, wanted))
        for entity, ids in gone.items():
            self._rows.delete(entity, ids)
        for entity, batch in puts.items():
            self._rows.put(entity, batch)
        return {Ref(entity, row_id) for entity, ids in gone.items() for row_id in ids} | {
            Ref(entity, row_id) for entity, batch in puts.items() for row_id, _ in batch
        }

    def _named(self, table: str, names: str) -> set[Ref]:
        """Those of the entities that stand in a table."""
        return {Ref(*ref) for ref in self._db.execute(f"SELECT t.entity, t.id FROM {_NAMED.format(table)}", (names,))}


def _names(refs: Iterable[Ref]) -> str:
    return json.dumps([*refs])


def _body(op: OpenOp) -> Any:
    """What the operation says; None where this version cannot read it."""
    try:
        return operations.read(op.kind, op.schema_v, op.body)
    except operations.Unreadable:
        return None


def _apply(op: OpenOp, body: Any, state: Snapshot, done: set[Ref]) -> None:
    """Takes one operation's effect into the snapshot, but for the rows that have it already (`done`)."""
    operation = OPERATIONS[op.kind]
    # What HQ applied needs no check, and where a part of it is in HQ's rows the check would find it done twice.
    judged = op.state != "applied" or not done
    refused = judged and isinstance(operation.check(body, state, op.context), Refusal)
    effect = (operation.alone if refused else operation.effect)(body, state, op.context)
    if effect is None:
        return
    state.apply({ref: record for ref, record in effect.changes.items() if state.resolve(ref) not in done})


def _effective(ref: Ref, hq: Stored, state: Snapshot) -> Stored | None:
    """HQ's row as the effects in the snapshot leave it; None where there is none."""
    row = state.row(ref)
    if ref in state.changed and row is not None:
        return hq._replace(ver=row.ver, d=merge_unknown(row.record, hq.d or None).decode())
    return hq if hq.d else None


def versioned(ref: Ref, row: Stored | None) -> Versioned | None:
    """The record behind a row; None where there is none, or none that this version can read."""
    kind = ENTITIES.get(ref.entity)
    if row is None or kind is None:
        return None
    try:
        return Versioned(decode(row.d, kind), row.ver)
    except msgspec.MsgspecError:
        return None
