"""What is open between the shop and one member: their unsolved tickets and the promises made to them."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.services.ports.writing import Change, Journal
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel
from ui.viewmodels.promise_list import PromiseListViewModel
from ui.viewmodels.service_words import ServiceReaders
from ui.viewmodels.tickets import SHOWN_ENTITIES, TicketLine, ticket_line

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class MemberServiceViewModel(ViewModel):
    """A part of the profile; it reads for itself whom it is told to show."""

    changed = Signal()

    def __init__(
        self, desk: Desk, promises: PromiseListViewModel, readers: ServiceReaders, session: Session, journal: Journal
    ) -> None:
        super().__init__(desk)
        self._promises, self._readers, self._session = promises, readers, session
        self._tickets = KeyedListModel(TicketLine)
        self._member_id, self._asked = "", Latest()
        promises.setParent(self)
        promises.changed.connect(self.changed)
        journal.subscribe(self._on_change)
        session.subscribe(lambda _: self.clear())

    @Property(QObject, constant=True)
    def tickets(self) -> KeyedListModel:
        """Unsolved ones, newest first."""
        return self._tickets

    @Property(QObject, constant=True)
    def promises(self) -> PromiseListViewModel:
        """Open ones."""
        return self._promises

    @Property(bool, notify=changed)
    def nothing(self) -> bool:
        """Whether nothing is open."""
        return not self._tickets.rowCount() and not self._promises.property("count")

    @Slot(str)
    def show(self, member_id: str) -> None:
        """Another member; empty: nobody."""
        if not member_id:
            self.clear()
            return
        if member_id != self._member_id:
            self._tickets.update([])
        self._member_id = member_id
        self._promises.show(member_id)
        self.run(self._load())

    @Slot()
    def raiseTicket(self) -> None:
        """A new ticket about the member."""
        self.desk.go.sheet("RaiseTicket", {"memberId": self._member_id})

    @Slot(str)
    def openTicket(self, ticket_id: str) -> None:
        """Shows a ticket whole."""
        self.desk.go.open("Tickets", {"ticketId": ticket_id})

    @Slot()
    def clear(self) -> None:
        """Nobody is shown."""
        self._asked.ask()
        self._member_id = ""
        self._tickets.update([])
        self._promises.clear()
        self.changed.emit()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._promises.retranslate()
        if self._member_id:
            self.run(self._load())

    async def _load(self) -> None:
        newest = self._asked.ask()
        rows = await self._readers.service.tickets(state="open", member_id=self._member_id)
        people = await self._readers.people()
        if newest():
            self._tickets.update([ticket_line(row, people, self.desk) for row in rows])
            self.changed.emit()

    def _on_change(self, change: Change) -> None:
        if self._member_id and any(ref.entity in SHOWN_ENTITIES for ref in change.refs):
            self.run(self._load())
