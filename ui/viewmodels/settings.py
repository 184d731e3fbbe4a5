"""Settings: how this tablet looks, who it is, how it stands with HQ, and one's own PIN."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, cast

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.clock import Clock
from guide_app.domain.shopday import ShopDay
from guide_app.services.ports.device import Diagnostics, Preferences
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr
from ui.viewmodels.pin_pad import PinPadViewModel
from ui.viewmodels.tablet import (
    FactLine,
    Note,
    TabletReaders,
    identity_lines,
    key_words,
    read_state,
    state_words,
    store_lines,
    sync_lines,
    work_note,
)
from ui.viewmodels.words import named

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

MINUTE_MS = 60_000
LANGUAGES = ("en", "zh_CN")
THEMES = ("light", "dark", "system")
SCALES = (1.0, 1.15, 1.3)


@QmlElement
class SettingsViewModel(ViewModel):
    """The page behind the avatar's menu. Whatever is changed holds at once."""

    changed = Signal()
    changingPinChanged = Signal()

    def __init__(
        self,
        desk: Desk,
        session: Session,
        readers: TabletReaders,
        journal: Journal,
        clock: Clock,
        preferences: Preferences,
        apply_look: Callable[[], None],
        app_version: str,
        diagnostics: Diagnostics,
        key_warning: str = "",
    ) -> None:
        """`apply_look` makes the app look and speak as `preferences` say."""
        super().__init__(desk)
        self._session, self._readers, self._preferences = session, readers, preferences
        self._apply_look, self._app_version, self._key_warning = apply_look, app_version, key_warning
        self._diagnostics = diagnostics
        self._identity, self._facts = KeyedListModel(FactLine), KeyedListModel(FactLine)
        self._held = KeyedListModel(FactLine)
        self._note, self._changing_pin = "", False
        self._clock, self._work = clock, Note()
        self._pad = PinPadViewModel(desk, session, clock)
        self._pad.setParent(self)
        self._pad.done.connect(self._on_new_pin)
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self.changed)
        self._minute.start()
        session.subscribe(lambda _: self.cancelPin())
        journal.subscribe(self._on_change)
        readers.sync.subscribe(lambda _: self.changed.emit())

    # ------------------------------------------------------------------ how it looks

    @Property(str, notify=changed)
    def language(self) -> str:
        """ "en" or "zh_CN"."""
        return self._preferences.language

    @Property(str, notify=changed)
    def theme(self) -> str:
        """ "light", "dark" or "system"."""
        return self._preferences.theme

    @Property(float, notify=changed)
    def textScale(self) -> float:
        """1.0, 1.15 or 1.3."""
        return self._preferences.text_scale

    @Property(bool, notify=changed)
    def reduceMotion(self) -> bool:
        """Whether nothing on the screen moves."""
        return self._preferences.reduce_motion

    @Slot(str)
    def setLanguage(self, language: str) -> None:
        """Chooses the language of the whole app."""
        if language in LANGUAGES:
            self._preferences.language = cast('Literal["en", "zh_CN"]', language)
            self._look()

    @Slot(str)
    def setTheme(self, theme: str) -> None:
        """Chooses light, dark, or what the system has."""
        if theme in THEMES:
            self._preferences.theme = cast('Literal["light", "dark", "system"]', theme)
            self._look()

    @Slot(float)
    def setTextScale(self, scale: float) -> None:
        """Chooses the size of all text."""
        if scale in SCALES:
            self._preferences.text_scale = scale
            self._look()

    @Slot(bool)
    def setReduceMotion(self, reduce: bool) -> None:
        """Switches movement on the screen off or on."""
        self._preferences.reduce_motion = reduce
        self._look()

    # ------------------------------------------------------------------ this tablet

    @Property(QObject, constant=True)
    def identity(self) -> KeyedListModel:
        """Who this tablet is."""
        return self._identity

    @Property(QObject, constant=True)
    def facts(self) -> KeyedListModel:
        """What waits, and what needs a person."""
        return self._facts

    @Property(QObject, constant=True)
    def held(self) -> KeyedListModel:
        """What this tablet holds."""
        return self._held

    @Property(str, notify=changed)
    def stateTitle(self) -> str:
        """How it stands with HQ, in short."""
        return state_words(self._readers.sync, self.desk.figures)[0]

    @Property(str, notify=changed)
    def stateDetail(self) -> str:
        """The same in a sentence."""
        return state_words(self._readers.sync, self.desk.figures)[1]

    @Property(str, notify=changed)
    def stateTone(self) -> str:
        """ "good", "warn" or "bad"."""
        return state_words(self._readers.sync, self.desk.figures)[2]

    @Property(str, notify=changed)
    def stateIcon(self) -> str:
        """The picture beside it."""
        return state_words(self._readers.sync, self.desk.figures)[3]

    @Property(str, notify=changed)
    def workTitle(self) -> str:
        """Today's work by its numbers, in short; empty before this tablet belongs to a shop."""
        return self._work.title

    @Property(str, notify=changed)
    def workDetail(self) -> str:
        """Whether all of it is here and at HQ."""
        return self._work.text

    @Property(str, notify=changed)
    def workTone(self) -> str:
        """ "good", "warn" or "bad"."""
        return self._work.tone

    @Property(str, notify=changed)
    def workIcon(self) -> str:
        """The picture beside it."""
        return self._work.icon

    @Property(str, notify=changed)
    def keyWarning(self) -> str:
        """The warning about the key to the data, or empty."""
        return key_words(self._key_warning)

    @Property(str, notify=changed)
    def dataNote(self) -> str:
        """What HQ says about the data on this tablet ("synthetic"), or empty."""
        return self._note

    @Slot()
    def syncNow(self) -> None:
        """A person asks to sync at once."""
        self._readers.sync.nudge()

    @Slot(str)
    def showSheet(self, name: str) -> None:
        """Opens a sheet of settings of its own."""
        self.desk.go.sheet(name)

    @Slot()
    def saveDiagnostics(self) -> None:
        """Somebody at HQ asked how this tablet stands."""
        self.run(self._save_diagnostics())

    async def _save_diagnostics(self) -> None:
        path = await self._diagnostics.save()
        self.desk.tell.say(tr("Saved: %1", path))

    # ------------------------------------------------------------------ the PIN

    @Property(PinPadViewModel, constant=True)
    def pad(self) -> PinPadViewModel:
        """The PIN pad for a new PIN."""
        return self._pad

    @Property(bool, notify=changingPinChanged)
    def changingPin(self) -> bool:
        """Whether a new PIN is being chosen."""
        return self._changing_pin

    @Slot()
    def changePin(self) -> None:
        """The guide wants a new PIN."""
        if self._session.guide is not None:
            self._pad.beginChange(self._session.guide.id)
            self._set_changing(True)

    @Slot()
    def cancelPin(self) -> None:
        """The old PIN stays."""
        self._pad.begin("")
        self._set_changing(False)

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self.open()

    @Slot()
    def open(self) -> None:
        """The page was opened."""
        self.run(self._load())

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._pad.retranslate()
        self.open()

    # ------------------------------------------------------------------ work

    async def _load(self) -> None:
        state = await read_state(self._readers)
        figures = self.desk.figures
        if state.tablet is not None:
            self._identity.update(identity_lines(state.tablet, self._app_version, figures.language))
            self._work = await self._proved(state.tablet.time_zone)
        self._facts.update(sync_lines(state, figures))
        self._held.update(store_lines(state, figures))
        note = (await self._readers.shop.settings()).data_note
        self._note = named(note.en, note.zh, figures.language)
        self.changed.emit()

    async def _proved(self, time_zone: str) -> Note:
        calendar = ShopDay(self._clock, time_zone)
        since, until = calendar.bounds(calendar.today())
        return work_note(await self._readers.outbox.proof(since=since, until=until))

    def _look(self) -> None:
        self._apply_look()
        self.changed.emit()
        self.run(self._keep())

    async def _keep(self) -> None:
        self._preferences.save()

    def _set_changing(self, changing: bool) -> None:
        self._changing_pin = changing
        self.changingPinChanged.emit()

    def _on_new_pin(self) -> None:
        self._set_changing(False)
        self.desk.tell.say(tr("Your new PIN holds from now on"))

    def _on_change(self, change: Change) -> None:
        if self._session.guide is not None and change.state:
            self.open()
