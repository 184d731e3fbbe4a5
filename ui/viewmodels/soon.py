"""Work that cannot be taken back once it is done: it is done only when the time for an undo is over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from ui.viewmodels.base import Tell

UNDO_MS = 8_000


class Soon(QObject):
    """What waits for its undo, by key. `changed` is called whenever something begins or ends to wait."""

    def __init__(self, parent: QObject, tell: Tell, changed: Callable[[], None]) -> None:
        super().__init__(parent)
        self._tell, self._changed = tell, changed
        self.waiting: dict[str, QTimer] = {}

    def __contains__(self, key: object) -> bool:
        return key in self.waiting

    def begin(self, key: str, said: str, work: Callable[[], None], undone: Callable[[], None] = lambda: None) -> None:
        """Says what is about to happen, with a way back, and does it once that has gone; `undone` is called where the
        way back was taken. A second time: nothing."""
        if key in self.waiting:
            return
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(UNDO_MS)

        def do() -> None:
            if self._forget(key):
                work()

        def undo() -> None:
            self._forget(key)
            self._changed()
            undone()

        timer.timeout.connect(do)
        timer.start()
        self.waiting[key] = timer
        self._changed()
        self._tell.say(said, undo)

    def drop(self) -> int:
        """Nothing that still waits is done; how much that is."""
        return sum(map(self._forget, list(self.waiting)))

    def _forget(self, key: str) -> bool:
        """Whether something still waited for its undo; now it does no more."""
        timer = self.waiting.pop(key, None)
        if timer is not None:
            timer.stop()
            timer.deleteLater()
        return timer is not None
