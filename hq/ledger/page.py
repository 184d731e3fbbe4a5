"""Pages of ready bytes: rows become JSON by joining what is stored, never by decoding it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from guide_app.domain.records import Ref
from hq.ledger.port import Head, RowKind, ScopeKey, Slice
from hq.ledger.ready import Asked, Extent, Ready, ReadyPages


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

    def __init__(
        self,
        rows_after: Callable[[ScopeKey, int], Iterator[Stored]],
        want: int,
        ready: ReadyPages | None = None,
        extent: Callable[[ScopeKey, int, int], Extent] | None = None,
    ) -> None:
        """`ready`: pages made before; `extent`: what stands behind one position up to another now."""
        self._rows_after, self._ready, self._extent = rows_after, ready, extent
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
        if self._left <= 0:
            return Slice((), more=True)
        asked = Asked(key, position, self._left, self._empty)
        found = self._ready.find(asked) if self._ready else None
        if found and self._extent and self._extent(key, position, found.last) == found.extent:
            self._left, self._empty = 0, False
            return Slice((found.data,), more=True)
        return self._made(asked)

    def _made(self, asked: Asked) -> Slice:
        rows: list[bytes] = []
        last = asked.position
        for row in self._rows_after(asked.key, asked.position):
            data = row.as_json(asked.key.scope)
            if len(data) > self._left and not self._empty:
                self._left = 0
                self._keep(asked, rows, last)
                return Slice(tuple(rows), more=True)
            rows.append(data)
            last = row.seq
            self._left -= len(data)
            self._empty = False
        return Slice(tuple(rows), more=False)

    def _keep(self, asked: Asked, rows: list[bytes], last: int) -> None:
        """A full page is kept: its end is where the next one begins, whatever comes behind."""
        if self._ready and self._extent and rows:
            self._ready.keep(asked, Ready(b",".join(rows), last, self._extent(asked.key, asked.position, last)))
