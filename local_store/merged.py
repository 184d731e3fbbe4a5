"""Which member an id stands for today, and which ids stand for a member: merges leave aliases behind."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlcipher3 import dbapi2 as sqlite

MERGED = (
    "WITH RECURSIVE merged (id, today, depth) AS (SELECT value, value, 0 FROM json_each(?) UNION "
    "SELECT a.id, c.today, c.depth + 1 FROM merged AS c JOIN member_alias AS a ON a.member_id = c.id "
    "WHERE c.depth < 20) "
)
"""Of members of today, every id that was merged into each: the table `merged` (id, today)."""


def survivors(connection: sqlite.Connection, member_ids: Sequence[str]) -> dict[str, str]:
    """Member id → the id that stands for it today."""
    found = connection.execute(
        "WITH RECURSIVE chain (id, now, depth) AS ("
        "  SELECT value, value, 0 FROM json_each(?)"
        "  UNION SELECT c.id, a.member_id, c.depth + 1 FROM chain AS c JOIN member_alias AS a ON a.id = c.now"
        "  WHERE c.depth < 20"
        ") SELECT id, now, max(depth) FROM chain GROUP BY id",
        (msgspec.json.encode(member_ids).decode(),),
    )
    return {row[0]: row[1] for row in found}
