"""The first sync: what comes, how much, how long it still takes. It can be left alone and goes on after a kill."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.services.ports.engine import Progress, SyncControl, SyncView
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr, trn
from ui.viewmodels.waiting import trouble_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

STEPS = ("catalogue", "members", "orders", "other", "indexing")
MEBI = 1024 * 1024


class StepLine(Row, frozen=True):
    """One part of the load; `now`: it comes at this moment."""

    label: str
    icon: str
    now: bool


@QmlElement
class FirstSyncViewModel(ViewModel):
    """The page between enrolment and the first lock."""

    changed = Signal()

    def __init__(self, desk: Desk, sync: SyncControl) -> None:
        super().__init__(desk)
        self._sync = sync
        self._steps = KeyedListModel(StepLine)
        self._view = sync.view()
        sync.subscribe(self._on_view)
        self._show(self._view)

    @Property(str, notify=changed)
    def title(self) -> str:
        """What goes on, and how long it still takes."""
        left = self._view.progress.seconds_left if self._view.progress else None
        if self._view.phase == "offline":
            return tr("Waiting for the network")
        if left is None:
            return tr("Preparing this tablet")
        if left < 60:
            return tr("Preparing this tablet, less than a minute left")
        return trn("Preparing this tablet, about %n minute(s) left", math.ceil(left / 60))

    @Property(str, notify=changed)
    def detail(self) -> str:
        """That it can be left alone, or what keeps it from going on."""
        if words := trouble_words(self._view.problem):
            return words
        if self._view.phase == "offline":
            return tr("What has come is kept. It goes on by itself as soon as HQ can be reached; nothing begins anew.")
        return tr("You can leave it alone. If it is broken off, it goes on where it stopped.")

    @Property(bool, notify=changed)
    def stuck(self) -> bool:
        """Whether something keeps it from going on."""
        return self._view.phase == "offline" or bool(self._view.problem)

    @Property(float, notify=changed)
    def fraction(self) -> float:
        """How much of it is done, from 0 to 1."""
        progress = self._view.progress
        return min(1.0, progress.rows_done / progress.rows_total) if progress and progress.rows_total else 0.0

    @Property(str, notify=changed)
    def percent(self) -> str:
        """The same in words."""
        progress = self._view.progress
        if progress is None or not progress.rows_total:
            return ""
        return tr("%1 %", self.desk.figures.number(100 * progress.rows_done // progress.rows_total))

    @Property(str, notify=changed)
    def amount(self) -> str:
        """How many records are here, of how many."""
        progress = self._view.progress
        if progress is None:
            return tr("Asking HQ how much there is")
        number = self.desk.figures.number
        return tr(
            "%1 of %2 records · %3", number(progress.rows_done), number(progress.rows_total), self._size(progress)
        )

    @Property(QObject, constant=True)
    def steps(self) -> KeyedListModel:
        """The parts of the load."""
        return self._steps

    @Slot()
    def tryNow(self) -> None:
        """Tries again at once."""
        self._sync.nudge()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show(self._view)

    def _size(self, progress: Progress) -> str:
        return tr("%1 MB", self.desk.figures.number(math.ceil(progress.bytes_done / MEBI)))

    def _on_view(self, view: SyncView) -> None:
        if view.phase == "loading" or view.progress is not None or view.phase != self._view.phase:
            self._show(view)

    def _show(self, view: SyncView) -> None:
        self._view = view
        self._steps.update(_lines(view.progress.step if view.progress and view.phase != "offline" else ""))
        self.changed.emit()


def _lines(now: str) -> Sequence[StepLine]:
    words = {
        "catalogue": (tr("Products and prices"), "package"),
        "members": (tr("Members"), "users"),
        "orders": (tr("Orders and talks"), "receipt-text"),
        "other": (tr("Shop, people and rules"), "store"),
        "indexing": (tr("Making the search quick"), "search"),
    }
    return [StepLine(key=step, label=words[step][0], icon=words[step][1], now=step == now) for step in STEPS]
