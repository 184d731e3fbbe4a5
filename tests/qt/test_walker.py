"""The walker finds each kind of fault when one is planted, and nothing on a page without any."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QTimer, QUrl
from PySide6.QtQml import QQmlComponent, QQmlEngine
from PySide6.QtQuick import QQuickItem, QQuickWindow

from tests.qt.walker import Brackets, Finding, raw, walk, walk_through

HEAD = b"import QtQuick\nimport QtQuick.Layouts\nimport QtQuick.Templates as T\nItem { width: 400; height: 300\n"
SOUND = """
    T.AbstractButton {
        width: 120; height: 48; Accessible.name: "Save"
        contentItem: Text { text: "保存"; horizontalAlignment: Text.AlignHCenter }
    }
    Text { y: 100; text: "两行" }
    Text { y: 130; text: "再来" }
    T.AbstractButton { y: 200; width: 36; height: 20; Accessible.name: "Small"
        Item { objectName: "hitArea"; anchors.centerIn: parent; width: 48; height: 48 } }
    MouseArea { anchors.fill: parent; onClicked: console.log("scrim") }
"""
ROWS = """
    ListView {
        objectName: "rows"; width: 300; height: 290; clip: true; model: 30
        property int times: 1
        delegate: Item {
            id: line
            width: ListView.view.width; implicitHeight: words.implicitHeight
            ColumnLayout {
                id: words
                width: parent.width
                Text {
                    Layout.fillWidth: true; wrapMode: Text.Wrap
                    text: "好的 ".repeat(20 * line.ListView.view.times)
                }
            }
        }
    }
"""


class Bench:
    """A window that shows a piece of QML."""

    def __init__(self) -> None:
        self.window, self.engine = QQuickWindow(), QQmlEngine()
        self.window.resize(400, 300)
        self._component = QQmlComponent(self.engine)

    def show(self, inside: str) -> QQuickItem:
        self._component.setData(HEAD + inside.encode() + b"}", QUrl("file:planted.qml"))
        made = self._component.create()
        assert isinstance(made, QQuickItem), self._component.errorString()
        made.setParentItem(self.window.contentItem())
        self.window.show()
        QCoreApplication.processEvents()
        return made

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()


@pytest.fixture
def bench(qapp: object) -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


def test_a_sound_page_has_no_finding(bench: Bench) -> None:
    assert walk(bench.show(SOUND), ["Save all", "Two lines"]) == []


@pytest.mark.parametrize(
    ("kind", "planted"),
    [
        ("cut", 'Text { y: 60; width: 40; elide: Text.ElideRight; text: "a rather long sentence" }'),
        ("cut", 'Text { y: 60; width: 40; text: "a rather long sentence" }'),
        ("cut", 'Text { x: 380; y: 60; text: "over the edge" }'),
        ("cut", 'Item { y: 60; width: 30; height: 30; clip: true; Text { text: "behind a clip" } }'),
        ("cut", 'Rectangle { y: 60; width: 30; height: 30; color: "red"; Text { text: "out of its box" } }'),
        ("cut", 'Rectangle { y: 60; width: 90; height: 8; color: "red"; Text { text: "too low" } }'),
        ("faint", 'Text { y: 60; text: "grey on white"; color: "#777777" }'),
        ("faint", 'Text { y: 60; text: "half there"; opacity: 0.5 }'),
        ("faint", 'Rectangle { y: 60; width: 200; height: 30; color: "#0B6E5F"; Text { text: "black on green" } }'),
        ("faint", 'Text { y: 60; text: "large"; color: "#969696"; font.pixelSize: 24 }'),
        ("overlap", 'Text { y: 104; text: "两行上面" }'),
        ("overlap", 'T.AbstractButton { x: 90; width: 60; height: 48; Accessible.name: "On top" }'),
        ("unnamed", "T.AbstractButton { x: 200; width: 60; height: 48 }"),
        ("unnamed", 'MouseArea { x: 200; width: 60; height: 48; onClicked: console.log("tap") }'),
        ("unnamed", "Item { x: 200; width: 60; height: 48; TapHandler {} }"),
        ("unnamed", "T.TextField { x: 200; width: 90; height: 48 }"),
        ("small", 'T.AbstractButton { x: 200; width: 60; height: 40; Accessible.name: "Low" }'),
        ("small", 'T.TextField { x: 200; width: 90; height: 30; Accessible.name: "Low" }'),
        ("untranslated", 'Text { y: 60; text: "Two lines" }'),
        ("untranslated", 'Text { y: 60; text: "7 wait for the network" }'),
        ("untranslated", 'T.AbstractButton { x: 200; width: 60; height: 48; Accessible.name: "Two lines" }'),
    ],
)
def test_a_planted_fault_is_found(bench: Bench, kind: str, planted: str) -> None:
    found = walk(bench.show(SOUND + planted), ["Two lines", "%n wait for the network", "%1"])
    assert [one.kind for one in found] == [kind], found


@pytest.mark.parametrize(
    "inside",
    [
        'Flickable { y: 60; width: 90; height: 30; contentHeight: 300; clip: true; Text { y: 20; text: "scrolls" } }',
        'Text { y: 60; visible: false; width: 10; text: "not shown at all" }',
        'Text { y: 60; text: "large"; color: "#949494"; font.pixelSize: 24 }',
        'Text { y: 60; text: "cannot be used"; enabled: false; opacity: 0.4 }',
        'Rectangle { y: 60; width: 200; height: 30; color: "#0B6E5F"; Text { text: "white on it"; color: "white" } }',
        "Rectangle { y: 90; width: 400; height: 100; Accessible.role: Accessible.Dialog\n"
        'Text { y: 10; text: "over the page" } }',
    ],
)
def test_what_a_person_can_scroll_to_or_does_not_see_is_no_fault(bench: Bench, inside: str) -> None:
    assert walk(bench.show(SOUND + inside)) == []


def test_text_that_never_met_a_translator_stands_without_brackets(bench: Bench) -> None:
    brackets = Brackets()
    QCoreApplication.installTranslator(brackets)
    try:
        root = bench.show('Text { text: qsTr("Told") } Text { y: 40; text: "Raw" } Text { y: 80; text: "Lin" }')
        assert [one.what for one in raw(root, data=["Lin"])] == ["Raw"]
    finally:
        QCoreApplication.removeTranslator(brackets)


def test_what_lies_below_is_scrolled_to(bench: Bench) -> None:
    root = bench.show(
        "Flickable { width: 200; height: 100; contentHeight: 600; clip: true\n"
        "T.AbstractButton { y: 500; width: 60; height: 60 } }"
    )
    assert walk(root) == []
    assert [one.kind for one in walk_through(root)] == ["unnamed"]


@pytest.mark.parametrize("turns", range(6))
def test_rows_that_grow_while_it_walks_are_moved_before_they_are_judged(bench: Bench, turns: int) -> None:
    """What a page reads may come back in the middle: the words are laid out first, the rows moved a turn later."""
    root = bench.show(ROWS)
    rows = root.findChild(QQuickItem, "rows")
    assert isinstance(rows, QQuickItem)

    def grow(left: int) -> None:
        if left:
            QTimer.singleShot(0, partial(grow, left - 1))
        else:
            rows.setProperty("times", 3)

    grow(turns)
    assert walk_through(root) == []
    assert rows.property("times") == 3


@pytest.mark.parametrize(("home", "kinds"), [("rows.contentItem", []), ("rows", ["unnamed"])])
def test_a_row_that_its_list_let_go_is_no_fault(bench: Bench, home: str, kinds: list[str]) -> None:
    root = bench.show(
        "ListView { id: rows; width: 200; height: 200; model: 2; delegate: Item { width: 200; height: 60 }\n"
        f"T.AbstractButton {{ parent: {home}; y: 140; width: 60; height: 60 }} }}"
    )
    assert [one.kind for one in walk(root)] == kinds


def test_a_finding_says_where(bench: Bench) -> None:
    root = bench.show('Item { objectName: "basket"; T.AbstractButton { objectName: "add"; width: 60; height: 60 } }')
    assert walk(root) == [
        Finding("unnamed", "AbstractButton#add < Item#basket < Item < RootItem", "a screen reader has no name for it")
    ]
