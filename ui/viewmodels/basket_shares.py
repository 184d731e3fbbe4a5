"""The sheet of whose sale the open basket is: all of it or one line, before it is an order. It needs nobody's leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.records import GuideShare
from guide_app.services.session import Session
from guide_app.services.shares import ShareDesk
from ui.viewmodels.base import QML_MODULE, Desk
from ui.viewmodels.order import OrderViewModel
from ui.viewmodels.shares_choice import SharesViewModel

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class BasketSharesViewModel(SharesViewModel):
    """Stands on the order page's basket, which keeps what is chosen."""

    changed = Signal()

    def __init__(self, desk: Desk, order: OrderViewModel, sharing: ShareDesk, session: Session) -> None:
        super().__init__(desk)
        self._order, self._sharing = order, sharing
        session.subscribe(lambda _: self._put_away())

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether something else than now was chosen."""
        return bool(self._chosen) and (self._chosen != self._now() or self._line == "")

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """The sheet was opened."""
        self._put_away()
        self.run(self._load())

    @Slot()
    def save(self) -> None:
        """The basket keeps it."""
        if self._chosen:
            self._order.share(self._chosen, self._line)
            self.desk.go.closeSheet()

    async def _load(self) -> None:
        newest = self._asked.ask()
        people = await self._sharing.people()
        if newest():
            self._people, self._named_lines = people, self._order.named_lines()
            self._chosen = self._now()
            self._show()

    def _show(self) -> None:
        super()._show()
        self.changed.emit()

    def _now(self) -> tuple[GuideShare, ...]:
        return self._order.shares_now(self._line)
