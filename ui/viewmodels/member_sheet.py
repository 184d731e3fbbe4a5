"""What the sheets about one member have in common: whom they are about, and that nothing of them stays."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal, Slot

from guide_app.domain.records import Followup
from guide_app.services.ports.members import MemberReader, MemberView
from guide_app.services.session import Session
from ui.models.keyed import Row
from ui.viewmodels.base import Desk, Latest, ViewModel

LOOKED_BACK = 200
"""Follow-ups of one member among which the one is looked for."""


class ChoiceTile(Row, frozen=True):
    """One choice of a sheet."""

    label: str
    symbol: str
    selected: bool


class MemberSheetViewModel(ViewModel):
    """A sheet over the page. Each opening of it is a question of `_sheets`: what an earlier one hears is dropped."""

    memberChanged = Signal()

    def __init__(self, desk: Desk, members: MemberReader, session: Session) -> None:
        super().__init__(desk)
        self._members, self._session = members, session
        self._member: MemberView | None = None
        self._sheets = Latest()
        session.subscribe(lambda _: self.clear())

    @Property(str, notify=memberChanged)
    def memberName(self) -> str:
        """About whom it is."""
        return self._member.member.name if self._member else ""

    @Property(str, notify=memberChanged)
    def memberId(self) -> str:
        """About whom, for the avatar's tint."""
        return self._member.id if self._member else ""

    @Property(int, notify=memberChanged)
    def memberTickets(self) -> int:
        """How many of their tickets are unsolved."""
        return self._member.tickets if self._member else 0

    @Slot()
    def close(self) -> None:
        """The sheet goes, the page stays."""
        self.desk.go.closeSheet()

    @Slot()
    def clear(self) -> None:
        """Nothing of another member, or another guide, stays."""
        self._sheets.ask()
        self._begin(None)

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    async def _settled(self, member: MemberView, followup_id: str) -> tuple[str, Followup] | None:
        """The follow-up (id, record) that the sheet was opened to settle."""
        entries = await self._members.timeline(member.id, kinds=("followup",), limit=LOOKED_BACK) if followup_id else []
        return next(((e.id, e.record) for e in entries if e.id == followup_id and isinstance(e.record, Followup)), None)

    def _begin(self, member: MemberView | None) -> None:
        """It is about this member from now on."""
        self._member = member
        self.memberChanged.emit()
        self._show()

    def _show(self) -> None:
        """Shows what is chosen and known now, in the language of now."""
