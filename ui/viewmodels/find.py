"""Search from every page: members, products, orders, quotations and tickets in one list; a scanned code leads there by
itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.services.ports.care import TicketRow
from guide_app.services.ports.catalogue import ProductRow
from guide_app.services.ports.members import MemberReader
from guide_app.services.ports.orders import OrderReader, OrderRow, QuotationRow
from guide_app.services.quotations import QuotationDesk
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr
from ui.viewmodels.catalogue import detail
from ui.viewmodels.member_list import member_line
from ui.viewmodels.quotation_words import quotation_line
from ui.viewmodels.service_words import TICKET_ICONS, ServiceReaders, ticket_standing, ticket_words
from ui.viewmodels.words import is_number, named, number_words, order_state_words, typed_phone

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

OF_EACH = 5
"""Of each group as many as fit without scrolling past the next one's first."""


class FoundLine(Row, frozen=True):
    """Something found; `heading` is the name of its group where it is the group's first."""

    kind: str
    heading: str
    title: str
    detail: str
    symbol: str
    selected: bool
    tickets: int = 0
    """Unsolved ones of a member."""


@QmlElement
class FindViewModel(ViewModel):
    """The sheet. Nothing of what was searched stays for the next guide."""

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        members: MemberReader,
        orders: OrderReader,
        quotations: QuotationDesk,
        service: ServiceReaders,
        session: Session,
    ) -> None:
        super().__init__(desk)
        self._quotations = quotations
        self._members, self._orders, self._readers, self._session = members, orders, service, session
        self._found = KeyedListModel(FoundLine)
        self._lines: list[FoundLine] = []
        self._text, self._marked, self._answered = "", 0, ""
        self._asked = Latest()
        session.subscribe(lambda _: self.clear())

    @Property(QObject, constant=True)
    def found(self) -> KeyedListModel:
        """What was found, group by group."""
        return self._found

    @Property(str, notify=changed)
    def text(self) -> str:
        """What is searched for."""
        return self._text

    @Property(int, notify=changed)
    def marked(self) -> int:
        """The row that Enter opens."""
        return self._marked

    @Property(bool, notify=changed)
    def nothing(self) -> bool:
        """Whether the search has answered and found nothing."""
        return self._found_nothing()

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`text`: what was typed, or scanned, where one comes from."""
        self.search(str(arguments.get("text", "")))

    @Slot(str)
    def search(self, text: str) -> None:
        """Searches as the person types."""
        self._text, self._marked = text, 0
        self.changed.emit()
        self.run(self._search(text.strip()))

    @Slot(int)
    def move(self, by: int) -> None:
        """The arrow keys: another row is marked."""
        if self._lines:
            self._marked = max(0, min(self._marked + by, len(self._lines) - 1))
            self._show()

    @Slot()
    def accept(self) -> None:
        """Enter: opens the marked row."""
        if self._lines:
            self.choose(self._lines[self._marked].key)

    @Slot(str)
    def choose(self, key: str) -> None:
        """Opens what was found, by the key of its row."""
        kind, _, of = key.partition(":")
        match kind:
            case "member":
                self.desk.go.open("Members", {"memberId": of})
            case "order":
                self.desk.go.open("Orders", {"orderId": of})
            case "quotation":
                self.desk.go.open("Quotations", {"quotationId": of})
            case "ticket":
                self.desk.go.open("Tickets", {"ticketId": of})
            case "product":
                title = next((line.title for line in self._lines if line.key == key), "")
                self.desk.go.open("Order", {"text": title})

    @Property(bool, notify=changed)
    def numbered(self) -> bool:
        """Whether what was found nowhere here is the number of a receipt: HQ can be asked for its order."""
        return self._found_nothing() and is_number(self._text)

    @Slot()
    def seekOrder(self) -> None:
        """HQ is asked for the order of this number."""
        self.desk.go.open("Orders", {"missing": self._text.strip()})

    @Slot()
    def signUp(self) -> None:
        """Nobody was found: a new member, with the phone that was typed."""
        self.desk.go.open("SignUp", {"phone": typed_phone(self._text)})

    @Slot()
    def openCamera(self) -> None:
        """A code that the tablet's camera reads leads where a scanner's does."""
        self.desk.go.sheet("Scan")

    @Slot()
    def close(self) -> None:
        """The sheet goes, the page stays."""
        self.desk.go.closeSheet()

    @Slot()
    def clear(self) -> None:
        """Another guide: nothing of the last one's stays."""
        self._asked.ask()
        self._text, self._marked, self._answered, self._lines = "", 0, "", []
        self._show()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.search(self._text)

    async def _search(self, text: str) -> None:
        """Members are shown as soon as they are found: whoever types a phone waits for nothing else."""
        newest = self._asked.ask()
        if self._session.guide is None:
            return
        people = await self._people(text) if text else []
        if text and people and newest():
            self._lines = people
            self._show()
        others = await self._others(text) if text else []
        if newest():
            self._lines, self._answered = [*people, *others], text
            self._show()

    async def _people(self, text: str) -> list[FoundLine]:
        return [
            FoundLine(
                key=f"member:{row.id}", kind="member", heading="", title=row.name,
                detail=member_line(row, self.desk).detail, symbol="user", selected=False, tickets=row.tickets,
            )
            for row in await self._members.search(text, limit=OF_EACH)
        ]  # fmt: skip

    async def _others(self, text: str) -> list[FoundLine]:
        today = await self._quotations.today()
        products, orders, quotations, tickets, people = await asyncio.gather(
            self._readers.catalogue.search(text, limit=OF_EACH),
            self._orders.list(text=text, limit=OF_EACH),
            self._quotations.read.list(today=today, text=text, limit=OF_EACH),
            self._readers.service.tickets(text=text, limit=OF_EACH),
            self._readers.people(),
        )
        lines = [*map(self._product, products), *map(self._order, orders)]
        lines += [self._quotation(row, today) for row in quotations]
        return [*lines, *(self._ticket(row, people) for row in tickets)]

    def _product(self, row: ProductRow) -> FoundLine:
        language = self.desk.figures.language
        title = named(row.product.names.en, row.product.names.zh, language)
        return FoundLine(
            key=f"product:{row.id}", kind="product", heading="", title=title, detail=detail(row, language),
            symbol="package", selected=False,
        )  # fmt: skip

    def _order(self, row: OrderRow) -> FoundLine:
        amount = self.desk.figures.money(row.order.totals.total, row.order.currency)
        parts = (
            row.member_name,
            amount,
            order_state_words(row.order.state),
            self.desk.figures.ago(row.order.placed_at),
        )
        return FoundLine(
            key=f"order:{row.id}", kind="order", heading="", title=number_words(row.order.number),
            detail=" · ".join(part for part in parts if part), symbol="shopping-bag", selected=False,
        )  # fmt: skip

    def _quotation(self, row: QuotationRow, today: str) -> FoundLine:
        line = quotation_line(row, today, self.desk)
        parts = (row.member.name if row.member else "", line.total, line.standing)
        return FoundLine(
            key=f"quotation:{row.id}", kind="quotation", heading="", title=line.number,
            detail=" · ".join(part for part in parts if part), symbol="file-text", selected=False,
        )  # fmt: skip

    def _ticket(self, row: TicketRow, people: dict[str, str]) -> FoundLine:
        who = row.member.name if row.member else ""
        parts = (who, number_words(row.ticket.number), ticket_standing(row.ticket, people), row.ticket.words)
        return FoundLine(
            key=f"ticket:{row.id}", kind="ticket", heading="", title=ticket_words(row.ticket.kind),
            detail=" · ".join(part for part in parts if part), selected=False,
            symbol=TICKET_ICONS.get(row.ticket.kind, "ticket"),
        )  # fmt: skip

    def _found_nothing(self) -> bool:
        return bool(self._answered) and not self._lines

    def _show(self) -> None:
        headings = {
            "member": tr("Members"), "product": tr("Products"), "order": tr("Orders"),
            "quotation": tr("Quotations"), "ticket": tr("Tickets"),
        }  # fmt: skip
        shown, last = [], ""
        for n, line in enumerate(self._lines):
            heading = headings[line.kind] if line.kind != last else ""
            last = line.kind
            shown.append(msgspec.structs.replace(line, heading=heading, selected=n == self._marked))
        self._found.update(shown)
        self.changed.emit()
