"""A hardware scanner that types like a keyboard: told from a person by its speed, on any page.

Keys that come faster than a person types, closed by Enter, are one scan. Its first key cannot be told from a
person's, so what it left in a field is taken out again.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

FASTEST_PERSON_S = 0.035
SHORTEST = 6
LONGEST = 200


class ScanCatcher(QObject):
    """An event filter of the window. `scanned` brings the code."""

    scanned = Signal(str)
    typed = Signal()

    def __init__(self, seconds: Callable[[], float]) -> None:
        """`seconds` is a clock that only grows."""
        super().__init__()
        self._seconds = seconds
        self._code, self._last = "", 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's own name)
        """Qt: True swallows the event."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self.typed.emit()
            return self.key(event.key(), event.text())
        return False

    def key(self, key: int, text: str) -> bool:
        """One key; True when it was the end of a scan."""
        now = self._seconds()
        fast, self._last = now - self._last <= FASTEST_PERSON_S, now
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            code, self._code = self._code if fast else "", ""
            if len(code) >= SHORTEST:
                self.scanned.emit(code)
                return True
            return False
        printable = len(text) == 1 and text.isprintable()
        self._code = (self._code if fast else "") + text if printable and len(self._code) < LONGEST else ""
        return False
