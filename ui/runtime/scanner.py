"""A hardware scanner that types like a keyboard: told from a person by its speed, on any page.

Keys that come faster than a person types, closed by Enter, are one scan. Its first key cannot be told from a
person's, so what the field in focus held before that key is kept, and given back when the keys prove to be a scan.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMetaObject, QObject, Signal
from PySide6.QtGui import QKeyEvent

FASTEST_PERSON_S = 0.035
SHORTEST = 6
LONGEST = 200
FIELDS = ("QQuickTextInput", "QQuickTextEdit")


class ScanCatcher(QObject):
    """An event filter of the window. `scanned` brings the code."""

    scanned = Signal(str)
    typed = Signal()

    def __init__(self, seconds: Callable[[], float], focus: Callable[[], QObject | None]) -> None:
        """`seconds` is a clock that only grows; `focus` gives what the keys go to."""
        super().__init__()
        self._seconds, self._focus = seconds, focus
        self._code, self._last = "", 0.0
        self._before: str | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's own name)
        """Qt: True swallows the event."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self.typed.emit()
            return self.key(event.key(), event.text())
        return False

    def key(self, key: int, text: str) -> bool:
        """One key, before it reaches the field; True when it was the end of a scan."""
        from PySide6.QtCore import Qt  # a big namespace, that no start needs

        now = self._seconds()
        fast, self._last = now - self._last <= FASTEST_PERSON_S, now
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            code, self._code = self._code if fast else "", ""
            if len(code) < SHORTEST:
                return False
            self._give_back()
            self.scanned.emit(code)
            return True
        if len(text) != 1 or not text.isprintable() or len(self._code) >= LONGEST:
            self._code = ""
        elif fast and self._code:
            self._code += text
        else:
            self._code, self._before = text, self._words()
        return False

    def _words(self) -> str | None:
        field = self._focus()
        typed_into = field is not None and any(field.inherits(kind) for kind in FIELDS)
        words = field.property("text") if field is not None and typed_into else None
        return words if isinstance(words, str) else None

    def _give_back(self) -> None:
        """The field holds again what it held, and whoever listens to it is told."""
        field, before = self._focus(), self._before
        if field is None or before is None or self._words() in (None, before):
            return
        field.setProperty("text", before)
        QMetaObject.invokeMethod(field, "textEdited")
