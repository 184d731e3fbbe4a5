"""The sheet of a promise: what, until when, about which product; saved by one button and taken back in one tap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any, ClassVar, cast, get_args

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.records.service import PromiseKind
from guide_app.services.ports.catalogue import ProductRow
from guide_app.services.ports.members import MemberReader, MemberView
from guide_app.services.service import ServiceDesk
from guide_app.services.session import Session
from guide_app.services.today import Today
from ui.models.keyed import KeyedListModel
from ui.viewmodels.base import QML_MODULE, Desk, Latest, tr
from ui.viewmodels.member_form import MemberFormViewModel, Undo
from ui.viewmodels.member_sheet import ChoiceTile
from ui.viewmodels.service_words import PROMISE_ICONS, ServiceReaders, promise_words
from ui.viewmodels.words import named

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

DAYS_AHEAD = 7
PRODUCTS = 6
MOST = 99


@QmlElement
class MakePromiseViewModel(MemberFormViewModel):
    """What is chosen stands ready (hold, in a day's time): a promise takes two taps from the profile."""

    changed = Signal()
    kinds_known: ClassVar[tuple[str, ...]] = get_args(PromiseKind)
    first_kind = "hold"

    def __init__(
        self, desk: Desk, service: ServiceDesk, readers: ServiceReaders, members: MemberReader, today: Today,
        session: Session,
    ) -> None:  # fmt: skip
        super().__init__(desk, members, session)
        self._service, self._readers, self._today = service, readers, today
        self._days, self._products = KeyedListModel(ChoiceTile), KeyedListModel(ChoiceTile)
        self._found: list[ProductRow] = []
        self._product: ProductRow | None = None
        self._due, self._quantity = "", 1
        self._day: date | None = None
        self._searched = Latest()
        self._show()

    @Property(QObject, constant=True)
    def days(self) -> KeyedListModel:
        """Until when."""
        return self._days

    @Property(QObject, constant=True)
    def products(self) -> KeyedListModel:
        """The products found, the chosen one first."""
        return self._products

    @Property(int, notify=changed)
    def quantity(self) -> int:
        """How many pieces."""
        return self._quantity

    @Property(bool, notify=changed)
    def hasProduct(self) -> bool:
        """Whether it is about a product."""
        return self._product is not None

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self.clear()
        here = self._sheets.ask()
        self.run(self._open(arguments.get("memberId", ""), arguments.get("productId", ""), here))

    @Slot(str)
    def chooseDay(self, day: str) -> None:
        """Until when."""
        self._due = day
        self._show()

    @Slot(str)
    def search(self, text: str) -> None:
        """Looks for the product that it is about."""
        self.run(self._search(text))

    @Slot(str)
    def chooseProduct(self, product_id: str) -> None:
        """It is about this product; once more, about none."""
        chosen = next((row for row in self._shown() if row.id == product_id), None)
        self._product = None if self._product and self._product.id == product_id else chosen
        self._show()

    @Slot(int)
    def setQuantity(self, quantity: int) -> None:
        """How many pieces."""
        self._quantity = min(MOST, max(1, quantity))
        self.changed.emit()

    @Slot()
    def clear(self) -> None:
        """An empty sheet."""
        self._searched.ask()
        self._product, self._found, self._day = None, [], None
        self._due, self._quantity = "", 1
        super().clear()

    async def _open(self, member_id: str, product_id: str, here: Callable[[], bool]) -> None:
        day = (await self._today.calendar()).today()
        member = await self._members.get(member_id)
        product = [*await self._readers.catalogue.get([product_id])] if product_id else []
        if here():
            self._day, self._due = day, (day + timedelta(days=1)).isoformat()
            self._product = product[0] if product else None
            self._begin(member)

    async def _search(self, text: str) -> None:
        newest = self._searched.ask()
        found = [*await self._readers.catalogue.search(text, limit=PRODUCTS)] if text.strip() else []
        if newest():
            self._found = found
            self._show()

    def _complete(self) -> bool:
        return bool(self._due)

    async def _send(self, member: MemberView) -> tuple[str, Undo]:
        due = self._due
        done = await self._service.promise(
            member.id, cast("PromiseKind", self._kind), due, self._words,
            product_id=self._product.id if self._product else "", quantity=self._quantity if self._product else 0,
        )  # fmt: skip
        said = tr("Promised to %1 by %2", member.member.name, self.desk.figures.day(due))
        return said, partial(self._service.undo_promise, done)

    def _shown(self) -> list[ProductRow]:
        chosen = [self._product] if self._product else []
        return [*chosen, *(row for row in self._found if not chosen or row.id != chosen[0].id)]

    def _show(self) -> None:
        self._show_kinds(promise_words, PROMISE_ICONS)
        self._days.update(self._day_tiles(self._day) if self._day else [])
        language, chosen = self.desk.figures.language, self._product.id if self._product else ""
        self._products.update([
            ChoiceTile(key=row.id, label=named(row.product.names.en, row.product.names.zh, language), symbol="package",
                       selected=row.id == chosen)
            for row in self._shown()
        ])  # fmt: skip
        self.changed.emit()

    def _day_tiles(self, today: date) -> list[ChoiceTile]:
        names = {0: tr("Today"), 1: tr("Tomorrow")}
        days = [today + timedelta(days=n) for n in range(DAYS_AHEAD + 1)] + [today + timedelta(days=14)]
        return [
            ChoiceTile(
                key=day.isoformat(), label=names.get((day - today).days) or self.desk.figures.weekday(day.isoformat()),
                symbol="", selected=day.isoformat() == self._due,
            )
            for day in days
        ]  # fmt: skip
