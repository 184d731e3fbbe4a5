"""All QML is clean under qmllint; and a page with a wrong property is found, or the check would prove nothing."""

from pathlib import Path

from tests.architecture.qml_lint import lint

WRONG_PAGE = """
import QtQuick
import Probe
Item {
    required property ProbeModel model
    property string known: model.title
    property string unknown: model.nothing
}
"""
MODEL = """
from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

QML_IMPORT_NAME = "Probe"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class ProbeModel(QObject):
    changed = Signal()

    @Property(str, notify=changed)
    def title(self) -> str:
        return ""
"""


def test_every_page_is_clean(root: Path, tmp_path: Path) -> None:
    complaints = lint(root / "ui", root / "ui" / "qml", tmp_path)
    assert not complaints, complaints


def test_a_wrong_property_is_found(tmp_path: Path) -> None:
    (tmp_path / "probe.py").write_text(MODEL)
    (tmp_path / "Page.qml").write_text(WRONG_PAGE)
    complaints = lint(tmp_path, tmp_path, tmp_path / "work")
    assert 'Member "nothing" not found' in complaints
    assert "title" not in complaints.replace("known: model.title", "")
