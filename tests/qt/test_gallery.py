"""Every control of the kit: drawn in both themes and at large text without a fault, and worked by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtQuick import QQuickItem, QQuickView
from PySide6.QtTest import QSignalSpy, QTest

from tests.qt.pictures import LANDSCAPE, PORTRAIT, Look, hold, take
from tests.qt.walker import walk_through
from ui.runtime.icons import IconProvider
from ui.runtime.windows import QML, load_fonts

GALLERY = Path(__file__).with_name("gallery.qml")
LOOKS = [
    Look(size, "zh_CN", dark, scale) for size in (LANDSCAPE, PORTRAIT) for dark in (False, True) for scale in (1.0, 1.3)
]


@pytest.fixture
def gallery(qapp: object) -> Iterator[QQuickView]:
    load_fonts()
    view = QQuickView()
    view.engine().addImportPath(str(QML))
    view.engine().addImageProvider("icon", IconProvider())
    view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
    view.setSource(QUrl.fromLocalFile(str(GALLERY)))
    assert view.status() == QQuickView.Status.Ready, [error.toString() for error in view.errors()]
    view.show()
    view.requestActivate()
    yield view
    view.close()
    view.deleteLater()


def theme(view: QQuickView) -> QObject:
    found = view.engine().singletonInstance("Theme", "Theme")
    assert isinstance(found, QObject)
    return found


def control(view: QQuickView, name: str) -> QQuickItem:
    found = view.rootObject().findChild(QQuickItem, name)
    assert isinstance(found, QQuickItem), name
    return found


def tap(view: QQuickView, item: QQuickItem) -> None:
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=item.mapToScene(item.boundingRect().center()).toPoint())


def spy(item: QQuickItem, signal: str) -> QSignalSpy:
    meta = item.metaObject()
    return QSignalSpy(item, meta.method(meta.indexOfSignal(signal)))


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_control_is_whole(gallery: QQuickView, look: Look) -> None:
    theme(gallery).setProperty("dark", look.dark)
    theme(gallery).setProperty("textScale", look.text_scale)
    hold(gallery, look)
    take(gallery, "gallery", look)
    assert walk_through(gallery.contentItem()) == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_key_presses_the_button_in_focus_once(gallery: QQuickView, key: Qt.Key) -> None:
    button = control(gallery, "secondary")
    pressed = spy(button, "clicked()")
    button.forceActiveFocus(Qt.FocusReason.TabFocusReason)
    assert button.property("visualFocus"), "the ring shows where the keyboard is"
    QTest.keyClick(gallery, key)
    assert pressed.count() == 1


def test_tab_goes_on_in_reading_order(gallery: QQuickView) -> None:
    control(gallery, "primary").forceActiveFocus(Qt.FocusReason.TabFocusReason)
    order = []
    for _ in range(3):
        order.append(gallery.activeFocusItem().objectName())
        QTest.keyClick(gallery, Qt.Key.Key_Tab)
    assert order == ["primary", "tonal", "secondary"]


def test_a_disabled_button_does_nothing(gallery: QQuickView) -> None:
    button = control(gallery, "secondary")
    button.setEnabled(False)
    pressed = spy(button, "clicked()")
    tap(gallery, button)
    assert pressed.count() == 0
    assert button.opacity() == pytest.approx(theme(gallery).property("disabled"))


def test_a_switch_asks_and_does_not_turn_by_itself(gallery: QQuickView) -> None:
    toggle = control(gallery, "toggle")
    asked = spy(toggle, "asked(bool)")
    tap(gallery, toggle)
    assert [list(asked.at(n)) for n in range(asked.count())] == [[False]]
    assert toggle.property("on") is True, "what is on is the view-model's to say"


def test_no_motion_when_less_is_wished_for(gallery: QQuickView) -> None:
    theme(gallery).setProperty("reduceMotion", True)
    assert (theme(gallery).property("motionIn"), theme(gallery).property("motionOut")) == (0, 0)
