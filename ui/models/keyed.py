"""A list model that is never reset: it is told the rows as they should be and changes only what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import Property, QAbstractListModel, QModelIndex, QPersistentModelIndex, Signal

Index = QModelIndex | QPersistentModelIndex
DISPLAY_ROLE, FIRST_ROLE = 0x0000, 0x0101
"""Qt's DisplayRole, and the first after its UserRole: to load its whole namespace of enums takes a start 16 ms."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what a list shows: plain values that QML understands. `key` names the row for as long as it lives."""

    key: str


class KeyedListModel(QAbstractListModel):
    """Rows of one `Row` class; each field is a role of the same name."""

    countChanged = Signal()

    def __init__(self, row_type: type[Row]) -> None:
        super().__init__()
        names = row_type.__struct_fields__
        self._fields = dict(enumerate(names, FIRST_ROLE))
        self._roles = {role: name.encode() for role, name in self._fields.items()}
        self._rows: list[Row] = []

    @property
    def rows(self) -> Sequence[Row]:
        """The rows as they stand."""
        return tuple(self._rows)

    def update(self, rows: Sequence[Row]) -> None:
        """Makes the model show `rows`, whose keys are unique, by the fewest removals, moves, insertions and changes."""
        before = len(self._rows)
        wanted = {row.key for row in rows}
        if len(wanted) != len(rows):
            raise ValueError("two rows have one key")
        self._remove_others(wanted)
        known = {row.key for row in self._rows}
        place = 0
        while place < len(rows):
            place = self._settle(place, rows, known)
        if len(self._rows) != before:
            self.countChanged.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008  (Qt's own signature)
        """Qt: how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = DISPLAY_ROLE) -> Any:
        """Qt: the value of one field of one row."""
        name = self._fields.get(role)
        if name is None or not index.isValid() or index.row() >= len(self._rows):
            return None
        return getattr(self._rows[index.row()], name)

    def roleNames(self) -> dict[int, Any]:  # noqa: N802  (Qt's own name)
        """Qt: the roles, by the names of the row's fields."""
        return self._roles

    @Property(int, notify=countChanged)
    def count(self) -> int:
        """How many rows there are, for QML."""
        return len(self._rows)

    def _remove_others(self, wanted: set[str]) -> None:
        end = len(self._rows)
        while end > 0:
            if self._rows[end - 1].key in wanted:
                end -= 1
                continue
            first = end - 1
            while first > 0 and self._rows[first - 1].key not in wanted:
                first -= 1
            self.beginRemoveRows(QModelIndex(), first, end - 1)
            del self._rows[first:end]
            self.endRemoveRows()
            end = first

    def _settle(self, place: int, rows: Sequence[Row], known: set[str]) -> int:
        """Makes the row at `place` right; returns the next place to look at."""
        row = rows[place]
        if row.key not in known:
            last = place
            while last + 1 < len(rows) and rows[last + 1].key not in known:
                last += 1
            self.beginInsertRows(QModelIndex(), place, last)
            self._rows[place:place] = rows[place : last + 1]
            self.endInsertRows()
            return last + 1
        if self._rows[place].key != row.key:
            source = next(n for n in range(place + 1, len(self._rows)) if self._rows[n].key == row.key)
            self.beginMoveRows(QModelIndex(), source, source, QModelIndex(), place)
            self._rows.insert(place, self._rows.pop(source))
            self.endMoveRows()
        if self._rows[place] != row:
            old, self._rows[place] = self._rows[place], row
            changed = [r for r, name in self._fields.items() if getattr(old, name) != getattr(row, name)]
            index = self.index(place)
            self.dataChanged.emit(index, index, changed)
        return place + 1
