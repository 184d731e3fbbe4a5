"""Where pages find the pictures of products: addresses for QML, which change when a picture that was not here comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from guide_app.domain.records import Picture

PROVIDER = "product"
"""The image provider that draws them."""
_TOGETHER_MS = 250
"""What comes within this time is shown together."""


class Arrivals(Protocol):
    """Tells of files that came."""

    def subscribe(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Calls `listener` with the name of each."""


class Pictures(QObject):
    """`changed`: a picture that some page asked for has come, so that its address is another."""

    changed = Signal()

    def __init__(self, files: Arrivals | None = None) -> None:
        super().__init__()
        self._times: dict[str, int] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TOGETHER_MS)
        self._soon.timeout.connect(self.changed)
        if files is not None:
            files.subscribe(self._came)

    def thumb(self, pictures: Sequence[Picture]) -> str:
        """Where the small picture of a thing is found; empty for one that has none."""
        return self._address(pictures[0].thumb.sha256) if pictures else ""

    def large(self, pictures: Sequence[Picture]) -> list[dict[str, str]]:
        """Each picture's address, and that of its small size, which is shown until it is here."""
        return [
            {"source": self._address(one.large.sha256), "before": self._address(one.thumb.sha256)} for one in pictures
        ]

    def _address(self, sha256: str) -> str:
        return f"image://{PROVIDER}/{sha256}/{self._times.setdefault(sha256, 0)}"

    def _came(self, sha256: str) -> None:
        if sha256 in self._times:
            self._times[sha256] += 1
            if not self._soon.isActive():
                self._soon.start()
