"""What all readers share."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.records import ENTITIES, Record, decode

_log = logging.getLogger(__name__)
R = TypeVar("R", bound=Record)

UNTAKEN = (
    "SELECT 1 FROM op_touch AS t JOIN outbox AS w ON w.n = t.n "
    "WHERE t.entity IN ({entities}) AND t.id = {id} AND w.state IN ('pending', 'sent', 'parked')"
)
"""Whether HQ has not taken something that a guide did with an entity; `entities` in quotes. These words are ours, never
a person's."""

STANDS = "json_extract(d, '$.void') IS NOT 1"
"""Of a talk: it was not taken back. Such talks are rare and read few at a time, so they need no column."""


def readable(d: str, kind: type[R]) -> R | None:
    """The record, or None where a later version wrote what this one cannot read: such a row is not shown."""
    try:
        return decode(d, kind)
    except msgspec.MsgspecError:
        _log.info("a %s that this version cannot read is not shown", kind.__name__)
        return None


def listed(values: Iterable[str]) -> str:
    """Values as a JSON list, for ``IN (SELECT value FROM json_each(?))``."""
    return json.dumps(list(values))


def all_ids(connection: sqlite.Connection, member_id: str) -> list[str]:
    """The member's id and every id that was merged into it."""
    found = connection.execute(
        "WITH RECURSIVE merged (id) AS (SELECT ? UNION SELECT a.id FROM merged AS c JOIN member_alias AS a "
        "ON a.member_id = c.id) SELECT id FROM merged",
        (member_id,),
    )
    return [row[0] for row in found]


def others(connection: sqlite.Connection, kind: type[R]) -> list[tuple[str, str, R]]:
    """(scope, id, record) of an entity that has no table of its own."""
    entity = next(name for name, record in ENTITIES.items() if record is kind)
    rows = connection.execute("SELECT scope, id, d FROM other_row WHERE entity = ? ORDER BY id", (entity,))
    return [(scope, row_id, record) for scope, row_id, d in rows if (record := readable(d, kind)) is not None]


class Decoded(Generic[R]):
    """As `others`, each row decoded once: it is found again by its own text, so nothing here is ever out of date."""

    def __init__(self, kind: type[R]) -> None:
        self._kind = kind
        self._entity = next(name for name, record in ENTITIES.items() if record is kind)
        self._known: dict[str, R | None] = {}

    def read(self, connection: sqlite.Connection) -> dict[str, R]:
        """Id → record."""
        query = "SELECT id, d FROM other_row WHERE entity = ? ORDER BY scope, id"
        rows = connection.execute(query, (self._entity,)).fetchall()
        before = self._known
        self._known = {d: before[d] if d in before else readable(d, self._kind) for _, d in rows}
        return {row_id: record for row_id, d in rows if (record := self._known.get(d)) is not None}
