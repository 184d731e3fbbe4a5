"""What pages with a list and one of its rows beside it have in common: search, filter, more rows, which is shown."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Property, QObject, Signal, Slot

from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import Desk, Latest, ViewModel

PAGE = 50
"""Rows that are read at once."""


class ListBesideViewModel(ViewModel):
    """`_wanted`: the id of the row beside the list; what `_searched` and `_chosen` outdate is not shown."""

    listChanged = Signal()
    filters_known: ClassVar[tuple[str, ...]] = ("",)
    """The filters; the first holds at first."""

    def __init__(self, desk: Desk, session: Session, line: type[Row]) -> None:
        super().__init__(desk)
        self._session = session
        self._list = KeyedListModel(line)
        self._text, self._filter, self._shown, self._wanted = "", self.filters_known[0], PAGE, ""
        self._searched, self._chosen = Latest(), Latest()
        self._answered = False
        session.subscribe(lambda _: self.clear())

    @Property(QObject, constant=True)
    def found(self) -> KeyedListModel:
        """What was found, newest first."""
        return self._list

    @Property(bool, notify=listChanged)
    def nothing(self) -> bool:
        """Whether the list was read and there is none."""
        return self._answered and self._list.rowCount() == 0

    @Property(str, notify=listChanged)
    def text(self) -> str:
        """What is searched for."""
        return self._text

    @Property(str, notify=listChanged)
    def filter(self) -> str:
        """Which are shown."""
        return self._filter

    @Slot(str)
    def search(self, text: str) -> None:
        """Searches as the person types."""
        self._text, self._shown = text, PAGE
        self.run(self._find())

    @Slot(str)
    def setFilter(self, name: str) -> None:
        """Narrows the list."""
        if name in self.filters_known:
            self._filter, self._shown = name, PAGE
            self.run(self._find())

    @Slot()
    def more(self) -> None:
        """The list was scrolled to its end."""
        if self._list.rowCount() >= self._shown:
            self._shown += PAGE
            self.run(self._find())

    @Slot(str)
    def choose(self, row_id: str) -> None:
        """Shows one beside the list."""
        self._wanted = row_id
        self.run(self._load())

    @Slot()
    def close(self) -> None:
        """Back to the list alone."""
        self._wanted = ""
        self._chosen.ask()
        self._put_away(everything=False)
        self._show()

    @Slot()
    def clear(self) -> None:
        """Another guide: nothing of the last one's stays."""
        self._text, self._filter, self._shown = "", self.filters_known[0], PAGE
        self._searched.ask()
        self._answered = False
        self._put_away(everything=True)
        self.close()

    async def _find(self) -> None:
        """Reads the list."""
        raise NotImplementedError

    async def _load(self) -> None:
        """Reads the row that is wanted beside it."""
        raise NotImplementedError

    def _put_away(self, *, everything: bool) -> None:
        """Forgets the row beside the list, or all that was read."""
        raise NotImplementedError

    def _show(self) -> None:
        """Shows what was read, in the language of now."""
        raise NotImplementedError
