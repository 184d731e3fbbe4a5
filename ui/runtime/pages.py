"""Every page and sheet of the tablet by name, and how its view-model is made: this is the one place that knows.

A page named `X` is ``ui/qml/Pages/X.qml`` and a line of `PAGES`. Its module is imported and its view-model made when
it is first opened (or prepared for that, see `ui.runtime.warmth`); from then on it is kept, and forgets what a guide
did when that guide leaves. The QML goes with each page change; what was compiled of it is kept by the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.errors import Defect
from guide_app.services.container import Container
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel
from ui.viewmodels.shell import Readers, ShellViewModel

if TYPE_CHECKING:
    from ui.viewmodels.ending_quotations import EndingQuotationsViewModel
    from ui.viewmodels.order import OrderViewModel
    from ui.viewmodels.promise_list import PromiseListViewModel
    from ui.viewmodels.receipt import ReceiptViewModel
    from ui.viewmodels.service_words import ServiceReaders

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

STAGES = {"enrol": "Enrol", "first_sync": "FirstSync", "lock": "Lock", "handed": "HandOver", "shown": "ShowMaterial"}
"""What stands alone in the window while the tablet is not at work."""


@dataclass(frozen=True)
class Wires:
    """What view-models are made of."""

    container: Container
    desk: Desk
    apply_look: Callable[[], None]
    shell: ShellViewModel
    model: Callable[[str], ViewModel]
    """The view-model of another page."""

    @property
    def warning(self) -> str:
        """What the person should know about this tablet's key."""
        return _warning(self.container)


def _enrol(w: Wires) -> ViewModel:
    from ui.viewmodels.enrol import EnrolViewModel

    model = EnrolViewModel(w.desk, w.container.sync, w.container.preferences, w.apply_look)
    w.shell.enrolScanned.connect(model.scanned)
    model.done.connect(w.shell.enrolEnded)
    return model


def _first_sync(w: Wires) -> ViewModel:
    from ui.viewmodels.first_sync import FirstSyncViewModel

    return FirstSyncViewModel(w.desk, w.container.sync)


def _lock(w: Wires) -> ViewModel:
    from ui.viewmodels.lock import LockViewModel

    c, read = w.container, w.container.read
    model = LockViewModel(
        w.desk, c.do.session, read.shop, read.outbox, c.sync, c.journal, c.clock, c.preferences, w.apply_look
    )
    model.enrolAsked.connect(w.shell.enrolAgain)
    return model


def _today(w: Wires) -> ViewModel:
    from ui.viewmodels.must_reads import MustReadsViewModel
    from ui.viewmodels.today import TodayViewModel

    c, do = w.container, w.container.do
    must = MustReadsViewModel(w.desk, c.read.library, do.session, c.journal)
    c.files.subscribe(must.came)
    return TodayViewModel(
        w.desk, do.today, do.morning, c.read.shop, do.session, c.journal, _promises(w), _ending(w), must
    )  # fmt: skip


def _ending(w: Wires) -> EndingQuotationsViewModel:
    from ui.viewmodels.ending_quotations import EndingQuotationsViewModel

    c, do = w.container, w.container.do
    return EndingQuotationsViewModel(w.desk, do.quotations, do.session, c.journal)


def _members(w: Wires) -> ViewModel:
    import ui.runtime.qr  # noqa: F401  (registers the code that the profile's card shows)
    from ui.viewmodels.member_service import MemberServiceViewModel
    from ui.viewmodels.members import MemberPorts, MembersViewModel

    c, do, read = w.container, w.container.do, w.container.read
    ports = MemberPorts(
        read.members,
        read.catalogue,
        read.shop,
        c.journal,
        c.ids,
        c.clock,
        do.visitors.find,
        do.visitors.suspect,
        lambda: c.sync.view().last_in_step,
    )
    service = MemberServiceViewModel(w.desk, _promises(w), _service_readers(w), do.session, c.journal)
    return MembersViewModel(w.desk, ports, do.members, do.session, service)


def _service_readers(w: Wires) -> ServiceReaders:
    from ui.viewmodels.service_words import ServiceReaders

    read = w.container.read
    return ServiceReaders(service=read.service, catalogue=read.catalogue, shop=read.shop)


def _promises(w: Wires) -> PromiseListViewModel:
    from ui.viewmodels.promise_list import PromiseListViewModel

    c, do = w.container, w.container.do
    return PromiseListViewModel(w.desk, do.service, _service_readers(w), do.today, do.session, c.journal)


def _make_promise(w: Wires) -> ViewModel:
    from ui.viewmodels.make_promise import MakePromiseViewModel

    do = w.container.do
    return MakePromiseViewModel(w.desk, do.service, _service_readers(w), w.container.read.members, do.today, do.session)


def _tickets(w: Wires) -> ViewModel:
    import ui.runtime.qr  # noqa: F401  (registers the code that the page shows)
    from ui.viewmodels.tickets import TicketsViewModel

    c, do = w.container, w.container.do
    return TicketsViewModel(w.desk, do.service, _service_readers(w), do.session, c.journal)


def _service_figures(w: Wires) -> ViewModel:
    from ui.viewmodels.service_figures import ServiceFiguresViewModel

    do = w.container.do
    return ServiceFiguresViewModel(w.desk, do.service, _service_readers(w), do.session)


def _raise_ticket(w: Wires) -> ViewModel:
    from ui.viewmodels.raise_ticket import RaiseTicketViewModel

    do, read = w.container.do, w.container.read
    return RaiseTicketViewModel(w.desk, do.service, _service_readers(w), read.members, read.orders, do.session)


def _take_back(w: Wires) -> ViewModel:
    from ui.viewmodels.take_back import TakeBackViewModel

    do, read = w.container.do, w.container.read
    return TakeBackViewModel(w.desk, do.returns, do.payments, read.catalogue, _order_page(w), do.session)


def _sign_up(w: Wires) -> ViewModel:
    from ui.viewmodels.elsewhere import Elsewhere
    from ui.viewmodels.sign_up import SignUpViewModel

    c, do = w.container, w.container.do
    elsewhere = Elsewhere(w.desk, do.visitors.find, do.visitors.suspect, c.journal)
    model = SignUpViewModel(
        w.desk, do.members, c.read.shop, c.drafts, do.attention, do.session, c.read.catalogue, elsewhere
    )  # fmt: skip
    model.handOver.connect(w.shell.handOver)
    return model


def _own_phone(w: Wires) -> ViewModel:
    import ui.runtime.qr  # noqa: F401  (registers the code that the sheet shows)
    from ui.viewmodels.own_phone import OwnPhoneViewModel

    c = w.container
    model = OwnPhoneViewModel(
        w.desk, c.do.invitations, c.read.members, c.sync, c.journal, c.do.session, c.clock
    )  # fmt: skip
    model.handOver.connect(w.shell.handOver)
    return model


def _pay(w: Wires) -> ViewModel:
    import ui.runtime.qr  # noqa: F401  (registers the code that the sheet shows)
    from ui.viewmodels.pay import PayViewModel

    c = w.container
    model = PayViewModel(w.desk, c.read.orders, c.read.members, c.do.payments, c.do.session, c.journal, c.clock)
    w.shell.cardScanned.connect(model.scanned)
    return model


def _hand_over(w: Wires) -> ViewModel:
    from ui.viewmodels.hand_over import HandOverViewModel
    from ui.viewmodels.sign_up import SignUpViewModel

    c, form = w.container, w.model("SignUp")
    if not isinstance(form, SignUpViewModel):
        raise Defect("the sign-up page has another view-model")
    model = HandOverViewModel(w.desk, form, c.do.session, c.clock, c.preferences, w.apply_look)
    model.ended.connect(w.shell.handedBack)
    return model


def _order(w: Wires) -> ViewModel:
    from ui.viewmodels.catalogue import Shelves
    from ui.viewmodels.order import OrderViewModel

    c, do, read = w.container, w.container.do, w.container.read
    shelves = Shelves(products=read.catalogue, cards=read.cards, favourites=c.favourites)
    model = OrderViewModel(
        w.desk, shelves, read.members, read.shop, do.till, do.session, c.journal, do.by_hand, c.clock
    )  # fmt: skip
    model.placed.connect(lambda order_id: _receipts(w).autoPrint(order_id))
    return model


def _order_page(w: Wires) -> OrderViewModel:
    from ui.viewmodels.order import OrderViewModel

    made = w.model("Order")
    if not isinstance(made, OrderViewModel):
        raise Defect("the order page has another view-model")
    return made


def _receipts(w: Wires) -> ReceiptViewModel:
    from ui.viewmodels.receipt import ReceiptViewModel

    made = w.model("Receipt")
    if not isinstance(made, ReceiptViewModel):
        raise Defect("the receipt's sheet has another view-model")
    return made


def _receipt(w: Wires) -> ViewModel:
    import ui.runtime.qr  # noqa: F401  (registers the code that the paper shows)
    from ui.viewmodels.receipt import ReceiptViewModel

    do = w.container.do
    return ReceiptViewModel(w.desk, do.receipts, do.quotations, do.labels, do.session)


def _day_close(w: Wires) -> ViewModel:
    import ui.runtime.qr  # noqa: F401  (registers the code that paper shows)
    from ui.viewmodels.day_close import DayCloseViewModel

    c, do = w.container, w.container.do
    return DayCloseViewModel(w.desk, do.days, do.receipts, c.read.shop, do.session, c.journal)


def _printer(w: Wires) -> ViewModel:
    from ui.viewmodels.printer import PrinterViewModel

    return PrinterViewModel(w.desk, w.container.do.receipts)


def _missing_orders(w: Wires) -> ViewModel:
    from ui.viewmodels.missing_orders import MissingOrdersViewModel

    c, do = w.container, w.container.do
    return MissingOrdersViewModel(w.desk, do.missing, do.session, c.journal, c.sync)


def _orders(w: Wires) -> ViewModel:
    from ui.viewmodels.missing_orders import MissingOrdersViewModel
    from ui.viewmodels.orders import OrdersViewModel
    from ui.viewmodels.parcels import ParcelsViewModel

    c, do, read = w.container, w.container.do, w.container.read
    missing, parcels = w.model("MissingOrders"), w.model("Parcels")
    assert isinstance(missing, MissingOrdersViewModel)
    assert isinstance(parcels, ParcelsViewModel)
    return OrdersViewModel(
        w.desk, read.orders, read.catalogue, read.shop, do.till, do.session, c.journal, do.payments, do.returns,
        missing,
        do.goods,
        parcels,
    )  # fmt: skip


def _talk(w: Wires) -> ViewModel:
    from ui.viewmodels.talk import TalkViewModel

    c, do, read = w.container, w.container.do, w.container.read
    model = TalkViewModel(
        w.desk, do.talks, read.members, do.today, do.session, read.catalogue, read.shop, c.drafts
    )  # fmt: skip
    w.shell.shownScanned.connect(model.scanned)
    return model


def _message(w: Wires) -> ViewModel:
    from PySide6.QtGui import QGuiApplication

    import ui.runtime.qr  # noqa: F401  (registers the code that the sheet shows)
    from ui.viewmodels.message import MessageViewModel
    from ui.viewmodels.message import Readers as MessageReaders

    do, read = w.container.do, w.container.read
    readers = MessageReaders(members=read.members, catalogue=read.catalogue, shop=read.shop, today=do.today)
    return MessageViewModel(
        w.desk, do.messages, readers, do.session, lambda text: QGuiApplication.clipboard().setText(text)
    )  # fmt: skip


def _library(w: Wires) -> ViewModel:
    from PySide6.QtGui import QGuiApplication

    import ui.runtime.film_view  # noqa: F401  (its item is registered)
    from ui.runtime.film import FilmPlayer
    from ui.viewmodels.library import LibraryViewModel
    from ui.viewmodels.material import LibraryPorts

    c, do, read = w.container, w.container.do, w.container.read
    ports = LibraryPorts(
        reader=read.library, doing=do.library, members=read.members, catalogue=read.catalogue, shop=read.shop,
        talks=do.talks,
    )  # fmt: skip
    player = FilmPlayer(c.files.read, w.desk.spawn)
    model = LibraryViewModel(
        w.desk, ports, do.session, c.journal, lambda text: QGuiApplication.clipboard().setText(text), player
    )  # fmt: skip
    player.setParent(model)
    model.showAsked.connect(w.shell.showCustomer)
    c.files.subscribe(model.came)
    return model


def _share_material(w: Wires) -> ViewModel:
    from PySide6.QtGui import QGuiApplication

    import ui.runtime.qr  # noqa: F401  (registers the code that the sheet shows)
    from ui.viewmodels.share_material import ShareMaterialViewModel

    do = w.container.do
    return ShareMaterialViewModel(
        w.desk, do.handing, w.container.read.members, do.session,
        lambda text: QGuiApplication.clipboard().setText(text),
    )  # fmt: skip


def _show_material(w: Wires) -> ViewModel:
    from ui.viewmodels.library import LibraryViewModel
    from ui.viewmodels.show_material import ShowMaterialViewModel

    library = w.model("Library")
    if not isinstance(library, LibraryViewModel):
        raise Defect("the library's page has another view-model")
    model = ShowMaterialViewModel(w.desk, library, w.container.do.session, w.container.clock)
    model.ended.connect(w.shell.handedBack)
    return model


def _find(w: Wires) -> ViewModel:
    from ui.viewmodels.find import FindViewModel

    read = w.container.read
    return FindViewModel(
        w.desk, read.members, read.orders, w.container.do.quotations, _service_readers(w), w.container.do.session
    )


def _scan(w: Wires) -> ViewModel:
    from ui.runtime import camera_view  # noqa: F401  (its item is registered)
    from ui.runtime.camera import CameraScanner
    from ui.runtime.frames import QtFrames
    from ui.viewmodels.scan import ScanViewModel

    def put_in(code: str) -> None:
        w.model("Order").scan(code)  # type: ignore[attr-defined]  # the order page's own

    c = w.container
    camera = CameraScanner(QtFrames(), c.codes, c.clock.monotonic)
    return ScanViewModel(w.desk, camera, w.shell.scanned, put_in, c.do.session)


def _keys(w: Wires) -> ViewModel:
    from ui.viewmodels.shortcuts import KeysViewModel

    return KeysViewModel(w.desk)


def _attention(w: Wires) -> ViewModel:
    from ui.viewmodels.attention import AttentionViewModel
    from ui.viewmodels.tablet import tablet_readers

    c, do = w.container, w.container.do
    return AttentionViewModel(
        w.desk, do.attention, _order_page(w).reopen, tablet_readers(c), do.session, c.journal, w.warning
    )


def _settings(w: Wires) -> ViewModel:
    from ui.viewmodels.settings import SettingsViewModel
    from ui.viewmodels.tablet import tablet_readers

    c = w.container
    return SettingsViewModel(
        w.desk, c.do.session, tablet_readers(c), c.journal, c.clock, c.preferences, w.apply_look, c.app_version,
        c.diagnostics, w.warning,
    )  # fmt: skip


def _basket_shares(w: Wires) -> ViewModel:
    from ui.viewmodels.basket_shares import BasketSharesViewModel

    return BasketSharesViewModel(w.desk, _order_page(w), w.container.do.shares, w.container.do.session)


def _staff_purchase(w: Wires) -> ViewModel:
    from ui.viewmodels.staff_purchase import StaffPurchaseViewModel

    do = w.container.do
    model = StaffPurchaseViewModel(w.desk, _order_page(w), do.till.value.staff, do.session)
    w.shell.staffScanned.connect(model.scanned)
    return model


def _reach(w: Wires) -> ViewModel:
    from ui.viewmodels.reach import ReachViewModel

    do = w.container.do
    return ReachViewModel(w.desk, _order_page(w), do.goods, w.container.read.shop, do.session, do.quotations)


def _quote(w: Wires) -> ViewModel:
    from ui.viewmodels.quote import QuoteViewModel

    return QuoteViewModel(w.desk, w.container.do.quotations, _order_page(w), w.container.do.session)


def _quotations(w: Wires) -> ViewModel:
    import ui.runtime.qr  # noqa: F401  (registers the code that the page shows)
    from ui.viewmodels.quotations import QuotationsViewModel

    c, do = w.container, w.container.do
    model = QuotationsViewModel(w.desk, do.quotations, c.read.catalogue, _order_page(w), do.session, c.journal)
    model.placed.connect(lambda order_id: _receipts(w).autoPrint(order_id))
    return model


def _parcels(w: Wires) -> ViewModel:
    from ui.viewmodels.parcels import ParcelsViewModel

    c, do = w.container, w.container.do
    return ParcelsViewModel(w.desk, do.parcels, c.read.catalogue, do.session, c.journal)


def _hand_card(w: Wires) -> ViewModel:
    from ui.viewmodels.hand_card import HandCardViewModel

    c, do = w.container, w.container.do
    model = HandCardViewModel(w.desk, c.read.orders, c.read.catalogue, do.payments, do.session)
    w.shell.cardScanned.connect(model.setNumber)
    return model


def _reshare(w: Wires) -> ViewModel:
    from ui.viewmodels.reshare import ReshareViewModel

    do = w.container.do
    return ReshareViewModel(w.desk, do.shares, w.container.read.catalogue, do.session)


PAGES: Mapping[str, Callable[[Wires], ViewModel]] = {
    "Enrol": _enrol,
    "FirstSync": _first_sync,
    "Lock": _lock,
    "Today": _today,
    "Members": _members,
    "SignUp": _sign_up,
    "OwnPhone": _own_phone,
    "HandOver": _hand_over,
    "Order": _order,
    "Orders": _orders,
    "MissingOrders": _missing_orders,
    "Receipt": _receipt,
    "Printer": _printer,
    "Reshare": _reshare,
    "HandCard": _hand_card,
    "Quote": _quote,
    "Quotations": _quotations,
    "Parcels": _parcels,
    "DayClose": _day_close,
    "BasketShares": _basket_shares,
    "StaffPurchase": _staff_purchase,
    "Reach": _reach,
    "Pay": _pay,
    "LogTalk": _talk,
    "Message": _message,
    "Library": _library,
    "ShareMaterial": _share_material,
    "ShowMaterial": _show_material,
    "Find": _find,
    "Keys": _keys,
    "Scan": _scan,
    "Tickets": _tickets,
    "RaiseTicket": _raise_ticket,
    "TakeBack": _take_back,
    "ServiceFigures": _service_figures,
    "MakePromise": _make_promise,
    "Attention": _attention,
    "Settings": _settings,
}


PARTS: Mapping[str, str] = {
    "LibraryFilters": "Library", "LookMaterial": "Library",
    "BasketValue": "Order", "HeldBaskets": "Order", "NearStock": "Order", "ProductPictures": "Order",
    "TakeOff": "Order", "Variants": "Order", "WhyPrice": "Order",
}  # fmt: skip
"""Sheets that show a part of a page: they stand on its view-model, which opens them itself."""


@QmlElement
class Pages(QObject):
    """The view-models of one window: the frame's at once, each page's when it is first asked for."""

    def __init__(self, container: Container, desk: Desk, apply_look: Callable[[], None]) -> None:
        super().__init__()
        read = container.read
        readers = Readers(
            shop=read.shop, outbox=read.outbox, orders=read.orders, members=read.members, catalogue=read.catalogue,
            service=read.service, quotations=read.quotations, parcels=container.do.parcels.read,
        )  # fmt: skip
        self.shell = ShellViewModel(
            desk, container.do.session, readers, container.sync, container.journal, container.clock, _warning(container)
        )
        self.shell.setParent(self)
        self._wires = Wires(container, desk, apply_look, self.shell, self.model)
        self._made: dict[str, ViewModel] = {}
        self._over = ""
        self.shell.stageChanged.connect(self._stage)

    @Slot(str, result=QObject)
    def model(self, name: str) -> ViewModel:
        """The view-model of a page or sheet. Raises Defect for a name that is none."""
        name = PARTS.get(name, name)
        if name not in self._made:
            if name not in PAGES:
                raise Defect(f"there is no page {name}")
            made = PAGES[name](self._wires)
            made.setParent(self)  # QML would take what nobody owns for its own
            self._made[name] = made
        return self._made[name]

    @Slot(str, result=str)
    def alone(self, stage: str) -> str:
        """The page that has the window to itself at a stage of the tablet; empty at work."""
        return STAGES.get(stage, "")

    def opened(self, name: str, arguments: dict[str, Any]) -> None:
        """The navigation opened a page."""
        self.shell.shown(name)
        self.model(name).enter(arguments)

    def sheet_opened(self, name: str, arguments: dict[str, Any]) -> None:
        """A sheet was laid over the page."""
        if name not in PARTS:
            self.model(name).enter(arguments)

    def covered(self, sheet: str) -> None:
        """The navigation says which sheet lies over the page (empty: none); the one that lay there before hears it."""
        before, self._over = self._over, sheet
        if before not in ("", sheet) and before not in PARTS:
            self.model(before).leave()
        self.shell.covered(sheet)

    def retranslate(self) -> None:
        """The language changed."""
        for model in (self.shell, *self._made.values()):
            model.retranslate()

    def hush(self) -> None:
        """The window is closed: nothing happens by itself any more, as the store may be closed before the pages go."""
        for timer in self.findChildren(QTimer):
            timer.stop()

    def _stage(self) -> None:
        if self.shell.standing in STAGES:
            self.model(STAGES[self.shell.standing]).enter({"again": self.shell.again})
        elif self.shell.standing == "work":
            self.model("MissingOrders")  # the network comes back on whatever page


def _warning(container: Container) -> str:
    return container.warnings[0] if container.warnings else ""
