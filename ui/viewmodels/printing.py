"""Printing from a page: one job at a time, that can be cancelled; what went wrong stays until the next try."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.errors import EnvironmentProblem
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr
from ui.viewmodels.problems import problem_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class Printing(ViewModel):
    """What a print button and the words beside it show."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._under_way: asyncio.Task[None] | None = None
        self._problem = ""

    @Property(bool, notify=changed)
    def busy(self) -> bool:
        """Whether something is being printed."""
        return self._under_way is not None

    @Property(str, notify=changed)
    def problem(self) -> str:
        """What went wrong with the last try and what to do, or empty."""
        return problem_words(self._problem) if self._problem else ""

    @Property(bool, notify=changed)
    def needsPrinter(self) -> bool:
        """Whether no printer was chosen yet."""
        return self._problem == "printer_none"

    def start(self, work: Callable[[], Coroutine[Any, Any, None]], done: str) -> None:
        """Prints; says `done` in the end. A second tap does nothing while the first is under way."""
        if self._under_way is None:
            self._problem = ""
            self.run(self._print(work, done))

    @Slot()
    def cancel(self) -> None:
        """Gives the job up. What the printer holds already may still come out."""
        if self._under_way is not None:
            self._under_way.cancel()

    @Slot()
    def forget(self) -> None:
        """The sheet is opened anew: what went wrong before is over."""
        self._problem = ""
        self.changed.emit()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.changed.emit()

    async def _print(self, work: Callable[[], Coroutine[Any, Any, None]], done: str) -> None:
        if self._under_way is not None:
            return
        self._under_way = asyncio.ensure_future(work())
        self.changed.emit()
        try:
            await asyncio.wait([self._under_way])
            self._say(self._under_way, done)
        finally:
            self._under_way.cancel()
            self._under_way = None
            self.changed.emit()

    def _say(self, task: asyncio.Task[None], done: str) -> None:
        if task.cancelled():
            self.desk.tell.say(tr("Printing is cancelled. What the printer has already may still come out."))
            return
        error = task.exception()
        if error is None:
            self.desk.tell.say(done)
        elif isinstance(error, EnvironmentProblem):
            self._problem = error.code
            self.desk.tell.problem(error)
        else:
            raise error
