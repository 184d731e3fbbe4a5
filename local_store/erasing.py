"""A person was erased at HQ: nothing of them stays in this file but the ids that block their return."""

from __future__ import annotations

from collections.abc import Collection

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import phone
from guide_app.domain.records import Member, Ref, decode
from local_store.effects import Effects
from local_store.rows import Rows

PERSONAL = ("member.sign_up", "member.edit", "member.consent", "talk.log", "followup.set")
"""Kinds of operation that are nothing without the person. A sale stays: it is told to HQ, which takes it without them;
once it is closed it loses its body where somebody wrote a note into it."""
_NAMED = "json_extract(body, '$.member_id') IN (SELECT ? UNION SELECT id FROM member_alias WHERE member_id = ?)"
_SALE = "kind = 'order.place' AND body IS NOT NULL AND json_extract(body, '$.note') <> ''"


def erase(connection: sqlite.Connection, effects: Effects, rows: Rows, ref: Ref) -> set[Ref]:
    """Takes a row that came as `erased`, before it is deleted itself; the entities to be taken anew.

    Operations about the person lose their bodies (they are sent again without them, and closed by HQ) and their effect;
    so do drafts that name them.
    """
    connection.execute("INSERT OR IGNORE INTO erased (entity, id) VALUES (?, ?)", ref)
    kinds = ", ".join("?" * len(PERSONAL))
    named = f"kind IN ({kinds}) AND body IS NOT NULL AND {_NAMED}"
    about = connection.execute(f"SELECT n FROM outbox WHERE {named}", (*PERSONAL, ref.id, ref.id)).fetchall()
    dirty: set[Ref] = set()
    for (n,) in about:
        dirty |= effects.unlist(n)
    connection.executemany("UPDATE outbox SET body = NULL WHERE n = ?", about)
    connection.execute(
        f"UPDATE outbox SET body = NULL WHERE {_SALE} AND closed_at <> '' AND listed = 0 AND {_NAMED}", (ref.id, ref.id)
    )
    for text in {ref.id, *_numbers(effects, rows, ref)}:
        connection.execute("DELETE FROM draft WHERE instr(CAST(value AS TEXT), ?) > 0", (text,))
    return dirty


def forget_note(connection: sqlite.Connection, n: int) -> None:
    """A sale that HQ took and whose rows are here: if its customer was erased meanwhile, its note goes with it."""
    gone = "json_extract(body, '$.member_id') IN (SELECT id FROM erased)"
    connection.execute(f"UPDATE outbox SET body = NULL WHERE n = ? AND {_SALE} AND {gone}", (n,))


def _numbers(effects: Effects, rows: Rows, ref: Ref) -> Collection[str]:
    """The person's phone as it stands in the row here, and as it is typed at the counter."""
    row = rows.get(ref) or effects.shadow(ref)
    if ref.entity not in ("member", "visitor") or row is None or not row.d:
        return ()
    number = decode(row.d, Member).phone
    return {number, phone.national(number)} if number else ()
