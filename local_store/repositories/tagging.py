"""The tags that members carry, kept beside their rows: by hand and by HQ's rules.

After a guide's operation or HQ's rows the members whom it touches are judged again in the same transaction, when they
are few; all others, and everybody when a rule or the shop's day changed, in steps.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import rules
from guide_app.domain.clock import Clock
from guide_app.domain.records import Ref
from local_store.merged import survivors
from local_store.meta import Meta
from local_store.repositories.reading import listed
from local_store.repositories.rulebook import Book, Rulebook, key, members_of

AT_ONCE = 10
"""As many members as are judged in the transaction that touched them."""
STEP, STEP_S, PART = 50, 0.025, 10
"""As many as are judged in one step, but none more after so many seconds; a guide's order waits for it at most. Between
two looks at the clock a part of them is judged."""
_Row = tuple[str, str, str, str]


class Tagging:
    """Used by the writer alone, inside its transactions."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._rulebook = clock, Rulebook(clock)

    def follow(self, connection: sqlite.Connection, refs: Collection[Ref]) -> None:
        """These rows were changed in this transaction."""
        if any(ref.entity in ("product", "category") for ref in refs):
            self._rulebook.forget_goods()
        touched = _touched(connection, refs)
        if not touched or Meta(connection).bootstrap != "ready":
            return
        self._judge(connection, self._rulebook.book(connection), touched[:AT_ONCE])
        connection.executemany(
            "INSERT OR IGNORE INTO tag_due (member_id) VALUES (?)", [(member,) for member in touched[AT_ONCE:]]
        )

    def step(self, connection: sqlite.Connection) -> None:
        """Judges some of those who wait for it."""
        meta = Meta(connection)
        if meta.bootstrap != "ready":
            return
        book = self._rulebook.book(connection)
        if meta.text("tags_of") != book.key:
            meta.set(tags_of=book.key, tags_at=0)
        began, left = self._clock.monotonic(), STEP
        while left > 0 and self._clock.monotonic() < began + STEP_S:
            most = min(PART, left)
            judged = self._due(connection, book, most) or self._next(connection, book, meta, most)
            if not judged:
                break
            left -= judged

    def _due(self, connection: sqlite.Connection, book: Book, most: int) -> int:
        """Judges those whom HQ's rows touched; how many."""
        due = [row[0] for row in connection.execute("SELECT member_id FROM tag_due LIMIT ?", (most,))]
        self._judge(connection, book, due)
        connection.execute("DELETE FROM tag_due WHERE member_id IN (SELECT value FROM json_each(?))", (listed(due),))
        return len(due)

    def _next(self, connection: sqlite.Connection, book: Book, meta: Meta, most: int) -> int:
        """Judges the next members of all; how many."""
        at = meta.number("tags_at")
        if at < 0:
            return 0
        found = connection.execute("SELECT n, id FROM member WHERE n > ? ORDER BY n LIMIT ?", (at, most)).fetchall()
        self._judge(connection, book, [member_id for _, member_id in found])
        meta.set(tags_at=found[-1][0] if len(found) == most else -1)
        return len(found)

    def _judge(self, connection: sqlite.Connection, book: Book, member_ids: Collection[str]) -> None:
        """Writes the tags of these members that are not there yet, and deletes those that no longer hold."""
        members = members_of(connection, member_ids)
        carried = [(row_id, "", tag) for row_id, member in members.items() for tag in member.tags]
        if book.rules:
            known = self._rulebook.facts(connection, book, members)
            carried += [
                (row_id, rule_id, tag)
                for row_id, facts in known.items()
                for rule_id, tag, expr in book.rules
                if rules.holds(expr, facts)
            ]
        one_each = {(row_id, rule_id, rules.plain(tag)): tag for row_id, rule_id, tag in carried}
        wanted: set[_Row] = {(*spelled, tag) for spelled, tag in one_each.items()}
        query = (
            "SELECT member_id, rule_id, tag, word FROM member_tag WHERE member_id IN (SELECT value FROM json_each(?))"
        )
        stood: set[_Row] = set(connection.execute(query, (listed(member_ids),)))
        connection.executemany(
            "DELETE FROM member_tag WHERE member_id = ? AND rule_id = ? AND tag = ?",
            [row[:3] for row in stood - wanted],
        )
        connection.executemany(
            "INSERT OR REPLACE INTO member_tag (member_id, rule_id, tag, word) VALUES (?, ?, ?, ?)",
            sorted(wanted - stood),
        )


def waits(connection: sqlite.Connection, clock: Clock) -> bool:
    """Whether a step would find somebody: asked before a transaction is begun for it."""
    meta = Meta(connection)
    if meta.bootstrap != "ready":
        return False
    due = connection.execute("SELECT 1 FROM tag_due LIMIT 1").fetchone() is not None
    return due or meta.number("tags_at") >= 0 or meta.text("tags_of") != key(connection, clock)


def forget(connection: sqlite.Connection) -> None:
    """A load is whole, whose rows nobody followed: all members are to be judged anew."""
    connection.execute("DELETE FROM member_tag")
    connection.execute("DELETE FROM tag_due")
    Meta(connection).set(tags_of="")


def _touched(connection: sqlite.Connection, refs: Iterable[Ref]) -> list[str]:
    """The members whom changed rows are about, and the ids that they had before they were merged."""
    by_entity: dict[str, list[str]] = {"member": [], "visitor": [], "member_alias": [], "order": [], "talk": []}
    for ref in refs:
        if ref.entity in by_entity:
            by_entity[ref.entity].append(ref.id)
    ids = {*by_entity["member"], *by_entity["visitor"], *by_entity["member_alias"]}
    for entity, table in (("order", "shop_order"), ("talk", "talk")):
        if by_entity[entity]:
            query = f"SELECT DISTINCT member_id FROM {table} WHERE id IN (SELECT value FROM json_each(?))"
            ids |= {member_id for (member_id,) in connection.execute(query, (listed(by_entity[entity]),)) if member_id}
    return sorted(ids | set(survivors(connection, sorted(ids)).values())) if ids else []
