"""The next step of a talk: on which day, and who is to take it. One tap for the day, one for a colleague."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.duedays import coming_day
from guide_app.services.ports.shop import StaffRow
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

DUE_DAYS = (1, 3, 7, 14, 30)


class DueTile(Row, frozen=True):
    """A day for the next follow-up; the key is the day."""

    label: str
    selected: bool


class ColleagueTile(Row, frozen=True):
    """Who is to take the next step; the key is the guide's id."""

    label: str
    selected: bool


@QmlElement
class NextStepViewModel(ViewModel):
    """`decided`: a day, and perhaps somebody else, was chosen."""

    changed = Signal()
    decided = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._days, self._people = KeyedListModel(DueTile), KeyedListModel(ColleagueTile)
        self._today: date | None = None
        self._due = self._who = self._me = ""
        self._problem = False
        self._staff: Sequence[StaffRow] = ()

    @property
    def due(self) -> str:
        """The day chosen, or empty."""
        return self._due

    @property
    def guide_id(self) -> str:
        """Who is to take it."""
        return self._who

    @Property(QObject, constant=True)
    def days(self) -> KeyedListModel:
        """Days for the next follow-up; a day that was typed is the last."""
        return self._days

    @Property(QObject, constant=True)
    def people(self) -> KeyedListModel:
        """Oneself first, then the colleagues."""
        return self._people

    @Property(str, notify=changed)
    def dayProblem(self) -> str:
        """Why what was typed is no day to come."""
        return tr("No day to come: write it as 12-31") if self._problem else ""

    @Slot(str)
    def choose(self, day: str) -> None:
        """One of the days offered."""
        self._due, self._problem = day, False
        self.show()
        self.decided.emit()

    @Slot(str)
    def typed(self, text: str) -> None:
        """Another day was typed: "5", "12-5" or the whole date."""
        if not text.strip() or self._today is None:
            return
        day = coming_day(text, self._today)
        self._problem = day is None
        if day is None:
            self.changed.emit()
        elif day.isoformat() != self._due:
            self.choose(day.isoformat())

    @Slot(str)
    def handTo(self, guide_id: str) -> None:
        """Somebody else is to do it; with no day yet it is for tomorrow."""
        if self._today is None or guide_id == self._who:
            return
        self._who = guide_id
        self._due = self._due or (self._today + timedelta(days=1)).isoformat()
        self.show()
        self.decided.emit()

    def name_of(self, guide_id: str) -> str:
        """A colleague's name; empty for oneself."""
        return next((row.staff.name for row in self._staff if row.id == guide_id and guide_id != self._me), "")

    def begin(self, today: date, me: str, staff: Sequence[StaffRow]) -> None:
        """A talk was logged on this day of the shop, by this guide of these people."""
        self._today, self._me, self._who = today, me, me
        self._staff = [row for row in staff if row.staff.active]
        self.show()

    def put_back(self, due: str, guide_id: str) -> None:
        """What was decided last is taken back to this."""
        self._due, self._who = due, guide_id or self._me
        self.show()

    def clear(self) -> None:
        """Another talk."""
        self._today, self._due, self._who, self._me, self._staff, self._problem = None, "", "", "", (), False
        self.show()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.show()

    def show(self) -> None:
        """Days and people as they stand."""
        self._days.update(self._due_tiles(self._today) if self._today else [])
        mine = [ColleagueTile(key=self._me, label=tr("I do it"), selected=self._who == self._me)] if self._me else []
        others = [
            ColleagueTile(key=row.id, label=row.staff.name, selected=row.id == self._who)
            for row in self._staff
            if row.id != self._me
        ]
        self._people.update([*mine, *others])
        self.changed.emit()

    def _due_tiles(self, today: date) -> list[DueTile]:
        names = (tr("Tomorrow"), tr("In 3 days"), tr("In a week"), tr("In two weeks"), tr("In a month"))
        days = {(today + timedelta(days=n)).isoformat(): name for n, name in zip(DUE_DAYS, names, strict=True)}
        if self._due and self._due not in days:
            days[self._due] = self.desk.figures.day(self._due)
        return [DueTile(key=day, label=name, selected=day == self._due) for day, name in days.items()]
