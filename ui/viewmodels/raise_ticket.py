"""The sheet of a new ticket: what kind, in a few words, in whose hand; about a member, perhaps about an order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, cast, get_args

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.records.service import TicketKind
from guide_app.services.ports.members import MemberReader, MemberView
from guide_app.services.ports.orders import OrderReader, OrderRow
from guide_app.services.service import ServiceDesk
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel
from ui.viewmodels.base import QML_MODULE, Desk, tr
from ui.viewmodels.member_form import MemberFormViewModel, Undo
from ui.viewmodels.member_sheet import ChoiceTile
from ui.viewmodels.service_words import TICKET_ICONS, ServiceReaders, ticket_words
from ui.viewmodels.words import number_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class RaiseTicketViewModel(MemberFormViewModel):
    """A kind and one button; words and a colleague may be added."""

    changed = Signal()
    kinds_known: ClassVar[tuple[str, ...]] = get_args(TicketKind)

    def __init__(
        self, desk: Desk, service: ServiceDesk, readers: ServiceReaders, members: MemberReader, orders: OrderReader,
        session: Session,
    ) -> None:  # fmt: skip
        super().__init__(desk, members, session)
        self._service, self._readers, self._orders = service, readers, orders
        self._hands = KeyedListModel(ChoiceTile)
        self._order: OrderRow | None = None
        self._people: dict[str, str] = {}
        self._to = ""
        self._show()

    @Property(QObject, constant=True)
    def hands(self) -> KeyedListModel:
        """Who takes it: oneself, or a colleague."""
        return self._hands

    @Property(str, notify=changed)
    def orderWords(self) -> str:
        """About which order; empty where it is about none."""
        return tr("about order %1", number_words(self._order.order.number)) if self._order else ""

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self.clear()
        here = self._sheets.ask()
        self.run(self._open(arguments.get("memberId", ""), arguments.get("orderId", ""), here))

    @Slot(str)
    def give(self, staff_id: str) -> None:
        """Puts it into somebody's hand."""
        self._to = staff_id
        self._show()

    @Slot()
    def clear(self) -> None:
        """An empty sheet."""
        self._order, self._people = None, {}
        self._to = ""
        super().clear()

    async def _open(self, member_id: str, order_id: str, here: Callable[[], bool]) -> None:
        order = await self._orders.get(order_id) if order_id else None
        member = await self._members.get(member_id or (order.order.member_id if order else ""))
        people = await self._readers.people()
        if here():
            self._order, self._people = order, people
            self._begin(member)

    def _complete(self) -> bool:
        return bool(self._kind)

    async def _send(self, member: MemberView) -> tuple[str, Undo]:
        me, order = self._session.guide.id if self._session.guide else "", self._order
        done = await self._service.raise_ticket(
            member.id, cast("TicketKind", self._kind), self._words, order_id=order.id if order else "",
            to=self._to if self._to != me else "",
        )  # fmt: skip
        return tr("Ticket for %1 is raised", member.member.name), partial(self._service.undo_ticket, done)

    def _show(self) -> None:
        self._show_kinds(ticket_words, TICKET_ICONS)
        me = self._session.guide.id if self._session.guide else ""
        chosen = self._to or me
        others = sorted((name, staff_id) for staff_id, name in self._people.items() if staff_id != me)
        hands = [(tr("I take it"), me), *others] if me in self._people else []
        self._hands.update([
            ChoiceTile(key=staff_id, label=name, symbol="", selected=staff_id == chosen) for name, staff_id in hands
        ])  # fmt: skip
        self.changed.emit()
