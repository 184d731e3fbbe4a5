"""Finding rows by the beginnings of their words: one range of an index a word, whatever the number of rows.

The rarest word drives; what it finds must have the others too. See `local_store.words`.
"""

from __future__ import annotations

from math import isqrt
from typing import NamedTuple

from sqlcipher3 import dbapi2 as sqlite

from local_store import words
from local_store.words import Asked

COUNTED = 1000
"""Up to here counts are exact."""


class Found(NamedTuple):
    """What a text finds in a table. `keys`: a FROM clause of the numbers `k.n` by the rarest word, with the parameters
    `ranged`; the WHERE condition of the other words with its `parameters`. `by_row`: it looks at columns of `m`."""

    table: str
    keys: str
    ranged: tuple[str | int, ...]
    condition: str
    parameters: tuple[str | int, ...]
    by_row: bool

    @property
    def source(self) -> str:
        """A FROM clause that gives the rows `m`."""
        return f"{self.keys} CROSS JOIN {self.table} AS m ON m.n = k.n"

    @property
    def numbers(self) -> str:
        """The numbers of the rows alone: a row is looked at only where a word is so frequent that it must be."""
        return f"SELECT k.n FROM {self.source if self.by_row else self.keys} WHERE {self.condition}"


def find(connection: sqlite.Connection, table: str, text: str, *, facet: str = "") -> Found | None:
    """How to find what a text asks for; None when it asks for nothing.

    `facet` narrows to rows whose facet is that value, up to a collision: the caller's condition must say it too.
    """
    asked = words.asked(text)
    if not asked:
        return None
    often = _often(connection, table) if len(asked) > 1 else 0
    counted = sorted(((_count(connection, table, each, often), each) for each in asked), key=lambda pair: pair[0])
    (_, rarest), *others = counted
    ranges, ranged = _ranges(table, rarest, facet)
    keys = f"(SELECT DISTINCT n FROM ({ranges})) AS k"
    by_row = False
    conditions = ["1"]
    parameters: list[str | int] = []
    for count, each in others:
        if count < often:
            ranges, values = _ranges(table, each)
            conditions.append(f"k.n IN ({ranges})")
            parameters += values
        else:
            by_row = True
            conditions.append("(" + " OR ".join("instr(m.words, ?) > 0" for _ in each) + ")")
            parameters += [f" {prefix}" for prefix in each]
    return Found(table, keys, ranged, " AND ".join(conditions), tuple(parameters), by_row)


def _often(connection: sqlite.Connection, table: str) -> int:
    """How many keys make a word a frequent one.

    What a rarer word finds is gathered first, which needs the index alone: a cost that grows with the number of keys.
    A frequent one is looked for in each row that the driving word finds, which ends soon since many rows have it: a
    cost that shrinks with it. A row costs some 60 times a key, a page has 50; both costs meet at this number.
    """
    rows = int(connection.execute(f"SELECT coalesce(max(n), 0) FROM {table}").fetchone()[0])
    return isqrt(60 * 50 * rows) + 1


def _ranges(table: str, asked: Asked, facet: str = "") -> tuple[str, tuple[str | int, ...]]:
    parameters: list[str | int] = []
    for prefix in asked:
        parameters += [prefix, words.beyond(prefix), *([words.facet_of(facet)] if facet else [])]
    one = f"SELECT n FROM {table}_key WHERE key >= ? AND key < ?" + (" AND facet = ?" if facet else "")
    return " UNION ALL ".join([one] * len(asked)), tuple(parameters)


def _count(connection: sqlite.Connection, table: str, asked: Asked, most: int) -> int:
    """How many keys begin so, up to `most`."""
    ranges, parameters = _ranges(table, asked)
    counted = f"SELECT count(*) FROM (SELECT 1 FROM ({ranges}) LIMIT {most})"
    return int(connection.execute(counted, parameters).fetchone()[0]) if most else 0
