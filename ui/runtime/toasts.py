"""What the screen tells a person in passing: what was done, with a way back for some seconds, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.errors import EnvironmentProblem, StoreUnusable
from ui.viewmodels.base import QML_MODULE
from ui.viewmodels.problems import problem_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

SHOWN_S = 6
PROBLEM_S = 12
GRAVE_S = 60
"""Of what this tablet cannot get over by itself: until somebody closes it, or is sure to have seen it."""


@QmlElement
class Toasts(QObject):
    """One message at a time; the newest is the one that counts, but news waits for the end of an undo."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._text, self._tone, self._left = "", "plain", 0
        self._undo: Callable[[], None] | None = None
        self._news = ""
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)

    @Property(str, notify=changed)
    def text(self) -> str:
        """What is said; empty when nothing is."""
        return self._text

    @Property(str, notify=changed)
    def tone(self) -> str:
        """plain or bad."""
        return self._tone

    @Property(bool, notify=changed)
    def undoable(self) -> bool:
        """Whether there is a way back."""
        return self._undo is not None

    @Property(int, notify=changed)
    def secondsLeft(self) -> int:  # noqa: N802
        """How long it stays."""
        return self._left

    @Slot()
    def undo(self) -> None:
        """Goes back."""
        undo, self._undo = self._undo, None
        self.close()
        if undo is not None:
            undo()

    @Slot()
    def close(self) -> None:
        """It was read; news that waited for it is said now."""
        news, self._news = self._news, ""
        self._show(news, "plain", SHOWN_S if news else 0, None)

    def clear(self) -> None:
        """Nothing that was said, or was to be said, stays for whoever comes next."""
        self._news = ""
        self.close()

    def say(self, text: str, undo: Callable[[], None] | None = None) -> None:
        """Says what was done."""
        self._show(text, "plain", SHOWN_S, undo)

    def news(self, text: str) -> None:
        """Says what happened by itself, after whatever can still be undone."""
        if self._undo is None:
            self.say(text)
        else:
            self._news = text

    def problem(self, error: EnvironmentProblem) -> None:
        """Says what went wrong and what to do."""
        seconds = GRAVE_S if isinstance(error, StoreUnusable) else PROBLEM_S
        self._show(problem_words(error.code), "bad", seconds, None)

    def defect(self) -> None:
        """Says that something went wrong by our own mistake; what it was is in the log."""
        self._show(problem_words("defect"), "bad", GRAVE_S, None)

    def _show(self, text: str, tone: str, seconds: int, undo: Callable[[], None] | None) -> None:
        self._text, self._tone, self._left, self._undo = text, tone, seconds, undo
        if text:
            self._timer.start()
        else:
            self._timer.stop()
        self.changed.emit()

    def _tick(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.close()
        else:
            self.changed.emit()
