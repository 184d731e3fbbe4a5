"""Open promises, of the shop or of one member: with whom, what, by when, and settled in one tap with an undo."""

from __future__ import annotations

from datetime import date
from typing import cast

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.promises import Tally
from guide_app.domain.records.service import PromiseAct
from guide_app.services.ports.care import PromiseRow
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.service import Done, ServiceDesk
from guide_app.services.session import Session
from guide_app.services.today import Today
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr
from ui.viewmodels.service_words import PROMISE_ICONS, ServiceReaders, due_words, promise_words, tally_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

SHOWN_ENTITIES = frozenset({"promise", "ticket", "member", "member_alias", "staff"})


class PromiseLine(Row, frozen=True):
    """An open promise; `detail` says what it is about and who answers for it; `tickets`: the member's unsolved ones."""

    member_id: str
    name: str
    what: str
    detail: str
    icon: str
    when: str
    late: bool
    waiting: bool
    tickets: int


@QmlElement
class PromiseListViewModel(ViewModel):
    """Every guide of the shop sees all of them, whoever made them."""

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        service: ServiceDesk,
        readers: ServiceReaders,
        today: Today,
        session: Session,
        journal: Journal,
    ) -> None:
        super().__init__(desk)
        self._service, self._readers, self._today, self._session = service, readers, today, session
        self._list = KeyedListModel(PromiseLine)
        self._rows: list[PromiseRow] = []
        self._people: dict[str, str] = {}
        self._goods: dict[str, str] = {}
        self._kept: dict[str, Tally] = {}
        self._member_id, self._open, self._day = "", False, date.min
        self._asked = Latest()
        journal.subscribe(self._on_change)
        session.subscribe(lambda _: self.clear())

    @Property(QObject, constant=True)
    def promises(self) -> KeyedListModel:
        """What is due first comes first."""
        return self._list

    @Property(int, notify=changed)
    def count(self) -> int:
        """How many are open."""
        return len(self._rows)

    @Property(int, notify=changed)
    def late(self) -> int:
        """How many of them are late."""
        return sum(row.promise.due_on < self._day.isoformat() for row in self._rows)

    @Property(str, notify=changed)
    def myWord(self) -> str:
        """How the guide kept their word in the last 90 days; empty where they promised nothing."""
        guide = self._session.guide
        return tally_words(self._kept.get(guide.id)) if guide else ""

    @Property(str, notify=changed)
    def shopWord(self) -> str:
        """How the whole shop kept its word."""
        return tally_words(self._kept.get(""))

    @Slot(str)
    def show(self, member_id: str = "") -> None:
        """Lists the promises made to one member, or (empty) to everybody."""
        if member_id != self._member_id:
            self._rows = []
            self._list.update([])
        self._member_id, self._open = member_id, True
        self.run(self._load())

    @Slot(str, str)
    def settle(self, key: str, what: str) -> None:
        """Kept, broken or dropped: one tap, with an undo."""
        row = next((row for row in self._rows if row.id == key), None)
        if row is not None and what in ("kept", "broken", "dropped"):
            self.run(self._settle(row, cast("PromiseAct", what)))

    @Slot(str)
    def person(self, key: str) -> None:
        """Opens the member it was promised to."""
        row = next((row for row in self._rows if row.id == key), None)
        if row is not None and row.member is not None:
            self.desk.go.open("Members", {"memberId": row.member.id})

    @Slot()
    def make(self) -> None:
        """Promises the member shown something."""
        if self._member_id:
            self.desk.go.sheet("MakePromise", {"memberId": self._member_id})

    @Slot()
    def clear(self) -> None:
        """Another guide: nothing of the last one's stays."""
        self._asked.ask()
        self._rows, self._kept, self._member_id, self._open = [], {}, "", False
        self._show()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        if self._open:
            self.run(self._load())

    async def _load(self) -> None:
        newest = self._asked.ask()
        day = (await self._today.calendar()).today()
        rows = [*await self._readers.service.promises(member_id=self._member_id)]
        people, kept = await self._readers.people(), await self._service.kept()
        goods = await self._readers.goods({row.promise.product_id for row in rows}, self.desk)
        if newest():
            self._rows, self._people, self._kept, self._goods, self._day = rows, people, kept, goods, day
            self._show()

    async def _settle(self, row: PromiseRow, what: PromiseAct) -> None:
        done = await self._service.settle(row, what)
        words = {"kept": tr("Promise kept"), "broken": tr("Promise not kept"), "dropped": tr("No longer wanted")}
        self.desk.tell.say(words[what], lambda: self.run(self._undo(done)))

    async def _undo(self, done: Done) -> None:
        await self._service.undo_promise(done)

    def _show(self) -> None:
        self._list.update([self._line(row) for row in self._rows])
        self.changed.emit()

    def _line(self, row: PromiseRow) -> PromiseLine:
        promise, today = row.promise, self._day.isoformat()
        goods = self._goods.get(promise.product_id, "")
        if goods and promise.quantity > 1:
            goods = f"{goods} × {self.desk.figures.number(promise.quantity)}"
        who = self._people.get(promise.guide_id, "")
        parts = (goods, promise.words, tr("promised by %1", who) if who else "")
        return PromiseLine(
            key=row.id,
            member_id=row.member.id if row.member else promise.member_id,
            name=row.member.name if row.member else tr("arriving"),
            what=promise_words(promise.kind),
            detail=" · ".join(part for part in parts if part),
            icon=PROMISE_ICONS.get(promise.kind, "handshake"),
            when=due_words(promise.due_on, today, self.desk.figures.day),
            late=promise.due_on < today,
            waiting=row.waiting,
            tickets=row.member.tickets if row.member else 0,
        )

    def _on_change(self, change: Change) -> None:
        if self._open and any(ref.entity in SHOWN_ENTITIES for ref in change.refs):
            self.run(self._load())
