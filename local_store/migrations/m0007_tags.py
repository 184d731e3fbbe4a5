"""Which tags members carry: a table that follows from the rows and may be made anew from them at any time.

`rule_id` "" stands for tags given by hand; `tag` is the word as tags are compared, `word` as it is shown. `tag_due`:
members whose tags are still to be looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_STATEMENTS = (
    "CREATE TABLE member_tag (member_id TEXT NOT NULL, rule_id TEXT NOT NULL, tag TEXT NOT NULL, word TEXT NOT NULL, "
    "PRIMARY KEY (member_id, rule_id, tag)) WITHOUT ROWID",
    "CREATE INDEX member_tag_tag ON member_tag (tag, rule_id, member_id)",
    "CREATE TABLE tag_due (member_id TEXT PRIMARY KEY) WITHOUT ROWID",
)


def apply(database: Database) -> None:
    """Makes the tables; they are filled in steps, as after any change of a rule."""
    for statement in _STATEMENTS:
        database.conn.execute(statement)
