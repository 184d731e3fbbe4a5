"""Taking in HQ's answer: results, rows, cursors and grants, inside one transaction (contract §3, §4, §8a)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.records import OpOutcome, Ref, decode
from local_store import erasing
from local_store.effects import ABSENT, Effects
from local_store.meta import Meta
from local_store.rows import Rows
from local_store.scopes import Scopes
from local_store.tables import Stored
from sync.protocol.messages import ResultStatus, Row, ScopeState


class Applier:
    """Takes one answer in; `changed` gathers the entities whose effective rows it changed."""

    def __init__(self, connection: sqlite.Connection, rows: Rows, now: str) -> None:
        self._db, self._rows, self._now = connection, rows, now
        self._effects = Effects(connection, rows)
        self._scopes = Scopes(connection)
        self._meta = Meta(connection)
        self._dirty: set[Ref] = set()
        self.changed: set[Ref] = set()
        self.closed = 0

    def close_op(
        self, op_id: str, status: ResultStatus, code: str, message: str, ref: tuple[str, str], feed_pos: int | None
    ) -> None:
        """What HQ says of an operation. What is closed stays closed; parked and forwarded keep it open."""
        found = self._db.execute("SELECT n, closed_at FROM outbox WHERE op_id = ?", (op_id,)).fetchone()
        if found is None:
            return
        n, closed_at = found
        if closed_at:
            self._db.execute("UPDATE outbox SET answered = 1 WHERE n = ?", (n,))
            return
        open_still = status in ("parked", "forwarded")
        self._db.execute(
            "UPDATE outbox SET answered = 1, state = ?, code = ?, message = ?, entity = ?, entity_id = ?, "
            "feed_pos = ?, closed_at = ? WHERE n = ?",
            ("parked" if open_still else status, code or (status if status == "forwarded" else ""), message, *ref,
             feed_pos or None, "" if open_still else self._now, n),
        )  # fmt: skip
        self.closed += not open_still
        if status == "rejected":
            self._dirty |= self._effects.unlist(n)
        if code == "erased":  # it may be about somebody whose row never was here
            self._db.execute("UPDATE outbox SET body = NULL WHERE n = ?", (n,))

    def rows(self, rows: Sequence[Row], generations: dict[str, int]) -> None:
        """Takes rows of scopes in their order. `generations`: scope → the number of its running fetch."""
        for row in rows:
            if row.e == "op_outcome" and row.o == "put":
                self._outcome(row)
            if row.o == "erased":
                self._dirty |= erasing.erase(self._db, self._effects, self._rows, Ref(row.e, row.id))
        self._aliases([row for row in rows if row.e == "member_alias"], generations)
        covered = self._effects.shadowed()
        erased = {Ref(*found) for found in self._db.execute("SELECT entity, id FROM erased")}
        puts: dict[str, list[tuple[str, Stored]]] = defaultdict(list)
        gone: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in rows:
            ref = Ref(row.e, row.id)
            here = row.o == "put" and ref not in erased
            stored = Stored(row.s, row.q, row.v, generations[row.s], bytes(row.d).decode()) if here else ABSENT
            if ref in covered:
                self._under(ref, row.s, stored)
            elif row.e == "member_alias":
                continue
            elif here:
                puts[row.e].append((row.id, stored))
            else:
                gone[row.e, row.s].append(row.id)
        for entity, batch in puts.items():
            self._rows.put(entity, batch)
            self.changed.update(Ref(entity, row_id) for row_id, _ in batch)
        for (entity, scope), ids in gone.items():
            self._rows.delete(entity, ids, scope)
            self.changed.update(Ref(entity, row_id) for row_id in ids)

    def settle(self) -> None:
        """After rows and cursors: operations whose rows are all here leave the list; effects are taken anew.

        To have passed `feed_pos` is not enough before the last page: the row may have moved on behind another one.
        """
        here = self._scopes.store_seq() if self._scopes.at_head() else -1
        found = self._db.execute(
            "SELECT n FROM outbox WHERE listed = 1 AND state IN ('applied', 'merged') "
            "AND (coalesce(feed_pos, 0) <= ? OR store_id <> ?) ORDER BY seq",
            (here, self._meta.text("store_id")),
        )
        for (n,) in found.fetchall():
            self._dirty |= self._effects.unlist(n)
            erasing.forget_note(self._db, n)
        self.replay(())

    def replay(self, more: set[Ref] | tuple[()]) -> None:
        """Takes the effects on everything that moved anew."""
        dirty = self._dirty | set(more)
        self._dirty = set()
        if dirty:
            self.changed |= self._effects.replay(dirty)

    def sweep(self, scope: str, below_g: int | None) -> None:
        """Removes the rows of a scope that its last fetch did not bring, or all of them."""
        covered = self._effects.shadowed()
        gone: dict[str, list[str]] = defaultdict(list)
        for ref in [*self._rows.refs_in(scope, below_g)]:
            if ref not in covered:
                gone[ref.entity].append(ref.id)
        for entity, ids in gone.items():
            self._rows.delete(entity, ids, scope)
            self.changed.update(Ref(entity, row_id) for row_id in ids)
        for ref in covered:
            row = self._effects.shadow(ref)
            if row and row.scope == scope and (below_g is None or row.g < below_g):
                self._under(ref, scope, ABSENT)

    def _outcome(self, row: Row) -> None:
        try:
            told = decode(row.d, OpOutcome)
        except msgspec.MsgspecError:
            return  # of a later version: kept as it came, and the operation stays open
        self.close_op(row.id, told.status, told.code, told.message, (told.entity, told.id), told.feed_pos)

    def _under(self, ref: Ref, scope: str, row: Stored) -> None:
        """HQ's row of an entity that open operations lie over."""
        before = self._effects.shadow(ref)
        if row is ABSENT and before is not None and before.scope not in ("", scope):
            return  # it left a scope that it no longer stood in
        self._effects.set_shadow(ref, row)
        self._effects.arrived(ref)
        self._dirty.add(ref)

    def _aliases(self, rows: Sequence[Row], generations: dict[str, int]) -> None:
        """Aliases first: what comes with them is already told of the survivor."""
        for row in rows:
            self.changed.add(Ref("member_alias", row.id))
            if row.o != "put":
                self._rows.delete("member_alias", [row.id], row.s)
                continue
            text = bytes(row.d).decode()
            self._rows.put("member_alias", [(row.id, Stored(row.s, row.q, row.v, generations[row.s], text))])
            survivor = self._effects.aliases([row.id]).get(row.id)
            met = {survivor}
            while survivor and (further := self._effects.aliases([survivor]).get(survivor)) and further not in met:
                survivor = further
                met.add(further)
            if survivor:
                self.changed |= {Ref("member", row.id), Ref("member", survivor)}
                self._dirty |= self._effects.merged(row.id, survivor)


def unfinished(scopes: dict[str, ScopeState]) -> bool:
    """Whether HQ has more rows to send."""
    return any(state.more or state.refetch for state in scopes.values())
