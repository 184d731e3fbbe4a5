"""Finding rows by the beginnings of their words: one range of an index a word, whatever the number of rows.

The rarest word drives; the others are looked for in the words of what it finds. See `local_store.words`.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlcipher3 import dbapi2 as sqlite

from local_store import words
from local_store.words import Asked

COUNTED = 1000
"""Up to here counts are exact."""


class Found(NamedTuple):
    """A FROM clause that gives rows `m` of a table, its WHERE condition, and the parameters of either."""

    source: str
    ranged: tuple[str | int, ...]
    condition: str
    parameters: tuple[str | int, ...]


def find(connection: sqlite.Connection, table: str, text: str, *, facet: str = "") -> Found | None:
    """How to find what a text asks for; None when it asks for nothing.

    `facet` narrows to rows whose facet is that value, up to a collision: the caller's condition must say it too.
    """
    asked = list(words.asked(text))
    if not asked:
        return None
    if len(asked) > 1:
        asked.sort(key=lambda each: _count(connection, table, each))
    ranges, ranged = _ranges(table, asked[0], facet)
    source = f"(SELECT DISTINCT n FROM ({ranges})) AS k CROSS JOIN {table} AS m ON m.n = k.n"
    conditions = ["1"]
    parameters: list[str | int] = []
    for alternatives in asked[1:]:
        conditions.append("(" + " OR ".join("instr(m.words, ?) > 0" for _ in alternatives) + ")")
        parameters += [f" {prefix}" for prefix in alternatives]
    return Found(source, ranged, " AND ".join(conditions), tuple(parameters))


def _ranges(table: str, asked: Asked, facet: str = "") -> tuple[str, tuple[str | int, ...]]:
    parameters: list[str | int] = []
    for prefix in asked:
        parameters += [prefix, words.beyond(prefix), *([words.facet_of(facet)] if facet else [])]
    one = f"SELECT n FROM {table}_key WHERE key >= ? AND key < ?" + (" AND facet = ?" if facet else "")
    return " UNION ALL ".join([one] * len(asked)), tuple(parameters)


def _count(connection: sqlite.Connection, table: str, asked: Asked) -> int:
    """How many keys begin so, up to `COUNTED`."""
    ranges, parameters = _ranges(table, asked)
    counted = f"SELECT count(*) FROM (SELECT 1 FROM ({ranges}) LIMIT {COUNTED})"
    return int(connection.execute(counted, parameters).fetchone()[0])
