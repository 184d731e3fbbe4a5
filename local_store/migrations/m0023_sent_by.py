"""Whom the sign-ups of the outbox name as who sent them, by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENTS = (
    "CREATE TABLE sent_by (op_id TEXT NOT NULL, member_id TEXT NOT NULL, PRIMARY KEY (op_id, member_id)) WITHOUT ROWID",
    "CREATE INDEX sent_by_member ON sent_by (member_id)",
    "INSERT INTO sent_by (op_id, member_id) SELECT o.op_id, m.id FROM outbox AS o, member AS m"
    " WHERE o.kind = 'member.sign_up' AND o.body IS NOT NULL AND length(o.body ->> '$.referrer') >= 8"
    " AND o.body ->> '$.referrer' IN (m.member_no, substr(m.phone, -length(o.body ->> '$.referrer')))",
)


def apply(database: Database) -> None:
    """Adds the table, and to it those whose rows are here now."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
