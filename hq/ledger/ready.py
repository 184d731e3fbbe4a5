"""Pages that lie ready: a first sync does not make HQ build each row anew, nor does the next store's.

A row that changes leaves its place in the feed for one at the end, and no place is given twice. So as long as as many
rows stand between two places as stood there when a page was made, they are the very same rows: one count says that a
page still holds. A database that is another one (restored, failed over) is known by its epoch and its server's start.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from hq.ledger.port import ScopeKey


class Asked(NamedTuple):
    """What makes a page: the scope, the position it begins behind, the bytes that were left for it, and whether it may
    hold a row that is larger than that."""

    key: ScopeKey
    position: int
    left: int
    first: bool


class Extent(NamedTuple):
    """What stands in the feed between two positions, as the database says it. `server`: its epoch, when it started."""

    rows: int
    server: str


class Ready(NamedTuple):
    """A full page: its rows as they travel, apart by commas; its last position; what stood there when it was made."""

    data: bytes
    last: int
    extent: Extent


class ReadyPages:
    """The pages used last, up to so many bytes. For any thread."""

    def __init__(self, most_bytes: int = 64 << 20) -> None:
        self._most, self._held = most_bytes, 0
        self._pages: OrderedDict[Asked, Ready] = OrderedDict()
        self._lock = Lock()

    def find(self, asked: Asked) -> Ready | None:
        """The page, if it is here; whether it still holds is to be asked of the database."""
        with self._lock:
            found = self._pages.get(asked)
            if found is not None:
                self._pages.move_to_end(asked)
            return found

    def keep(self, asked: Asked, page: Ready) -> None:
        """Keeps a page, in the place of the one before; those that were not used for longest go."""
        with self._lock:
            before = self._pages.pop(asked, None)
            self._held += len(page.data) - (len(before.data) if before else 0)
            self._pages[asked] = page
            while self._held > self._most:
                _, gone = self._pages.popitem(last=False)
                self._held -= len(gone.data)
