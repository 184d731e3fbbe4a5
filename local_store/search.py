"""Finding rows by the beginnings of their words: one range of an index a word, whatever the number of rows.

The most telling word drives; the others are looked for in the words of what it finds. See `local_store.words`.
"""

from __future__ import annotations

from typing import NamedTuple

from local_store import words

COUNTED = 1000
"""Up to here counts are exact."""


class Found(NamedTuple):
    """A FROM clause that gives rows `m` of a table, its WHERE condition, and their parameters in order."""

    source: str
    condition: str
    parameters: tuple[str | int, ...]


def find(table: str, text: str, *, facet: str = "") -> Found | None:
    """How to find what a text asks for; None when it asks for nothing.

    `facet` narrows to rows whose facet is that value, up to a collision: the caller's condition must say it too.
    """
    asked = words.asked(text)
    if not asked:
        return None
    parameters: list[str | int] = []
    ranges: list[str] = []
    for prefix in asked[0]:
        ranges.append(f"SELECT n FROM {table}_key WHERE key >= ? AND key < ?" + (" AND facet = ?" if facet else ""))
        parameters += [prefix, words.beyond(prefix), *([words.facet_of(facet)] if facet else [])]
    source = f"(SELECT DISTINCT n FROM ({' UNION ALL '.join(ranges)})) AS k CROSS JOIN {table} AS m ON m.n = k.n"
    conditions: list[str] = []
    for alternatives in asked[1:]:
        conditions.append("(" + " OR ".join("instr(m.words, ?) > 0" for _ in alternatives) + ")")
        parameters += [f" {prefix}" for prefix in alternatives]
    return Found(source, " AND ".join(conditions) or "1", tuple(parameters))
