"""The sheet with the link for the customer's own phone: a code to read, and whom it brought once they are here."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Property, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.clock import Clock
from guide_app.domain.errors import Refused
from guide_app.domain.records import Ref
from guide_app.services.invitations import Invitation, InvitationDesk
from guide_app.services.ports.engine import SyncControl
from guide_app.services.ports.members import MemberReader
from guide_app.services.ports.shop import StaffRow
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.session import Session
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr, trn
from ui.viewmodels.problems import problem_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

SECOND_MS = 1_000


@QmlElement
class OwnPhoneViewModel(ViewModel):
    """Nothing is asked of HQ: the member comes with the feed, under the id that follows from the link, or an alias."""

    changed = Signal()
    handOver = Signal()
    """The tablet is to be handed over instead."""

    def __init__(
        self,
        desk: Desk,
        invitations: InvitationDesk,
        members: MemberReader,
        sync: SyncControl,
        journal: Journal,
        session: Session,
        clock: Clock,
    ) -> None:
        super().__init__(desk)
        self._invitations, self._members, self._sync, self._session = invitations, members, sync, session
        self._clock, self._opened = clock, Latest()
        self._shown: Invitation | None = None
        self._ends_at, self._problem, self._touch_point = 0.0, "", ""
        self._awaited: set[str] = set()
        self._awaited_by = ""
        """The guide who waits for them, also while the tablet is locked."""
        self._timer = QTimer(self)
        self._timer.setInterval(SECOND_MS)
        self._timer.timeout.connect(self.tick)
        journal.subscribe(self._on_change)
        sync.subscribe(lambda _: self.changed.emit())
        session.subscribe(self._on_session)

    @Property(str, notify=changed)
    def link(self) -> str:
        """What the code says; empty while there is none, or none that counts."""
        return self._shown.url if self._shown and not self._over() else ""

    @Property(bool, notify=changed)
    def over(self) -> bool:
        """Whether the code has run out."""
        return self._shown is not None and self._over()

    @Property(str, notify=changed)
    def problem(self) -> str:
        """Why there is no code, in words."""
        return self._problem

    @Property(bool, notify=changed)
    def offline(self) -> bool:
        """Whether this tablet would not hear of the customer now."""
        return self._sync.view().phase == "offline"

    @Property(str, notify=changed)
    def goodFor(self) -> str:
        """How long the code still counts, in words."""
        left = self._ends_at - self._clock.monotonic()
        return trn("Good for %n more minute(s), for one person", math.ceil(left / 60)) if self.link else ""

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`touchPoint`: what brought them, where the guide has said so."""
        self._touch_point = str(arguments.get("touchPoint", ""))
        self.renew()

    @Slot()
    def renew(self) -> None:
        """A new code, for the next person."""
        self._shown, self._problem = None, ""
        self.changed.emit()
        self.run(self._invite(self._opened.ask()))

    @Slot()
    def hand(self) -> None:
        """The tablet is handed over instead."""
        self.close()
        self.handOver.emit()

    @Slot()
    def close(self) -> None:
        """The sheet goes; whom it brings later is told all the same."""
        self._shown = None
        self._timer.stop()
        self._opened.ask()
        self.desk.go.closeSheet()
        self.changed.emit()

    @Slot()
    def tick(self) -> None:
        """A second is over."""
        if self._shown is None or self._over():
            self._timer.stop()
        self.changed.emit()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._problem = problem_words("needs_tablet") if self._problem else ""
        self.changed.emit()

    async def _invite(self, newest: Callable[[], bool]) -> None:
        guide = self._session.guide
        if guide is None:
            return
        try:
            invitation = await self._invitations.invite(self._touch_point)
        except Refused:
            if newest():
                self._problem = problem_words("needs_tablet")
                self.changed.emit()
            return
        if newest():
            self._shown = invitation
            self._ends_at = self._clock.monotonic() + invitation.lives_s
            self._awaited.add(invitation.member_id)
            self._awaited_by = guide.id
            self._timer.start()
            self.changed.emit()

    def _on_change(self, change: Change) -> None:
        for member_id in [one for one in self._awaited if Ref("member", one) in change.refs]:
            self.run(self._arrived(member_id))

    async def _arrived(self, member_id: str) -> None:
        found = await self._members.get(member_id)
        if found is None or member_id not in self._awaited or self._session.guide is None:
            return
        self._awaited.discard(member_id)
        name = found.member.name
        merged = found.id != member_id
        known = tr("This phone was already %1's: both are one member now", name)
        self.desk.tell.say(known if merged else tr("%1 has joined", name))
        if self._shown is not None and self._shown.member_id == member_id:
            self.close()
            self.desk.go.open("Members", {"memberId": found.id})

    def _on_session(self, guide: StaffRow | None) -> None:
        """The sheet goes. The guide who waited hears who came while the tablet was locked; another one never does."""
        self._opened.ask()
        self._timer.stop()
        self._shown, self._problem = None, ""
        self.changed.emit()
        if guide is None:
            return
        if guide.id != self._awaited_by:
            self._awaited.clear()
        for member_id in self._awaited:
            self.run(self._arrived(member_id))

    def _over(self) -> bool:
        return self._clock.monotonic() >= self._ends_at
