"""Where the tablet is: one page, perhaps a sheet over it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from ui.viewmodels.base import QML_MODULE

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

FIRST = "Today"
DEEPEST = 20
ONCE = {"Order": frozenset({"memberId", "productId", "code"}), "Orders": frozenset({"missing"})}
"""Arguments by which a page does something beside showing it: on the way back it is not done again."""


@QmlElement
class Navigator(QObject):
    """Pages and sheets by name. `opened` tells the page's view-model what it was opened with."""

    changed = Signal()
    opened = Signal(str, dict)
    sheetOpened = Signal(str, dict)

    def __init__(self) -> None:
        super().__init__()
        self._page, self._sheet = FIRST, ""
        self._way: list[tuple[str, dict[str, Any]]] = []
        self._arguments: dict[str, Any] = {}

    @Property(str, notify=changed)
    def page(self) -> str:
        """The page shown."""
        return self._page

    @Property(str, notify=changed)
    def sheetName(self) -> str:  # noqa: N802
        """The sheet over it, or empty."""
        return self._sheet

    @property
    def over(self) -> str:
        """`sheetName`, for Python."""
        return self._sheet

    def open(self, page: str, arguments: dict[str, Any] | None = None) -> None:
        """Goes to a page."""
        if page != self._page:
            self._way = [*self._way[-DEEPEST:], (self._page, self._arguments)]
        self._page, self._arguments, self._sheet = page, arguments or {}, ""
        self.changed.emit()
        self.opened.emit(page, self._arguments)

    def sheet(self, name: str, arguments: dict[str, Any] | None = None) -> None:
        """Lays a sheet over the page."""
        self._sheet = name
        self.changed.emit()
        self.sheetOpened.emit(name, arguments or {})

    @Slot(str)
    def go(self, page: str) -> None:
        """A place of the rail was pressed."""
        self.open(page)

    @Slot(str)
    def showSheet(self, name: str) -> None:  # noqa: N802
        """A sheet that needs nothing else."""
        self.sheet(name)

    @Slot()
    def closeSheet(self) -> None:  # noqa: N802
        """The sheet goes, the page stays."""
        self._sheet = ""
        self.changed.emit()

    @Slot()
    def back(self) -> None:
        """To where the person came from."""
        if self._way:
            page, arguments = self._way.pop()
            self._page, self._arguments, self._sheet = page, arguments, ""
            self.changed.emit()
            self.opened.emit(page, {name: of for name, of in arguments.items() if name not in ONCE.get(page, ())})

    def reset(self) -> None:
        """Another guide: nothing of the last one's way stays."""
        self._way, self._page, self._arguments, self._sheet = [], FIRST, {}, ""
        self.changed.emit()
        self.opened.emit(FIRST, {})
