"""A member's phone as every page shows it: masked, and whole for ten seconds when somebody asks for it on purpose.

The one home of showing: HQ is told of each, before the number stands there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from guide_app.domain import phone
from guide_app.operations.privacy import Shown
from ui.viewmodels.base import Latest

SHOWN_MS = 10_000

Tell = Callable[[str, Shown], Awaitable[None]]
"""Writes down that this was shown of a member: `MemberDesk.reveal`."""


class ShownPhone(QObject):
    """The phone of whoever a page shows."""

    changed = Signal()

    def __init__(self, run: Callable[[Coroutine[Any, Any, None]], None], tell: Tell, parent: QObject) -> None:
        super().__init__(parent)
        self._run, self._tell, self._asked = run, tell, Latest()
        self._member_id, self._e164, self._region = "", "", "CN"
        self._shown, self._asking = False, False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)

    @property
    def text(self) -> str:
        """As it is to be read now; empty where there is none."""
        if not self._e164:
            return ""
        return (phone.display if self._shown else phone.mask)(self._e164, self._region)

    @property
    def shown(self) -> bool:
        """Whether the whole number stands there."""
        return self._shown

    def put(self, member_id: str, e164: str, region: str) -> None:
        """Whose it is from now on; another member's, or another number, is masked again."""
        if (member_id, e164) != (self._member_id, self._e164):
            self.hide()
        self._member_id, self._e164, self._region = member_id, e164, region

    def show(self) -> None:
        """Shows it, once that is written down; a second tap does nothing."""
        if self._e164 and not (self._shown or self._asking):
            self._asking = True
            self._run(self._show(self._member_id, self._asked.ask()))

    def hide(self) -> None:
        """Masks it; one that was being asked for is not shown any more."""
        self._asked.ask()
        self._asking = False
        self._timer.stop()
        if self._shown:
            self._shown = False
            self.changed.emit()

    async def _show(self, member_id: str, still: Callable[[], bool]) -> None:
        try:
            await self._tell(member_id, "phone")
        finally:
            if still():
                self._asking = False
        if still():
            self._shown = True
            self._timer.start()
            self.changed.emit()
