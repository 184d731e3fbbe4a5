"""The sheet of who buys the open basket at staff prices: a colleague whom HQ lets, or a customer after all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.services.session import Session
from guide_app.services.staff_purchase import Colleague, StaffDesk
from ui.models.keyed import KeyedListModel
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr
from ui.viewmodels.member_sheet import ChoiceTile
from ui.viewmodels.order import OrderViewModel

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class StaffPurchaseViewModel(ViewModel):
    """Stands on the order page's basket, which keeps who was chosen."""

    changed = Signal()

    def __init__(self, desk: Desk, order: OrderViewModel, staff: StaffDesk, session: Session) -> None:
        super().__init__(desk)
        self._order, self._staff, self._session = order, staff, session
        self._tiles = KeyedListModel(ChoiceTile)
        self._asked = Latest()
        self._people: Sequence[Colleague] | None = None
        self._number = self._problem = ""
        session.subscribe(lambda _: self._put_away())

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """The sheet was opened."""
        self._put_away()
        self.run(self._load())

    @Property(QObject, constant=True)
    def colleagues(self) -> KeyedListModel:
        """A customer, and each colleague with what they may buy in a month."""
        return self._tiles

    @Property(str, notify=changed)
    def nobody(self) -> str:
        """Why nobody can be chosen; empty where somebody can."""
        return tr("HQ lets nobody of this shop buy at staff prices today, or not through you.") if self._none else ""

    @Property(str, notify=changed)
    def number(self) -> str:
        """The number on a colleague's card, as it is typed."""
        return self._number

    @Property(str, notify=changed)
    def problem(self) -> str:
        """What is wrong with it."""
        return self._problem

    @Slot(str)
    def setNumber(self, number: str) -> None:
        """A number is being typed."""
        self._number, self._problem = number[:20], ""
        self.changed.emit()

    @Slot(str)
    def scanned(self, number: str) -> None:
        """A colleague's card was scanned."""
        self.setNumber(number)
        self.take()

    @Slot()
    def take(self) -> None:
        """The colleague with this number buys."""
        wanted = self._number.strip().casefold()
        if not wanted or self._people is None:
            return
        found = [one for one in self._people if one.number.casefold() == wanted]
        if len(found) == 1:
            self.choose(found[0].id)
            return
        self._problem = tr("Nobody who may buy at staff prices now has this number.")
        self.changed.emit()

    @Slot(str)
    def choose(self, staff_id: str) -> None:
        """This colleague buys; empty: a customer."""
        self._order.setStaff(staff_id)
        self.desk.go.closeSheet()

    @Slot()
    def close(self) -> None:
        """The sheet goes, the page stays."""
        self.desk.go.closeSheet()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    @property
    def _none(self) -> bool:
        return self._people is not None and not self._people

    async def _load(self) -> None:
        newest = self._asked.ask()
        people = await self._staff.colleagues(self._session.guide_id)
        if newest():
            self._people = people
            self._show()

    def _put_away(self) -> None:
        """Nothing of another guide stays."""
        self._asked.ask()
        self._people, self._number, self._problem = None, "", ""
        self._show()

    def _show(self) -> None:
        now, people = self._order.staff_now, self._people or ()
        tiles = [("", tr("A customer"), "user"), *((one.id, self._words(one), "id-card") for one in people)]
        self._tiles.update(
            [ChoiceTile(key=key, label=label, symbol=icon, selected=key == now) for key, label, icon in tiles]
            if self._people is not None else []
        )  # fmt: skip
        self.changed.emit()

    def _words(self, one: Colleague) -> str:
        return tr("%1 · %2 a month", one.name, self.desk.figures.money(one.limit, self._order.currency))
