"""A scan is told from a person by its speed alone, and leaves nothing in the field it was typed into."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt, QUrl
from PySide6.QtQuick import QQuickItem, QQuickView
from PySide6.QtTest import QTest

from tests.qt.test_gallery import GALLERY, spy
from ui.runtime.icons import IconProvider
from ui.runtime.scanner import FASTEST_PERSON_S, LONGEST, SHORTEST, ScanCatcher
from ui.runtime.windows import QML, load_fonts

ENTER = int(Qt.Key.Key_Return)
CODE = "6901234567892"


class Desk:
    """A catcher at a clock that the test turns."""

    def __init__(self, focus: QQuickItem | None = None) -> None:
        self.now = 100.0
        self.catcher = ScanCatcher(lambda: self.now, lambda: focus)
        self.codes: list[str] = []
        self.catcher.scanned.connect(self.codes.append)

    def types(self, text: str, every: float) -> None:
        for letter in text:
            self.now += every
            assert not self.catcher.key(0, letter), "no key but the last is swallowed"

    def enter(self, after: float) -> bool:
        self.now += after
        return self.catcher.key(ENTER, "\r")


def test_fast_keys_and_enter_are_one_scan(qapp: object) -> None:
    desk = Desk()
    desk.types(CODE, 0.005)
    assert desk.enter(0.005), "its Enter presses no button"
    assert desk.codes == [CODE]


@pytest.mark.parametrize(
    ("every", "after"), [(0.08, 0.08), (0.005, 0.5), (0.036, 0.005)], ids=["slow", "late Enter", "a quick person"]
)
def test_a_person_is_no_scanner(qapp: object, every: float, after: float) -> None:
    desk = Desk()
    desk.types(CODE, every)
    assert not desk.enter(after)
    assert desk.codes == []


def test_what_a_person_typed_before_is_not_part_of_the_code(qapp: object) -> None:
    desk = Desk()
    desk.types("li", 0.2)
    desk.now += 1
    desk.types(CODE, 0.004)
    desk.enter(0.004)
    assert desk.codes == [CODE]


def test_too_short_or_endless_is_no_scan(qapp: object) -> None:
    desk = Desk()
    desk.types("1" * (SHORTEST - 1), 0.004)
    assert not desk.enter(0.004)
    desk.types("1" * (LONGEST + 1), 0.004)
    assert not desk.enter(0.004)
    assert desk.codes == []


@given(
    st.lists(st.tuples(st.text(alphabet="0123456789ABCabc-/", min_size=SHORTEST, max_size=20), st.floats(0, 0.03))),
    st.floats(FASTEST_PERSON_S * 1.1, 5),
)
def test_scans_one_after_another_are_each_whole(qapp: object, scans: list[tuple[str, float]], between: float) -> None:
    desk = Desk()
    for code, every in scans:
        desk.now += between
        desk.types(code, every)
        desk.enter(every)
    assert desk.codes == [code for code, _ in scans]


@pytest.fixture
def view(qapp: object) -> Iterator[QQuickView]:
    load_fonts()
    view = QQuickView()
    view.engine().addImportPath(str(QML))
    view.engine().addImageProvider("icon", IconProvider())
    view.setSource(QUrl.fromLocalFile(str(GALLERY)))
    view.show()
    view.requestActivate()
    yield view
    view.close()
    view.deleteLater()


def test_the_field_in_focus_holds_again_what_it_held_and_says_so(view: QQuickView) -> None:
    field = view.rootObject().findChild(QQuickItem, "field")
    assert isinstance(field, QQuickItem)
    inner = next(item for item in field.findChildren(QQuickItem) if item.inherits("QQuickTextInput"))
    inner.forceActiveFocus()
    inner.setProperty("maximumLength", 8)
    now = [100.0]
    catcher = ScanCatcher(lambda: now[0], view.activeFocusItem)
    codes: list[str] = []
    catcher.scanned.connect(codes.append)
    view.installEventFilter(catcher)
    edited = spy(field, "edited(QString)")
    for key in CODE:
        now[0] += 0.005
        QTest.keyClick(view, Qt.Key(ord(key)))
    assert inner.property("text") == "谢安宁69012", "the field is too short for the code"
    now[0] += 0.005
    QTest.keyClick(view, Qt.Key.Key_Return)
    view.removeEventFilter(catcher)
    assert codes == [CODE]
    assert inner.property("text") == "谢安宁"
    assert list(edited.at(edited.count() - 1)) == ["谢安宁"]
