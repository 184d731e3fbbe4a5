"""What a guide must still read, on the page that they come back to: how many there are, and the first of them."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.services.ports.library import LibraryReader, MaterialRow, Reader, Wanted
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel
from ui.viewmodels.library_words import MaterialTile, material_tile

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

FIRST = 3
"""How many are shown; the library has them all."""
TOGETHER_MS = 300
"""Files that come within this time are told together."""


@QmlElement
class MustReadsViewModel(ViewModel):
    """A material leaves as soon as this guide confirms it, is over, or is withdrawn."""

    changed = Signal()
    turned = Signal()
    """A picture that was asked for is here."""

    def __init__(self, desk: Desk, library: LibraryReader, session: Session, journal: Journal) -> None:
        super().__init__(desk)
        self._library, self._session = library, session
        self._list = KeyedListModel(MaterialTile)
        self._rows: list[MaterialRow] = []
        self._count, self._turn = 0, 0
        self._asked = Latest()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(TOGETHER_MS)
        self._soon.timeout.connect(self.open)
        desk.pictures.changed.connect(self._on_pictures)
        journal.subscribe(self._on_change)
        session.subscribe(lambda _: self.clear())

    @Property(QObject, constant=True)
    def found(self) -> KeyedListModel:
        """The newest first."""
        return self._list

    @Property(int, notify=changed)
    def count(self) -> int:
        """How many there are in all."""
        return self._count

    @Property(int, notify=turned)
    def turn(self) -> int:
        """Grows whenever a picture came that was asked for: an argument of `pictureOf`."""
        return self._turn

    @Slot(str, int, result=str)
    def pictureOf(self, sha256: str, turn: int) -> str:
        """The address of a picture, empty until it is opened."""
        return self.desk.pictures.of(sha256) if sha256 else ""

    @Slot()
    def open(self) -> None:
        """The page was opened, or something may be over by now."""
        self.run(self._load())

    @Slot(str)
    def look(self, material: str) -> None:
        """Opens one whole, over the library."""
        self.desk.go.open("Library", {"materialId": material, "look": True})

    @Slot()
    def everything(self) -> None:
        """Opens the library on all of them."""
        self.desk.go.open("Library", {"only": "must_read"})

    @Slot()
    def clear(self) -> None:
        """Another guide."""
        self._asked.ask()
        self._rows, self._count = [], 0
        self._show()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    def came(self, sha256: str) -> None:
        """A file has come: what is on its way has come further."""
        if self._count and not self._soon.isActive():
            self._soon.start()

    async def _load(self) -> None:
        newest, guide = self._asked.ask(), self._session.guide
        if guide is None:
            return
        reader = Reader(guide_id=guide.id, role=guide.staff.role)
        shelf = await self._library.shelf(reader)
        rows = await self._library.find(Wanted(only="must_read"), reader, limit=FIRST) if shelf.unread else ()
        if newest():
            self._rows, self._count = [row for row in rows if row.unread], shelf.unread
            self._show()

    def _show(self) -> None:
        self._list.update([material_tile(row, self.desk, selected=False) for row in self._rows])
        self.changed.emit()

    def _on_pictures(self) -> None:
        self._turn += 1
        self.turned.emit()

    def _on_change(self, change: Change) -> None:
        if self._session.guide is not None and any(ref.entity in ("material", "material_use") for ref in change.refs):
            self.run(self._load())
