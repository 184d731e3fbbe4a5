"""The window of an app that cannot open: on a tablet a person sees only the screen, never the command line."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QWindow
from PySide6.QtQuick import QQuickWindow

from guide_app.services.ports.device import Preferences
from ui.runtime.windows import Looks, load_window, show
from ui.viewmodels.trouble import TroubleViewModel


class TroubleWindow:
    """Says what keeps the app from opening, and asks whether to try again."""

    def __init__(self, preferences: Preferences, app_version: str, *, windowed: bool) -> None:
        self._looks = Looks(preferences)
        self._answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._model = TroubleViewModel(preferences, app_version, self._apply_look)
        self._model.again.connect(lambda: self._answered(again=True))
        self._model.closed.connect(lambda: self._answered(again=False))
        self._engine, self._window = load_window("TroubleWindow.qml", {"model": self._model})
        self._window.visibilityChanged.connect(self._on_visibility)
        self._apply_look()
        show(self._window, windowed=windowed)

    @property
    def window(self) -> QQuickWindow:
        """The window, for as long as it is not closed."""
        return self._window

    async def asks_again(self, error: Exception) -> bool:
        """Says what went wrong; True when the person wants another try, False when they close."""
        self._answer = asyncio.get_running_loop().create_future()
        self._model.tell(error)
        return await self._answer

    def close(self) -> None:
        """Gone at once: the next window stands in its place."""
        self._looks.hush()
        self._engine.deleteLater()
        QCoreApplication.sendPostedEvents(self._engine, QEvent.Type.DeferredDelete)

    def _apply_look(self) -> None:
        self._looks.speak()
        self._engine.retranslate()
        self._looks.paint(self._window)

    def _on_visibility(self, how: QWindow.Visibility) -> None:
        if how == QWindow.Visibility.Hidden:
            self._answered(again=False)

    def _answered(self, *, again: bool) -> None:
        if not self._answer.done():
            self._answer.set_result(again)
