"""Cursors: how far the rows of each granted scope have come, and fetches from scratch by generations."""

from __future__ import annotations

from typing import NamedTuple

from sqlcipher3 import dbapi2 as sqlite

from sync.protocol.messages import Grant


class Cursor(NamedTuple):
    """Where a scope stands here; `g` numbers its fetches, `sweep`: a fetch from scratch runs over older rows."""

    scope: str
    kind: str
    seq: int
    head: int
    digest: str
    g: int
    sweep: int


class Scopes:
    """The table `scope` behind one connection."""

    def __init__(self, connection: sqlite.Connection) -> None:
        self._db = connection

    def all(self) -> dict[str, Cursor]:
        """Scope → its cursor."""
        found = self._db.execute("SELECT scope, kind, seq, head, digest, g, sweep FROM scope ORDER BY scope")
        return {row[0]: Cursor(*row) for row in found}

    def store_seq(self) -> int:
        """The cursor of the store's own scope; -1 where none is granted."""
        found = self._db.execute("SELECT min(seq) FROM scope WHERE kind = 'store'").fetchone()
        return -1 if found[0] is None else int(found[0])

    def at_head(self) -> bool:
        """Whether all rows that operations write are here, the store's and the device's, as HQ last told; not so before
        it told of any of the store's: to an app that is too old it answers operations, and gives no rows."""
        behind = (
            "SELECT 1 FROM scope WHERE kind IN ('store', 'device') AND (seq < head OR (kind = 'store' AND head = 0))"
        )
        return self._db.execute(behind).fetchone() is None

    def all_at_head(self) -> bool:
        """Whether every row is here that HQ ever told of; not so before it told of any."""
        seqs = [(cursor.seq, cursor.head) for cursor in self.all().values()]
        return any(seq for seq, _ in seqs) and all(seq >= head for seq, head in seqs)

    def name_of_store(self) -> str:
        """What the store's scope is called."""
        found = self._db.execute("SELECT name FROM scope WHERE kind = 'store'").fetchone()
        return str(found[0]) if found else ""

    def grant(self, grants: list[Grant]) -> set[str]:
        """Sets what this tablet is entitled to; the scopes that it no longer is."""
        revoked = set(self.all()) - {grant.scope for grant in grants}
        self._db.executemany("DELETE FROM scope WHERE scope = ?", [(scope,) for scope in revoked])
        self._db.executemany(
            "INSERT INTO scope (scope, kind, name) VALUES (?, ?, ?) "
            "ON CONFLICT (scope) DO UPDATE SET kind = excluded.kind, name = excluded.name",
            [(grant.scope, grant.kind, grant.name) for grant in grants],
        )
        return revoked

    def move(self, scope: str, seq: int, head: int, digest: str) -> None:
        """A page is in."""
        self._db.execute("UPDATE scope SET seq = ?, head = ?, digest = ? WHERE scope = ?", (seq, head, digest, scope))

    def at_end(self, scope: str) -> None:
        """HQ has nothing behind the cursor: its head, which may have been further before HQ was restored, is here."""
        self._db.execute("UPDATE scope SET head = seq WHERE scope = ? AND head <> seq", (scope,))

    def refetch(self, scope: str) -> None:
        """From 0, as a new generation; rows of older ones go when the last page is in."""
        self._db.execute("UPDATE scope SET seq = 0, digest = '', g = g + 1, sweep = 1 WHERE scope = ?", (scope,))

    def sweep_after(self, scope: str) -> None:
        """Rows of an older generation are here before the first page: what the fetch does not bring goes at its end."""
        self._db.execute("UPDATE scope SET sweep = 1 WHERE scope = ?", (scope,))

    def swept(self, scope: str) -> None:
        """The fetch from scratch is whole."""
        self._db.execute("UPDATE scope SET sweep = 0 WHERE scope = ?", (scope,))
