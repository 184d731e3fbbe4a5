"""The frame around every page: rail, sync pill, banner, who is signed in, the lock, and where a scanned code leads."""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec
from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import gift_cards
from guide_app.domain.clock import Clock
from guide_app.domain.errors import BadInput
from guide_app.domain.records import Settings
from guide_app.domain.shopday import ShopDay
from guide_app.services.ports.base import View
from guide_app.services.ports.care import ServiceReader
from guide_app.services.ports.catalogue import CatalogueReader
from guide_app.services.ports.engine import AttentionRow, OutboxReader, SyncControl, SyncView, Waiting
from guide_app.services.ports.members import MemberReader
from guide_app.services.ports.orders import OrderReader, ParcelReader, QuotationReader
from guide_app.services.ports.shop import ShopReader, StaffRow, TabletInfo
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Figures, Latest, ViewModel, tr, trn
from ui.viewmodels.scans import Scans
from ui.viewmodels.waiting import Pill, pill, since_words, trouble_words
from ui.viewmodels.words import named, news_words, role_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

SECOND_MS = 1_000
MINUTE_MS = 60_000
LONGEST_CODE = 200
WARNED_S = 15
"""So long before it locks, the tablet says that it will."""
LEADS_TO = {
    "order": ("Orders", "orderId"),
    "parcel": ("Parcels", "orderId"),
    "quotation": ("Quotations", "quotationId"),
    "ticket": ("Tickets", "ticketId"),
    "touch_point": ("SignUp", "touchPoint"),
    "member": ("Members", "memberId"),
    "product": ("Order", "code"),
}
"""What was scanned → the page that shows it, and the name by which it is handed over."""
NEWS = ("merged", "gift_twice")
"""Kinds of the attention list that are told as they come."""
BELONGS_TO = {"SignUp": "Members", "Orders": "Order", "Quotations": "Order", "Parcels": "Order", "Tickets": "Today"}
"""Pages that are reached through another one's place in the rail."""


class RailItem(Row, frozen=True):
    """A place in the rail; `key` is the page's name."""

    label: str
    symbol: str
    selected: bool


class Banner(msgspec.Struct, frozen=True):
    """What every page says on top, or nothing. `page` is where its button leads."""

    lead: str = ""
    text: str = ""
    tone: str = "warn"
    page: str = ""


class Readers(View, frozen=True):
    """What the frame reads: counts for the pill, and what a scanned code may be."""

    shop: ShopReader
    outbox: OutboxReader
    orders: OrderReader
    members: MemberReader
    catalogue: CatalogueReader
    service: ServiceReader
    quotations: QuotationReader
    parcels: ParcelReader


@QmlElement
class ShellViewModel(ViewModel):
    """The frame. `stage` is "enrol", "first_sync", "lock", "handed", "shown" or "work"; only the last shows pages."""

    changed = Signal()
    stageChanged = Signal()
    pageChanged = Signal()
    enrolScanned = Signal(str)
    """A scanner read a code while the tablet waits to be enrolled."""
    shownScanned = Signal(str)
    cardScanned = Signal(str)
    staffScanned = Signal(str)
    """A product's code was read while a talk is being logged: it was shown."""

    def __init__(
        self,
        desk: Desk,
        session: Session,
        readers: Readers,
        sync: SyncControl,
        journal: Journal,
        clock: Clock,
        key_warning: str = "",
    ) -> None:
        """`key_warning` is the KeySource's."""
        super().__init__(desk)
        self._session, self._readers, self._sync, self._clock = session, readers, sync, clock
        self._rail = KeyedListModel(RailItem)
        self._scans = Scans(
            readers.orders, readers.members, readers.catalogue, readers.service, readers.shop, readers.quotations,
            readers.parcels,
        )  # fmt: skip
        self._sheet, self._locks_in = "", 0
        self._key_warning, self._page, self._stage = key_warning, "Today", ""
        self._tablet: TabletInfo | None = None
        self._settings = Settings()
        self._waiting, self._needs_you = Waiting(by_kind={}, oldest="", parked=0), 0
        self._news: set[str] | None = None
        self._counts = Latest()
        self._unknown, self._touched_at = "", clock.monotonic()
        self._enrolling_again, self._handed = False, ""
        self._timers = [self._every(SECOND_MS, self.checkIdle), self._every(MINUTE_MS, self.changed.emit)]
        session.subscribe(self._on_session)
        journal.subscribe(self._on_change)
        sync.subscribe(self._on_sync)
        self._show_rail()

    # ------------------------------------------------------------------ where the tablet is

    @Property(str, notify=stageChanged)
    def stage(self) -> str:
        """What the tablet is ready for; empty while it is being found out."""
        return self._stage

    @Property(str, notify=pageChanged)
    def page(self) -> str:
        """The page shown."""
        return self._page

    @Property(QObject, constant=True)
    def rail(self) -> KeyedListModel:
        """The places of the rail."""
        return self._rail

    @Slot()
    def open(self) -> None:
        """The app has started."""
        self.run(self._load())

    @Slot(str)
    def shown(self, page: str) -> None:
        """The navigation says which page is shown now. Whoever sees the settings has read the warning about the key."""
        self._page = page
        if page == "Settings" and self._key_warning:
            self._key_warning = ""
        self._show_rail()
        self.pageChanged.emit()
        self.changed.emit()

    def covered(self, sheet: str) -> None:
        """The navigation says which sheet lies over the page; empty: none."""
        self._sheet = sheet

    # ------------------------------------------------------------------ how it stands with HQ

    @Property(str, notify=changed)
    def pillText(self) -> str:
        """The state of sync as one sentence."""
        return self._pill().text

    @Property(str, notify=changed)
    def pillTone(self) -> str:
        """ "good", "warn" or "bad"."""
        return self._pill().tone

    @Property(str, notify=changed)
    def pillIcon(self) -> str:
        """The picture before the sentence."""
        return self._pill().icon

    @Property(bool, notify=changed)
    def bannerShown(self) -> bool:
        """Whether there is something that every page says."""
        return bool(self._banner().lead)

    @Property(str, notify=changed)
    def bannerLead(self) -> str:
        """The banner's first sentence."""
        return self._banner().lead

    @Property(str, notify=changed)
    def bannerText(self) -> str:
        """The rest of the banner."""
        return self._banner().text

    @Property(str, notify=changed)
    def bannerTone(self) -> str:
        """ "warn" or "bad"."""
        return self._banner().tone

    @Property(str, notify=changed)
    def bannerPage(self) -> str:
        """Where the banner's button leads."""
        return self._banner().page

    @Property(int, notify=changed)
    def needsYou(self) -> int:
        """How many things need a person."""
        return self._needs_you

    # ------------------------------------------------------------------ who and where

    @Property(str, notify=changed)
    def guideId(self) -> str:
        """The id of the guide signed in, for the avatar's tint."""
        return self._session.guide.id if self._session.guide else ""

    @Property(str, notify=changed)
    def guideName(self) -> str:
        """The guide signed in."""
        return self._session.guide.staff.name if self._session.guide else ""

    @Property(str, notify=changed)
    def guideRole(self) -> str:
        """What they are in the shop."""
        return role_words(self._session.guide.staff.role) if self._session.guide else ""

    @Property(str, notify=changed)
    def shopName(self) -> str:
        """The shop, in the chosen language."""
        names = self._tablet.store_name if self._tablet else None
        return named(names.en, names.zh, self.desk.figures.language) if names else ""

    @Property(str, notify=changed)
    def day(self) -> str:
        """The shop's day, in words."""
        calendar = ShopDay(self._clock, self._tablet.time_zone if self._tablet else "UTC")
        return self.desk.figures.weekday(calendar.today().isoformat())

    # ------------------------------------------------------------------ the lock

    @Slot()
    def lock(self) -> None:
        """The guide leaves, or another takes over."""
        if self._session.guide is not None:
            self._session.lock()

    @Slot()
    def touched(self) -> None:
        """A person touched the screen or pressed a key."""
        self._touched_at = self._clock.monotonic()
        self._warn(0)

    @Property(str, notify=changed)
    def lockWords(self) -> str:
        """How soon the tablet locks, shortly before it does; empty while somebody is there."""
        return trn("Locks in %n s. Touch to stay.", self._locks_in) if self._locks_in else ""

    @Slot()
    def checkIdle(self) -> None:
        """Locks when nobody has touched the tablet for as long as HQ's settings say (0: never)."""
        after = self._settings.lock_after_s
        if self._session.guide is None or not after:
            return
        left = after - (self._clock.monotonic() - self._touched_at)
        if left <= 0:
            self._session.lock()
        elif left <= WARNED_S:
            self._warn(math.ceil(left))

    @Slot()
    def enrolAgain(self) -> None:
        """HQ has given a new code for this tablet."""
        self._enrolling_again = True
        self._set_stage()

    @property
    def standing(self) -> str:
        """`stage`, for Python."""
        return self._stage

    @property
    def again(self) -> bool:
        """Whether a tablet that was enrolled before is to be enrolled anew."""
        return self._enrolling_again

    @Slot()
    def enrolEnded(self) -> None:
        """It is enrolled, or stays as it was."""
        self._enrolling_again = False
        self.run(self._load())

    async def _lock_if_barred(self) -> None:
        self._tablet = await self._readers.shop.tablet()
        if self._tablet is not None and self._tablet.barred:
            self.lock()

    # ------------------------------------------------------------------ handed over to a customer

    @Slot()
    def handOver(self) -> None:
        """The customer takes the tablet: nothing but their form is there until the guide has it back."""
        self._hand("handed")

    @Slot()
    def showCustomer(self) -> None:
        """The customer is shown a material: nothing else is there until the guide has the tablet back."""
        self._hand("shown")

    def _hand(self, stage: str) -> None:
        if self._session.guide is not None:
            self.touched()
            self._handed = stage
            self._set_stage()

    @Slot()
    def handedBack(self) -> None:
        """The guide has it back, and has shown by PIN that it is they."""
        self._handed = ""
        self._set_stage()

    # ------------------------------------------------------------------ looking for something

    @Property(str, notify=changed)
    def unknownCode(self) -> str:
        """The code last scanned that nothing here has; it stays until another is scanned."""
        return self._unknown

    @Slot(str)
    def search(self, text: str) -> None:
        """Something was typed into the search on top: everything is looked through."""
        if text.strip():
            self.desk.go.sheet("Find", {"text": text})

    @Slot(str)
    def scanned(self, code: str) -> None:
        """A scanner read a code on whatever page."""
        self.touched()
        code = code.strip()[:LONGEST_CODE]
        if code and self._stage == "enrol":
            self.enrolScanned.emit(code)
        elif code and self._session.guide is not None and not self._handed:
            self.run(self._route(code))

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show_rail()
        self.changed.emit()

    # ------------------------------------------------------------------ work

    async def _route(self, code: str) -> None:
        self._unknown, talking = "", self._sheet == "LogTalk"
        if self._sheet in ("Pay", "HandCard") and _of_card(code):
            self.cardScanned.emit(code)
            return
        if self._sheet == "StaffPurchase":
            self.staffScanned.emit(code)
            return
        found = await self._scans.of(code)
        if self._session.guide is None:
            return
        if found is None:
            self._tell_unknown(code)
        elif found.kind == "product" and talking:
            self.shownScanned.emit(code)
        else:
            page, argument = LEADS_TO[found.kind]
            self.desk.go.open(page, {argument: found.id})
        self.changed.emit()

    def _tell_unknown(self, code: str) -> None:
        """Says so and offers the search, but never in place of a sheet that somebody fills in."""
        self._unknown = code
        self.desk.tell.say(tr("This code is not known here: %1", code))
        if self._sheet in ("", "Find"):
            self.desk.go.sheet("Find", {"text": code})

    def _warn(self, seconds: int) -> None:
        if seconds != self._locks_in:
            self._locks_in = seconds
            self.changed.emit()

    async def _load(self) -> None:
        self._tablet = await self._readers.shop.tablet()
        self._settings = await self._readers.shop.settings()
        await self._count()
        self._set_stage()

    async def _count(self) -> None:
        newest = self._counts.ask()
        waiting, rows = await self._readers.outbox.waiting(), await self._readers.outbox.attention()
        if not newest():
            return
        self._waiting = waiting
        self._needs_you = len(rows)
        self._tell_news([row for row in rows if row.kind in NEWS])
        self.changed.emit()

    def _tell_news(self, rows: list[AttentionRow]) -> None:
        """Says in passing what HQ has just made of a sign-up; what was there before stands on the list alone."""
        before, self._news = self._news, {row.key for row in rows}
        new = [row for row in rows if before is not None and row.key not in before]
        if new and self._stage == "work":
            self.desk.tell.news(news_words(new[-1]))

    def _set_stage(self) -> None:
        if self._tablet is None or self._enrolling_again:
            stage = "enrol"
        elif self._tablet.bootstrap != "ready":
            stage = "first_sync"
        elif self._session.guide is None:
            stage = "lock"
        else:
            stage = self._handed or "work"
        if stage != self._stage:
            self._stage = stage
            self.stageChanged.emit()

    def _pill(self) -> Pill:
        return pill(self._sync.view(), self._waiting, self._needs_you, self.desk.figures)

    def _banner(self) -> Banner:
        view = self._sync.view()
        if words := trouble_words(view.problem):
            return Banner(words, since_words(self._waiting, self.desk.figures), "bad", "Attention")
        if view.phase == "offline" and self._waiting.total:
            return _offline_banner(self._waiting, self.desk.figures)
        if self._key_warning and self._page == "Today":  # the other pages need the room
            text = tr("The key to this tablet's data lies in a file, because the system has no key store.")
            return Banner(tr("Less safe than it should be."), text, "warn", "Settings")
        return Banner()

    def _show_rail(self) -> None:
        here = BELONGS_TO.get(self._page, self._page)
        places = (
            ("Today", tr("Today"), "house"),
            ("Members", tr("Members"), "users"),
            ("Order", tr("Order"), "shopping-bag"),
            ("Library", tr("Library"), "images"),
        )
        self._rail.update(
            [RailItem(key=page, label=label, symbol=symbol, selected=page == here) for page, label, symbol in places]
        )

    def _every(self, ms: int, do: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(ms)
        timer.timeout.connect(do)
        timer.start()
        return timer

    def _on_session(self, guide: StaffRow | None) -> None:
        self.touched()
        self._unknown, self._sheet, self._handed = "", "", ""
        self._set_stage()
        self.changed.emit()

    def _on_change(self, change: Change) -> None:
        if any(ref.entity in ("settings", "staff") for ref in change.refs):
            self.run(self._load())
        elif change.state or any(ref.entity in ("member", "order") for ref in change.refs):
            self.run(self._count())

    def _on_sync(self, view: SyncView) -> None:
        if self._stage in ("enrol", "first_sync", ""):
            self.run(self._load())
            return
        if view.problem == "revoked":
            self.run(self._lock_if_barred())
        self.changed.emit()


def _offline_banner(waiting: Waiting, figures: Figures) -> Banner:
    return Banner(tr("No network — keep serving."), since_words(waiting, figures), "warn", "Attention")


def _of_card(code: str) -> bool:
    """Whether it is the number of a gift card, which counts on the sheets that ask for one."""
    try:
        return bool(gift_cards.parse(code))
    except BadInput:
        return False
