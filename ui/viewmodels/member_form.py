"""What sheets that save one new thing about a member have in common: its kind, words, and one button saved once."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from PySide6.QtCore import Property, QObject, Signal, Slot

from guide_app.services.ports.members import MemberReader, MemberView
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel
from ui.viewmodels.base import Desk
from ui.viewmodels.member_sheet import ChoiceTile, MemberSheetViewModel

Undo = Callable[[], Coroutine[Any, Any, None]]
LONGEST = 2000
"""Characters of what was said."""


class MemberFormViewModel(MemberSheetViewModel):
    """`kinds_known`: what it can be; `first_kind`: what stands chosen at first, "" for none."""

    formChanged = Signal()
    kinds_known: ClassVar[tuple[str, ...]]
    first_kind: ClassVar[str] = ""

    def __init__(self, desk: Desk, members: MemberReader, session: Session) -> None:
        super().__init__(desk, members, session)
        self._kinds = KeyedListModel(ChoiceTile)
        self._kind, self._words, self._saving = self.first_kind, "", False

    @Property(QObject, constant=True)
    def kinds(self) -> KeyedListModel:
        """What it can be."""
        return self._kinds

    @Property(bool, notify=formChanged)
    def ready(self) -> bool:
        """Whether it can be saved."""
        return self._member is not None and self._complete() and not self._saving

    @Slot(str)
    def choose(self, kind: str) -> None:
        """What it is."""
        if kind in self.kinds_known:
            self._kind = kind
            self._show()

    @Slot(str)
    def setWords(self, words: str) -> None:
        """What was said."""
        self._words = words[:LONGEST]

    @Slot()
    def save(self) -> None:
        """Saves it."""
        if self.ready and self._member is not None:
            self._saving = True
            self.formChanged.emit()
            self.run(self._save(self._member))

    @Slot()
    def clear(self) -> None:
        """An empty sheet."""
        self._kind, self._words, self._saving = self.first_kind, "", False
        super().clear()

    async def _save(self, member: MemberView) -> None:
        try:
            said, undo = await self._send(member)
        finally:
            self._saving = False
            self.formChanged.emit()
        self.desk.go.closeSheet()
        self.desk.tell.say(said, lambda: self.run(undo()))

    def _show_kinds(self, name: Callable[[str], str], icons: dict[str, str]) -> None:
        self._kinds.update([
            ChoiceTile(key=kind, label=name(kind), symbol=icons[kind], selected=kind == self._kind)
            for kind in self.kinds_known
        ])  # fmt: skip
        self.formChanged.emit()

    def _complete(self) -> bool:
        """Whether all that is needed was chosen."""
        raise NotImplementedError

    async def _send(self, member: MemberView) -> tuple[str, Undo]:
        """Saves it; what the person is told, and how it is taken back."""
        raise NotImplementedError
