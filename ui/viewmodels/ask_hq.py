"""Asking HQ for somebody whom this tablet does not have: by a whole phone, card or member number, with a button."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.errors import NoNetwork
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

Find = Callable[[str], Awaitable[str | None]]
"""The id of the member with exactly this phone or number: `VisitorDesk.find`."""
_PHONE, _NUMBER = 7, 8
"""Digits of the shortest phone, characters of the shortest number: with fewer it is still being typed."""
_OTHER = re.compile(r"[\s()./+-]+")


def is_whole(text: str) -> bool:
    """Whether this may be a whole phone, card or member number, and not a name or a part."""
    plain = _OTHER.sub("", text)
    if not plain.isascii() or not plain.isalnum() or not any(map(str.isdigit, plain)):
        return False
    return len(plain) >= (_PHONE if plain.isdigit() else _NUMBER)


@QmlElement
class AskHq(ViewModel):
    """Offered where the tablet knows nobody; whom HQ finds arrives with the next rows, and is shown then."""

    changed = Signal()
    arrived = Signal(str)
    """The member who was asked for is here."""

    def __init__(self, desk: Desk, find: Find) -> None:
        super().__init__(desk)
        self._find, self._asked = find, Latest()
        self._text, self._nothing, self._asking, self._outcome, self._coming = "", False, False, "", ""

    @Property(bool, notify=changed)
    def offered(self) -> bool:
        """Whether HQ may be asked for what was typed."""
        return self._nothing and not self._asking and not self._coming and is_whole(self._text)

    @Property(bool, notify=changed)
    def asking(self) -> bool:
        """Whether an answer is waited for."""
        return self._asking

    @Property(str, notify=changed)
    def words(self) -> str:
        """What came of it; empty before."""
        words = {
            "found": tr("Found in another shop: on the way here"),
            "nobody": tr("The chain does not know them"),
            "offline": tr("No network: HQ cannot be asked now. Sign them up; if they are known, HQ joins the two."),
        }
        return words.get(self._outcome, "")

    def typed(self, text: str, nothing: bool) -> None:
        """What is searched for, and whether the tablet has nobody."""
        if text != self._text:
            self._asked.ask()
            self._asking, self._outcome, self._coming = False, "", ""
        self._text, self._nothing = text, nothing
        self.changed.emit()

    def here(self, ids: set[str]) -> None:
        """These rows came."""
        if self._coming in ids:
            member_id, self._coming, self._outcome = self._coming, "", ""
            self.changed.emit()
            self.arrived.emit(member_id)

    @Slot()
    def ask(self) -> None:
        """Asks HQ."""
        if self.offered:
            self._asking, self._outcome = True, ""
            self.changed.emit()
            self.run(self._ask(self._text, self._asked.ask()))

    async def _ask(self, text: str, still: Callable[[], bool]) -> None:
        outcome = found = ""
        try:
            found = await self._find(text) or ""
            outcome = "found" if found else "nobody"
        except NoNetwork:
            outcome = "offline"
        finally:
            if still():
                self._asking, self._outcome, self._coming = False, outcome, found
                self.changed.emit()
