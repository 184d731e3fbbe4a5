"""The only place with an application and an event loop: Qt's, which asyncio runs on through qasync."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtQuick import QQuickWindow

from guide_app.domain.errors import EnvironmentProblem
from guide_app.services.container import Container
from guide_app.services.ports.device import Preferences
from ui.runtime.defects import Defects, Tasks
from ui.runtime.screen import Screen
from ui.runtime.windows import load_fonts

if TYPE_CHECKING:
    from ui.runtime.trouble import TroubleWindow

log = logging.getLogger(__name__)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def run(
    tablet: Callable[[], AbstractAsyncContextManager[Container]],
    *,
    preferences: Preferences,
    app_version: str,
    windowed: bool,
    on_window: Callable[[QQuickWindow], object] | None = None,
) -> int:
    """Shows the tablet until its window is closed or the system ends it; returns the exit code.

    Where the tablet cannot be opened a window says so, and what to do; once that is closed, what opening raised is
    raised. `on_window` is told each window once it stands.
    """
    from qasync import QEventLoop

    qInstallMessageHandler(_to_log)
    app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    QGuiApplication.setApplicationName("Store Guide")
    QGuiApplication.setQuitOnLastWindowClosed(False)
    load_fonts()
    show = _Show(preferences, app_version, windowed, on_window or (lambda _: None))
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(_serve(tablet, show))
    return 0


@dataclass(frozen=True)
class _Show:
    """How windows are shown."""

    preferences: Preferences
    app_version: str
    windowed: bool
    on_window: Callable[[QQuickWindow], object]


async def _serve(tablet: Callable[[], AbstractAsyncContextManager[Container]], show: _Show) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, ended.set)
    defects = Defects()
    tasks = Tasks(defects)
    with defects.watched():
        async with AsyncExitStack() as held:
            container = await _opened(held, tablet, show, ended)
            screen = Screen(container, tasks.spawn, windowed=show.windowed)
            screen.window.visibilityChanged.connect(
                lambda how: ended.set() if how == QWindow.Visibility.Hidden else None
            )
            show.on_window(screen.window)
            try:
                with defects.told_by(screen.toasts.defect):
                    await ended.wait()
            finally:
                await tasks.cancel()
                screen.close()


async def _opened(
    held: AsyncExitStack,
    tablet: Callable[[], AbstractAsyncContextManager[Container]],
    show: _Show,
    ended: asyncio.Event,
) -> Container:
    """The open tablet, however many tries it took. Raises what the last one raised when the person gives up."""
    trouble: TroubleWindow | None = None
    try:
        while True:
            try:
                return await _looked_at(held, tablet)
            except Exception as error:
                _note(error)
                if trouble is None:
                    from ui.runtime.trouble import TroubleWindow

                    trouble = TroubleWindow(show.preferences, show.app_version, windowed=show.windowed)
                    show.on_window(trouble.window)
                if not await _asks_again(trouble, error, ended):
                    raise
    finally:
        if trouble is not None:
            trouble.close()


async def _looked_at(held: AsyncExitStack, tablet: Callable[[], AbstractAsyncContextManager[Container]]) -> Container:
    """The open tablet, once what the first page shows could be read: a damage there would leave an empty window."""
    async with AsyncExitStack() as attempt:
        container = await attempt.enter_async_context(tablet())
        await container.read.shop.tablet()
        await container.read.shop.settings()
        await container.read.shop.staff()
        await container.read.outbox.waiting()
        held.push_async_exit(attempt.pop_all())
    return container


async def _asks_again(trouble: TroubleWindow, error: Exception, ended: asyncio.Event) -> bool:
    """What the person answers; False when the system ends the app meanwhile."""
    answer = asyncio.ensure_future(trouble.asks_again(error))
    end = asyncio.ensure_future(ended.wait())
    await asyncio.wait((answer, end), return_when=asyncio.FIRST_COMPLETED)
    end.cancel()
    return not answer.cancel() and answer.result()


def _note(error: Exception) -> None:
    if isinstance(error, EnvironmentProblem):
        log.error("the tablet cannot be opened: %s: %s", type(error).__name__, error)
    else:
        log.critical("the tablet cannot be opened: a defect", exc_info=error)


def _to_log(level: QtMsgType, _: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(level, logging.WARNING), "%s", message)
