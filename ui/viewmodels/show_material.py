"""The tablet in a customer's hands with one material on it, and nothing else, until the guide's PIN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Property, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.clock import Clock
from guide_app.services.ports.shop import StaffRow
from guide_app.services.session import Session
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel
from ui.viewmodels.library import LibraryViewModel
from ui.viewmodels.pin_pad import PinPadViewModel

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

LOOK_AGAIN_MS = 10_000
"""What ends or is withdrawn while it is shown leaves the screen so soon."""


@QmlElement
class ShowMaterialViewModel(ViewModel):
    """`material` is the library's, which shows one. Neither the guide's name nor anybody else's is said."""

    changed = Signal()
    ended = Signal()
    """The guide has the tablet back."""

    def __init__(self, desk: Desk, library: LibraryViewModel, session: Session, clock: Clock) -> None:
        super().__init__(desk)
        self._library, self._session, self._asking = library, session, False
        self._pad = PinPadViewModel(desk, session, clock)
        self._pad.setParent(self)
        self._pad.done.connect(self._given_back)
        self._again = QTimer(self)
        self._again.setInterval(LOOK_AGAIN_MS)
        self._again.timeout.connect(library.refresh)
        library.changed.connect(self.changed)
        session.subscribe(self._on_session)

    @Property(LibraryViewModel, constant=True)
    def material(self) -> LibraryViewModel:
        """What is shown."""
        return self._library

    @Property(PinPadViewModel, constant=True)
    def pad(self) -> PinPadViewModel:
        """The guide's way back."""
        return self._pad

    @Property(bool, notify=changed)
    def askingPin(self) -> bool:
        """Whether the guide's PIN is asked for."""
        return self._asking

    @Property(bool, notify=changed)
    def goesOn(self) -> bool:
        """Whether it may still be shown."""
        return self._library.may_be_shown

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """The customer sees it."""
        self._ask(on=False)
        self._again.start()

    @Slot()
    def askPin(self) -> None:
        """The guide wants the tablet back."""
        if self._session.guide is not None:
            self._ask(on=True)
            self._pad.beginConfirm(self._session.guide.id)

    @Slot()
    def goOn(self) -> None:
        """It was not the guide: back to what is shown."""
        self._ask(on=False)

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._pad.retranslate()
        self.changed.emit()

    def _ask(self, *, on: bool) -> None:
        self._asking = on
        self._pad.begin("")
        self.changed.emit()

    def _given_back(self) -> None:
        self._stop()
        self.ended.emit()

    def _on_session(self, guide: StaffRow | None) -> None:
        self._stop()

    def _stop(self) -> None:
        self._again.stop()
        self._ask(on=False)
