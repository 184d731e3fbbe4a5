"""The sheet of a new ticket: what kind, in a few words, in whose hand; about a member, perhaps about an order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast, get_args

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.records.service import TicketKind
from guide_app.services.ports import MemberReader, MemberView, OrderReader, OrderRow
from guide_app.services.service import Done, ServiceDesk
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel
from ui.viewmodels.base import QML_MODULE, Desk, tr
from ui.viewmodels.member_sheet import ChoiceTile, MemberSheetViewModel
from ui.viewmodels.service_words import TICKET_ICONS, ServiceReaders, ticket_words
from ui.viewmodels.words import number_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

KINDS: tuple[str, ...] = get_args(TicketKind)


@QmlElement
class RaiseTicketViewModel(MemberSheetViewModel):
    """A kind and one button; words and a colleague may be added."""

    changed = Signal()

    def __init__(
        self, desk: Desk, service: ServiceDesk, readers: ServiceReaders, members: MemberReader, orders: OrderReader,
        session: Session,
    ) -> None:  # fmt: skip
        super().__init__(desk, members, session)
        self._service, self._readers, self._orders = service, readers, orders
        self._kinds, self._hands = KeyedListModel(ChoiceTile), KeyedListModel(ChoiceTile)
        self._order: OrderRow | None = None
        self._people: dict[str, str] = {}
        self._kind, self._words, self._to, self._saving = "", "", "", False
        self._show()

    @Property(QObject, constant=True)
    def kinds(self) -> KeyedListModel:
        """What kind it is."""
        return self._kinds

    @Property(QObject, constant=True)
    def hands(self) -> KeyedListModel:
        """Who takes it: oneself, or a colleague."""
        return self._hands

    @Property(str, notify=changed)
    def orderWords(self) -> str:  # noqa: N802
        """About which order; empty where it is about none."""
        return tr("about order %1", number_words(self._order.order.number)) if self._order else ""

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether it can be raised."""
        return self._member is not None and bool(self._kind) and not self._saving

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self.clear()
        here = self._sheets.ask()
        self.run(self._open(arguments.get("memberId", ""), arguments.get("orderId", ""), here))

    @Slot(str)
    def choose(self, kind: str) -> None:
        """What kind it is."""
        if kind in KINDS:
            self._kind = kind
            self._show()

    @Slot(str)
    def setWords(self, words: str) -> None:  # noqa: N802
        """What it is about."""
        self._words = words[:2000]

    @Slot(str)
    def give(self, staff_id: str) -> None:
        """Puts it into somebody's hand."""
        self._to = staff_id
        self._show()

    @Slot()
    def save(self) -> None:
        """Raises it."""
        if self.ready and self._member is not None:
            self._saving = True
            self.changed.emit()
            self.run(self._save(self._member, self._order))

    @Slot()
    def clear(self) -> None:
        """An empty sheet."""
        self._order, self._people = None, {}
        self._kind, self._words, self._to, self._saving = "", "", "", False
        super().clear()

    async def _open(self, member_id: str, order_id: str, here: Callable[[], bool]) -> None:
        order = await self._orders.get(order_id) if order_id else None
        member = await self._members.get(member_id or (order.order.member_id if order else ""))
        people = await self._readers.people()
        if here():
            self._order, self._people = order, people
            self._begin(member)

    async def _save(self, member: MemberView, order: OrderRow | None) -> None:
        me = self._session.guide.id if self._session.guide else ""
        try:
            done = await self._service.raise_ticket(
                member.id, cast("TicketKind", self._kind), self._words, order_id=order.id if order else "",
                to=self._to if self._to != me else "",
            )  # fmt: skip
        finally:
            self._saving = False
            self.changed.emit()
        self.desk.go.closeSheet()
        self.desk.tell.say(tr("Ticket for %1 is raised", member.member.name), lambda: self.run(self._undo(done)))

    async def _undo(self, done: Done) -> None:
        await self._service.undo_ticket(done)

    def _show(self) -> None:
        self._kinds.update([
            ChoiceTile(key=kind, label=ticket_words(kind), symbol=TICKET_ICONS[kind], selected=kind == self._kind)
            for kind in KINDS
        ])  # fmt: skip
        me = self._session.guide.id if self._session.guide else ""
        chosen = self._to or me
        others = sorted((name, staff_id) for staff_id, name in self._people.items() if staff_id != me)
        hands = [(tr("I take it"), me), *others] if me in self._people else []
        self._hands.update([
            ChoiceTile(key=staff_id, label=name, symbol="", selected=staff_id == chosen) for name, staff_id in hands
        ])  # fmt: skip
        self.changed.emit()
