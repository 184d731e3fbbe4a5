"""Taking in HQ's answer: results, rows, cursors and grants, inside one transaction (contract §3, §4, §8a)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.records import OpOutcome, Ref, decode
from local_store import erasing, nobodys, rhythm
from local_store.effects import ABSENT, Effects
from local_store.meta import Meta
from local_store.rows import Rows
from local_store.scopes import Scopes
from local_store.tables import Stored
from sync.protocol.messages import ResultStatus, Row, ScopeState


class Answered(NamedTuple):
    """What HQ says of one operation; `ref` (entity, id): what it is about."""

    op_id: str
    status: ResultStatus
    code: str
    message: str
    ref: tuple[str, str]
    feed_pos: int | None


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

    def results(self, told: Sequence[Answered]) -> None:
        """HQ's answers to operations under the numbers that they have now."""
        ids = json.dumps([one.op_id for one in told])
        self._db.execute("UPDATE outbox SET answered = 1 WHERE op_id IN (SELECT value FROM json_each(?))", (ids,))
        self.close_ops(told)

    def close_ops(self, told: Sequence[Answered]) -> None:
        """What HQ says of operations, as an answer or later in an outcome, which may be older than their numbers: they
        are told under these all the same. What is closed stays closed; parked and forwarded keep it open. What was
        applied here may hear later, once, what another store found special about it."""
        query = "SELECT op_id, n, closed_at FROM outbox WHERE op_id IN (SELECT value FROM json_each(?))"
        found = self._db.execute(query, (json.dumps([one.op_id for one in told]),)).fetchall()
        known = {op_id: (n, closed_at) for op_id, n, closed_at in found}
        rejected: list[int] = []
        erased: list[int] = []
        became: list[tuple[str | int | None, ...]] = []
        found_later: list[tuple[str, str, int]] = []
        for one in told:
            n, closed_at = known.get(one.op_id, (0, ""))
            if not n or closed_at:
                found_later += [(one.code, one.message, n)] if one.status == "applied" and one.code else []
                continue
            open_still = one.status in ("parked", "forwarded")
            closed_at = "" if open_still else self._now
            known[one.op_id] = (n, closed_at)
            code = one.code or (one.status if one.status == "forwarded" else "")
            state = "parked" if open_still else one.status
            became.append((state, code, one.message, *one.ref, one.feed_pos or None, closed_at, n))
            self.closed += not open_still
            rejected += [n] if one.status == "rejected" else []
            erased += [n] if one.code == "erased" else []
        self._db.executemany(
            "UPDATE outbox SET state = ?, code = ?, message = ?, entity = ?, entity_id = ?, feed_pos = ?, "
            "closed_at = ? WHERE n = ?",
            became,
        )
        self._db.executemany(
            "UPDATE outbox SET code = ?, message = ? WHERE n = ? AND state = 'applied' AND code = ''", found_later
        )
        if rejected:
            self._dirty |= self._effects.unlist(rejected)
        self._dirty |= erasing.forget_refused(self._db, erased)

    def rows(self, rows: Sequence[Row], generations: dict[str, int]) -> None:
        """Takes rows of scopes in their order. `generations`: scope → the number of its running fetch."""
        self.close_ops([told for row in rows if (told := _outcome(row)) is not None])
        for row in rows:
            if row.o == "erased":
                self._dirty |= erasing.erase(self._db, self._effects, self._rows, Ref(row.e, row.id))
        self._aliases([row for row in rows if row.e == "member_alias"], generations)
        covered = self._effects.shadowed()
        erased = {Ref(*found) for found in self._db.execute("SELECT entity, id FROM erased")}
        puts: dict[str, list[tuple[str, Stored]]] = defaultdict(list)
        gone: dict[tuple[str, str | None], list[str]] = defaultdict(list)
        under: list[tuple[Ref, str | None, Stored]] = []
        for row in rows:
            ref = Ref(row.e, row.id)
            scope = None if row.o == "erased" else row.s  # a device's scope may tell it before the store's own does
            here = row.o == "put" and ref not in erased
            stored = Stored(row.s, row.q, row.v, generations[row.s], bytes(row.d).decode()) if here else ABSENT
            if ref in covered:
                under.append((ref, scope, stored))
            elif row.e == "member_alias":
                continue
            elif here:
                puts[row.e].append((row.id, stored))
            else:
                gone[row.e, scope].append(row.id)
        self._under(under)
        for entity, batch in puts.items():
            self._rows.put(entity, batch)
            self.changed.update(Ref(entity, row_id) for row_id, _ in batch)
        for (entity, stood), ids in gone.items():
            self._rows.delete(entity, ids, stood)
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
        if numbers := [n for (n,) in found]:
            self._dirty |= self._effects.unlist(numbers)
            erasing.forget_notes(self._db, numbers)
        nobodys.forget_taken(self._db)
        self._dirty |= erasing.unmention_taken(self._db)
        self.replay(())
        rhythm.pass_over_erased(self._db)

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
        here = self._effects.shadows(covered).items()
        old = [ref for ref, row in here if row.scope == scope and (below_g is None or row.g < below_g)]
        self._under([(ref, scope, ABSENT) for ref in old])

    def _under(self, told: Sequence[tuple[Ref, str | None, Stored]]) -> None:
        """HQ's rows (entity, scope in which they came, row) of entities that open operations lie over.

        Without a scope the entity is gone wherever it stood.
        """
        stands = self._effects.shadows({ref for ref, _, _ in told})
        came: dict[Ref, Stored] = {}
        for ref, scope, row in told:
            before = stands.get(ref)
            if row is ABSENT and before is not None and scope is not None and before.scope not in ("", scope):
                continue  # it left a scope that it no longer stood in
            stands[ref] = came[ref] = row
        self._effects.set_shadows(came)
        self._effects.arrived(came)
        self._dirty |= came.keys()

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


def _outcome(row: Row) -> Answered | None:
    """What a row tells of an operation; None where it tells nothing that this version can read."""
    if row.e != "op_outcome" or row.o != "put":
        return None
    try:
        told = decode(row.d, OpOutcome)
    except msgspec.MsgspecError:
        return None  # of a later version: kept as it came, and the operation stays open
    return Answered(row.id, told.status, told.code, told.message, (told.entity, told.id), told.feed_pos)


def unfinished(scopes: dict[str, ScopeState]) -> bool:
    """Whether HQ has more rows to send."""
    return any(state.more or state.refetch for state in scopes.values())
