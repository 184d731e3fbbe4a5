"""What `start` starts: the tablet as `guide` starts it, or an empty window of the same Qt; each says when it stands.

Lines on stdout, each at the end of a frame drawn after what it names was there: ``lock``, ``today``, ``window``.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtQml import QQmlExpression
    from PySide6.QtQuick import QQuickWindow

    from guide_app.services.container import Container


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
    from guide_app import bootstrap
    from guide_app.settings import read
    from ui.runtime import run

    settings = read(os.environ, {"data": Path(data), "windowed": True})
    bootstrap.set_up_log(settings)
    chosen = bootstrap.preferences(settings)
    held: list[Container] = []

    @asynccontextmanager
    async def tablet() -> AsyncIterator[Container]:
        async with bootstrap.tablet(settings, chosen=chosen) as container:
            held.append(container)
            yield container

    run(tablet, windowed=True, on_window=lambda window: Watch(window, held[0], staff_id, pin))


class Watch:
    """Looks after each frame whether what comes next is there."""

    def __init__(self, window: QQuickWindow, container: Container, staff_id: str, pin: str) -> None:
        from PySide6.QtQml import QQmlExpression, qmlContext

        self._session, self._who = container.do.session, (staff_id, pin)
        context = qmlContext(window)
        if context is None:
            raise RuntimeError("the window is none of QML's")
        self._locked = QQmlExpression(context, window, "shell.stage === 'lock' && lock.people.rowCount() > 0")
        self._working = QQmlExpression(context, window, "shell.stage === 'work' && !today.loading")
        self._signing_in: asyncio.Task[object] | None = None
        window.frameSwapped.connect(self._look)

    def _look(self) -> None:
        if self._signing_in is not None:
            if _is_so(self._working):
                _end("today")
        elif _is_so(self._locked):
            print("lock", flush=True)
            self._signing_in = asyncio.get_running_loop().create_task(self._session.sign_in(*self._who))


def _is_so(question: QQmlExpression) -> bool:
    answer, _ = question.evaluate()
    return answer is True


def _end(what: str) -> None:
    print(what, flush=True)
    os._exit(0)
