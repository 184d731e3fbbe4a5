"""Prepares pages in idle time before anybody opens them: their modules, their view-models, their compiled QML.

The first page of work is prepared as soon as the lock is drawn, while the guide still types; it is shown, and reads
anything, only once the PIN was right. The others follow one by one when the tablet has come to rest.
"""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtQml import QQmlComponent, QQmlEngine
from PySide6.QtQuick import QQuickWindow

from ui.runtime.pages import Pages
from ui.runtime.windows import QML

FIRST = "Today"
THEN = ("Members", "Order", "LogTalk", "SignUp", "Orders", "Attention")
SOON_MS = 50
"""After the lock's first frame: its people come with the next one, and must not wait."""
REST_MS = 1_000
"""Between two pages: each takes some hundredths of a second, and a tap must not wait for several."""


class Warmth(QObject):
    """Begins with the first frame in which the tablet waits for a guide, and ends when all is prepared."""

    def __init__(self, engine: QQmlEngine, window: QQuickWindow, pages: Pages) -> None:
        super().__init__(window)
        self._engine, self._window, self._pages = engine, window, pages
        self._todo = deque((FIRST, *THEN))
        self._kept: list[QQmlComponent] = []
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._next)
        window.frameSwapped.connect(self._drawn)

    def _drawn(self) -> None:
        if self._pages.shell.standing in ("lock", "work"):
            self._window.frameSwapped.disconnect(self._drawn)
            self._rest.start(SOON_MS)

    def _next(self) -> None:
        page = self._todo.popleft()
        self._pages.model(page)
        url = QUrl.fromLocalFile(str(QML / "Pages" / f"{page}.qml"))
        self._kept.append(QQmlComponent(self._engine, url, QQmlComponent.CompilationMode.Asynchronous, self))
        if self._todo:
            self._rest.start(REST_MS)
