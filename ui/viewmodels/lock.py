"""The lock: who serves now, six digits, and what waits to be sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.clock import Clock, to_text
from guide_app.domain.shopday import ShopDay
from guide_app.services.ports.device import Preferences
from guide_app.services.ports.engine import OutboxReader, SyncControl, Waiting
from guide_app.services.ports.shop import ShopReader, StaffRow, TabletInfo
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr
from ui.viewmodels.pin_pad import PinPadViewModel
from ui.viewmodels.problems import problem_words
from ui.viewmodels.waiting import since_words
from ui.viewmodels.words import named, role_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

MINUTE_MS = 60_000


class GuideCard(Row, frozen=True):
    """A person who can sign in; `key` is the staff id and tints the avatar."""

    name: str
    role: str
    selected: bool


@QmlElement
class LockViewModel(ViewModel):
    """The lock page. It shows nothing of what the last guide did."""

    changed = Signal()
    enrolAsked = Signal()
    """The tablet is to be enrolled again."""

    def __init__(
        self,
        desk: Desk,
        session: Session,
        shop: ShopReader,
        outbox: OutboxReader,
        sync: SyncControl,
        journal: Journal,
        clock: Clock,
        preferences: Preferences,
        apply_look: Callable[[], None],
    ) -> None:
        """`apply_look` makes the app look and speak as `preferences` say."""
        super().__init__(desk)
        self._session, self._shop, self._outbox, self._sync = session, shop, outbox, sync
        self._clock, self._preferences, self._apply_look = clock, preferences, apply_look
        self._people = KeyedListModel(GuideCard)
        self._pad = PinPadViewModel(desk, session, clock)
        self._pad.setParent(self)
        self._pad.done.connect(lambda: desk.go.open("Today"))
        self._staff: list[StaffRow] = []
        self._chosen = ""
        self._tablet: TabletInfo | None = None
        self._waiting = Waiting(by_kind={}, oldest="", parked=0)
        self._note = ""
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self.changed)
        self._minute.start()
        session.subscribe(self._on_session)
        journal.subscribe(self._on_change)
        sync.subscribe(lambda _: self.changed.emit())

    @Property(QObject, constant=True)
    def people(self) -> KeyedListModel:
        """Who can sign in on this tablet."""
        return self._people

    @Property(PinPadViewModel, constant=True)
    def pad(self) -> PinPadViewModel:
        """The PIN pad, for the person chosen."""
        return self._pad

    @Property(str, notify=changed)
    def chosenId(self) -> str:
        """The person chosen, or empty."""
        return self._chosen

    @Property(str, notify=changed)
    def chosenName(self) -> str:
        """The name of the person chosen."""
        return next((row.staff.name for row in self._staff if row.id == self._chosen), "")

    @Property(str, notify=changed)
    def greeting(self) -> str:
        """A greeting by the shop's hour."""
        name = next((row.staff.name for row in self._staff if row.id == self._chosen), "")
        if not name:
            return tr("Choose your name")
        hour = self._calendar().local(to_text(self._clock.now())).hour
        if hour < 12:
            return tr("Good morning, %1", name)
        return tr("Good afternoon, %1", name) if hour < 18 else tr("Good evening, %1", name)

    @Property(str, notify=changed)
    def clock(self) -> str:
        """The shop's wall clock."""
        return self.desk.figures.time(to_text(self._clock.now()))

    @Property(str, notify=changed)
    def day(self) -> str:
        """The shop's day, in words."""
        return self.desk.figures.weekday(self._calendar().today().isoformat())

    @Property(str, notify=changed)
    def shopName(self) -> str:
        """The shop, in the chosen language."""
        names = self._tablet.store_name if self._tablet else None
        return named(names.en, names.zh, self.desk.figures.language) if names else ""

    @Property(str, notify=changed)
    def tabletName(self) -> str:
        """What this tablet is called."""
        return self._tablet.device_name if self._tablet else ""

    @Property(bool, notify=changed)
    def offline(self) -> bool:
        """Whether HQ cannot be reached."""
        return self._sync.view().phase == "offline"

    @Property(str, notify=changed)
    def stateTitle(self) -> str:
        """How it stands with HQ, in short."""
        view = self._sync.view()
        if self._barred:
            return tr("Locked by HQ") if self._barred == "tablet_locked_out" else tr("HQ was not heard for too long")
        if view.phase == "offline":
            return tr("No network, all the same ready to serve")
        if view.phase == "syncing" and self._waiting.total:
            return tr("Sending to HQ")
        return tr("In step with HQ") if view.last_in_step else tr("Connecting to HQ")

    @Property(str, notify=changed)
    def stateDetail(self) -> str:
        """What waits, and when both were last in step; or why this tablet opens for nobody."""
        if self._barred:
            return problem_words(self._barred)
        waits, last = since_words(self._waiting, self.desk.figures), self._sync.view().last_in_step
        return tr("%1 Last in step %2.", waits, self.desk.figures.ago(last)) if last else waits

    @Property(bool, notify=changed)
    def barred(self) -> bool:
        """Whether nobody may sign in."""
        return bool(self._barred)

    @Property(str, notify=changed)
    def dataNote(self) -> str:
        """What HQ says about the data on this tablet ("synthetic"), or empty."""
        return self._note

    @Property(str, notify=changed)
    def language(self) -> str:
        """ "en" or "zh_CN"."""
        return self._preferences.language

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self.open()

    @Slot()
    def open(self) -> None:
        """The page was opened."""
        self.run(self._load())

    @Slot()
    def enrolAgain(self) -> None:
        """HQ has given a new code for this tablet."""
        self.enrolAsked.emit()

    @property
    def _barred(self) -> str:
        return self._tablet.barred if self._tablet else ""

    @Slot(str)
    def choose(self, staff_id: str) -> None:
        """Somebody tapped their name; tapped again, the pad goes."""
        self._chosen = "" if staff_id == self._chosen else staff_id
        self._pad.begin(self._chosen)
        self._show_people()
        self.changed.emit()

    @Slot(str)
    def setLanguage(self, language: str) -> None:
        """Switches the language of the whole app."""
        if language not in ("en", "zh_CN") or language == self._preferences.language:
            return
        self._preferences.language = "zh_CN" if language == "zh_CN" else "en"
        self._apply_look()
        self.changed.emit()
        self.run(self._keep())

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._pad.retranslate()
        self.run(self._load())

    async def _keep(self) -> None:
        self._preferences.save()

    async def _load(self) -> None:
        self._staff = [row for row in await self._shop.staff() if row.staff.active]
        note = (await self._shop.settings()).data_note
        self._note = named(note.en, note.zh, self.desk.figures.language)
        await self._count()
        self._show_people()

    async def _count(self) -> None:
        self._tablet = await self._shop.tablet()
        self._waiting = await self._outbox.waiting()
        self.changed.emit()

    def _show_people(self) -> None:
        self._people.update(
            [
                GuideCard(
                    key=row.id, name=row.staff.name, role=role_words(row.staff.role), selected=row.id == self._chosen
                )
                for row in self._staff
            ]
        )

    def _calendar(self) -> ShopDay:
        return ShopDay(self._clock, self._tablet.time_zone if self._tablet else "UTC")

    def _on_session(self, guide: StaffRow | None) -> None:
        self._chosen = ""
        self._pad.begin("")
        if guide is None:
            self.run(self._load())

    def _on_change(self, change: Change) -> None:
        if self._session.guide is not None:
            return
        if any(ref.entity in ("staff", "settings") for ref in change.refs):
            self.run(self._load())
        elif change.state:
            self.run(self._count())
