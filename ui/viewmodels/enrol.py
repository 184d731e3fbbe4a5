"""Enrolment: where HQ is, the one-time code, and what this tablet is called. Nothing typed is lost by a failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.errors import EnvironmentProblem
from guide_app.services.ports.device import Preferences
from guide_app.services.ports.engine import SyncControl
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr
from ui.viewmodels.problems import problem_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

MARK = "#"
"""Between address and code where both come as one text: ``https://hq.example.com#CODE``."""


@QmlElement
class EnrolViewModel(ViewModel):
    """The first page of a new tablet."""

    changed = Signal()
    done = Signal()

    def __init__(self, desk: Desk, sync: SyncControl, preferences: Preferences, apply_look: Callable[[], None]) -> None:
        """`apply_look` makes the app look and speak as `preferences` say."""
        super().__init__(desk)
        self._sync, self._preferences, self._apply_look = sync, preferences, apply_look
        self._address = self._code = self._name = ""
        self._problem = ""
        self._busy = self._again = False

    @Property(bool, notify=changed)
    def again(self) -> bool:
        """Whether this tablet was enrolled before, so that one can go back."""
        return self._again

    def enter(self, arguments: Mapping[str, Any]) -> None:
        if arguments.get("again"):
            self.beginAgain()

    @Slot()
    def beginAgain(self) -> None:
        """A tablet that was enrolled before is to get a new code; all that was made on it stays."""
        self._again, self._problem = True, ""
        self.changed.emit()

    @Slot()
    def goBack(self) -> None:
        """It stays as it was."""
        self._again = False
        self.done.emit()

    @Property(str, notify=changed)
    def address(self) -> str:
        """Where HQ is, as typed."""
        return self._address

    @Property(str, notify=changed)
    def code(self) -> str:
        """The one-time code, as typed."""
        return self._code

    @Property(str, notify=changed)
    def deviceName(self) -> str:
        """What this tablet shall be called."""
        return self._name

    @Property(bool, notify=changed)
    def busy(self) -> bool:
        """Whether HQ is being asked."""
        return self._busy

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether there is enough to ask HQ."""
        return bool(self._address.strip() and self._code.strip()) and not self._busy

    @Property(str, notify=changed)
    def problem(self) -> str:
        """What went wrong, in words, until something is typed."""
        return problem_words(self._problem) if self._problem else ""

    @Property(str, notify=changed)
    def problemField(self) -> str:
        """Which field the problem is about: "address", "code" or neither."""
        return {"url": "address", "no_network": "address", "enrol_code": "code"}.get(self._problem, "")

    @Slot(str)
    def typeAddress(self, text: str) -> None:
        """The address field changed; a text with address and code fills both."""
        address, mark, code = text.partition(MARK)
        self._address, self._problem = address, ""
        if mark:
            self._code = code.strip()
        self.changed.emit()

    @Slot(str)
    def typeCode(self, text: str) -> None:
        """The code field changed."""
        if MARK in text:
            self.typeAddress(text)
            return
        self._code, self._problem = text, ""
        self.changed.emit()

    @Slot(str)
    def typeName(self, text: str) -> None:
        """The name field changed."""
        self._name = text
        self.changed.emit()

    @Slot(str)
    def scanned(self, text: str) -> None:
        """A scanner read HQ's QR code (address and code), or the code alone."""
        self.typeCode(text)
        self.enrol()

    @Slot()
    def enrol(self) -> None:
        """Asks HQ."""
        if self._busy or not (self._address.strip() and self._code.strip()):
            return
        self._busy, self._problem = True, ""
        self.changed.emit()
        self.run(self._enrol())

    @Property(str, notify=changed)
    def language(self) -> str:
        """ "en" or "zh_CN"."""
        return self._preferences.language

    @Slot(str)
    def setLanguage(self, language: str) -> None:
        """Switches the language of the whole app, which a new tablet cannot know."""
        if language not in ("en", "zh_CN") or language == self._preferences.language:
            return
        self._preferences.language = "zh_CN" if language == "zh_CN" else "en"
        self._apply_look()
        self.changed.emit()
        self.run(self._keep())

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.changed.emit()

    async def _keep(self) -> None:
        self._preferences.save()

    async def _enrol(self) -> None:
        try:
            name = self._name.strip() or tr("Counter tablet")
            await self._sync.enrol(self._address.strip(), self._code.strip(), name)
        except EnvironmentProblem as error:
            self._problem = error.code
        else:
            self._code = ""  # used up
            self._again = False
            self.done.emit()
        finally:
            self._busy = False
            self.changed.emit()
