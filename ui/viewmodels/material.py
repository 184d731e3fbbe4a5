"""One material whole: its pages, its words for a member, whether its end was seen, and what a guide does with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Property, QObject, Signal, Slot

from guide_app.domain import messages
from guide_app.domain.contact import Bar, bar
from guide_app.domain.messages import Variable
from guide_app.domain.records import Material, Names
from guide_app.domain.records.talk import Channel
from guide_app.services.messages import SENT
from guide_app.services.ports.base import View
from guide_app.services.ports.catalogue import CatalogueReader
from guide_app.services.ports.library import LibraryDesk, LibraryReader, MaterialRow, Reader
from guide_app.services.ports.members import MemberReader, MemberView
from guide_app.services.ports.shop import ShopReader
from guide_app.services.session import Session
from guide_app.services.talks import LoggedTalk, TalkDesk
from ui.viewmodels.base import Desk, tr
from ui.viewmodels.contact import why_not
from ui.viewmodels.library_words import (
    MaterialTile,
    large,
    length_words,
    must_words,
    page_numbers,
    standing,
    thumb,
    title,
    until_words,
    why_not_words,
)
from ui.viewmodels.list_beside import ListBesideViewModel
from ui.viewmodels.message import day_words, variable_words
from ui.viewmodels.words import named

CHANNEL: Channel = "wechat"
"""How words of the library reach a member: by the guide's own phone."""


class LibraryPorts(View, frozen=True):
    """What the library's page reads and does."""

    reader: LibraryReader
    doing: LibraryDesk
    members: MemberReader
    catalogue: CatalogueReader
    shop: ShopReader
    talks: TalkDesk


class MaterialViewModel(ListBesideViewModel):
    """The material beside the list. What must be read can be confirmed once its end was seen, in this version."""

    changed = Signal()
    showAsked = Signal()
    """It is to be shown to the customer, and nothing else."""
    turned = Signal()
    """A picture that was asked for is here."""

    def __init__(
        self, desk: Desk, ports: LibraryPorts, session: Session, copy: Callable[[str], None], player: QObject | None
    ) -> None:
        """`copy` puts words where another app can take them; `player` plays films."""
        super().__init__(desk, session, MaterialTile)
        self._ports, self._copy, self._player = ports, copy, player
        self._row: MaterialRow | None = None
        self._member: MemberView | None = None
        self._store, self._day = Names(), ""
        self._ended: tuple[str, int] = ("", 0)
        """Material and version whose end was seen."""
        self._turn, self._first, self._busy = 0, 0, False
        desk.pictures.changed.connect(self._on_pictures)

    # ------------------------------------------------------------------ what it is

    @Property(bool, notify=changed)
    def chosen(self) -> bool:
        """Whether a material is shown beside the list."""
        return self._row is not None

    @Property(str, notify=changed)
    def title(self) -> str:
        """What it is called."""
        return title(row.material, self.desk) if (row := self._row) else ""

    @Property(str, notify=changed)
    def kind(self) -> str:
        """ "image", "video", "pdf" or "text"."""
        return row.material.kind if (row := self._row) else ""

    @Property(str, notify=changed)
    def topic(self) -> str:
        """What it is about."""
        return self._named(row.material.topic) if (row := self._row) else ""

    @Property(str, notify=changed)
    def length(self) -> str:
        """What it is and how long."""
        return length_words(row.material) if (row := self._row) else ""

    @Property(str, notify=changed)
    def must(self) -> str:
        """The mark of what must be read."""
        return must_words(row) if (row := self._row) else ""

    @Property(str, notify=changed)
    def state(self) -> str:
        """How it stands here."""
        return standing(row, self.desk).words if (row := self._row) else ""

    @Property(str, notify=changed)
    def stateTone(self) -> str:
        """The state's tone."""
        return standing(row, self.desk).tone if (row := self._row) else ""

    @Property(str, notify=changed)
    def stateMark(self) -> str:
        """The state's icon."""
        return standing(row, self.desk).mark if (row := self._row) else ""

    @Property(str, notify=changed)
    def until(self) -> str:
        """How long it holds."""
        return until_words(row.material, self.desk) if (row := self._row) else ""

    @Property(str, notify=changed)
    def whyNot(self) -> str:
        """Why it must not be shown; empty: it may be."""
        return why_not_words(row, self.desk) if (row := self._row) else ""

    @Property(bool, notify=changed)
    def favourite(self) -> bool:
        """Whether the guide keeps it at hand."""
        return bool((row := self._row) and row.favourite)

    @Property(bool, notify=changed)
    def read(self) -> bool:
        """Whether the guide has confirmed this version."""
        return bool((row := self._row) and row.read)

    @Property(bool, notify=changed)
    def confirmable(self) -> bool:
        """Whether it must be read, and was not confirmed."""
        return bool((row := self._row) and row.unread)

    @Property(bool, notify=changed)
    def endSeen(self) -> bool:
        """Whether its end was seen, so that it can be confirmed."""
        return bool((row := self._row) and self._ended == (row.material.material, row.material.version))

    @Property(bool, notify=changed)
    def showable(self) -> bool:
        """Whether it can be shown to a customer now."""
        return self.may_be_shown and self._row is not None and self._row.lies == "here"

    @Property(bool, notify=changed)
    def shareable(self) -> bool:
        """Whether a customer can take it home: HQ has its files, also those that are not here."""
        return self._row is not None and not self._row.why_not

    @property
    def may_be_shown(self) -> bool:
        """Whether there is something to show, and nothing against it."""
        return self._row is not None and not self._row.why_not and self._row.material.kind != "text"

    @Property(bool, notify=changed)
    def away(self) -> bool:
        """Whether its files could be asked for."""
        return bool((row := self._row) and not row.why_not and row.lies == "absent")

    # ------------------------------------------------------------------ its pictures

    @Property(int, notify=turned)
    def turn(self) -> int:
        """Grows whenever a picture came that was asked for: an argument of `pictureOf`."""
        return self._turn

    @Slot(str, int, result=str)
    def pictureOf(self, sha256: str, turn: int) -> str:
        """The address of a picture, empty until it is opened. Only what is seen asks: the rest takes no memory."""
        return self.desk.pictures.of(sha256) if sha256 else ""

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def pages(self) -> list[dict[str, str]]:
        """{page, source, before} of each page: the SHA-256 of the large picture, and of the small one until it is here.

        None of what must not be shown.
        """
        row = self._row
        if row is None or row.why_not:
            return []
        return [_page(row.material, page) for page in page_numbers(row.material)]

    @Property(str, notify=changed)
    def poster(self) -> str:
        """The SHA-256 of the picture that stands for it."""
        row = self._row
        found = [file for file in row.material.files if file.role == "poster"] if row and not row.why_not else []
        small = thumb(row.material) if row and not row.why_not else None
        return found[0].sha256 if found else small.sha256 if small else ""

    @Property(str, notify=changed)
    def film(self) -> str:
        """The SHA-256 of the film, where it is one and all of it is here."""
        row = self._row
        if row is None or row.why_not or row.lies != "here":
            return ""
        return next((file.sha256 for file in row.material.files if file.role == "video"), "")

    @Property(QObject, constant=True)
    def player(self) -> QObject | None:
        """What plays films."""
        return self._player

    # ------------------------------------------------------------------ its words

    @Property(str, notify=changed)
    def memberName(self) -> str:
        """For whom it is looked for; empty: for nobody in particular."""
        return self._member.member.name if self._member else ""

    @Property(str, notify=changed)
    def letter(self) -> str:
        """Its words, filled with what is known."""
        return self._filled()[0]

    @Property(str, notify=changed)
    def letterProblem(self) -> str:
        """Why the words are not to be sent; empty: they may be."""
        _, missing = self._filled()
        if missing == ("name",):
            return tr("Open it from a member's page: it calls them by name.")
        if missing:
            return tr("Not known here: %1", ", ".join(variable_words(name) for name in missing))
        return why_not(against, self.desk) if (against := self._bar()) else ""

    @Property(bool, notify=changed)
    def copyable(self) -> bool:
        """Whether there are words that can go out."""
        row = self._row
        return bool(row and not row.why_not and self._filled()[0]) and not self._filled()[1] and self._bar() is None

    @Slot()
    def copyLetter(self) -> None:
        """Into the clipboard."""
        if self.copyable:
            self._copy(self._filled()[0])
            self.desk.tell.say(tr("Copied. Log it once it is sent.") if self._member else tr("Copied."))

    @Slot()
    def sent(self) -> None:
        """The words were sent to the member: a talk."""
        if self._row and self._member and self.copyable and not self._busy:
            self._busy = True
            self.run(self._log(self._row, self._member))

    # ------------------------------------------------------------------ what is done with it

    @Slot()
    def sawEnd(self) -> None:
        """The guide has come to its end."""
        if self._row is not None and not self._row.why_not:
            self._ended = (self._row.material.material, self._row.material.version)
            self.changed.emit()

    @Slot()
    def confirm(self) -> None:
        """The guide has read it, and says so."""
        if self._row is not None and self._row.unread and self.endSeen and not self._busy:
            self._busy = True
            self.run(self._confirm(self._row))

    @Slot()
    def keep(self) -> None:
        """Kept at hand, or no longer."""
        if self._row is not None:
            self.run(self._keep(self._row))

    @Slot()
    def bring(self) -> None:
        """Its files are wanted here before others."""
        if self._row is not None and self.away:
            self.run(self._ports.doing.bring(self._row))
            self.desk.tell.say(tr("It comes first as soon as there is a network"))

    @Property(int, notify=changed)
    def firstPage(self) -> int:
        """From which page on it is looked at, counted from 0."""
        return self._first

    @Slot()
    def look(self) -> None:
        """The guide looks at it whole."""
        self.lookAt(0)

    @Slot(int)
    def lookAt(self, page: int) -> None:
        """As `look`, from one page on."""
        self._first = page
        if self._row is not None and not self._row.why_not and self._row.material.kind != "text":
            self.desk.go.sheet("LookMaterial")

    @Slot()
    def closeSheet(self) -> None:
        """Back to the list."""
        self.desk.go.closeSheet()

    @Slot()
    def share(self) -> None:
        """A customer takes it home: a code and a link, of the member for whom it was looked for."""
        if self._row is not None and self.shareable:
            about = {"materialId": self._row.material.material, "memberId": self._member.id if self._member else ""}
            self.desk.go.sheet("ShareMaterial", about)

    @Slot()
    def show(self) -> None:
        """The customer is to see it, and nothing else; which version it was is noted."""
        if self._row is not None and self.showable:
            self._first = 0
            self.run(self._note_shown(self._row))
            self.showAsked.emit()

    # ------------------------------------------------------------------ work

    async def _confirm(self, row: MaterialRow) -> None:
        try:
            await self._ports.doing.read(row)
        finally:
            self._busy = False
        self.desk.tell.say(tr("Confirmed: %1", title(row.material, self.desk)))
        await self._reload()

    async def _keep(self, row: MaterialRow) -> None:
        await self._ports.doing.keep(row, favourite=not row.favourite)
        await self._reload()

    async def _note_shown(self, row: MaterialRow) -> None:
        await self._ports.doing.shown(row)
        await self._reload()

    async def _log(self, row: MaterialRow, member: MemberView) -> None:
        try:
            logged = await self._ports.talks.log(
                member.id, CHANNEL, SENT, "product", note=row.material.title.zh or row.material.title.en,
                materials=(row.material.material,),
            )  # fmt: skip
        finally:
            self._busy = False
        self.desk.tell.say(tr("Logged as a talk"), lambda: self.run(self._take_back(logged)))

    async def _take_back(self, logged: LoggedTalk) -> None:
        await self._ports.talks.take_back(logged)

    async def _reload(self) -> None:
        """Reads list and material anew."""
        raise NotImplementedError

    def _reader(self) -> Reader | None:
        guide = self._session.guide
        return Reader(guide_id=guide.id, role=guide.staff.role) if guide else None

    def _filled(self) -> tuple[str, tuple[Variable, ...]]:
        row = self._row
        if row is None:
            return "", ()
        return messages.fill(self._named(row.material.text), self._values())

    def _values(self) -> dict[Variable, str]:
        guide, language = self._session.guide, self.desk.figures.language
        return {
            "name": self._member.member.name if self._member else "",
            "guide": guide.staff.name if guide else "",
            "store": self._named(self._store),
            "date": day_words(self._day, language) if self._day else "",
        }

    def _bar(self) -> Bar | None:
        return bar(self._member.member, CHANNEL, "marketing") if self._member else None

    def _named(self, names: Names) -> str:
        return named(names.en, names.zh, self.desk.figures.language)

    def _on_pictures(self) -> None:
        self._turn += 1
        self.turned.emit()


def _page(material: Material, page: int) -> dict[str, str]:
    whole, small = large(material, page), thumb(material, page)
    return {
        "page": str(page),
        "source": whole.sha256 if whole else "",
        "before": small.sha256 if small else "",
    }
