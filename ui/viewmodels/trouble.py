"""The app cannot open: what it is, what to do, and what support asks for. Neither the store nor its rows are there."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.errors import EnvironmentProblem
from guide_app.services.ports.device import Preferences
from ui.viewmodels.base import QML_MODULE, tr
from ui.viewmodels.opening import kept_words, opening_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

FOR_GOOD = ("damaged", "newer_version", "sqlite_too_old", "defect")
"""What no second try mends: another file or another app is needed."""

log = logging.getLogger(__name__)


@QmlElement
class TroubleViewModel(QObject):
    """The only page of an app that does not open."""

    changed = Signal()
    again = Signal()
    closed = Signal()

    def __init__(self, preferences: Preferences, app_version: str, apply_look: Callable[[], None]) -> None:
        """`apply_look` makes the app look and speak as `preferences` say."""
        super().__init__()
        self._preferences, self._app_version, self._apply_look = preferences, app_version, apply_look
        self._code, self._detail, self._busy = "", "", False

    def tell(self, error: Exception) -> None:
        """What kept the app from opening; whatever is no EnvironmentProblem is a defect of ours."""
        if isinstance(error, EnvironmentProblem):
            self._code, self._detail = error.code, error.detail
        else:
            self._code, self._detail = "defect", type(error).__name__
        self._busy = False
        self.changed.emit()

    @Property(str, notify=changed)
    def title(self) -> str:
        """What it is."""
        return opening_words(self._code).title

    @Property(str, notify=changed)
    def text(self) -> str:
        """What to do."""
        return opening_words(self._code).text

    @Property(str, notify=changed)
    def kept(self) -> str:
        """That the work is safe, where a person may doubt it; else empty."""
        return kept_words() if opening_words(self._code).kept else ""

    @Property(str, notify=changed)
    def support(self) -> str:
        """What support asks for; holds no personal data."""
        code = f"{self._code} ({self._detail})" if self._detail else self._code
        return tr("For support: %1 · Store Guide %2", code, self._app_version)

    @Property(bool, notify=changed)
    def hopeful(self) -> bool:
        """Whether another try may help."""
        return self._code not in FOR_GOOD

    @Property(bool, notify=changed)
    def busy(self) -> bool:
        """Whether it is being tried again."""
        return self._busy

    @Property(str, notify=changed)
    def language(self) -> str:
        """ "en" or "zh_CN"."""
        return self._preferences.language

    @Slot(str)
    def setLanguage(self, language: str) -> None:
        """Switches the language."""
        if language not in ("en", "zh_CN") or language == self._preferences.language:
            return
        self._preferences.language = "zh_CN" if language == "zh_CN" else "en"
        self._apply_look()
        self.changed.emit()
        try:
            self._preferences.save()
        except EnvironmentProblem as error:  # the page speaks of a graver one
            log.warning("the language holds for this run only: %s", error)

    @Slot()
    def tryAgain(self) -> None:
        """Opens once more."""
        if not self._busy:
            self._busy = True
            self.changed.emit()
            self.again.emit()

    @Slot()
    def close(self) -> None:
        """Gives up for now."""
        self.closed.emit()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.changed.emit()
