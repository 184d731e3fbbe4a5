"""Hands and eyes for a real window: finds items by what a screen reader hears, clicks and types as a person does.

Runs inside the tablet's process (`Hands`) and takes one JSON command a line from standard input; answers one a line
on standard output. Only Qt's own events are used: what a covered or disabled control would not get, this does not get.
Each is handed to the window at once. A nested event loop, as QTest's, would draw the window while this holds the
interpreter, which what is painted in Python then waits for in Qt's render thread: both stand still for ever.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from PySide6.QtCore import (
    Q_ARG,
    Q_RETURN_ARG,
    QEvent,
    QMetaObject,
    QObject,
    QPointF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAccessible, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtQuick import QQuickItem, QQuickWindow
from shiboken6 import isValid

from guide_app.domain.errors import Defect

ANSWER = "\x1ehands "
"""Begins an answer's line, so that nothing else on standard output is taken for one."""
KEYS = {"Enter": Qt.Key.Key_Return, "Tab": Qt.Key.Key_Tab, "Escape": Qt.Key.Key_Escape, "Back": Qt.Key.Key_Backspace}


class Hands(QObject):
    """Works the window that it was last given; listens from the first one on."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._given: QQuickWindow | None = None
        self.asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    def take(self, window: QQuickWindow) -> None:
        """A window stands, perhaps in the place of another."""
        first = self._given is None
        self._given = window
        if first:
            threading.Thread(target=self._listen, name="hands", daemon=True).start()

    @property
    def _window(self) -> QQuickWindow:
        if self._given is None or not isValid(self._given):
            raise LookupError("there is no window just now")
        return self._given

    def _listen(self) -> None:
        for line in sys.stdin:
            self.asked.emit(line)
        os.kill(os.getpid(), signal.SIGTERM)  # whoever worked the tablet is gone

    def _answer(self, line: str) -> None:
        command: dict[str, Any] = json.loads(line)
        try:
            answer = {"ok": True, "value": getattr(self, "do_" + command.pop("do"))(**command)}
        except (LookupError, RuntimeError) as error:
            answer = {"ok": False, "error": str(error)}
        sys.stdout.write(ANSWER + json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    # ------------------------------------------------------------------ commands

    def do_click(self, name: str, nth: int = 0) -> None:
        """Clicks the middle of the control that is called so (or whose objectName it is)."""
        item = self._found(name, nth)
        if not item.isEnabled():
            raise LookupError(f"{name!r} is disabled")
        typed_into = _role(item) == QAccessible.Role.EditableText  # asked first: a click may take the item away
        spot = item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
        with suppress(RuntimeError):  # what the click made happen may take the item away before it returns
            self._click(spot)
        if typed_into and not item.hasActiveFocus():
            raise LookupError(f"{name!r} did not take the focus")

    def do_type(self, text: str) -> None:
        """Types into whatever has the focus."""
        for char in text:
            self._press(0, char)

    def do_key(self, key: str) -> None:
        """Presses one named key."""
        self._press(KEYS[key], "")

    def do_sees(self, name: str) -> bool:
        """Whether a control or a text that is called so can be seen."""
        return any(name in label or name == item.objectName() for item, label in self._labelled()) or (
            name in "\n".join(self._texts())
        )

    def do_texts(self) -> list[str]:
        """All text that can be seen."""
        return list(self._texts())

    def do_names(self) -> list[str]:
        """All controls that can be seen, by name."""
        return [label for _, label in self._labelled()]

    def do_count(self, name: str) -> int:
        """How many controls are called so."""
        return sum(1 for item, label in self._labelled() if name in (label, item.objectName()))

    def do_text(self, name: str) -> str:
        """The text of one item."""
        return str(self._found(name, 0).property("text"))

    def do_shot(self, path: str) -> bool:
        """Saves a picture of the window."""
        return bool(self._window.grabWindow().save(path))

    def do_size(self, width: int, height: int) -> None:
        """Gives the window another size."""
        self._window.resize(width, height)

    def do_set(self, target: str, value: Any) -> None:
        """Sets a property of the root window."""
        self._window.setProperty(target, value)

    def do_fail(self) -> None:
        """A mistake of ours, in what Qt calls."""
        QTimer.singleShot(0, _fail)

    # ------------------------------------------------------------------ handing events over

    def _click(self, spot: QPointF) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        spot, on_screen = QPointF(spot.toPoint()), QPointF(self._window.mapToGlobal(spot.toPoint()))
        for kind, held in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, none)):
            event = QMouseEvent(kind, spot, on_screen, left, held, Qt.KeyboardModifier.NoModifier)
            QGuiApplication.sendEvent(self._window, event)

    def _press(self, key: int, text: str) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QGuiApplication.sendEvent(self._window, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))

    # ------------------------------------------------------------------ looking

    def _found(self, name: str, nth: int) -> QQuickItem:
        labelled = sorted(self._labelled(), key=lambda pair: not _is_control(pair[0]))
        exact = [item for item, label in labelled if label == name or item.objectName() == name]
        found = exact or [item for item, label in labelled if name in label]
        if len(found) <= nth:
            raise LookupError(f"no {name!r} among {sorted({label for _, label in labelled})}")
        return found[nth]

    def _labelled(self) -> Iterator[tuple[QQuickItem, str]]:
        for item in self._visible(self._window.contentItem()):
            interface = QAccessible.queryAccessibleInterface(item)
            label = interface.text(QAccessible.Text.Name) if interface else ""
            if label or item.objectName():
                yield item, label

    def _texts(self) -> Iterator[str]:
        for item in self._visible(self._window.contentItem()):
            if item.inherits("QQuickText") or item.inherits("QQuickTextInput"):
                text = item.property("text")
                if text:
                    yield str(text)

    def _visible(self, item: QQuickItem) -> Iterator[QQuickItem]:
        if not item.isVisible() or item.opacity() == 0:
            return
        yield item
        spare = _spare(item)
        for child in item.childItems():
            if child not in spare:
                yield from self._visible(child)


def _fail() -> None:
    raise Defect("a mistake made on purpose")


def _spare(content: QQuickItem) -> set[QQuickItem]:
    """Rows that a list keeps to use again: not drawn, though "visible"."""
    view = content.parentItem()
    if view is None or not view.inherits("QQuickItemView") or content is not view.property("contentItem"):
        return set()
    live = {
        QMetaObject.invokeMethod(view, "itemAtIndex", Q_RETURN_ARG(QQuickItem), Q_ARG(int, n))
        for n in range(view.property("count"))
    }
    extra = {view.property(name) for name in ("headerItem", "footerItem", "highlightItem")}
    return {child for child in content.childItems() if child not in live and child not in extra}


def _is_control(item: QQuickItem) -> bool:
    return _role(item) not in (QAccessible.Role.NoRole, QAccessible.Role.StaticText, QAccessible.Role.Heading)


def _role(item: QQuickItem) -> QAccessible.Role:
    interface = QAccessible.queryAccessibleInterface(item)
    return interface.role() if interface else QAccessible.Role.NoRole
