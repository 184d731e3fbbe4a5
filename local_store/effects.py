"""What a guide sees while HQ has not taken everything: HQ's row (the shadow) under the effects of open operations.

An operation is *listed* while its effect must lie over HQ's rows: from its commit until it is closed and HQ's rows with
its effect are here. `op_touch` says which entities a listed operation reads or writes; for each of them `shadow` keeps
HQ's row, or its absence. `op_touch.done`: HQ's row in the shadow has that operation's effect in it already (HQ takes
its snapshot after the commit, so a row that comes with or after an operation's answer has it); it is not taken again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
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
        )


_OPEN = "n, state, op_id, kind, schema_v, store_id, guide_id, made_at, currency, body"


class Effects:
    """Shadows and effects behind one connection, inside its caller's transaction."""

    def __init__(self, connection: sqlite.Connection, rows: Rows) -> None:
        self._db = connection
        self._rows = rows

    # ------------------------------------------------------------ shadows

    def shadow(self, ref: Ref) -> Stored | None:
        """HQ's row under open operations (`ABSENT`-like where HQ has none), or None where nothing lies over it."""
        found = self._db.execute("SELECT scope, q, ver, g, d FROM shadow WHERE entity = ? AND id = ?", ref).fetchone()
        return Stored(found[0], found[1], found[2], found[3], found[4] or "") if found else None

    def set_shadow(self, ref: Ref, row: Stored) -> None:
        """HQ's row of an entity that lies under open operations."""
        self._db.execute(
            "INSERT OR REPLACE INTO shadow (entity, id, scope, q, ver, g, d) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*ref, *row[:4], row.d or None),
        )

    def shadowed(self) -> set[Ref]:
        """All entities that lie under open operations."""
        return {Ref(*found) for found in self._db.execute("SELECT entity, id FROM shadow")}

    def touch(self, n: int, refs: Iterable[Ref], *, done: bool = False) -> None:
        """Lists that operation n touches these; what has no shadow yet gets its row as HQ's."""
        for ref in refs:
            self._db.execute(
                "INSERT OR IGNORE INTO op_touch (entity, id, n, done) VALUES (?, ?, ?, ?)", (*ref, n, int(done))
            )
            if self.shadow(ref) is None:
                self.set_shadow(ref, self._rows.get(ref) or ABSENT)

    def unlist(self, n: int) -> set[Ref]:
        """Takes an operation off the list; the entities it touched are to be replayed."""
        refs = self._refs_of(n)
        self._db.execute("DELETE FROM op_touch WHERE n = ?", (n,))
        self._db.execute("UPDATE outbox SET listed = 0 WHERE n = ?", (n,))
        return refs

    def arrived(self, ref: Ref) -> None:
        """HQ's row came into the shadow: it holds the effect of the operations that HQ has applied, and of no other."""
        self._db.execute(
            "UPDATE op_touch SET done = (SELECT state IN ('applied', 'merged') FROM outbox WHERE n = op_touch.n) "
            "WHERE entity = ? AND id = ?",
            ref,
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

    def state_of(self, refs: Iterable[Ref]) -> Snapshot:
        """The effective rows behind refs, with the aliases of members."""
        state = Snapshot()
        self.load(state, refs)
        return state

    def load(self, state: Snapshot, refs: Iterable[Ref]) -> None:
        """Takes further effective rows into a snapshot."""
        wanted = tuple(refs)
        self._lead(state, wanted)
        state.load({ref: versioned(ref, self._rows.get(ref)) for ref in map(state.resolve, wanted)})

    def aliases(self, ids: Iterable[str]) -> dict[str, str]:
        """Vanished id → survivor, followed to the end."""
        found: dict[str, str] = {}
        ask = list(ids)
        while ask:
            member_id = ask.pop()
            row = self._db.execute("SELECT member_id FROM member_alias WHERE id = ?", (member_id,)).fetchone()
            if row and member_id not in found and row[0] != member_id:
                found[member_id] = row[0]
                ask.append(row[0])
        return found

    def _lead(self, state: Snapshot, refs: Iterable[Ref]) -> None:
        """Tells the snapshot which members were merged into whom, and who of them is a visitor."""
        members = {ref.id for ref in refs if ref.entity == "member"}
        if not members:
            return
        aliases = self.aliases(members)
        found = self._db.execute(
            "SELECT id FROM member WHERE visitor = 1 AND id IN (SELECT value FROM json_each(?))",
            (json.dumps([*members, *aliases.values()]),),
        )
        state.load({}, aliases, (member_id for (member_id,) in found.fetchall()))

    def refs(self, kind: str, body: Any, state: Snapshot) -> tuple[Ref, ...]:
        """All that an operation touches, as it stands today; loads them into the snapshot from the effective rows."""
        operation = OPERATIONS[kind]
        named = operation.touches(body)
        self.load(state, named)
        followed = operation.follows(body, state)
        self.load(state, followed)
        return tuple(dict.fromkeys(state.resolve(ref) for ref in (*named, *followed)))

    def replay(self, dirty: Iterable[Ref]) -> set[Ref]:
        """Makes the effective rows of these, and of all that listed operations join them with, anew; what changed.

        Afterwards entities without listed operations have no shadow.
        """
        refs, ops = self._closure(dirty)
        while True:
            state = self._shadow_state(refs)
            missing = [(op.n, ref) for op in ops for ref in self._take(op, state) if ref not in refs]
            if not missing:
                break
            for n, ref in missing:
                self.touch(n, (ref,))
            refs, ops = self._closure({*refs, *(ref for _, ref in missing)})
        return {ref for ref in refs if self._write(ref, state)}

    def _closure(self, dirty: Iterable[Ref]) -> tuple[set[Ref], list[OpenOp]]:
        """All entities joined by listed operations, and these in the order they were made."""
        refs, numbers, ask = set(dirty), set[int](), list(dirty)
        while ask:
            ref = ask.pop()
            for (n,) in self._db.execute("SELECT n FROM op_touch WHERE entity = ? AND id = ?", ref).fetchall():
                if n not in numbers:
                    numbers.add(n)
                    new = self._refs_of(n) - refs
                    refs |= new
                    ask += new
        query = f"SELECT {_OPEN} FROM outbox WHERE n = ? AND body IS NOT NULL"
        found = (self._db.execute(query, (n,)).fetchone() for n in sorted(numbers))
        return refs, [OpenOp(*row) for row in found if row]

    def _refs_of(self, n: int) -> set[Ref]:
        return {Ref(*found) for found in self._db.execute("SELECT entity, id FROM op_touch WHERE n = ?", (n,))}

    def _shadow_state(self, refs: set[Ref]) -> Snapshot:
        rows = {ref: versioned(ref, self._hq_row(ref)) for ref in refs}
        return Snapshot(rows)

    def _hq_row(self, ref: Ref) -> Stored | None:
        row = self.shadow(ref) or self._rows.get(ref)
        return row if row is not None and row.d else None

    def _take(self, op: OpenOp, state: Snapshot) -> tuple[Ref, ...]:
        """Takes one operation's effect into the snapshot where it is not in HQ's row; gives all that it touches."""
        try:
            body = operations.read(op.kind, op.schema_v, op.body)
        except operations.Unreadable:
            return ()
        operation = OPERATIONS[op.kind]
        named = operation.touches(body)
        self._lead(state, named)
        followed = operation.follows(body, state)
        self._lead(state, followed)
        refs = tuple(state.resolve(ref) for ref in (*named, *followed))
        if not all(state.knows(ref) for ref in refs):
            return refs
        done = self._done(op.n)
        # What HQ applied needs no check, and where a part of it is in HQ's rows the check would find it done twice.
        judged = op.state != "applied" or not done
        if judged and isinstance(operation.check(body, state, op.context), Refusal):
            return refs
        effect = operation.effect(body, state, op.context)
        state.apply({ref: record for ref, record in effect.changes.items() if state.resolve(ref) not in done})
        return refs

    def _done(self, n: int) -> set[Ref]:
        found = self._db.execute("SELECT entity, id FROM op_touch WHERE n = ? AND done = 1", (n,))
        return {Ref(*ref) for ref in found}

    def _write(self, ref: Ref, state: Snapshot) -> bool:
        """Writes an entity as it is effective now; drops its shadow when nothing lies over it. True when it changed."""
        hq, now = self.shadow(ref), self._rows.get(ref)
        if hq is None:
            return False
        row = state.row(ref)
        erased = self._db.execute("SELECT 1 FROM erased WHERE entity = ? AND id = ?", ref).fetchone()
        wanted: Stored | None = hq if hq.d else None
        if erased:
            wanted = None
        elif ref in state.changed and row is not None:
            wanted = hq._replace(ver=row.ver, d=merge_unknown(row.record, hq.d or None).decode())
        if not self._db.execute("SELECT 1 FROM op_touch WHERE entity = ? AND id = ? LIMIT 1", ref).fetchone():
            self._db.execute("DELETE FROM shadow WHERE entity = ? AND id = ?", ref)
        if wanted == now:
            return False
        if wanted is None:
            self._rows.delete(ref.entity, [ref.id])
        else:
            self._rows.put(ref.entity, [(ref.id, wanted)])
        return True


def versioned(ref: Ref, row: Stored | None) -> Versioned | None:
    """The record behind a row; None where there is none, or none that this version can read."""
    kind = ENTITIES.get(ref.entity)
    if row is None or kind is None:
        return None
    try:
        return Versioned(decode(row.d, kind), row.ver)
    except msgspec.MsgspecError:
        return None
