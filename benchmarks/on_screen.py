"""What `frames` and `memory` start: the tablet as `guide` starts it, with hands of its own; it prints one line of JSON.

scroll(…)   scrolls the member list, a step a frame: milliseconds between frames, and whether sync had come to rest
leaf(…)     once sync rests, opens one page after another: resident bytes on Today after half and after all of them
empty()     an empty window of the same Qt: its resident bytes
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.opened import LOCK, is_so

if TYPE_CHECKING:
    from PySide6.QtQuick import QQuickItem, QQuickWindow

PAGES = ("Members", "Order", "Orders", "Attention", "Settings", "Today")
_STEP = 48.0
"""Pixels of scrolling a frame: a quick flick."""


def scroll(data: str, staff_id: str, pin: str, frames: int) -> None:
    """Prints {"frames": [ms …], "rested": bool}."""
    _guide(data, lambda window: Scroll(window, staff_id, pin, frames))


def leaf(data: str, staff_id: str, pin: str, changes: int) -> None:
    """Prints {"half": bytes, "end": bytes}."""
    _guide(data, lambda window: Leaf(window, staff_id, pin, changes))


def empty() -> None:
    """Prints {"end": bytes}."""
    import sys

    from PySide6.QtCore import QTimer, QUrl
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtQml import QQmlApplicationEngine

    app = QGuiApplication(sys.argv[:1])
    engine = QQmlApplicationEngine()
    engine.loadData(b"import QtQuick\nWindow { width: 1280; height: 800; visible: true }", QUrl("empty.qml"))
    QTimer.singleShot(1000, lambda: _say({"end": resident()}))
    app.exec()


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _guide(data: str, hands: Callable[[QQuickWindow], object]) -> None:
    from guide_app import cli

    kept: list[object] = []
    cli.main(["--windowed", "--data", data], lambda window: kept.append(hands(window)))


class _Rest(logging.Handler):
    """Knows whether the sync engine came to rest."""

    rested = False

    def emit(self, record: logging.LogRecord) -> None:
        told = record.args
        self.rested = self.rested or (isinstance(told, tuple) and len(told) == 3 and told[1] == "idle")


class Hands:
    """Signs in; from then on `frame` is called after each frame."""

    def __init__(self, window: QQuickWindow, staff_id: str, pin: str) -> None:
        from PySide6.QtQml import QQmlExpression, qmlContext

        context = qmlContext(window)
        if context is None:
            raise RuntimeError("the window is none of QML's")
        self.sync = _Rest()
        engine = logging.getLogger("sync.engine")
        engine.setLevel(logging.INFO)
        engine.addHandler(self.sync)
        self.window = window

        def expression(text: str) -> QQmlExpression:
            return QQmlExpression(context, window, text)

        self._ask = expression
        taps = [f"{LOCK}.choose('{staff_id}')", *(f"{LOCK}.pad.digit('{digit}')" for digit in pin)]
        self._locked = self._ask(f"shell.stage === 'lock' && {LOCK}.people.rowCount() > 0")
        self._working = self._ask("shell.stage === 'work' && !pages.model('Today').loading")
        self._sign_in = self._ask("; ".join(taps))
        self._stage = 0
        window.frameSwapped.connect(self._look)

    def go(self, page: str) -> None:
        """Opens a page."""
        self._ask(f"navigator.go('{page}')").evaluate()

    def frame(self) -> None:
        """A frame was drawn."""
        raise NotImplementedError

    def _look(self) -> None:
        if self._stage == 2:
            self.frame()
        elif self._stage == 1 and is_so(self._working):
            self._stage = 2
            self.frame()
        elif self._stage == 0 and is_so(self._locked):
            self._stage = 1
            self._sign_in.evaluate()
        self.window.update()


class Scroll(Hands):
    """Scrolls through the members."""

    def __init__(self, window: QQuickWindow, staff_id: str, pin: str, frames: int) -> None:
        super().__init__(window, staff_id, pin)
        self._left, self._step = frames, _STEP
        self._list: QQuickItem | None = None
        self._opened = False
        self._last = 0.0
        self._took: list[float] = []

    def frame(self) -> None:
        if not self._opened:
            self._opened = True
            self.go("Members")
        self._list = self._list or _list_view(self.window.contentItem())
        if self._list is None or self._list.property("count") < 50:
            return
        now = time.perf_counter()
        if self._last:
            self._took.append((now - self._last) * 1000)
        self._last = now
        at, end = self._list.property("contentY"), self._list.property("contentHeight") - self._list.height()
        if not 0 <= at + self._step <= end:
            self._step = -self._step
        self._list.setProperty("contentY", at + self._step)
        self._left -= 1
        if not self._left:
            _say({"frames": self._took, "rested": self.sync.rested})


class Leaf(Hands):
    """Opens page after page."""

    def __init__(self, window: QQuickWindow, staff_id: str, pin: str, changes: int) -> None:
        super().__init__(window, staff_id, pin)
        self._pages, self._all, self._done, self._half = cycle(PAGES), changes, 0, 0
        self._wait = 0

    def frame(self) -> None:
        if not self.sync.rested or self._wait:
            self._wait = max(0, self._wait - 1)
            return
        self._wait = 2  # a frame to lay out, one to draw
        if self._done % len(PAGES) == 0:  # Today stands
            self._half = self._half or (resident() if 2 * self._done >= self._all else 0)
            if self._done >= self._all:
                _say({"half": self._half, "end": resident()})
        self.go(next(self._pages))
        self._done += 1


def _list_view(item: QQuickItem) -> QQuickItem | None:
    """The first list of more than a page of rows below an item."""
    for child in item.childItems():
        if child.inherits("QQuickListView") and child.isVisible() and child.property("count"):
            return child
        found = _list_view(child)
        if found is not None:
            return found
    return None


def _say(found: dict[str, object]) -> None:
    print(json.dumps(found), flush=True)
    os._exit(0)
