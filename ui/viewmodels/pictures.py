"""Where pages find the pictures of products: addresses for QML, which change when a picture was opened or came."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from guide_app.domain.records import Picture

_TOGETHER_MS = 60
"""What is opened within this time is shown together."""
_ROOM = 16 << 20
"""Characters of addresses that are kept: a picture is its address."""


class Arrivals(Protocol):
    """Tells of files that came."""

    def subscribe(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Calls `listener` with the name of each."""


class Pictures(QObject):
    """`changed`: a picture that some page asked for was opened, so that its address is another. `opens`: the address of
    a file, "" where it is not here; it blocks. `spawn` starts work in the event loop."""

    changed = Signal()

    def __init__(
        self,
        files: Arrivals | None = None,
        opens: Callable[[str], str] = lambda _: "",
        spawn: Callable[[Coroutine[Any, Any, None]], object] = lambda work: work.close(),
    ) -> None:
        super().__init__()
        self._opens, self._spawn = opens, spawn
        self._open: OrderedDict[str, str] = OrderedDict()
        self._asked: set[str] = set()
        """Looked for, or not here."""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TOGETHER_MS)
        self._soon.timeout.connect(self.changed)
        if files is not None:
            files.subscribe(self._came)

    def thumb(self, pictures: Sequence[Picture]) -> str:
        """Where the small picture of a thing is found; empty for one that has none, and until it is opened."""
        return self._address(pictures[0].thumb.sha256) if pictures else ""

    def large(self, pictures: Sequence[Picture]) -> list[dict[str, str]]:
        """Each picture's address, and that of its small size, which is shown until it is here."""
        return [
            {"source": self._address(one.large.sha256), "before": self._address(one.thumb.sha256)} for one in pictures
        ]

    def of(self, sha256: str) -> str:
        """Where a picture is found by its file's name; empty until it is opened."""
        return self._address(sha256)

    def _address(self, sha256: str) -> str:
        if sha256 in self._open:
            self._open.move_to_end(sha256)
            return self._open[sha256]
        if sha256 not in self._asked:
            self._asked.add(sha256)
            self._spawn(self._look(sha256))
        return ""

    async def _look(self, sha256: str) -> None:
        if not (address := await asyncio.to_thread(self._opens, sha256)):
            return  # it stays asked for until it comes
        self._asked.discard(sha256)
        self._open[sha256] = address
        while sum(map(len, self._open.values())) > _ROOM and len(self._open) > 1:
            self._open.popitem(last=False)
        if not self._soon.isActive():
            self._soon.start()

    def _came(self, sha256: str) -> None:
        if sha256 in self._asked:
            self._spawn(self._look(sha256))
