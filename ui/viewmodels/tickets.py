"""Tickets of the shop: the list with its filters, one ticket whole with everything that was done, and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.records.service import TicketAct
from guide_app.domain.steps import standing
from guide_app.services.ports.care import TicketRow
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.service import Done, ServiceDesk
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, tr
from ui.viewmodels.list_beside import ListBesideViewModel
from ui.viewmodels.member_sheet import ChoiceTile
from ui.viewmodels.service_words import (
    STEP_ICONS,
    TICKET_ICONS,
    ServiceReaders,
    step_words,
    ticket_standing,
    ticket_words,
)
from ui.viewmodels.words import number_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

FILTERS = ("open", "mine", "all")
SHOWN_ENTITIES = frozenset({"ticket", "member", "member_alias", "staff"})


class TicketLine(Row, frozen=True):
    """A ticket in the list."""

    member_id: str
    person: str
    what: str
    detail: str
    symbol: str
    standing: str
    tone: str
    waiting: bool
    selected: bool


class StepLine(Row, frozen=True):
    """Something that was done with the ticket; `undone`: taken back since."""

    title: str
    detail: str
    when: str
    icon: str
    undone: bool


class TicketFilter(Row, frozen=True):
    """A filter; `label` has its count where one is known."""

    label: str
    selected: bool


@QmlElement
class TicketsViewModel(ListBesideViewModel):
    """List and ticket side by side. `filter`: open, mine (open and in my hand), all."""

    changed = Signal()
    filters_known = FILTERS

    def __init__(
        self, desk: Desk, service: ServiceDesk, readers: ServiceReaders, session: Session, journal: Journal
    ) -> None:
        super().__init__(desk, session, TicketLine)
        self._service, self._readers = service, readers
        self._steps = KeyedListModel(StepLine)
        self._chips, self._hands = KeyedListModel(TicketFilter), KeyedListModel(ChoiceTile)
        self._rows: list[TicketRow] = []
        self._row: TicketRow | None = None
        self._people: dict[str, str] = {}
        self._goods = ""
        self._counts = (0, 0)
        journal.subscribe(self._on_change)

    # ------------------------------------------------------------------ the list

    @Property(QObject, constant=True)
    def filters(self) -> KeyedListModel:
        """Open, mine, all."""
        return self._chips

    def enter(self, arguments: Mapping[str, Any]) -> None:
        if arguments.get("ticketId"):
            self._wanted = arguments["ticketId"]
        self.run(self._refresh())

    # ------------------------------------------------------------------ one ticket

    @Property(bool, notify=changed)
    def chosen(self) -> bool:
        """Whether a ticket is shown."""
        return self._row is not None

    @Property(str, notify=changed)
    def memberName(self) -> str:
        """About whom."""
        return self._row.member.name if self._row and self._row.member else ""

    @Property(str, notify=changed)
    def memberId(self) -> str:
        """About whom, for the avatar's tint."""
        return self._row.member.id if self._row and self._row.member else ""

    @Property(str, notify=changed)
    def kindWords(self) -> str:
        """What kind it is."""
        return ticket_words(self._row.ticket.kind) if self._row else ""

    @Property(str, notify=changed)
    def icon(self) -> str:
        """The picture of its kind."""
        return TICKET_ICONS.get(self._row.ticket.kind, "ticket") if self._row else ""

    @Property(str, notify=changed)
    def number(self) -> str:
        """Its number, grouped for reading aloud."""
        return number_words(self._row.ticket.number) if self._row else ""

    @Property(str, notify=changed)
    def code(self) -> str:
        """Its number, as a scanner reads it on this or another tablet, or on the customer's phone."""
        return self._row.ticket.number if self._row else ""

    @Property(str, notify=changed)
    def words(self) -> str:
        """What it is about."""
        return self._row.ticket.words if self._row else ""

    @Property(str, notify=changed)
    def about(self) -> str:
        """About which product; empty where it is about none."""
        return self._goods if self._row else ""

    @Property(str, notify=changed)
    def orderId(self) -> str:
        """The order that it is about."""
        return self._row.ticket.order_id if self._row else ""

    @Property(bool, notify=changed)
    def solved(self) -> bool:
        """Whether it is solved."""
        return bool(self._row) and self._row is not None and self._row.ticket.state == "solved"

    @Property(str, notify=changed)
    def standing(self) -> str:
        """How it stands, and in whose hand it is."""
        return ticket_standing(self._row.ticket, self._people) if self._row else ""

    @Property(int, notify=changed)
    def rating(self) -> int:
        """What the customer said in the end, 1 to 5; 0: nothing yet."""
        return self._row.ticket.rating if self._row else 0

    @Property(bool, notify=changed)
    def waiting(self) -> bool:
        """Whether HQ does not have all of it yet."""
        return bool(self._row and self._row.waiting)

    @Property(QObject, constant=True)
    def steps(self) -> KeyedListModel:
        """Everything that was done, newest first."""
        return self._steps

    @Property(QObject, constant=True)
    def hands(self) -> KeyedListModel:
        """Into whose hand it can be given."""
        return self._hands

    @Slot(str)
    def note(self, words: str) -> None:
        """Adds words."""
        if words.strip():
            self._do("note", words=words.strip()[:2000])

    @Slot(str)
    def solve(self, words: str = "") -> None:
        """Says that it is solved, perhaps how."""
        self._do("solve", words=words.strip()[:2000])

    @Slot()
    def reopen(self) -> None:
        """Opens it again."""
        self._do("reopen")

    @Slot(str)
    def give(self, staff_id: str) -> None:
        """Puts it into somebody's hand."""
        if self._row is not None and staff_id != self._row.ticket.guide_id:
            self._do("assign", to=staff_id)

    @Slot(int)
    def rate(self, rating: int) -> None:
        """What the customer said."""
        if 1 <= rating <= 5:
            self._do("rate", rating=rating)

    @Slot()
    def figures(self) -> None:
        """How the shop keeps its word and settles its tickets."""
        self.desk.go.sheet("ServiceFigures")

    @Slot()
    def openMember(self) -> None:
        """Opens the member it is about."""
        if self.memberId:
            self.desk.go.open("Members", {"memberId": self.memberId})

    @Slot()
    def openOrder(self) -> None:
        """Opens the order it is about."""
        if self.orderId:
            self.desk.go.open("Orders", {"orderId": self.orderId})

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.run(self._refresh())

    # ------------------------------------------------------------------ work

    def _do(self, what: str, *, words: str = "", to: str = "", rating: int = 0) -> None:
        if self._row is not None:
            self.run(self._step(self._row, cast("TicketAct", what), words, to, rating))

    async def _step(self, row: TicketRow, what: TicketAct, words: str, to: str, rating: int) -> None:
        done = await self._service.step(row, what, words=words, to=to, rating=rating)
        said = {
            "note": tr("Noted"),
            "solve": tr("Solved"),
            "reopen": tr("Open again"),
            "assign": tr("Given to %1", self._people.get(to, "")),
            "rate": tr("%1 of 5: recorded", rating),
        }
        self.desk.tell.say(said[what], lambda: self.run(self._undo(done)))

    async def _undo(self, done: Done) -> None:
        await self._service.undo_ticket(done)

    async def _refresh(self) -> None:
        if self._session.guide is None:
            return
        self._people = await self._readers.people()
        await self._load()
        await self._find()

    async def _find(self) -> None:
        if self._session.guide is None:
            return
        newest, me = self._searched.ask(), self._session.guide.id
        rows = [*await self._readers.service.tickets(
            state="" if self._filter == "all" else "open", guide_id=me if self._filter == "mine" else "",
            text=self._text, limit=self._shown,
        )]  # fmt: skip
        counts = await self._readers.service.open_tickets(me)
        if newest():
            self._rows, self._counts, self._answered = rows, counts, True
            self._show()

    async def _load(self) -> None:
        """Shows the ticket that was chosen last, as the store has it now; one that was taken back goes."""
        newest = self._chosen.ask()
        row = await self._readers.service.ticket(self._wanted) if self._wanted else None
        goods = await self._readers.goods({row.ticket.product_id}, self.desk) if row else {}
        if newest():
            self._row = row if row and row.ticket.state != "void" else None
            self._goods = next(iter(goods.values()), "")
            self._show()

    def _put_away(self, *, everything: bool) -> None:
        self._row = None
        if everything:
            self._rows, self._counts = [], (0, 0)

    def _show(self) -> None:
        chosen = self._row.id if self._row else ""
        mine, everybodys = self._counts
        names = {"open": tr("Open %1", everybodys), "mine": tr("Mine %1", mine), "all": tr("All")}
        self._chips.update([TicketFilter(key=k, label=names[k], selected=k == self._filter) for k in FILTERS])
        self._list.update([ticket_line(row, self._people, self.desk, selected=row.id == chosen) for row in self._rows])
        self._steps.update(self._step_lines(self._row) if self._row else [])
        self._hands.update(self._hand_tiles(self._row) if self._row else [])
        self.listChanged.emit()
        self.changed.emit()

    def _step_lines(self, row: TicketRow) -> list[StepLine]:
        counted = {step.op_id for step in standing(row.ticket.history)}
        return [
            StepLine(
                key=step.op_id,
                title=step_words(step, self._people),
                detail=step.words,
                when=self.desk.figures.ago(step.at),
                icon=STEP_ICONS.get(step.what, "circle"),
                undone=step.op_id not in counted,
            )
            for step in reversed(row.ticket.history)
            if step.what != "undo"
        ]

    def _hand_tiles(self, row: TicketRow) -> list[ChoiceTile]:
        people = sorted((name, staff_id) for staff_id, name in self._people.items())
        return [ChoiceTile(key=i, label=name, symbol="", selected=i == row.ticket.guide_id) for name, i in people]

    def _on_change(self, change: Change) -> None:
        if self._session.guide is not None and any(ref.entity in SHOWN_ENTITIES for ref in change.refs):
            self.run(self._refresh())


def ticket_line(row: TicketRow, people: dict[str, str], desk: Desk, *, selected: bool = False) -> TicketLine:
    """A ticket as every list shows it."""
    solved = row.ticket.state == "solved"
    parts = (row.ticket.words, desk.figures.ago(row.ticket.raised_at))
    return TicketLine(
        key=row.id,
        member_id=row.member.id if row.member else row.ticket.member_id,
        person=row.member.name if row.member else tr("arriving"),
        what=ticket_words(row.ticket.kind),
        detail=" · ".join(part for part in parts if part),
        symbol=TICKET_ICONS.get(row.ticket.kind, "ticket"),
        standing=ticket_standing(row.ticket, people),
        tone="good" if solved else "bad" if row.ticket.kind == "complaint" else "clay",
        waiting=row.waiting,
        selected=selected,
    )
