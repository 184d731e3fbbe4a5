"""The tablet in a customer's hands: their form and nothing else, until the guide's PIN."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.clock import Clock
from guide_app.services.ports.device import Preferences
from guide_app.services.ports.shop import StaffRow
from guide_app.services.session import Session
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel
from ui.viewmodels.pin_pad import PinPadViewModel
from ui.viewmodels.sign_up import SignUpViewModel

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class HandOverViewModel(ViewModel):
    """`form` is that of the sign-up page, which goes on from what was typed here. Nothing tells the customer whether
    the phone was somebody's already: the guide sees that once they have the tablet back."""

    changed = Signal()
    ended = Signal()
    """The guide has the tablet back."""

    def __init__(
        self,
        desk: Desk,
        form: SignUpViewModel,
        session: Session,
        clock: Clock,
        preferences: Preferences,
        apply_look: Callable[[], None],
    ) -> None:
        """`apply_look` makes the app speak as `preferences` say; what the customer chooses is not kept there."""
        super().__init__(desk)
        self._form, self._session, self._preferences, self._apply_look = form, session, preferences, apply_look
        self._pad = PinPadViewModel(desk, session, clock)
        self._pad.setParent(self)
        self._pad.done.connect(self._given_back)
        self._thanks, self._asking, self._sending = False, False, False
        self._spoken: Literal["", "en", "zh_CN"] = ""
        form.done.connect(lambda _: self._thank())
        form.changed.connect(self._on_form)
        session.subscribe(self._on_session)

    @Property(SignUpViewModel, constant=True)
    def form(self) -> SignUpViewModel:
        """What is filled in."""
        return self._form

    @Property(PinPadViewModel, constant=True)
    def pad(self) -> PinPadViewModel:
        """The guide's way back."""
        return self._pad

    @Property(bool, notify=changed)
    def thanks(self) -> bool:
        """Whether the customer is done."""
        return self._thanks

    @Property(bool, notify=changed)
    def askingPin(self) -> bool:
        """Whether the guide's PIN is asked for."""
        return self._asking

    @Property(str, notify=changed)
    def guideName(self) -> str:
        """Whose PIN it is."""
        return self._session.guide.staff.name if self._session.guide else ""

    @Property(str, notify=changed)
    def language(self) -> str:
        """ "en" or "zh_CN"."""
        return self.desk.figures.language

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """The customer takes the tablet."""
        self._thanks = self._asking = self._sending = False
        self._spoken = self._preferences.language
        self._pad.begin("")
        self.changed.emit()

    @Slot(str)
    def setLanguage(self, language: str) -> None:
        """The customer reads another language than the guide."""
        if self._spoken:
            self._speak("zh_CN" if language == "zh_CN" else "en")

    @Slot()
    def submit(self) -> None:
        """The customer is done."""
        if self._form.duplicate:
            self._thank()
        elif self._form.filled:
            self._sending = True
            self._form.save()

    @Slot()
    def askPin(self) -> None:
        """The guide wants the tablet back."""
        if self._session.guide is not None:
            self._asking = True
            self._pad.beginConfirm(self._session.guide.id)
            self.changed.emit()

    @Slot()
    def goOn(self) -> None:
        """It was not the guide: back to the form."""
        self._asking = False
        self._pad.begin("")
        self.changed.emit()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._pad.retranslate()
        self.changed.emit()

    def _thank(self) -> None:
        if self._spoken:
            self._thanks, self._sending = True, False
            self.changed.emit()
            self.askPin()

    def _on_form(self) -> None:
        """Somebody may have got the phone between the last look at it and the save."""
        if self._sending and not self._form.saving:
            self._sending = False
            if self._form.duplicate:
                self._thank()

    def _given_back(self) -> None:
        self._leave()
        self.ended.emit()

    def _on_session(self, guide: StaffRow | None) -> None:
        self._leave()

    def _leave(self) -> None:
        spoken, self._spoken = self._spoken, ""
        self._thanks = self._asking = self._sending = False
        self._pad.begin("")
        if spoken:
            self._speak(spoken)

    def _speak(self, language: Literal["en", "zh_CN"]) -> None:
        if language != self._preferences.language:
            self._preferences.language = language
            self._apply_look()
        self.changed.emit()
