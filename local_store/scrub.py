"""Mending rows that are not HQ's: one bucket of one scope, brought whole by HQ (contract §4, verify)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.records import Ref
from local_store.apply import Applier
from local_store.effects import Effects
from local_store.rows import Rows
from local_store.tables import Stored
from sync.protocol.digest import bucket
from sync.protocol.messages import Row


def names_in(rows: Rows, scope: str, place: int) -> tuple[Ref, ...]:
    """HQ's rows of a bucket as they are named here; reads the whole scope."""
    return tuple(Ref(entity, id_) for entity, id_, _ver in rows.versions(scope) if bucket(entity, id_) == place)


class Scrub:
    """Compares and mends, inside its caller's transaction; the applier gathers what changed."""

    def __init__(self, connection: sqlite.Connection, rows: Rows, applier: Applier) -> None:
        self._db, self._rows, self._applier = connection, rows, applier
        self._effects = Effects(connection, rows)

    def mend(self, scope: str, generation: int, here: Iterable[Ref], brought: Sequence[Row]) -> int:
        """Makes HQ's rows here be `brought`, which is all that the bucket has; how many were not.

        `here`: the bucket's rows that this tablet has of the scope. Open operations stay over the rows they touch.
        """
        theirs = {Ref(row.e, row.id): row for row in brought}
        wrong = [row for ref, row in theirs.items() if not self._holds(ref, row)]
        wrong += [
            Row(s=scope, q=1, e=ref.entity, id=ref.id, v=0, o="left")
            for ref in here
            if ref not in theirs and self._of_hq(ref, scope) is not None
        ]
        covered = self._effects.shadowed()
        self._rows.purge([ref for row in wrong if (ref := Ref(row.e, row.id)) not in covered], scope)
        self._applier.rows(wrong, {scope: generation})
        over = covered & {*theirs, *here}
        before = {ref: self._rows.get(ref) for ref in over}
        self._applier.replay(over)
        known = {Ref(row.e, row.id) for row in wrong}
        return len(wrong) + sum(not _same(before[ref], self._rows.get(ref)) for ref in over - known)

    def _holds(self, ref: Ref, row: Row) -> bool:
        """Whether HQ's row stands here, in every field and in every column that is read from it."""
        if row.o == "erased":
            return self._db.execute("SELECT 1 FROM erased WHERE entity = ? AND id = ?", ref).fetchone() is not None
        mine = self._of_hq(ref, row.s)
        told = Stored(row.s, row.q, row.v, 0, bytes(row.d).decode())
        if mine is None or not _same(mine, told):
            return False
        return self._effects.shadow(ref) is not None or self._rows.intact(ref)

    def _of_hq(self, ref: Ref, scope: str) -> Stored | None:
        """HQ's row of the scope as it is here: from the shadow where an open operation lies over it."""
        row = self._effects.shadow(ref) or self._rows.get_in(ref, scope)
        return row if row is not None and row.d and row.scope == scope else None


def _same(one: Stored | None, other: Stored | None) -> bool:
    """Whether two rows say the same: the order of an object's fields says nothing."""
    if one is None or other is None:
        return one is other
    return one[:3] == other[:3] and (one.d == other.d or _read(one.d) == _read(other.d))


def _read(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except msgspec.MsgspecError:
        return text
