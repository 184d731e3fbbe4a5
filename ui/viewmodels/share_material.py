"""The sheet by which a customer takes a material home: a code to read, the link to copy, and whose it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.contact import bar
from guide_app.domain.errors import NoNetwork, Refused
from guide_app.domain.records.share import ShareChannel
from guide_app.services.handing import HandedLink, HandingDesk
from guide_app.services.ports.members import MemberReader, MemberView
from guide_app.services.session import Session
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr
from ui.viewmodels.contact import why_not
from ui.viewmodels.material import CHANNEL
from ui.viewmodels.problems import problem_words
from ui.viewmodels.words import named

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class ShareMaterialViewModel(ViewModel):
    """Whoever sees the code can have read it: however the sheet goes, the material was shared, unless the guide says
    that it was not."""

    changed = Signal()

    def __init__(
        self, desk: Desk, handing: HandingDesk, members: MemberReader, session: Session, copy: Callable[[str], None]
    ) -> None:
        """`copy` puts words where another app can take them."""
        super().__init__(desk)
        self._handing, self._members, self._copy, self._opened = handing, members, copy, Latest()
        self._material, self._problem = "", ""
        self._link: HandedLink | None = None
        self._member: MemberView | None = None
        self._theirs = False
        self._copied = False
        session.subscribe(lambda _: self.leave())

    @Property(str, notify=changed)
    def link(self) -> str:
        """What the code says; empty while there is none."""
        return self._link.url if self._link else ""

    @Property(str, notify=changed)
    def title(self) -> str:
        """What is shared."""
        return self._named(self._link) if self._link else ""

    @Property(str, notify=changed)
    def problem(self) -> str:
        """Why there is no code, in words."""
        return self._problem

    @Property(str, notify=changed)
    def memberName(self) -> str:
        """The member whom the guide has before them; empty: nobody who is known."""
        return self._member.member.name if self._member else ""

    @Property(bool, notify=changed)
    def theirs(self) -> bool:
        """Whether it is shared with that member."""
        return self._theirs

    @Property(str, notify=changed)
    def copyProblem(self) -> str:
        """Why the link is not to be sent to them; empty: it may be."""
        if self._member is None or not self._theirs:
            return ""
        against = bar(self._member.member, CHANNEL, "marketing")
        return why_not(against, self.desk) if against else ""

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`materialId`: what is shared; `memberId`: with whom, where the guide has somebody before them."""
        self.leave()
        self._material = str(arguments.get("materialId", ""))
        self.run(self._open(str(arguments.get("memberId", ""))))

    @Slot(bool)
    def choose(self, theirs: bool) -> None:
        """For the member, or for nobody who is known."""
        if self._link is not None and theirs != self._theirs and self._member is not None:
            self._theirs = theirs
            self.changed.emit()
            self.run(self._make(self._opened.ask(), self._link.share_id))

    @Slot()
    def copyLink(self) -> None:
        """Title and link into the clipboard."""
        if self._link is not None and not self.copyProblem:
            self._copy(f"{self._named(self._link)}\n{self._link.url}")
            self._copied = True
            self.desk.tell.say(tr("Copied. Paste it where you write to the customer."))

    @Slot()
    def close(self) -> None:
        """The customer has it: the sheet goes."""
        self.desk.go.closeSheet()

    @Slot()
    def notShared(self) -> None:
        """Nobody took it: the sheet goes, and nothing is told."""
        self._forget()
        self.desk.go.closeSheet()

    def leave(self) -> None:
        """The sheet has gone, and so has the material, by the code or by the copied link."""
        link, channel = self._link, self._channel()
        member_id = self._member.id if self._member and self._theirs else ""
        self._forget()
        self.changed.emit()
        if link is not None:
            self.run(self._handing.went(link, channel, member_id))

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.changed.emit()

    # ------------------------------------------------------------------ work

    async def _open(self, member_id: str) -> None:
        newest = self._opened.ask()
        member = await self._members.get(member_id) if member_id else None
        if newest():
            self._member, self._theirs = member, member is not None
            await self._make(newest)

    async def _make(self, newest: Callable[[], bool], share_id: str = "") -> None:
        try:
            link, problem = await self._handing.link(self._material, of_member=self._theirs, share_id=share_id), ""
        except (Refused, NoNetwork) as error:
            link, problem = None, problem_words(error.code)
        if newest():
            self._link, self._problem = link, problem
            self.changed.emit()

    def _channel(self) -> ShareChannel:
        return "link" if self._copied else "qr"

    def _forget(self) -> None:
        self._opened.ask()
        self._link, self._member, self._problem, self._copied, self._theirs = None, None, "", False, False

    def _named(self, link: HandedLink) -> str:
        return named(link.title.en, link.title.zh, self.desk.figures.language)
