"""The message sheet: HQ's templates by situation, filled for one member; copied or read by the guide's own phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import messages
from guide_app.domain.messages import Variable
from guide_app.domain.records import Followup, Names, Order
from guide_app.services.messages import Filled, MessageDesk, fill
from guide_app.services.ports.base import View
from guide_app.services.ports.care import TemplateRow
from guide_app.services.ports.catalogue import CatalogueReader
from guide_app.services.ports.members import MemberReader, MemberView
from guide_app.services.ports.shop import ShopReader
from guide_app.services.session import Session
from guide_app.services.today import Today
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, tr
from ui.viewmodels.contact import why_not
from ui.viewmodels.member_sheet import MemberSheetViewModel
from ui.viewmodels.words import channel_words, named

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

LANGUAGES = ("zh_CN", "en")
LOOKED_BACK = 20


class SituationChip(Row, frozen=True):
    """A situation that has templates."""

    label: str
    selected: bool


class TemplateLine(Row, frozen=True):
    """A template; `detail`: its channel, or why it is not to be sent."""

    label: str
    detail: str
    sendable: bool
    selected: bool


class About(View, frozen=True):
    """What the message is about, as it was found when the sheet was opened."""

    templates: Sequence[TemplateRow]
    store: Names
    day: str
    product_id: str = ""
    product: Names = Names()
    settles: tuple[str, Followup] | None = None


class Readers(View, frozen=True):
    """What the sheet reads."""

    members: MemberReader
    catalogue: CatalogueReader
    shop: ShopReader
    today: Today


@QmlElement
class MessageViewModel(MemberSheetViewModel):
    """`copy` puts words where another app can take them."""

    changed = Signal()

    def __init__(
        self, desk: Desk, writer: MessageDesk, readers: Readers, session: Session, copy: Callable[[str], None]
    ) -> None:
        super().__init__(desk, readers.members, session)
        self._writer, self._readers, self._copy = writer, readers, copy
        self._situations, self._templates = KeyedListModel(SituationChip), KeyedListModel(TemplateLine)
        self._about: About | None = None
        self._situation, self._chosen, self._language = "", "", ""
        self._saving = False
        self._here = self._sheets.ask()

    @Property(QObject, constant=True)
    def situations(self) -> KeyedListModel:
        """The situations that HQ has written for."""
        return self._situations

    @Property(QObject, constant=True)
    def templates(self) -> KeyedListModel:
        """The templates of the situation."""
        return self._templates

    @Property(str, notify=changed)
    def language(self) -> str:
        """The language of the message."""
        return self._spoken()

    @Property(str, notify=changed)
    def text(self) -> str:
        """The message, filled."""
        message = self._message()
        return message.text if message else ""

    @Property(bool, notify=changed)
    def sendable(self) -> bool:
        """Whether it may go out."""
        message = self._message()
        return message is not None and message.sendable

    @Property(str, notify=changed)
    def whyNot(self) -> str:
        """Why it may not go out, in words."""
        message = self._message()
        return self._why_not(message) if message else ""

    @Property(bool, notify=changed)
    def nothing(self) -> bool:
        """Whether HQ has written no template at all."""
        return self._about is not None and not self._about.templates

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`memberId`; `situation`, `date` (a day), `productId`: what it is about where one comes from; `followupId`:
        what it settles."""
        self.clear()
        self._situation = str(arguments.get("situation", ""))
        self.run(self._open(dict(arguments), self._here))

    @Slot(str)
    def chooseSituation(self, situation: str) -> None:
        """What it is about."""
        self._situation, self._chosen = situation, ""
        self._show()

    @Slot(str)
    def choose(self, template_id: str) -> None:
        """Which of the templates."""
        self._chosen = template_id
        self._show()

    @Slot(str)
    def speak(self, language: str) -> None:
        """In which language the member reads."""
        self._language = language if language in LANGUAGES else ""
        self._show()

    @Slot()
    def material(self) -> None:
        """What of the library goes with them."""
        if self._member is not None:
            self.desk.go.open("Library", {"memberId": self._member.id})

    @Slot()
    def copy(self) -> None:
        """Into the clipboard."""
        message = self._message()
        if message is not None and message.sendable:
            self._copy(message.text)
            self.desk.tell.say(tr("Copied. Log it once it is sent."))

    @Slot()
    def sent(self) -> None:
        """It was sent: one tap logs it as a talk."""
        message = self._message()
        if self._saving or self._member is None or self._about is None or message is None or not message.sendable:
            return
        self._saving = True  # and so it stays once it is logged: a further tap finds the sheet closing
        self.run(self._log(self._member, self._about, message, self._here))

    @Slot()
    def clear(self) -> None:
        """Nothing of another member, or another guide, stays."""
        self._about, self._situation, self._chosen, self._language = None, "", "", ""
        self._saving = False
        super().clear()
        self._here = self._sheets.ask()

    # ------------------------------------------------------------------ work

    async def _open(self, asked: Mapping[str, Any], here: Callable[[], bool]) -> None:
        read = self._readers
        member = await read.members.get(str(asked.get("memberId", "")))
        tablet = await read.shop.tablet()
        if member is None or tablet is None:
            return
        product_id = str(asked.get("productId", "")) or await self._last_bought(member.id)
        rows = await read.catalogue.get([product_id]) if product_id else []
        day = str(asked.get("date", "")) or (await read.today.calendar()).today().isoformat()
        about = About(
            templates=await self._writer.templates(), store=tablet.store_name, day=day,
            product_id=rows[0].id if rows else "", product=rows[0].product.names if rows else Names(),
            settles=await self._settled(member, str(asked.get("followupId", ""))),
        )  # fmt: skip
        if here():
            self._about = about
            self._begin(member)

    async def _last_bought(self, member_id: str) -> str:
        entries = await self._readers.members.timeline(member_id, limit=LOOKED_BACK)
        bought = (line.product_id for e in entries if isinstance(e.record, Order) for line in e.record.lines)
        return next(bought, "")

    async def _log(self, member: MemberView, about: About, message: Filled, here: Callable[[], bool]) -> None:
        text = message.row.template.text
        shown = about.product_id and "product" in messages.used(text.en + text.zh)
        products = (about.product_id,) if shown else ()
        try:
            logged = await self._writer.log(member.id, message.row.template, products, about.settles)
        except BaseException:
            if here():
                self._saving = False  # the tap can be made again
            raise
        if here():
            self.desk.go.closeSheet()
        self.desk.tell.say(tr("Logged as a talk"), lambda: self.run(self._writer.take_back(logged)))

    # ------------------------------------------------------------------ what is shown

    def _spoken(self) -> str:
        return self._language or self.desk.figures.language

    def _of_situation(self) -> list[TemplateRow]:
        """The templates of the situation chosen, else of the first in which something may be sent."""
        rows = self._about.templates if self._about else ()
        known = [row.template.situation for row in rows]
        may = (row.template.situation for row in rows if self._fill(row).sendable)
        situation = self._situation if self._situation in known else next(may, next(iter(known), ""))
        return [row for row in rows if row.template.situation == situation]

    def _message(self) -> Filled | None:
        rows = self._of_situation()
        row = next((row for row in rows if row.id == self._chosen), None)
        filled = [self._fill(row)] if row else [self._fill(each) for each in rows]
        return next((each for each in filled if each.sendable), filled[0] if filled else None)

    def _fill(self, row: TemplateRow) -> Filled:
        if self._member is None or self._about is None:
            raise LookupError(row.id)
        return fill(row, self._member.member, self._values(self._member, self._about), self._spoken())

    def _values(self, member: MemberView, about: About) -> dict[Variable, str]:
        language = self._spoken()
        guide, points = self._session.guide, self._writer.points(member)
        return {
            "name": member.member.name,
            "guide": guide.staff.name if guide else "",
            "store": named(about.store.en, about.store.zh, language),
            "product": named(about.product.en, about.product.zh, language),
            "date": day_words(about.day, language),
            "points": "" if points is None else self.desk.figures.number(points),
        }

    def _show(self) -> None:
        rows, message = self._of_situation(), self._message()
        here = rows[0].template.situation if rows else ""
        known = dict.fromkeys(row.template.situation for row in self._about.templates) if self._about else {}
        self._situations.update(
            [SituationChip(key=each, label=situation_words(each), selected=each == here) for each in known]
        )
        self._templates.update([self._line(row, message) for row in rows])
        self.changed.emit()

    def _line(self, row: TemplateRow, message: Filled | None) -> TemplateLine:
        filled = self._fill(row)
        title = row.template.title
        return TemplateLine(
            key=row.id, label=named(title.en, title.zh, self.desk.figures.language),
            detail=" · ".join(p for p in (channel_words(row.template.channel), self._why_not(filled)) if p),
            sendable=filled.sendable, selected=message is not None and message.row.id == row.id,
        )  # fmt: skip

    def _why_not(self, message: Filled) -> str:
        if message.bar is not None:
            return why_not(message.bar, self.desk)
        if message.missing:
            return tr("Not known here: %1", ", ".join(variable_words(name) for name in message.missing))
        return ""


def situation_words(situation: str) -> str:
    """When such a message is sent."""
    words = {
        "birthday": tr("Birthday"),
        "followup": tr("Follow-up"),
        "replenishment": tr("Runs out soon"),
        "thanks": tr("Thanks"),
        "promise_due": tr("Promise is due"),
        "arrival": tr("Has arrived"),
        "welcome": tr("Welcome"),
    }
    return words.get(situation, situation)


def variable_words(name: str) -> str:
    """What a template asks for."""
    words = {
        "name": tr("name"),
        "guide": tr("your name"),
        "store": tr("the shop's name"),
        "product": tr("a product"),
        "date": tr("a day"),
        "points": tr("points"),
    }
    return words.get(name, name)


def day_words(day: str, language: str) -> str:
    """The day as it stands in a message, which need not be in the tablet's language."""
    _year, month, number = (int(part) for part in day.split("-"))
    if language == "zh_CN":
        return f"{month}月{number}日"
    return f"{_MONTHS[month - 1]} {number}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
