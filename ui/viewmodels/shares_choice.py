"""Whose a sale is, chosen: guides are tapped in and out with equal parts, and a tap moves five per cent."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import shares
from guide_app.domain.records import GuideShare
from guide_app.services.ports.shop import StaffRow
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr
from ui.viewmodels.member_sheet import ChoiceTile

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1
STEP = 500
"""Basis points of one tap."""


class PartRow(Row, frozen=True):
    """A guide who has a part: how much, in words."""

    name: str
    percent: str


@QmlElement
class SharesViewModel(ViewModel):
    """`_named_lines`: (id, name) of the lines that can be chosen one by one; `_now`: whose the chosen one is now."""

    choiceChanged = Signal()

    _people: Sequence[StaffRow]
    _named_lines: Sequence[tuple[str, str]]
    _chosen: tuple[GuideShare, ...]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._guides, self._lines = KeyedListModel(ChoiceTile), KeyedListModel(ChoiceTile)
        self._parts = KeyedListModel(PartRow)
        self._asked = Latest()
        self._people, self._named_lines, self._chosen, self._line = (), (), (), ""

    @Property(QObject, constant=True)
    def guides(self) -> KeyedListModel:
        """Who works here, and who has a part of it already; chosen is who shares."""
        return self._guides

    @Property(QObject, constant=True)
    def parts(self) -> KeyedListModel:
        """Those who share, with how much."""
        return self._parts

    @Property(QObject, constant=True)
    def lines(self) -> KeyedListModel:
        """The whole order, or one of its lines; nothing where there is one line."""
        return self._lines

    @Slot(str)
    def chooseLine(self, line_id: str) -> None:
        """Which line it is about; "" the whole order."""
        self._line = line_id
        self._chosen = self._now()
        self._show()

    @Slot(str)
    def toggle(self, guide_id: str) -> None:
        """A guide shares, or no longer; all who do have equal parts then. Somebody always has it."""
        ids = [one.guide_id for one in self._chosen]
        if guide_id not in ids and len(ids) < shares.MOST:
            ids.append(guide_id)
        elif guide_id in ids and len(ids) > 1:
            ids.remove(guide_id)
        else:
            return
        self._chosen = shares.evenly(ids)
        self._show()

    @Slot(str, int)
    def step(self, guide_id: str, steps: int) -> None:
        """More or less for a guide, in steps of five per cent; the others give it up or get it."""
        if any(one.guide_id == guide_id for one in self._chosen):
            self._chosen = shares.moved(self._chosen, guide_id, steps * STEP)
            self._show()

    @Slot()
    def close(self) -> None:
        """The sheet goes, the page stays."""
        self.desk.go.closeSheet()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    def _now(self) -> tuple[GuideShare, ...]:
        raise NotImplementedError

    def _put_away(self) -> None:
        """Nothing of another order, or another guide, stays."""
        self._asked.ask()
        self._people, self._named_lines, self._chosen, self._line = (), (), (), ""
        self._show()

    def _show(self) -> None:
        chosen = {one.guide_id for one in self._chosen}
        here = [row.id for row in self._people]
        known = [*here, *sorted(chosen - set(here))]
        self._guides.update(
            [ChoiceTile(key=one, label=self._name(one), symbol="", selected=one in chosen) for one in known]
        )
        self._parts.update(
            [PartRow(key=one.guide_id, name=self._name(one.guide_id), percent=percent(one)) for one in self._chosen]
        )
        tiles = [("", tr("The whole order")), *self._named_lines] if len(self._named_lines) > 1 else []
        self._lines.update(
            [ChoiceTile(key=one, label=name, symbol="", selected=one == self._line) for one, name in tiles]
        )
        self.choiceChanged.emit()

    def _name(self, guide_id: str) -> str:
        return next((row.staff.name for row in self._people if row.id == guide_id), tr("a colleague elsewhere"))


def percent(one: GuideShare) -> str:
    """A share in words."""
    return f"{one.share / 100:g} %"
