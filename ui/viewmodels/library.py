"""The library: what there is to show, narrowed and searched, what must be read first, and one of it beside the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

import msgspec
from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.materials import Kind
from guide_app.domain.records import Names, Order
from guide_app.services.ports.library import MaterialRow, Shelf, Wanted
from guide_app.services.ports.members import MemberView
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, tr
from ui.viewmodels.library_words import material_tile
from ui.viewmodels.list_beside import PAGE
from ui.viewmodels.material import LibraryPorts, MaterialViewModel

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

TOPICS_SHOWN = 6
"""Topics that stand over the grid; the others are in the sheet of filters."""
TOGETHER_MS = 300
"""Files that come within this time are told together."""
LOOKED_BACK = 20
"""Entries of a member's story in which is looked for what they bought."""
ONLY = ("must_read", "recent", "favourites")


class LibraryChip(Row, frozen=True):
    """A filter; `group`: what it narrows by."""

    group: str
    value: str
    label: str
    selected: bool


@QmlElement
class LibraryViewModel(MaterialViewModel):
    """The library's page. Narrowed by one thing of each group: only, topic, kind, lies, tag, campaign."""

    shelfChanged = Signal()

    def __init__(
        self,
        desk: Desk,
        ports: LibraryPorts,
        session: Session,
        journal: Journal,
        copy: Callable[[str], None],
        player: QObject | None = None,
    ) -> None:
        """As `MaterialViewModel`."""
        self._asked = Wanted()
        self._goes_with = Names()
        self._shelf = Shelf()
        self._rows: list[MaterialRow] = []
        super().__init__(desk, ports, session, copy, player)
        self._chips, self._more_chips = KeyedListModel(LibraryChip), KeyedListModel(LibraryChip)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(TOGETHER_MS)
        self._soon.timeout.connect(self.refresh)
        journal.subscribe(self._on_change)

    @Property(QObject, constant=True)
    def chips(self) -> KeyedListModel:
        """The filters over the grid."""
        return self._chips

    @Property(QObject, constant=True)
    def narrowing(self) -> KeyedListModel:
        """All other filters, group by group."""
        return self._more_chips

    @Property("QStringList", notify=shelfChanged)  # type: ignore[arg-type]  # the stub knows only classes
    def groups(self) -> list[str]:
        """The groups of which there is a filter."""
        return list(dict.fromkeys(chip.group for chip in self._in_the_sheet()))

    @Property(int, notify=shelfChanged)
    def narrowed(self) -> int:
        """How many of the other filters are set."""
        asked = self._asked
        return sum(map(bool, (asked.kind, asked.lies, asked.tag, asked.campaign)))

    @Property(str, notify=shelfChanged)
    def counts(self) -> str:
        """How much there is, and how much of it is on the tablet."""
        number = self.desk.figures.number
        return tr("%1 of %2 on this tablet", number(self._shelf.here), number(self._shelf.all))

    @Property(str, notify=shelfChanged)
    def goesWith(self) -> str:
        """The product or the member that it is narrowed to; empty: to none."""
        return self._named(self._goes_with) or (self._member.member.name if self._member else "")

    @Property(bool, notify=shelfChanged)
    def empty(self) -> bool:
        """Whether HQ has sent this shop no material at all."""
        return self._answered and not self._shelf.all

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`materialId`: shown beside the list; `look`: and opened whole;
        `memberId`, `productId`: what goes with them; `only`: a filter."""
        if arguments.get("memberId") or arguments.get("productId"):
            self._asked, self._text = Wanted(), ""
        if arguments.get("only") in ONLY:
            self._asked = Wanted(only=arguments["only"])
        if arguments.get("materialId"):
            self._wanted = arguments["materialId"]
        look = bool(arguments.get("look"))
        self.run(self._open(str(arguments.get("memberId", "")), str(arguments.get("productId", "")), look=look))

    @Slot(str, str)
    def narrow(self, group: str, value: str) -> None:
        """Narrows the list by one thing more, or no longer by this one."""
        if group == "all":
            self._asked = Wanted(products=self._asked.products)
        elif group in Wanted.__struct_fields__ and group not in ("text", "products"):
            now = getattr(self._asked, group)
            asked = {group: "" if now == value else value}
            if group in ("only", "topic"):  # one chip of the row over the grid
                asked = {"only": "", "topic": "", **asked}
            self._asked = msgspec.structs.replace(self._asked, **asked)
        self._shown = PAGE
        self.run(self._find())

    @Slot()
    def everything(self) -> None:
        """No longer for one member or product."""
        self._asked, self._goes_with, self._member = Wanted(), Names(), None
        self.run(self._find())
        self.changed.emit()

    @Slot()
    def askFilters(self) -> None:
        """All filters."""
        self.desk.go.sheet("LibraryFilters")

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    @Slot()
    def refresh(self) -> None:
        """Reads it anew: time goes on, and files come."""
        self.run(self._reload())

    def came(self, sha256: str) -> None:
        """A file has come: what is on its way has come further."""
        if self._answered and not self._soon.isActive():
            self._soon.start()

    # ------------------------------------------------------------------ work

    async def _open(self, member_id: str, product_id: str, *, look: bool) -> None:
        tablet = await self._ports.shop.tablet()
        self._store = tablet.store_name if tablet else Names()
        self._day = self.desk.figures.today().isoformat()
        if member_id or product_id:
            self._member = await self._ports.members.get(member_id) if member_id else None
            self._goes_with = await self._product(product_id)
            products = (product_id,) if product_id else await self._of_member(self._member)
            self._asked = msgspec.structs.replace(self._asked, products=products)
        await self._reload()
        if look:
            self.look()

    async def _product(self, product_id: str) -> Names:
        found = await self._ports.catalogue.get([product_id]) if product_id else []
        return found[0].product.names if found else Names()

    async def _of_member(self, member: MemberView | None) -> tuple[str, ...]:
        """What they wish for and what they bought."""
        if member is None:
            return ()
        entries = await self._ports.members.timeline(member.id, limit=LOOKED_BACK)
        bought = [line.product_id for e in entries if isinstance(e.record, Order) for line in e.record.lines]
        return tuple(dict.fromkeys([*(wish.product_id for wish in member.member.wishes), *bought]))

    async def _reload(self) -> None:
        await self._find()
        await self._load()

    async def _find(self) -> None:
        reader = self._reader()
        if reader is None:
            return
        newest = self._searched.ask()
        wanted = msgspec.structs.replace(self._asked, text=self._text)
        rows = [*await self._ports.reader.find(wanted, reader, limit=self._shown)]
        shelf = await self._ports.reader.shelf(reader)
        if newest():
            self._rows, self._shelf, self._answered = rows, shelf, True
            self._show()

    async def _load(self) -> None:
        reader = self._reader()
        if reader is None:
            return
        newest = self._chosen.ask()
        row = await self._ports.reader.get(self._wanted, reader) if self._wanted else None
        if newest():
            self._row = row
            self._show()

    def _put_away(self, *, everything: bool) -> None:
        self._row = None
        if everything:
            self._rows, self._shelf, self._asked = [], Shelf(), Wanted()
            self._member, self._goes_with, self._ended = None, Names(), ("", 0)

    def _show(self) -> None:
        chosen = self._row.material.material if self._row else ""
        tiles = [material_tile(row, self.desk, selected=row.material.material == chosen) for row in self._rows]
        self._list.update(tiles)
        self._chips.update(self._over_the_grid())
        self._more_chips.update(self._in_the_sheet())
        self.listChanged.emit()
        self.shelfChanged.emit()
        self.changed.emit()

    def _over_the_grid(self) -> list[LibraryChip]:
        asked, number = self._asked, self.desk.figures.number
        words = {
            "must_read": tr("Must read %1", number(self._shelf.unread)),
            "recent": tr("Recent"), "favourites": tr("Favourites"),
        }  # fmt: skip
        chips = [_chip("all", "", tr("All %1", number(self._shelf.all)), not asked.only and not asked.topic)]
        chips += [_chip("only", only, words[only], asked.only == only) for only in ONLY]
        topics = [names for names in self._shelf.topics if names.zh or names.en]
        shown = [names for n, names in enumerate(topics) if n < TOPICS_SHOWN or asked.topic in (names.zh, names.en)]
        return chips + [_chip("topic", n.zh or n.en, self._named(n), asked.topic in (n.zh, n.en)) for n in shown]

    def _in_the_sheet(self) -> list[LibraryChip]:
        asked, kinds = self._asked, kind_words()
        places = {"here": tr("On this tablet"), "away": tr("Not on this tablet")}
        topics = self._shelf.topics[TOPICS_SHOWN:]
        return [
            *(_chip("kind", kind, kinds[kind], asked.kind == kind) for kind in get_args(Kind)),
            *(_chip("lies", place, words, asked.lies == place) for place, words in places.items()),
            *(_chip("topic", n.zh or n.en, self._named(n), asked.topic in (n.zh, n.en)) for n in topics),
            *(_chip("tag", tag, tag, asked.tag == tag) for tag in self._shelf.tags),
            *(_chip("campaign", name, name, asked.campaign == name) for name in self._shelf.campaigns),
        ]

    def _on_change(self, change: Change) -> None:
        if self._session.guide is not None and any(ref.entity in ("material", "material_use") for ref in change.refs):
            self.run(self._reload())


def kind_words() -> dict[str, str]:
    """What kinds there are."""
    return {"image": tr("Pictures"), "video": tr("Films"), "pdf": tr("PDF"), "text": tr("Texts")}


def _chip(group: str, value: str, label: str, selected: bool) -> LibraryChip:
    return LibraryChip(key=f"{group} {value}", group=group, value=value, label=label, selected=selected)
