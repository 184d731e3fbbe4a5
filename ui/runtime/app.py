"""The only place with an application and an event loop: Qt's, which asyncio runs on through qasync."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtQuick import QQuickWindow

from guide_app.services.container import Container
from ui.runtime.screen import Screen, load_fonts

log = logging.getLogger(__name__)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Tasks:
    """Work under way in the event loop: kept until it ends, cancelled at the end, its failures never silent."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Starts work."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def cancel(self) -> None:
        """Ends all of it and waits until it has ended."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("work in the background failed", exc_info=error)


def run(
    tablet: Callable[[], AbstractAsyncContextManager[Container]],
    *,
    windowed: bool,
    on_window: Callable[[QQuickWindow], object] | None = None,
) -> int:
    """Shows the tablet until its window is closed or the system ends it; returns the exit code.

    `on_window` is told the window once it stands. Raises what opening the tablet raises.
    """
    from qasync import QEventLoop

    qInstallMessageHandler(_to_log)
    app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    QGuiApplication.setApplicationName("Store Guide")
    QGuiApplication.setQuitOnLastWindowClosed(False)
    load_fonts()
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(_serve(tablet, windowed, on_window))
    return 0


async def _serve(
    tablet: Callable[[], AbstractAsyncContextManager[Container]],
    windowed: bool,
    on_window: Callable[[QQuickWindow], object] | None,
) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, ended.set)
    tasks = Tasks()
    async with tablet() as container:
        screen = Screen(container, tasks.spawn, windowed=windowed)
        screen.window.visibilityChanged.connect(lambda how: ended.set() if how == QWindow.Visibility.Hidden else None)
        held = on_window(screen.window) if on_window is not None else None
        try:
            await ended.wait()
        finally:
            del held
            await tasks.cancel()
            screen.close()


def _to_log(level: QtMsgType, _: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(level, logging.WARNING), "%s", message)
