"""What every view-model stands on: work off the UI thread, words in the chosen language, figures as people read."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from datetime import date
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QObject, Slot

from guide_app.domain.errors import EnvironmentProblem
from ui.viewmodels.pictures import Pictures

QML_MODULE = "StoreGuide"
"""The QML module in which every view-model is registered."""


class Tell(Protocol):
    """How a page tells a person something: a toast, with an undo where there is one."""

    def problem(self, error: EnvironmentProblem) -> None:
        """Says in words what went wrong and what to do."""

    def say(self, text: str, undo: Callable[[], None] | None = None) -> None:
        """Says what was done; `undo` is offered for some seconds."""

    def news(self, text: str) -> None:
        """Says what happened by itself; it never takes the place of an undo."""


class Figures(Protocol):
    """Money, numbers, days and times in the chosen language and the shop's time zone."""

    def money(self, minor: int, currency: str) -> str: ...
    def number(self, value: int) -> str: ...
    def day(self, iso_day: str) -> str:
        """A calendar day: "21 November" / "11月21日"; with the year when it is another."""

    def date_of(self, instant: str) -> str:
        """The shop's day at an RFC 3339 instant, as `day`: not UTC's, which is another one for half the night."""

    def month_day(self, month_day: str) -> str:
        """A day of any year from ``MM-DD``: "21 November" / "11月21日"."""

    def weekday(self, iso_day: str) -> str:
        """A long day: "Saturday 21 November" / "11月21日 星期六"."""

    def time(self, instant: str) -> str:
        """The shop's wall clock at an RFC 3339 instant: "14:26"."""

    def ago(self, instant: str) -> str:
        """How long ago in words, by the shop's days: "just now", "5 minutes ago", "yesterday", "13 days ago"."""

    def today(self) -> date:
        """The shop's day now."""

    @property
    def language(self) -> str:
        """ "en" or "zh_CN"."""


class Navigation(Protocol):
    """Where the tablet is: a page by name, with arguments; sheets lie over the page."""

    def open(self, page: str, arguments: dict[str, Any] | None = None) -> None: ...
    def sheet(self, name: str, arguments: dict[str, Any] | None = None) -> None: ...
    def closeSheet(self) -> None: ...
    def back(self) -> None: ...


class Spawn(Protocol):
    """How work is started in the event loop."""

    def __call__(
        self, work: Coroutine[Any, Any, None], problem: Callable[[EnvironmentProblem], None] | None = None, /
    ) -> object:
        """Starts it; `problem` hears of the environment's problem it ended with, any other error is a defect."""


class Desk:
    """What a view-model is given besides its services."""

    def __init__(
        self, spawn: Spawn, tell: Tell, figures: Figures, go: Navigation, pictures: Pictures | None = None
    ) -> None:
        """Without `pictures` none ever comes."""
        self.spawn, self.tell, self.figures, self.go = spawn, tell, figures, go
        self.pictures = pictures or Pictures()


class ViewModel(QObject):
    """A page's state and what can be done on it. Made and tested without a window; holds no rule of the trade."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """Its page, or sheet, was opened with these arguments: what a page does then is its own."""

    def leave(self) -> None:
        """Its sheet has gone, by whatever way: closed, or another page or sheet was opened."""

    @Slot(str)
    def go(self, page: str) -> None:
        """Leads to another page, by name."""
        self.desk.go.open(page)

    @Slot()
    def retranslate(self) -> None:
        """The language changed: words that are kept are said anew."""

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Starts work in the event loop; a problem of the environment is told, a defect is loud."""
        self.desk.spawn(work, self.desk.tell.problem)


class Latest:
    """Tells the newest of several questions from older ones: only its answer is to be shown, whichever comes first."""

    def __init__(self) -> None:
        self._asked = 0

    def ask(self) -> Callable[[], bool]:
        """A new question; the result tells whether it is still the newest."""
        self._asked += 1
        mine = self._asked
        return lambda: mine == self._asked


def tr(text: str, *values: object) -> str:
    """A sentence of a view-model in the chosen language; ``%1``, ``%2`` … stand for the values."""
    shown = QCoreApplication.translate("ViewModels", text)
    for number, value in enumerate(values, 1):
        shown = shown.replace(f"%{number}", str(value))
    return shown


def trn(text: str, count: int, *values: object) -> str:
    """As `tr`, for a sentence with a plural: ``%n`` stands for the count."""
    shown = QCoreApplication.translate("ViewModels", text, None, count)
    for number, value in enumerate(values, 1):
        shown = shown.replace(f"%{number}", str(value))
    return shown
