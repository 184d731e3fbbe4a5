"""Pages of ready bytes: rows become JSON by joining what is stored, never by decoding it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from guide_app.domain.records import Ref
from hq.ledger.port import Head, RowKind, ScopeKey, Slice


class Stored(NamedTuple):
    """A row as the feed has it; `data` is the record's JSON."""

    seq: int
    ref: Ref
    ver: int
    kind: RowKind
    data: str | None

    def as_json(self, scope: str) -> bytes:
        """The row as it travels. Scope ids, entities and ids hold nothing that JSON would have to escape."""
        tail = "" if self.data is None else f',"d":{self.data}'
        return (
            f'{{"s":"{scope}","q":{self.seq},"e":"{self.ref.entity}","id":"{self.ref.id}","v":{self.ver},'
            f'"o":"{self.kind}"{tail}}}'
        ).encode()


def in_feed(head: Head, position: int) -> bool:
    """Whether a tablet at this position can go on from it; 0 means from scratch."""
    return position == 0 or head.floor <= position <= head.head


class PageMaker:
    """Fills one page, scope by scope, until `want` bytes of rows are in it; the first row always fits."""

    def __init__(self, rows_after: Callable[[ScopeKey, int], Iterator[Stored]], want: int) -> None:
        self._rows_after = rows_after
        self._left = want
        self._empty = True

    def slices(
        self, scopes: Sequence[ScopeKey], heads: Mapping[str, Head], after: Mapping[str, int]
    ) -> dict[str, Slice]:
        """The slice of every scope that moved past `after`; scopes that `after` does not name are passed over."""
        moved = {}
        for key in scopes:
            head, position = heads[key.scope], after.get(key.scope)
            if position is not None and in_feed(head, position) and head.head > position:
                moved[key.scope] = self._slice(key, position)
        return moved

    def _slice(self, key: ScopeKey, position: int) -> Slice:
        rows: list[bytes] = []
        if self._left <= 0:
            return Slice((), more=True)
        for row in self._rows_after(key, position):
            data = row.as_json(key.scope)
            if len(data) > self._left and not self._empty:
                self._left = 0
                return Slice(tuple(rows), more=True)
            rows.append(data)
            self._left -= len(data)
            self._empty = False
        return Slice(tuple(rows), more=False)
