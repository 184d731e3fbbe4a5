"""A list of members that answers while the guide types: the members page has one, and so has whoever picks a member."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import phone
from guide_app.domain.records import Level, Settings
from guide_app.services.ports.members import MemberReader, MemberRow
from guide_app.services.ports.shop import ShopReader
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr, trn
from ui.viewmodels.level_words import level_name
from ui.viewmodels.words import named

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

PAGE = 50
TAGS_SHOWN = 3
"""As many tags of one member as a list has room for; how many more there are is said."""


class MemberLine(Row, frozen=True):
    """A member in the list."""

    name: str
    detail: str
    when: str
    level: str
    waiting: bool
    selected: bool
    tickets: int = 0
    """Unsolved ones."""
    tags: list[dict[str, object]] = []
    """{text, rule}: whether HQ's rules give it."""


class TagChoice(Row, frozen=True):
    """A tag that the list can be narrowed to, with how many carry it."""

    text: str


def member_line(row: MemberRow, desk: Desk, levels: Sequence[Level] = (), selected: bool = False) -> MemberLine:
    """A member as every list shows them: the phone only by its tail; of another store's member the store's name; the
    level by the name that `levels` give it."""
    tail = tr("ends in %1", phone.tail(row.phone))
    if home := named(row.home.en, row.home.zh, desk.figures.language):
        tail = f"{tail} · {home}"
    return MemberLine(
        key=row.id,
        name=row.name,
        detail=f"{spelled(row.pinyin)} · {tail}" if row.pinyin and row.pinyin != row.name.lower() else tail,
        when=desk.figures.ago(row.last_contact_at) if row.last_contact_at else "",
        level=level_name(levels, row.level, desk.figures.language),
        waiting=row.waiting,
        selected=selected,
        tags=_tags(row),
        tickets=row.tickets,
    )


def _tags(row: MemberRow) -> list[dict[str, object]]:
    by_rule = [tag for tag in row.rule_tags if tag not in row.tags]
    tags: list[dict[str, object]] = [{"text": tag, "rule": False} for tag in row.tags]
    tags += [{"text": tag, "rule": True} for tag in by_rule]
    more = len(tags) - TAGS_SHOWN
    return [*tags[:TAGS_SHOWN], {"text": f"+{more}", "rule": False}] if more > 0 else tags


def spelled(pinyin: str) -> str:
    """Pinyin as a name is written: surname apart, given name in one word ("Xu Anran")."""
    first, _, rest = pinyin.partition(" ")
    return f"{first.capitalize()} {rest.replace(' ', '').capitalize()}".strip()


@QmlElement
class MemberListViewModel(ViewModel):
    """Search, the guide's own members or all, and as many rows as were scrolled to."""

    listChanged = Signal()

    def __init__(self, desk: Desk, members: MemberReader, shop: ShopReader, session: Session) -> None:
        super().__init__(desk)
        self._members, self._shop, self._session = members, shop, session
        self._settings = Settings()
        self._list, self._tags = KeyedListModel(MemberLine), KeyedListModel(TagChoice)
        self._tag, self._choosing = "", False
        self._text, self._mine, self._shown, self._found, self._total = "", False, PAGE, 0, 0
        self._searched, self._answered = Latest(), False
        session.subscribe(lambda _: self.clear())

    @Property(QObject, constant=True)
    def found(self) -> KeyedListModel:
        """The members found."""
        return self._list

    @Property(str, notify=listChanged)
    def text(self) -> str:
        """What is searched for."""
        return self._text

    @Property(bool, notify=listChanged)
    def mine(self) -> bool:
        """Whether only the guide's own members are shown."""
        return self._mine

    @Property(QObject, constant=True)
    def tagChoices(self) -> KeyedListModel:
        """The tags that members carry, while one is being chosen."""
        return self._tags

    @Property(str, notify=listChanged)
    def tag(self) -> str:
        """The tag that the list is narrowed to; empty: none."""
        return self._tag

    @Property(bool, notify=listChanged)
    def choosingTag(self) -> bool:
        """Whether a tag is being chosen."""
        return self._choosing

    @Property(str, notify=listChanged)
    def foundWords(self) -> str:
        """How many were found, in words."""
        if self._found >= 1000:
            return tr("1,000 or more found")
        return trn("%n member(s) found", self._found)

    @Property(str, notify=listChanged)
    def totalWords(self) -> str:
        """How many members are on this tablet, in words."""
        return tr("%1 on this tablet, also with no network", self.desk.figures.number(self._total))

    @Property(bool, notify=listChanged)
    def nothing(self) -> bool:
        """Whether the search has answered and found nobody."""
        return self._answered and self._found == 0

    @Slot(str)
    def search(self, text: str) -> None:
        """Searches as the person types."""
        self._text, self._shown = text, PAGE
        self.listChanged.emit()
        self.run(self._refresh_list())

    @Slot(bool)
    def showMine(self, mine: bool) -> None:
        """All members of the store, or the guide's own."""
        self._mine, self._shown = mine, PAGE
        self.listChanged.emit()
        self.run(self._refresh_list())

    @Slot()
    def askTag(self) -> None:
        """Offers the tags; a second tap puts them away, and takes a tag that was chosen off again."""
        if self._tag:
            self.showTag("")
        elif self._choosing:
            self._choose_tag(choosing=False)
        else:
            self.run(self._offer_tags())

    @Slot(str)
    def showTag(self, tag: str) -> None:
        """Only members who carry this tag, by hand or by a rule; "": all."""
        self._tag, self._shown = tag, PAGE
        self._choose_tag(choosing=False)
        self.run(self._refresh_list())

    @Slot()
    def more(self) -> None:
        """The list was scrolled to its end."""
        if self._shown < self._found:
            self._shown += PAGE
            self.run(self._refresh_list())

    @Slot()
    def open(self) -> None:
        """The list was opened."""
        self.run(self._open())

    @Slot()
    def clear(self) -> None:
        """Another guide: nothing of the last one's stays."""
        self._text, self._mine, self._shown, self._found, self._tag = "", False, PAGE, 0, ""
        self._searched.ask()
        self._answered = False
        self._choose_tag(choosing=False)
        self._list.update([])
        self.listChanged.emit()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.open()

    def _marked(self) -> str:
        """The id of the member whose row is marked; empty: none."""
        return ""

    def _choose_tag(self, *, choosing: bool) -> None:
        self._choosing = choosing
        if not choosing:
            self._tags.update([])
        self.listChanged.emit()

    async def _offer_tags(self) -> None:
        known = await self._members.tags()
        if self._session.guide is None:
            return
        number = self.desk.figures.number
        self._tags.update([TagChoice(key=one.tag, text=f"{one.tag} · {number(one.members)}") for one in known])
        self._choose_tag(choosing=True)

    async def _open(self) -> None:
        self._settings = await self._shop.settings()
        self._total = await self._members.count()
        await self._refresh_list()

    async def _refresh_list(self) -> None:
        if self._session.guide is None:
            return
        newest, owner = self._searched.ask(), self._session.guide.id if self._mine else ""
        rows = await self._members.search(self._text, owner_id=owner, tag=self._tag, limit=self._shown)
        found = await self._members.count(self._text, owner_id=owner, tag=self._tag)
        if not newest():
            return  # a later keystroke was quicker
        marked, self._found, self._answered = self._marked(), found, True
        self._list.update([member_line(row, self.desk, self._settings.levels, row.id == marked) for row in rows])
        self.listChanged.emit()
