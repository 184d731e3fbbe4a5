"""How the shop keeps its word and settles its tickets: as a whole, oneself, and for a manager everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.promises import Tally
from guide_app.domain.tickets import Score
from guide_app.services.service import COUNTED_DAYS, ServiceDesk
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr, trn
from ui.viewmodels.service_words import ServiceReaders, score_words, tally_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


class FigureLine(Row, frozen=True):
    """The figures of the shop (`staff_id` empty) or of one of its people; empty words: there was nothing."""

    staff_id: str
    name: str
    promises: str
    tickets: str


@QmlElement
class ServiceFiguresViewModel(ViewModel):
    """A guide sees the shop and themselves, a manager everybody of the shop."""

    changed = Signal()

    def __init__(self, desk: Desk, service: ServiceDesk, readers: ServiceReaders, session: Session) -> None:
        super().__init__(desk)
        self._service, self._readers, self._session = service, readers, session
        self._lines = KeyedListModel(FigureLine)
        self._asked = Latest()
        session.subscribe(lambda _: self.clear())

    @Property(QObject, constant=True)
    def lines(self) -> KeyedListModel:
        """The shop first, then oneself, then the others by name."""
        return self._lines

    @Property(str, notify=changed)
    def span(self) -> str:
        """What is counted."""
        return trn("Promises due and tickets raised in the last %n day(s), and all that is open", COUNTED_DAYS)

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self.clear()
        self.run(self._load())

    @Slot()
    def close(self) -> None:
        """The sheet goes, the page stays."""
        self.desk.go.closeSheet()

    @Slot()
    def clear(self) -> None:
        """Nothing of the last guide's stays."""
        self._asked.ask()
        self._lines.update([])

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.changed.emit()
        if self._lines.rowCount():
            self.run(self._load())

    async def _load(self) -> None:
        newest, guide = self._asked.ask(), self._session.guide
        if guide is None:
            return
        kept, scores, people = await self._service.kept(), await self._service.scores(), await self._readers.people()
        if not newest():
            return
        others = sorted((name, staff_id) for staff_id, name in people.items() if staff_id != guide.id)
        seen = [staff_id for _, staff_id in others] if guide.staff.role == "manager" else []
        names = {"": tr("The whole shop"), guide.id: guide.staff.name, **people}
        self._lines.update([_line(one, names[one], kept.get(one), scores.get(one)) for one in ("", guide.id, *seen)])


def _line(staff_id: str, name: str, kept: Tally | None, score: Score | None) -> FigureLine:
    return FigureLine(
        key=staff_id or "shop", staff_id=staff_id, name=name, promises=tally_words(kept), tickets=score_words(score)
    )
