"""The keys that work on every page, and the sheet that names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Property, QObject, Slot
from PySide6.QtQml import QmlElement

from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


class KeyLine(Row, frozen=True):
    """A key, and what it does."""

    label: str


@QmlElement
class KeysViewModel(ViewModel):
    """The sheet of keys; `ui/qml/Shortcuts.qml` binds them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._keys = KeyedListModel(KeyLine)
        self.retranslate()

    @Property(QObject, constant=True)
    def keys(self) -> KeyedListModel:
        """Each key with its words."""
        return self._keys

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self.retranslate()

    @Slot()
    def close(self) -> None:
        """The sheet goes, the page stays."""
        self.desk.go.closeSheet()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        said = {
            "Ctrl K": tr("Search members, products, orders and tickets"),
            "Ctrl 1": tr("Today"),
            "Ctrl 2": tr("Members"),
            "Ctrl 3": tr("Order"),
            "Ctrl N": tr("Sign up a member"),
            "Ctrl Z": tr("Take back what was just done"),
            "Ctrl L": tr("Lock: another guide takes over"),
            "F1": tr("These keys"),
            "Esc": tr("Close a sheet, empty a search"),
            "Tab": tr("To the next control; Enter presses it"),
        }
        self._keys.update([KeyLine(key=key, label=label) for key, label in said.items()])
