"""What `start` starts: the tablet as `guide` starts it, or an empty window of the same Qt; each says when it stands.

Lines on stdout, each at the end of a frame drawn after what it names was there: ``lock``, ``today``, ``window``.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtQml import QQmlExpression
    from PySide6.QtQuick import QQuickWindow

LOCK = "pages.model('Lock')"
"""The lock's view-model, as QML finds it."""


def empty() -> None:
    """An empty window."""
    import sys

    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtQml import QQmlApplicationEngine
    from PySide6.QtQuick import QQuickWindow

    app = QGuiApplication(sys.argv[:1])
    engine = QQmlApplicationEngine()
    engine.loadData(b"import QtQuick\nWindow { width: 1280; height: 800; visible: true }", QUrl("empty.qml"))
    (window,) = engine.rootObjects()
    if isinstance(window, QQuickWindow):
        window.frameSwapped.connect(lambda: _end("window"))
    app.exec()


def guide(data: str, staff_id: str, pin: str) -> None:
    """The tablet of a data folder; when its lock is there, a guide signs in at once."""
    from guide_app import cli

    watches: list[Watch] = []
    cli.main(["--windowed", "--data", data], lambda window: watches.append(Watch(window, staff_id, pin)))


class Watch:
    """Looks after each frame whether what comes next is there."""

    def __init__(self, window: QQuickWindow, staff_id: str, pin: str) -> None:
        from PySide6.QtQml import QQmlExpression, qmlContext

        context = qmlContext(window)
        if context is None:
            raise RuntimeError("the window is none of QML's")
        taps = [f"{LOCK}.choose('{staff_id}')", *(f"{LOCK}.pad.digit('{digit}')" for digit in pin)]
        self._locked = QQmlExpression(context, window, f"shell.stage === 'lock' && {LOCK}.people.rowCount() > 0")
        self._sign_in = QQmlExpression(context, window, "; ".join(taps))
        self._working = QQmlExpression(context, window, "shell.stage === 'work' && !pages.model('Today').loading")
        self._at_lock, self._ended = True, False
        window.frameSwapped.connect(self._look)

    def _look(self) -> None:
        if self._at_lock:
            self._look_at_lock()
        elif not self._ended and is_so(self._working):
            self._ended = True
            print("today", flush=True)
            signal.raise_signal(signal.SIGTERM)  # as the system ends it: after a crash it would be checked

    def _look_at_lock(self) -> None:
        if is_so(self._locked):
            self._at_lock = False
            print("lock", flush=True)
            self._sign_in.evaluate()


def is_so(question: QQmlExpression) -> bool:
    """What an expression of QML says now."""
    answer, _ = question.evaluate()
    return answer is True


def _end(what: str) -> None:
    print(what, flush=True)
    os._exit(0)
