"""Somebody whom this tablet does not have is perhaps a member of another shop: said at once, asked of HQ with a tap."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.services.ports.writing import Change, Journal
from ui.viewmodels.ask_hq import AskHq, Find
from ui.viewmodels.base import QML_MODULE, Desk, Latest, tr

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

Suspect = Callable[[str], Awaitable[str | None]]
"""When HQ knew that this phone is probably a member's elsewhere: `VisitorDesk.suspect`."""


@QmlElement
class Elsewhere(AskHq):
    """`AskHq` that also tells, with no network, whether it is worth asking. It hinders nothing."""

    likelyChanged = Signal()  # a signal of the base class cannot tell of a property here: Qt crashes

    def __init__(self, desk: Desk, find: Find, suspect: Suspect, journal: Journal) -> None:
        super().__init__(desk, find)
        self._suspect, self._suspected = suspect, Latest()
        self._since, self._passed = "", False
        self.changed.connect(self.likelyChanged)
        self._forget = journal.subscribe(self._on_change)

    @Property(bool, notify=likelyChanged)
    def likely(self) -> bool:
        """Whether the phone is probably a member's of another shop, and the guide has not passed over it."""
        return bool(self._since) and self._nothing and not self._passed

    @Property(str, notify=likelyChanged)
    def likelyDetail(self) -> str:
        """Where that is known from, and how old it is."""
        return tr("By HQ's list of %1", self.desk.figures.ago(self._since)) if self._since else ""

    def typed(self, text: str, nothing: bool) -> None:
        """What was typed, and whether the tablet has nobody."""
        asked = (text, nothing) if nothing else ("", False)
        before = (self._text, self._nothing) if self._nothing else ("", False)
        super().typed(text, nothing)
        if asked != before:
            self._since, self._passed = "", False
            self.run(self._look(text if nothing else "", self._suspected.ask()))

    @Slot()
    def passOver(self) -> None:
        """The guide goes on without asking."""
        self._passed = True
        self.changed.emit()

    async def _look(self, text: str, still: Callable[[], bool]) -> None:
        since = await self._suspect(text) if text else None
        if still():
            self._since = since or ""
            self.changed.emit()

    def _on_change(self, change: Change) -> None:
        self.here({ref.id for ref in change.refs if ref.entity in ("member", "visitor")})
